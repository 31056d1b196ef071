import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty'
import { muteSqliteWarning } from '../quiet.ts'
import { CommandError, checkArguments, suggestion, UsageError } from './arguments.ts'

type Entry = { description: string; load: () => Promise<object> }

/** One line each, so that `--help` loads nothing; the module of a command is loaded when it runs. */
const commands: Record<string, Entry> = {
  serve: {
    description: 'Start the gateway, as `npm start` does',
    load: async () => (await import('./serve.ts')).serveCommand
  },
  simulator: {
    description: 'Start a Chorus Pro of our own, to test against',
    load: async () => (await import('../simulator/command.ts')).simulatorCommand
  },
  demo: {
    description: 'Tell the story of an invoice, with nothing configured, and stay up to try',
    load: async () => (await import('./demo.ts')).demoCommand
  },
  doctor: {
    description: 'Check the configuration and the way to Chorus Pro, step by step',
    load: async () => (await import('./doctor.ts')).doctorCommand
  },
  keys: {
    description: 'Create, list and revoke the API keys of callers',
    load: async () => (await import('./keys.ts')).keysCommand
  },
  audit: {
    description: 'Read and verify the audit',
    load: async () => (await import('./audit.ts')).auditCommand
  },
  directory: {
    description: 'The local copy of the recipients’ directory',
    load: async () => (await import('./directory.ts')).directoryCommand
  },
  store: {
    description: 'Take an embedded store to PostgreSQL',
    load: async () => (await import('./store.ts')).storeCommand
  },
  backup: {
    description: 'Copy the embedded store while the gateway works',
    load: async () => (await import('./backup.ts')).backupCommand
  },
  export: {
    description: 'Write all that is kept of one seller to a folder',
    load: async () => (await import('./export.ts')).exportCommand
  },
  erase: {
    description: 'Make the finished invoices of one seller nobody’s',
    load: async () => (await import('./erase.ts')).eraseCommand
  },
  certificate: {
    description: 'Look into a client certificate, or export its chain',
    load: async () => (await import('./certificate.ts')).certificateCommand
  },
  openapi: {
    description: 'Write or check openapi.yaml, the contract',
    load: async () => (await import('./openapi.ts')).openapiCommand
  }
}

const root = defineCommand({
  meta: {
    name: 'chorus-pro-gateway',
    description: 'One HTTP gateway between your systems and Chorus Pro'
  },
  subCommands: Object.fromEntries(
    Object.entries(commands).map(([name, { description }]) => [name, { meta: { name, description } }])
  )
})

/** Runs one command line. Sets the exit code: 0, 1 when it failed, 2 when it was not understood, 78 for configuration. */
export async function main(arguments_: string[]): Promise<void> {
  muteSqliteWarning()
  try {
    await dispatch(arguments_)
  } catch (error) {
    const [code, message] = explain(error)
    process.stderr.write(`${message}\n`)
    process.exitCode = code
  }
}

/** The exit code and what to print: a stack only for what nobody foresaw. */
function explain(error: unknown): [code: number, message: string] {
  if (!(error instanceof Error)) return [1, String(error)]
  // The simulator's own arguments name themselves in the message.
  if (error instanceof UsageError || error.name === 'CLIError' || error.message.startsWith('--')) {
    return [2, `${plain(error.message)}\nSee chorus-pro-gateway --help.`]
  }
  if (error instanceof CommandError) return [error.exitCode, error.message]
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return [1, `The address is in use: ${error.message}. Choose another port; --help shows how.`]
  }
  return [1, error.stack ?? error.message]
}

async function dispatch(arguments_: string[]): Promise<void> {
  const own = arguments_.slice(0, arguments_.includes('--') ? arguments_.indexOf('--') : undefined)
  if (own.includes('--version') || own[0] === '-v') return print(version())
  const help = own.includes('--help') || own.includes('-h')
  const [name, ...rest] = arguments_
  if (name === undefined || name === '--help' || name === '-h') {
    if (name === undefined) process.exitCode = 2
    return print(await renderUsage(root))
  }
  const entry = pick(commands, name, 'command')
  let command = (await entry.load()) as CommandDef
  let parent: CommandDef = root
  let left = rest
  const inner = command.subCommands as Record<string, CommandDef> | undefined
  if (inner !== undefined) {
    const [second, ...others] = rest
    if (second === undefined || second.startsWith('-')) {
      if (!help) process.exitCode = 2
      return print(await renderUsage(command, root))
    }
    parent = { meta: { name: `chorus-pro-gateway ${name}` } }
    command = pick(inner, second, `${name} command`)
    left = others
  }
  if (help) return print(await renderUsage(command, parent))
  checkArguments(left, command)
  await runCommand(command, { rawArgs: left })
}

function pick<T>(table: Record<string, T>, name: string, what: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined
  if (found !== undefined) return found
  const kind = name.startsWith('-') ? 'option' : what
  throw new UsageError(`Unknown ${kind}: ${name}${suggestion(name, Object.keys(table))}`)
}

const print = (text: string) =>
  void process.stdout.write(`${process.stdout.isTTY ? text : plain(text).replace(/ +$/gm, '')}\n`)
/** citty colours by its own rules; a file or a pipe gets none. */
const plain = stripVTControlCharacters

const version = () =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version

if (import.meta.main) await main(process.argv.slice(2))
