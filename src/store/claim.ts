import { type Engine, lockFreeRows, type Row, type Tx } from './engine.ts'
import { jobFrom, laneOfQueue, priorities } from './jobs.ts'
import { int, text } from './rows.ts'
import type { Store } from './store.ts'

/** The queues in which something waits, each with its earliest job. Hops over the index: the cost grows with queues, not jobs. */
const heads = `with recursive head (queue) as (
    select (select queue from job where lease_until = 0 and priority = $1 order by queue limit 1)
    union all
    select (select queue from job where lease_until = 0 and priority = $1 and queue > head.queue order by queue limit 1)
    from head where head.queue is not null
  )
  select head.queue, (
    select run_at from job where lease_until = 0 and priority = $1 and queue = head.queue order by run_at limit 1
  ) as run_at
  from head where head.queue is not null`

async function queues(
  tx: Tx,
  priority: number,
  lanes: string[] | undefined
): Promise<{ queue: string; runAt: number }[]> {
  const rows = await tx.all(heads, [priority])
  return rows
    .map((row) => ({ queue: text(row, 'queue'), runAt: int(row, 'run_at') }))
    .filter(({ queue }) => lanes === undefined || lanes.includes(laneOfQueue(queue)))
    .toSorted((a, b) => (a.queue < b.queue ? -1 : 1))
}

export function createClaim(engine: Engine): Pick<Store, 'claim' | 'nextDue'> {
  const take = `select job.*, invoice.id as invoice_id from job join invoice on invoice.seq = job.invoice_seq
    where job.lease_until = 0 and job.priority = $1 and job.queue = $2 and job.run_at <= $3
    order by job.run_at, job.id limit $4${lockFreeRows(engine, 'job')}`
  /** Who was served last, by priority: a queue of one waits for its turn, not for the end of a queue of thousands. */
  const served = new Map<number, string>()

  async function pick(tx: Tx, priority: number, limit: number, now: number, lanes?: string[]): Promise<Row[]> {
    const due = (await queues(tx, priority, lanes)).filter(({ runAt }) => runAt <= now).map(({ queue }) => queue)
    const after = served.get(priority) ?? ''
    const turns = [...due.filter((queue) => queue > after), ...due.filter((queue) => queue <= after)].slice(0, limit)
    const waiting: Row[][] = []
    for (const queue of turns) waiting.push(await tx.all(take, [priority, queue, now, limit]))
    const picked: Row[] = []
    for (let round = 0; picked.length < limit && round < limit; round++) {
      for (const rows of waiting) {
        const row = rows[round]
        if (row === undefined || picked.length === limit) continue
        picked.push(row)
        served.set(priority, text(row, 'queue'))
      }
    }
    return picked
  }

  return {
    claim: (limit, leaseMs, lanes) =>
      engine.write(async (tx) => {
        const now = await tx.now()
        const rows: Row[] = []
        for (const priority of priorities.keys()) {
          if (rows.length < limit) rows.push(...(await pick(tx, priority, limit - rows.length, now, lanes)))
        }
        for (const row of rows) {
          await tx.run('update job set lease_until = $1, fence = fence + 1 where id = $2', [
            now + leaseMs,
            int(row, 'id')
          ])
        }
        return rows.map((row) => jobFrom({ ...row, fence: int(row, 'fence') + 1 }))
      }),
    nextDue: (lanes) =>
      engine.read(async (tx) => {
        let next = Number.POSITIVE_INFINITY
        for (const priority of priorities.keys()) {
          for (const { runAt } of await queues(tx, priority, lanes)) next = Math.min(next, runAt)
        }
        return Number.isFinite(next) ? new Date(next) : undefined
      })
  }
}
