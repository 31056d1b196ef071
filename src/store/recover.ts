import { failpoint } from '../failpoint.ts'
import { applyChange } from './change.ts'
import { type Engine, lockRow, type Tx } from './engine.ts'
import { postponeJob } from './jobs.ts'
import { first, int } from './rows.ts'
import type { Store } from './store.ts'
import type { JobKind } from './stored-invoice.ts'

const atATime = 100

/** For a start that knows itself alone: whoever held a lease is dead, and `recover` need not wait for its end. */
export async function endLeases(engine: Engine): Promise<void> {
  await engine.write((tx) => tx.run('update job set lease_until = 1 where lease_until > 1'))
}

export function createRecover(engine: Engine): Store['recover'] {
  const lock = lockRow(engine)

  const overdue = () =>
    engine.read(async (tx) => {
      const rows = await tx.all(
        'select id from job where lease_until > 0 and lease_until <= $1 order by lease_until limit $2',
        [await tx.now(), atATime]
      )
      return rows.map((row) => int(row, 'id'))
    })

  /** Looks again: the holder may have written, or another process recovered it, since. */
  async function recoverJob(tx: Tx, id: number, quietMs: number): Promise<'unknown' | 'due' | undefined> {
    failpoint('recover')
    const now = await tx.now()
    const job = first(await tx.all('select * from job where id = $1', [id]))
    if (job === undefined) return undefined
    const row = first(await tx.all(`select * from invoice where seq = $1${lock}`, [int(job, 'invoice_seq')]))
    const still = first(
      await tx.all(`select * from job where id = $1 and lease_until > 0 and lease_until <= $2${lock}`, [id, now])
    )
    if (row === undefined || still === undefined) return undefined
    if (job['kind'] !== 'send' || row['state'] !== 'submitting') {
      await postponeJob(tx, id, int(still, 'run_at'), true)
      return 'due'
    }
    // Sent or not, nobody can tell: never back to send (reliability brief, 2.2 cases 16, 19 and 33).
    const kind: JobKind = 'send'
    await applyChange(
      tx,
      { row },
      {
        patch: { state: 'unknown' },
        endAttempt: { proof: 'unknown', detail: 'The gateway stopped, or was stuck, before it could note an answer.' },
        job: { settle: true },
        jobs: [{ kind: 'reconcile', runAt: new Date(now + quietMs) }]
      },
      { id, kind, leaseUntil: int(still, 'lease_until') }
    )
    return 'unknown'
  }

  /** Of the clock that dates are made with, over one that is never set. */
  let drift = Number.POSITIVE_INFINITY

  /** What a clock that was wrong for a while has put off for years (reliability brief, 2.2 case 60) is due now. */
  async function bringForward(longestRestMs: number): Promise<void> {
    const now = (await engine.read((tx) => tx.now())) - performance.now()
    const wentBack = now < drift - 1_000
    drift = now
    if (!wentBack) return
    await engine.write(async (tx) => {
      const times = [await tx.now(), (await tx.now()) + longestRestMs]
      const late = 'lease_until = 0 and run_at > $2'
      await tx.run(
        `update invoice set next_attempt_at = $1 where next_attempt_at is not null
         and seq in (select invoice_seq from job where ${late} and kind = 'send')`,
        times
      )
      await tx.run(`update job set run_at = $1 where ${late}`, times)
    })
  }

  return async (quietMs, longestRestMs) => {
    if (longestRestMs !== undefined) await bringForward(longestRestMs)
    const found = { unknown: 0, due: 0 }
    for (;;) {
      const ids = await overdue()
      const results = await Promise.all(ids.map((id) => engine.write((tx) => recoverJob(tx, id, quietMs))))
      for (const result of results) if (result !== undefined) found[result]++
      if (ids.length < atATime) return found
    }
  }
}
