import { createHash } from 'node:crypto'
import type { InvoiceInput } from '../../schemas/invoice.ts'

/**
 * Digest of what a caller means, whatever the form it came in: the members in a fixed order and the digests of the files.
 * Never of the raw body, whose multipart boundary changes at every repeat.
 */
export function fingerprintOf(content: InvoiceInput, files: readonly { name: string; sha256: string }[]): string {
  const hash = createHash('sha256').update(canonical(content))
  for (const file of files) hash.update(`\n${file.sha256} ${file.name}`)
  return hash.digest('hex')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

/**
 * Chorus Pro takes a seller’s number once (a year, in one of our sources). Undefined without a number of ours: then only an
 * Idempotency-Key protects against a double.
 */
export function naturalKeyOf(
  environment: string,
  invoice: { seller?: { siret?: string }; number?: string; issueDate?: string },
  now: Date
): string | undefined {
  const seller = invoice.seller?.siret
  if (invoice.number === undefined || seller === undefined) return undefined
  const year = invoice.issueDate?.slice(0, 4) ?? String(now.getFullYear())
  return `${environment}|${seller}|${invoice.number}|${year}`
}
