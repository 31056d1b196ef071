import { defineCommand } from 'citty'

export const serveCommand = defineCommand({
  meta: { name: 'serve', description: 'Start the gateway; settings come from the environment and .env' },
  args: {
    check: { type: 'boolean', default: false, description: 'only read the configuration and say what is wrong' },
    restored: {
      type: 'boolean',
      default: false,
      description: 'the ledger comes from a backup: search in Chorus Pro before anything is sent'
    }
  },
  async run({ args }) {
    const { serve } = await import('../server.ts')
    await serve([...(args.check ? ['--check'] : []), ...(args.restored ? ['--restored'] : [])])
  }
})
