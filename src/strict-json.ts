import { isUtf8 } from 'node:buffer'
import { spareMemory } from './spare-memory.ts'

/** Bad JSON, with the place and, where there is more to say than to correct it there, the remedy. */
export class JsonFault extends Error {
  readonly pointer: string
  readonly messageFr: string
  readonly fix: string
  constructor(
    message: string,
    pointer = '',
    messageFr = 'Le JSON ne peut pas être lu.',
    fix = 'Correct the JSON at this place.'
  ) {
    super(message)
    this.name = 'JsonFault'
    this.pointer = pointer
    this.messageFr = messageFr
    this.fix = fix
  }
}

interface Container {
  /** Undefined for an array. */
  keys?: Set<string>
  key?: string
  index: number
}

const quote = 0x22
const backslash = 0x5c
const maxDepth = 32
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Parses JSON that a stranger wrote: UTF-8 only, no duplicate keys, no prototype keys, bounded depth, no text that a
 * database would change (NUL, lone surrogates, byte-order marks, bidirectional overrides). The string at `binaryPath`
 * (base64) is decoded from the bytes without ever becoming text. Throws JsonFault.
 */
export function parseStrictJson(source: Buffer, binaryPath?: readonly string[]): { value: unknown; binary?: Buffer } {
  if (!isUtf8(source))
    throw new JsonFault('The JSON is not valid UTF-8.', '', 'Le JSON n’est pas en UTF-8.', 'Write it in UTF-8.')
  if (source[0] === 0xef && source[1] === 0xbb) {
    const french = 'Le JSON commence par une marque d’ordre des octets (BOM).'
    const fix = 'Leave the first three bytes out: write UTF-8 without BOM.'
    throw new JsonFault('The JSON starts with a byte-order mark; leave it out.', '', french, fix)
  }
  const found = scan(source, binaryPath)
  const text =
    found === undefined
      ? source.toString('utf8')
      : `${source.toString('utf8', 0, found.start)}${source.toString('utf8', found.end)}`
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new JsonFault(`The JSON cannot be read: ${(error as Error).message.slice(0, 120)}`)
  }
  // Bad text can only stand there or hide in an escape; looking at every member costs more than all the rest.
  if (text.includes('\\u') || badText.test(text)) refuseBadText(value, '')
  if (found === undefined) return { value }
  return { value, binary: decodeBase64(source.subarray(found.start, found.end), `/${(binaryPath ?? []).join('/')}`) }
}

function refuseBadText(value: unknown, pointer: string): void {
  if (typeof value === 'string') {
    if (!hasBadText(value)) return
    const what = 'NUL, lone surrogate, byte-order mark or direction override'
    throw new JsonFault(
      `The text in ${pointer.slice(0, 80)} holds characters that are not allowed (${what}).`,
      pointer,
      'Le texte contient des caractères refusés (NUL, demi-codet isolé, BOM ou changement de direction).',
      'Take these characters out.'
    )
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) refuseBadText(member, `${pointer}/${pointerStep(key)}`)
}

const pointerStep = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

// oxlint-disable-next-line no-control-regex -- NUL is one of them
const badText = /[\u0000\u202a-\u202e\u2066-\u2069\ufeff]/

/** Text that databases or people would take for something else. */
export function hasBadText(value: string): boolean {
  return badText.test(value) || !value.isWellFormed()
}

/** One pass over the bytes: keys and depth are checked here, the grammar by JSON.parse afterwards. */
function scan(source: Buffer, wanted: readonly string[] | undefined): { start: number; end: number } | undefined {
  const stack: Container[] = []
  let found: { start: number; end: number } | undefined
  let expectKey = false
  for (let at = 0; at < source.length; at++) {
    const byte = source[at]
    const top = stack[stack.length - 1]
    if (byte === quote) {
      const end = endOfString(source, at + 1)
      if (top?.keys !== undefined && expectKey) {
        top.key = takeKey(source, at, end, top.keys, stack)
        expectKey = false
      } else if (wanted !== undefined && isAt(stack, wanted)) {
        found = { start: at + 1, end }
      }
      at = end
    } else if (byte === 0x7b || byte === 0x5b) {
      if (stack.length >= maxDepth) throw new JsonFault(`The JSON is nested more than ${maxDepth} levels deep.`)
      expectKey = byte === 0x7b
      stack.push(expectKey ? { keys: new Set(), index: 0 } : { index: 0 })
    } else if (byte === 0x7d || byte === 0x5d) {
      stack.pop()
      expectKey = false
    } else if (byte === 0x2c) {
      if (top?.keys !== undefined) expectKey = true
      else if (top !== undefined) top.index++
    }
  }
  return found
}

function endOfString(source: Buffer, from: number): number {
  let end = source.indexOf(quote, from)
  while (end >= 0) {
    let slashes = 0
    while (source[end - 1 - slashes] === backslash && end - 1 - slashes >= from) slashes++
    if (slashes % 2 === 0) return end
    end = source.indexOf(quote, end + 1)
  }
  throw new JsonFault('The JSON ends inside a text.')
}

function takeKey(source: Buffer, start: number, end: number, keys: Set<string>, stack: Container[]): string {
  if (end - start > 200)
    throw new JsonFault('The JSON has a member name of more than 200 characters.', pointerOf(stack.slice(0, -1)))
  let key = source.toString('utf8', start + 1, end)
  try {
    if (key.includes('\\')) key = JSON.parse(`"${key}"`) as string
  } catch {
    throw new JsonFault('The JSON has a member name that cannot be read.', pointerOf(stack.slice(0, -1)))
  }
  if (keys.has(key) || forbidden.has(key)) {
    const pointer = `${pointerOf(stack.slice(0, -1))}/${pointerStep(key)}`
    const fault = keys.has(key) ? 'is there twice; keep one' : 'is not allowed'
    throw new JsonFault(`The member "${key}" ${fault}.`, pointer)
  }
  keys.add(key)
  return key
}

const isAt = (stack: Container[], path: readonly string[]) =>
  stack.length === path.length && stack.every((container, depth) => container.key === path[depth])

const pointerOf = (stack: Container[]) =>
  stack.map((c) => `/${c.keys === undefined ? c.index : (c.key ?? '')}`).join('')

/** A multiple of 4; longer texts would land where they are freed late. */
const sliceChars = 64 * 1024

/**
 * Decodes base64 as it stands inside a JSON string. Line breaks and blanks are passed over, escaped or not; `+`, `/` and
 * `=` come as \u002B and the like from .NET and Gson. Nothing else is tolerated.
 */
export function decodeBase64(source: Buffer, pointer: string): Buffer {
  const out = spareMemory.take(Math.ceil((source.length * 3) / 4) + 3)
  let written = 0
  let rest = ''
  let padded = false
  const hasEscapes = source.includes(backslash)
  for (let at = 0; at < source.length; at += sliceChars) {
    let end = Math.min(at + sliceChars, source.length)
    // An escape is never cut in two.
    if (hasEscapes && end < source.length) {
      const last = source.lastIndexOf(backslash, end - 1)
      if (last > at && last > end - escapeChars) end = last
    }
    let text = rest + source.toString('latin1', at, end)
    at = end - sliceChars
    if (hasEscapes) text = withoutEscapes(text)
    text = text.replace(/[ \t\r\n]+/g, '')
    const whole = end === source.length ? text.length : text.length - (text.length % 4)
    rest = text.slice(whole)
    text = text.slice(0, whole)
    const padding = /={0,2}$/.exec(text)?.[0].length ?? 0
    const expected = Math.floor(((text.length - padding) * 3) / 4)
    const wrote = out.write(text, written, 'base64')
    if (padded || wrote !== expected || (text.length - padding) % 4 === 1 || text.includes('-') || text.includes('_')) {
      throw badBase64(source, pointer)
    }
    padded = padding > 0
    written += wrote
  }
  return out.subarray(0, written)
}

/** \u002B is the longest. */
const escapeChars = 6

const withoutEscapes = (text: string) =>
  (text.includes('\\u')
    ? text.replace(/\\u00(?!5c)([0-7][0-9a-f])/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
  )
    .replaceAll('\\/', '/')
    .replace(/\\[rnt]/g, '')

function badBase64(source: Buffer, pointer: string): JsonFault {
  const french = 'Le base64 est abîmé ou n’est pas du base64 standard.'
  if (source.toString('latin1', 0, 5).toLowerCase() === 'data:') {
    const fix = 'Send only what stands after the comma of the data: URL.'
    return new JsonFault('The base64 is a data: URL.', pointer, french, fix)
  }
  return new JsonFault(
    'The base64 is damaged: only A-Z a-z 0-9 + / and = at the end, with or without line breaks.',
    pointer,
    french,
    'Encode the file in standard base64, not its variant for URLs (- and _).'
  )
}
