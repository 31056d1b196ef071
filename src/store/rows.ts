import type { Row, Value } from './engine.ts'
import type { Mode, Outcome, StoredInvoice, SubmissionState } from './stored-invoice.ts'

/** What no query asks for lives in one JSON text. */
const factNames = [
  'modeReason',
  'signed',
  'syntax',
  'documents',
  'error',
  'heldReason',
  'status',
  'upstream',
  'extraction',
  'warnings',
  'replaces'
] as const satisfies (keyof StoredInvoice)[]
type Facts = Pick<StoredInvoice, (typeof factNames)[number]>

const columns = [
  'seller_siret',
  'buyer_siret',
  'number',
  'issue_date',
  'mode',
  'state',
  'outcome',
  'attempts',
  'next_attempt_at',
  'status_code',
  'upstream_id',
  'live',
  'version',
  'created_at',
  'updated_at',
  'facts',
  'content'
]
const fixed = ['id', 'caller', 'environment', 'connection', 'natural_key', 'fingerprint']

const all = [...fixed, ...columns]
export const insertInvoice = `insert into invoice (${all.join(', ')}) values (${all.map((_, i) => `$${i + 1}`).join(', ')}) returning seq`

/**
 * What brings a row from `before` to `after`. Only columns that differ are named: each index that a named column is part
 * of is written again, whether the value is new or not.
 */
export function updateInvoice(row: Row, before: StoredInvoice, after: StoredInvoice): { sql: string; params: Value[] } {
  const names: string[] = []
  const params: Value[] = []
  const values = columnValues(after, after.content === before.content ? row['content'] : undefined)
  for (const [index, name] of columns.entries()) {
    const value = values[index] ?? null
    const old = row[name] ?? null
    // PostgreSQL hands out 64-bit integers as text.
    if (value === old || (old !== null && value !== null && String(old) === String(value))) continue
    names.push(name)
    params.push(value)
  }
  const set = names.map((name, index) => `${name} = $${index + 1}`).join(', ')
  return { sql: `update invoice set ${set} where seq = $${params.push(int(row, 'seq'))}`, params }
}

/** A row without natural key or once rejected or cancelled stands in nobody's way. */
export const isLive = (state: SubmissionState) => state !== 'rejected' && state !== 'cancelled'

/** In the order of `columns`. */
function columnValues(invoice: StoredInvoice, content?: Value): Value[] {
  const facts = Object.fromEntries(factNames.map((name) => [name, invoice[name]]))
  return [
    invoice.sellerSiret ?? null,
    invoice.buyerSiret ?? null,
    invoice.number ?? null,
    invoice.issueDate ?? null,
    invoice.mode,
    invoice.state,
    invoice.outcome,
    invoice.attempts,
    invoice.nextAttemptAt === undefined ? null : Date.parse(invoice.nextAttemptAt),
    invoice.status?.code ?? null,
    invoice.upstream['invoiceId'] ?? null,
    isLive(invoice.state) ? 1 : 0,
    invoice.version,
    Date.parse(invoice.createdAt),
    Date.parse(invoice.updatedAt),
    JSON.stringify(facts),
    content ?? JSON.stringify(invoice.content)
  ]
}

export function insertValues(invoice: StoredInvoice, naturalKey: string | undefined, fingerprint: string): Value[] {
  const { id, caller, environment, connection } = invoice
  return [id, caller, environment, connection, naturalKey ?? null, fingerprint, ...columnValues(invoice)]
}

export function invoiceFrom(row: Row): StoredInvoice {
  const facts = JSON.parse(text(row, 'facts')) as Facts
  return {
    id: text(row, 'id'),
    caller: text(row, 'caller'),
    environment: text(row, 'environment'),
    connection: text(row, 'connection'),
    content: JSON.parse(text(row, 'content')) as StoredInvoice['content'],
    ...optional(row, 'seller_siret', 'sellerSiret'),
    ...optional(row, 'buyer_siret', 'buyerSiret'),
    ...optional(row, 'number', 'number'),
    ...optional(row, 'issue_date', 'issueDate'),
    mode: text(row, 'mode') as Mode,
    ...facts,
    state: text(row, 'state') as SubmissionState,
    outcome: text(row, 'outcome') as Outcome,
    attempts: int(row, 'attempts'),
    ...(row['next_attempt_at'] !== null && { nextAttemptAt: time(row, 'next_attempt_at') }),
    createdAt: time(row, 'created_at'),
    updatedAt: time(row, 'updated_at'),
    version: int(row, 'version')
  }
}

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`${column} is no text`)
  return value
}

/** PostgreSQL hands out 64-bit integers as text. */
export function int(row: Row, column: string): number {
  const value = Number(row[column] ?? Number.NaN)
  if (!Number.isSafeInteger(value)) throw new TypeError(`${column} is no integer`)
  return value
}

export const iso = (ms: number) => new Date(ms).toISOString()

export function time(row: Row, column: string): string {
  return iso(int(row, column))
}

export function optional<N extends string>(row: Row, column: string, name: N): Partial<Record<N, string>> {
  const value = row[column]
  return typeof value === 'string' ? ({ [name]: value } as Record<N, string>) : {}
}

/** One row, or undefined. */
export function first(rows: Row[]): Row | undefined {
  return rows[0]
}
