import { asId, type Id } from './json.ts'
import { EdgeRefusal, Refusal } from './refusal.ts'

/** Reading of request members. Absent, null and empty text mean the same (behaviour.md 17). */
export type Fields = Record<string, unknown>

const malformed = (name: string): EdgeRefusal => new EdgeRefusal(400, { 'x-simulator-malformed': name })
/** A known client also writes a member that it leaves out as an object without members. */
const blank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0)

export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (blank(value)) return undefined
  if (typeof value === 'string') return value
  // Official examples show a few identifiers as bare numbers (directory.md 4).
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  throw malformed(name)
}

/** A text without which the service does nothing. Neither code nor wording of that refusal is known: they are ours. */
export function required(fields: Fields, name: string): string {
  const value = text(fields, name)
  if (value === undefined) throw new Refusal(20001, `Le champ ${name} est obligatoire.`)
  return value
}

export function number(fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (blank(value)) return undefined
  const found = typeof value === 'string' ? Number(value) : value
  if (typeof found === 'bigint') return Number(found)
  if (typeof found === 'number' && Number.isFinite(found)) return found
  throw malformed(name)
}

export function flag(fields: Fields, name: string): boolean | undefined {
  const value = fields[name]
  if (blank(value)) return undefined
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw malformed(name)
}

/** Nothing bears the id 0: clients that write every member send it for the ones they leave out (behaviour.md 7). */
export function id(fields: Fields, name: string): Id | undefined {
  const value = fields[name]
  if (blank(value)) return undefined
  const found = asId(value)
  // A text that is no number finds nothing; it is not worth a 400, clients send identifiers there by mistake.
  if (found === undefined && typeof value !== 'string') throw malformed(name)
  return found === 0n ? undefined : (found ?? -1n)
}

export function part(fields: Fields, name: string): Fields {
  const value = fields[name]
  if (blank(value)) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields
  throw malformed(name)
}

/** A list; one object alone counts as a list of one, as old clients write it (behaviour.md 17). */
export function list(fields: Fields, name: string): Fields[] {
  return values(fields, name).map((item) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw malformed(name)
    return item as Fields
  })
}

export function values(fields: Fields, name: string): unknown[] {
  const value = fields[name]
  if (blank(value)) return []
  return Array.isArray(value) ? value : [value]
}
