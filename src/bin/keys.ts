import { defineCommand } from 'citty'
export const keysCommand = defineCommand({ meta: { name: 'keys', description: '' } })
