import { randomUUID } from 'node:crypto'

/**
 * `inv_`, `doc_`…: 32 hexadecimal digits, the first twelve a time. Neighbours in time are neighbours in the index, so
 * that accepting costs the same in a large ledger; the other eighty bits are random.
 */
export function newId(prefix: 'inv' | 'doc', now: number): string {
  // Its first and last groups are random throughout. Node draws UUIDs by the hundred.
  const uuid = randomUUID()
  return `${prefix}_${now.toString(16).padStart(12, '0').slice(-12)}${uuid.slice(0, 8)}${uuid.slice(24)}`
}
