import { resolve } from 'node:path'
import { defineCommand } from 'citty'
import { CommandError, UsageError } from './arguments.ts'

export const demoCommand = defineCommand({
  meta: {
    name: 'demo',
    description:
      'The story of an invoice: a Chorus Pro of our own and the gateway, nothing configured, nothing left behind'
  },
  args: {
    exit: { type: 'boolean', default: false, description: 'end after the story; exit code 0 if every step worked' },
    port: { type: 'string', default: '3000', description: 'port of the gateway; 0: any free one', valueHint: 'number' },
    data: { type: 'string', description: 'keep the gateway’s data in this folder', valueHint: 'folder' }
  },
  async run({ args }) {
    const port = Number(args.port)
    if (!/^\d+$/.test(args.port) || port > 65_535) throw new UsageError(`--port is no port: ${args.port}`)
    const { runDemo } = await import('../demo/demo.ts')
    process.exitCode = await runDemo({
      port,
      exit: args.exit,
      ...(args.data !== undefined && { data: resolve(args.data) })
    }).catch((error: unknown) => {
      if ((error as Error).name === 'StoreInUse') throw new CommandError((error as Error).message)
      throw error
    })
  }
})
