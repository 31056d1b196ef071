import { changeAttempts } from './attempts.ts'
import { appendAudit } from './audit.ts'
import { type Engine, lockRow, type Row, type Tx } from './engine.ts'
import { FenceLost, NumberTaken } from './errors.ts'
import { addJob, endJob, type HeldJob, holdJob, jobsOfInvoice, postponeJob } from './jobs.ts'
import { first, int, invoiceFrom, iso, text, updateInvoice } from './rows.ts'
import type { Change, Store } from './store.ts'
import type { Attempt, Job, StoredInvoice, TimelineEntry } from './stored-invoice.ts'
import { appendTimeline } from './timeline.ts'
import { assertTransition, jobsOf } from './transitions.ts'

export function createChange(engine: Engine): Store['change'] {
  const lock = lockRow(engine)
  return (id, decide, job) =>
    engine.write(async (tx) => {
      const row = first(await tx.all(`select * from invoice where id = $1${lock}`, [id]))
      if (row === undefined) throw new RangeError(`there is no invoice ${id}`)
      const held = job && (await hold(tx, row, id, job, lock))
      const before = invoiceFrom(row)
      const change = decide(before)
      return change === undefined ? before : await applyChange(tx, { row, before }, change, held)
    })
}

/** As `change`, by somebody who decided on an older reading: it is only taken when that is how the invoice still stands. */
export function createChangeAt(engine: Engine) {
  const lock = lockRow(engine)
  return (
    id: string,
    version: number,
    change: Change | undefined,
    job?: Pick<Job, 'id' | 'fence'>
  ): Promise<{ invoice: StoredInvoice; stale: boolean }> =>
    engine.write(async (tx) => {
      const row = first(await tx.all(`select * from invoice where id = $1${lock}`, [id]))
      if (row === undefined) throw new RangeError(`there is no invoice ${id}`)
      const held = job && (await hold(tx, row, id, job, lock))
      const before = invoiceFrom(row)
      if (before.version !== version) return { invoice: before, stale: true }
      const after = change === undefined ? before : await applyChange(tx, { row, before }, change, held)
      return { invoice: after, stale: false }
    })
}

function hold(tx: Tx, row: Row, id: string, job: Pick<Job, 'id' | 'fence'>, lock: string): Promise<HeldJob> {
  return holdJob(tx, int(row, 'seq'), id, job, lock)
}

/** Writes a change of a row that is locked, all or nothing. Throws InvalidTransition. */
export async function applyChange(
  tx: Tx,
  { row, before = invoiceFrom(row) }: { row: Row; before?: StoredInvoice },
  change: Change,
  held: HeldJob | undefined
): Promise<StoredInvoice> {
  const now = await tx.now()
  const seq = int(row, 'seq')
  const after: StoredInvoice = { ...before, ...change.patch }
  for (const name of change.unset ?? []) delete after[name]
  if (before.state === 'held' && after.state !== 'held' && change.patch?.heldReason === undefined)
    delete after.heldReason
  const moves = before.state !== after.state
  if (change.startAttempt !== undefined) {
    // Nobody calls on a lease that is over (invariant I4).
    if (held !== undefined && held.leaseUntil <= now) throw new FenceLost(before.id)
    after.attempts++
  }

  const entries: TimelineEntry[] = [...(change.timeline ?? [])]
  const told = new Set(entries.map(({ type }) => type))
  let attempts: Attempt[] = []
  if (moves || change.startAttempt !== undefined || change.endAttempt !== undefined) {
    const changed = await changeAttempts(tx, seq, { before, after, change, now })
    attempts = changed.attempts
    entries.push(...changed.entries.filter(({ type }) => !told.has(type)))
  }
  if (moves) {
    assertTransition(before.state, after.state, {
      invoice: after,
      attempts,
      starts: change.startAttempt !== undefined,
      held: held?.kind,
      operator: change.operator
    })
    after.outcome = change.patch?.outcome ?? outcomeOf(after)
    const data = { from: before.state, to: after.state, ...(change.operator && { operator: change.operator }) }
    if (!told.has('state-changed')) entries.push({ type: 'state-changed', data })
  }
  if (change.naturalKey !== undefined) await protectNumber(tx, seq, change.naturalKey)
  await appendTimeline(tx, seq, entries, now)
  await changeJobs(tx, seq, after, { change, held, moves, now })

  const visible = moves || entries.length > 0 || change.unset !== undefined || change.patch !== undefined
  if (!visible && after.nextAttemptAt === before.nextAttemptAt) return before
  after.version = before.version + 1
  after.updatedAt = iso(now)
  const { sql, params } = updateInvoice(row, before, after)
  await tx.run(sql, params)
  if (change.operator !== undefined) await auditDecision(tx, before, after, change.operator)
  return after
}

/** What a person decided; why stands in the timeline. */
async function auditDecision(tx: Tx, before: StoredInvoice, { state }: StoredInvoice, operator: string): Promise<void> {
  const data = { from: before.state, to: state, ...(before.heldReason !== undefined && { held: before.heldReason }) }
  await appendAudit(tx, [{ kind: 'operator-decided', actor: operator, invoiceId: before.id, data }])
}

/** Looked up first, so that the other invoice can be named; the unique index has the last word. */
async function protectNumber(tx: Tx, seq: number, naturalKey: string): Promise<void> {
  const other = first(
    await tx.all('select id from invoice where natural_key = $1 and live = 1 and seq <> $2', [naturalKey, seq])
  )
  if (other !== undefined) throw new NumberTaken(text(other, 'id'))
  await tx.run('update invoice set natural_key = $1 where seq = $2', [naturalKey, seq])
}

function outcomeOf({ state, outcome }: StoredInvoice): StoredInvoice['outcome'] {
  if (state === 'unknown') return 'unknown'
  return state === 'submitted' || state === 'integrated' ? 'sent' : outcome
}

async function changeJobs(
  tx: Tx,
  seq: number,
  invoice: StoredInvoice,
  { change, held, moves, now }: { change: Change; held: HeldJob | undefined; moves: boolean; now: number }
): Promise<void> {
  if (change.job !== undefined) {
    if (held === undefined) throw new TypeError('a change without a job cannot say what becomes of it')
    if ('settle' in change.job) await endJob(tx, held.id)
    else if ('runAt' in change.job) await postponeJob(tx, held.id, change.job.runAt.getTime(), change.job.countTry)
    else await tx.run('update job set lease_until = $1 where id = $2', [now + change.job.leaseMs, held.id])
  }
  for (const { kind, runAt } of change.jobs ?? []) await addJob(tx, seq, invoice, { kind, runAt: runAt.getTime() })

  let jobs = await jobsOfInvoice(tx, seq)
  const ended = jobs.filter(
    ({ kind }) => change.endJobs?.includes(kind) === true || (moves && !jobsOf[invoice.state].includes(kind))
  )
  for (const { id } of ended) await endJob(tx, id)
  jobs = jobs.filter((job) => !ended.includes(job))
  assertTimer(invoice, jobs)

  if (change.patch?.nextAttemptAt !== undefined) return
  const next = jobs.find(({ kind }) => kind === 'send' || kind === 'reconcile')
  if (next === undefined || invoice.state === 'submitting') delete invoice.nextAttemptAt
  else invoice.nextAttemptAt = iso(next.runAt)
}

/** Invariant I11: no state waits without a timer. A fault of the code that asked, so that nothing is written. */
function assertTimer(invoice: StoredInvoice, jobs: HeldJob[]): void {
  const { state } = invoice
  const has = (...kinds: Job['kind'][]) => jobs.some(({ kind }) => kinds.includes(kind))
  const moving = jobs.some(({ kind, leaseUntil }) => kind === 'send' && leaseUntil > 0)
  const fine =
    state === 'received' || state === 'deposited'
      ? has('send')
      : state === 'submitting'
        ? moving
        : state === 'unknown'
          ? has('reconcile')
          : state === 'submitted'
            ? has('flow', 'status')
            : true
  if (!fine) throw new TypeError(`${invoice.id} would stay ${state} without a job to move it on`)
}
