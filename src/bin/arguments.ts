import { parseArgs } from 'node:util'
import type { ArgsDef, CommandDef } from 'citty'

/** The command line asks for something that there is not. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Something that the user can mend; shown without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: number
  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** citty takes what it does not know in silence; a misspelt option must not pass for none. Throws UsageError. */
export function checkArguments(rawArgs: string[], command: CommandDef): void {
  const definitions = command.args as ArgsDef | undefined
  const options = optionsOf(definitions)
  const { tokens } = parseArgs({ args: rawArgs, options, strict: false, allowPositionals: true, tokens: true })
  const places = Object.values(definitions ?? {}).filter((each) => each.type === 'positional').length
  let found = 0
  for (const token of tokens) {
    if (token.kind === 'positional' && ++found > places) {
      throw new UsageError(`Unexpected argument: ${token.value}`)
    }
    if (token.kind !== 'option') continue
    const negated = token.name.startsWith('no-') && options[token.name.slice(3)]?.type === 'boolean'
    const option = options[token.name]
    if (option === undefined && !negated) {
      throw new UsageError(`Unknown option: ${token.rawName}${suggestion(token.name, Object.keys(options), '--')}`)
    }
    if (option?.type === 'string' && (token.value === undefined || token.value === '')) {
      throw new UsageError(`Option ${token.rawName} needs a value`)
    }
  }
}

function optionsOf(definitions: ArgsDef | undefined): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return Object.fromEntries(
    Object.entries(definitions ?? {})
      .filter(([, { type }]) => type !== 'positional')
      .map(([name, definition]) => {
        const [short] = [('alias' in definition ? definition.alias : undefined) ?? []].flat()
        const type = definition.type === 'boolean' ? ('boolean' as const) : ('string' as const)
        return [name, { type, ...(short?.length === 1 && { short }) }]
      })
  )
}

/** Every value of an option that may be repeated, or hold several values between commas. */
export function everyValue(rawArgs: string[], name: string): string[] {
  const { values } = parseArgs({
    args: rawArgs,
    options: { [name]: { type: 'string', multiple: true } },
    strict: false,
    allowPositionals: true
  })
  return [values[name] ?? []]
    .flat()
    .flatMap((value) => String(value).split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

/** `, did you mean …?` where one of the names is close. */
export function suggestion(given: string, names: string[], prefix = ''): string {
  const near = names.find((name) => distance(given, name) <= (name.length > 4 ? 2 : 1))
  return near === undefined ? '' : `. Did you mean ${prefix}${near}?`
}

function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const swap = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
