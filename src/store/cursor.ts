import { createHash } from 'node:crypto'
import type { InvoiceFilter } from './store.ts'

/** The last row of a page. */
export interface Position {
  key: string | number
  seq: number
}

function digestOf(filter: InvoiceFilter, { key, seq }: Position): string {
  const parts = Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([parts, key, seq]))
    .digest('base64url')
    .slice(0, 12)
}

export function encodeCursor(filter: InvoiceFilter, { key, seq }: Position): string {
  return Buffer.from(JSON.stringify([digestOf(filter, { key, seq }), key, seq])).toString('base64url')
}

/** Throws RangeError for what `encodeCursor` never made for this filter. */
export function decodeCursor(filter: InvoiceFilter, cursor: string): Position {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch (error) {
    throw new RangeError('not a cursor', { cause: error })
  }
  if (!Array.isArray(parts)) throw new RangeError('not a cursor')
  const [digest, key, seq] = parts as unknown[]
  if ((typeof key !== 'string' && typeof key !== 'number') || !Number.isSafeInteger(seq)) {
    throw new RangeError('not a cursor')
  }
  const position = { key, seq: seq as number }
  if (digest !== digestOf(filter, position)) throw new RangeError('a cursor of another list')
  return position
}
