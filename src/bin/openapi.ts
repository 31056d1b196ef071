import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineCommand } from 'citty'
import { CommandError } from './arguments.ts'

const committed = fileURLToPath(new URL('../../openapi.yaml', import.meta.url))
/** The same as types for TypeScript, for users of the client. */
const committedTypes = fileURLToPath(new URL('../../client/contract.d.ts', import.meta.url))

export const openapiCommand = defineCommand({
  meta: { name: 'openapi', description: 'Write openapi.yaml, the contract, from the routes, and the client’s types' },
  args: {
    out: { type: 'string', description: 'file to write, or to compare with; - is the output', valueHint: 'file' },
    check: { type: 'boolean', default: false, description: 'write nothing; exit code 1 if the file has drifted' }
  },
  async run({ args }) {
    const { writeContract } = await import('./contract.ts')
    const { yaml, types } = await writeContract()
    if (args.out === '-') return void process.stdout.write(yaml)
    const files: [file: string, contract: string][] = [[args.out ?? committed, yaml]]
    // The image has the gateway alone.
    if (args.out === undefined && existsSync(dirname(committedTypes))) files.push([committedTypes, types])
    for (const [file, contract] of files) {
      if (args.check) await check(contract, file)
      else {
        await writeFile(file, contract)
        process.stdout.write(`${file} is written.\n`)
      }
    }
  }
})

async function check(contract: string, file: string): Promise<void> {
  const there = await readFile(file, 'utf8').catch(() => {
    throw new CommandError(`${file} is not there: run npm run openapi.`)
  })
  // Git may hand the file out with CRLF on Windows.
  const hint = difference(there.replaceAll('\r\n', '\n'), contract)
  if (hint !== undefined) throw new CommandError(`${file} has drifted from the routes: run npm run openapi.\n${hint}`)
  process.stdout.write(`${file} is what the routes say.\n`)
}

/** Where two texts part, as far as a person needs to find it; undefined when they are the same. */
export function difference(before: string, after: string): string | undefined {
  if (before === after) return undefined
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const from = old.findIndex((line, index) => line !== fresh[index])
  const at = from === -1 ? old.length : from
  const cut = (lines: string[], sign: string) => lines.slice(at, at + 3).map((line) => `${sign} ${line.slice(0, 120)}`)
  return [`first difference in line ${at + 1}:`, ...cut(old, '-'), ...cut(fresh, '+')].join('\n')
}

// Not awaited: gateway.ts imports this module, and would wait for it in turn.
if (import.meta.main) void import('./gateway.ts').then(({ main }) => main(['openapi', ...process.argv.slice(2)]))
