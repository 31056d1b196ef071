import type { Row, Tx } from './engine.ts'
import { FenceLost } from './errors.ts'
import { int, text, time } from './rows.ts'
import { type Job, type JobKind, laneOf, type StoredInvoice } from './stored-invoice.ts'

/** Sends before reconciles before the rest (reliability brief, 2.2 case 52). */
export const priorities: readonly JobKind[] = ['send', 'reconcile', 'flow', 'status']

/** A job that is held right now: its fence was right and its lease not taken back. */
export interface HeldJob {
  id: number
  kind: JobKind
  leaseUntil: number
}

/** Jobs of one lane and caller wait in one queue, and the queues have their turns. */
const queueOf = (invoice: StoredInvoice) => `${laneOf(invoice)}\n${invoice.caller}`
export const laneOfQueue = (queue: string) => queue.slice(0, queue.indexOf('\n'))

/** Of a row of `job` joined with its invoice's id as `invoice_id`. */
export function jobFrom(row: Row): Job {
  const queue = text(row, 'queue')
  const lane = laneOfQueue(queue)
  return {
    id: String(int(row, 'id')),
    kind: text(row, 'kind') as JobKind,
    invoiceId: text(row, 'invoice_id'),
    caller: queue.slice(lane.length + 1),
    lane,
    runAt: time(row, 'run_at'),
    tries: int(row, 'tries'),
    fence: int(row, 'fence')
  }
}

/** Creates the job, or brings forward the one that waits; one that is being worked on stays as it is. */
export async function addJob(
  tx: Tx,
  seq: number,
  invoice: StoredInvoice,
  { kind, runAt, leaseUntil = 0 }: { kind: JobKind; runAt: number; leaseUntil?: number }
): Promise<Row | undefined> {
  const [row] = await tx.all(
    `insert into job (invoice_seq, kind, priority, queue, run_at, lease_until, fence, tries)
     values ($1, $2, $3, $4, $5, $6, $7, 0)
     on conflict (invoice_seq, kind) do update set run_at = excluded.run_at
       where job.lease_until = 0 and excluded.run_at < job.run_at
     returning *`,
    [seq, kind, priorities.indexOf(kind), queueOf(invoice), runAt, leaseUntil, leaseUntil === 0 ? 0 : 1]
  )
  return row
}

/** Throws FenceLost unless the job of this invoice is still the holder's. */
export async function holdJob(
  tx: Tx,
  seq: number,
  invoiceId: string,
  job: Pick<Job, 'id' | 'fence'>,
  lock: string
): Promise<HeldJob> {
  const id = Number(job.id)
  const [row] = await tx.all(
    `select kind, lease_until from job where id = $1 and invoice_seq = $2 and fence = $3 and lease_until > 0${lock}`,
    [id, seq, job.fence]
  )
  if (row === undefined) throw new FenceLost(invoiceId)
  return { id, kind: text(row, 'kind') as JobKind, leaseUntil: int(row, 'lease_until') }
}

/** Gives it back. The fence grows, so that the former holder can write no more. */
export async function postponeJob(tx: Tx, id: number, runAt: number, countTry: boolean): Promise<void> {
  await tx.run('update job set run_at = $1, lease_until = 0, fence = fence + 1, tries = tries + $2 where id = $3', [
    runAt,
    countTry ? 1 : 0,
    id
  ])
}

export async function releaseJob(tx: Tx, job: Pick<Job, 'id' | 'fence'>, lock: string): Promise<void> {
  const params = [Number(job.id), job.fence]
  // The invoice first, as everybody does: whether its call has started must not change between the two statements.
  await tx.all(`select seq from invoice where seq = (select invoice_seq from job where id = $1)${lock}`, [
    params[0] ?? 0
  ])
  // A call that was started has an unknown outcome from now on: its lease ends, and `recover` says so.
  const started = await tx.run(
    `update job set lease_until = 1 where id = $1 and fence = $2 and lease_until > 0 and kind = 'send'
     and exists (select 1 from invoice where invoice.seq = job.invoice_seq and invoice.state = 'submitting')`,
    params
  )
  if (started > 0) return
  await tx.run(
    'update job set lease_until = 0, fence = fence + 1 where id = $1 and fence = $2 and lease_until > 0',
    params
  )
}

/** One that was given back, or that another process recovered, is not taken again. */
export async function renewJob(tx: Tx, job: Pick<Job, 'id' | 'fence'>, leaseUntil: number): Promise<void> {
  await tx.run(
    'update job set lease_until = $1 where id = $2 and fence = $3 and lease_until > 1 and lease_until < $1',
    [leaseUntil, Number(job.id), job.fence]
  )
}

export async function endJob(tx: Tx, id: number): Promise<void> {
  await tx.run('delete from job where id = $1', [id])
}

export async function jobsOfInvoice(tx: Tx, seq: number): Promise<(HeldJob & { runAt: number })[]> {
  const rows = await tx.all('select id, kind, run_at, lease_until from job where invoice_seq = $1', [seq])
  return rows.map((row) => ({
    id: int(row, 'id'),
    kind: text(row, 'kind') as JobKind,
    runAt: int(row, 'run_at'),
    leaseUntil: int(row, 'lease_until')
  }))
}
