import type { Row, Tx } from './engine.ts'
import { int, iso, text, time } from './rows.ts'
import type { Attempt, Proof, TimelineEntry } from './stored-invoice.ts'

export async function appendTimeline(tx: Tx, seq: number, entries: TimelineEntry[], now: number): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map((_, index) => `($1, $${index * 3 + 2}, $${index * 3 + 3}, $${index * 3 + 4})`)
  await tx.run(`insert into timeline (invoice_seq, at, type, data) values ${rows.join(', ')}`, [
    seq,
    ...entries.flatMap(({ type, at, data }) => [
      at === undefined ? now : Date.parse(at),
      type,
      JSON.stringify(data ?? {})
    ])
  ])
}

export async function timelineOf(tx: Tx, seq: number): Promise<Required<TimelineEntry>[]> {
  const rows = await tx.all('select at, type, data from timeline where invoice_seq = $1 order by seq', [seq])
  return rows.map((row) => ({
    type: text(row, 'type'),
    at: time(row, 'at'),
    data: JSON.parse(text(row, 'data')) as Record<string, unknown>
  }))
}

export async function attemptsOf(tx: Tx, seq: number): Promise<Attempt[]> {
  return (await tx.all('select * from attempt where invoice_seq = $1 order by number', [seq])).map(attemptFrom)
}

export async function insertAttempt(tx: Tx, seq: number, attempt: Attempt): Promise<void> {
  await tx.run('insert into attempt (invoice_seq, number, operation, started_at) values ($1, $2, $3, $4)', [
    seq,
    attempt.number,
    attempt.operation,
    Date.parse(attempt.startedAt)
  ])
}

export async function updateAttempt(tx: Tx, seq: number, attempt: Attempt): Promise<void> {
  await tx.run(
    'update attempt set ended_at = $1, proof = $2, exchange = $3, detail = $4 where invoice_seq = $5 and number = $6',
    [
      attempt.endedAt === undefined ? null : Date.parse(attempt.endedAt),
      attempt.proof ?? null,
      attempt.exchange === undefined ? null : JSON.stringify(attempt.exchange),
      attempt.detail ?? null,
      seq,
      attempt.number
    ]
  )
}

function attemptFrom(row: Row): Attempt {
  const { ended_at: endedAt, proof, exchange, detail } = row
  return {
    number: int(row, 'number'),
    operation: text(row, 'operation'),
    startedAt: time(row, 'started_at'),
    ...(endedAt !== null && { endedAt: iso(int(row, 'ended_at')) }),
    ...(typeof proof === 'string' && { proof: proof as Proof }),
    ...(typeof exchange === 'string' && { exchange: JSON.parse(exchange) as NonNullable<Attempt['exchange']> }),
    ...(typeof detail === 'string' && { detail })
  }
}
