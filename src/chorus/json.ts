/** JSON whose numbers stay as they were written: an id beyond 2^53 and an amount of 19 digits keep every digit. */
export type Json = string | boolean | null | Json[] | JsonObject
export interface JsonObject {
  [name: string]: Json
}

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown

const keepDigits: Reviver = (_key, value, context) => (typeof value === 'number' ? context.source : value)

/** Throws on anything that is not one whole JSON text. Numbers become the digits they were written with. */
export function parseJson(text: string): Json {
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as Json
}

const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

/** A decimal string of ours as a JSON number with the same digits; undefined stays undefined, which JSON leaves out. */
export function rawDecimal(value: string | undefined): unknown {
  if (value === undefined) return undefined
  const match = /^\+?(-?)0*(\d+(?:\.\d+)?)$/.exec(value)
  return match === null ? value : rawJSON(`${match[1]}${match[2]}`)
}

/** An id that Chorus Pro gave us, as the number it is; anything else goes back as the text it came as. */
export function rawId(value: string | undefined): unknown {
  return value !== undefined && /^(0|[1-9]\d*)$/.test(value) ? rawJSON(value) : value
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Absent, null and empty mean the same in these answers (behaviour.md, section 17). */
export function readText(value: Json | undefined): string | undefined {
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return undefined
  // A zero byte or half a surrogate pair would not survive a database.
  const text = value.replaceAll('\0', '').toWellFormed().trim()
  return text === '' ? undefined : text
}

export function readObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** A list of one may come as the bare object (behaviour.md, section 17). */
export function readList(value: Json | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.filter(isObject)
  return isObject(value) && Object.keys(value).length > 0 ? [value] : []
}

export function readBoolean(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = readText(value)?.toLowerCase()
  if (text === undefined) return undefined
  if (['true', 'oui', '1', 'o'].includes(text)) return true
  return ['false', 'non', '0', 'n'].includes(text) ? false : undefined
}

export function readInteger(value: Json | undefined): number | undefined {
  const text = readText(value)
  if (text === undefined || !/^[+-]?\d+(\.0*)?$/.test(text)) return undefined
  return Number(text)
}

/** An amount as it was written; an exponent, which JSON allows, is written out. */
export function readDecimal(value: Json | undefined): string | undefined {
  const text = readText(value)
  const match = text === undefined ? null : /^([+-]?)(\d+)(?:[.,](\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent] = match
  const minus = sign === '-' ? '-' : ''
  if (exponent === undefined) return `${minus}${whole}${fraction === '' ? '' : `.${fraction}`}`
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const cut = Math.max(point, 1)
  const left = padded.slice(0, cut).replace(/^0+(?=\d)/, '')
  return `${minus}${left}${padded.length > cut ? `.${padded.slice(cut)}` : ''}`
}
