import { defineCommand } from 'citty'
export const certificateCommand = defineCommand({ meta: { name: 'certificate', description: '' } })
