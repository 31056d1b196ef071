import type { Readable } from 'node:stream'
import type { Fields } from './fields.ts'
import { decodeJson } from './json.ts'

/** Members that hold a whole file in base64. They are taken out before the JSON is parsed, so that it stays small. */
const fileMembers = ['fichierFacture', 'fichierFlux', 'pieceJointeFichier']

export class BodyTooLarge extends Error {}
export class BodyIncomplete extends Error {}

/** Throws BodyTooLarge above the limit, BodyIncomplete if the sender goes away. */
export async function readBody(stream: Readable, announced: number | undefined, limit: number): Promise<Buffer> {
  if (announced !== undefined && announced > limit) throw new BodyTooLarge()
  const whole = announced === undefined ? undefined : Buffer.allocUnsafe(announced)
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (length + chunk.length > limit) throw new BodyTooLarge()
      if (whole === undefined) chunks.push(chunk)
      else chunk.copy(whole, length)
      length += chunk.length
    }
  } catch (cause) {
    if (cause instanceof BodyTooLarge) throw cause
    throw new BodyIncomplete('the sender went away', { cause })
  }
  if (whole !== undefined && length < whole.length) throw new BodyIncomplete('the sender went away')
  return whole ?? Buffer.concat(chunks, length)
}

export interface ParsedBody {
  fields: Fields
  /** The base64 text of the one file, if there is one. */
  file: Buffer | undefined
}

/** Throws SyntaxError if the body is no JSON object. An empty body counts as `{}`: the Swagger makes it optional. */
export function parseBody(raw: Buffer): ParsedBody {
  if (raw.length === 0) return { fields: {}, file: undefined }
  for (const member of fileMembers) {
    const span = findText(raw, member)
    if (span === undefined) continue
    const fields = parseObject(raw.toString('utf8', 0, span.start) + raw.toString('utf8', span.end))
    return { fields, file: raw.subarray(span.start, span.end) }
  }
  const fields = parseObject(raw.toString('utf8'))
  for (const member of fileMembers) {
    const value = fields[member]
    if (typeof value !== 'string' || value === '') continue
    fields[member] = ''
    return { fields, file: Buffer.from(value, 'latin1') }
  }
  return { fields, file: undefined }
}

function parseObject(text: string): Fields {
  const value = decodeJson(text)
  // An array is a known mistake of PHP clients: `[]` for an empty object. It is refused.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('not a JSON object')
  return value as Fields
}

/** Where the text of a member stands; undefined if it holds an escape (PHP writes `\/`) and must be parsed in full. */
function findText(raw: Buffer, member: string): { start: number; end: number } | undefined {
  const key = raw.indexOf(`"${member}"`)
  if (key < 0) return undefined
  const space = [0x20, 0x09, 0x0a, 0x0d]
  let at = key + member.length + 2
  while (space.includes(raw[at] as number)) at++
  if (raw[at++] !== 0x3a) return undefined
  while (space.includes(raw[at] as number)) at++
  if (raw[at++] !== 0x22) return undefined
  const end = raw.indexOf(0x22, at)
  if (end <= at) return undefined
  const escape = raw.subarray(at, end).indexOf(0x5c)
  return escape < 0 ? { start: at, end } : undefined
}
