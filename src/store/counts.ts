import type { Engine } from './engine.ts'
import { int, text } from './rows.ts'
import type { Store } from './store.ts'

/** Counting walks a whole index: on a large ledger it may take this part of the time, no more. */
const share = 0.02
/** Less than this is never worth an answer that lags. */
const cheapMs = 5

export function createCounts(engine: Engine): Store['counts'] {
  let known: ReturnType<Store['counts']> | undefined
  let until = 0

  async function count(): ReturnType<Store['counts']> {
    const started = performance.now()
    const counts = await engine.read(async (tx) => {
      const states = await tx.all('select state, count(*) as n from invoice group by state')
      const due = await tx.all('select count(*) as n from job where lease_until = 0 and run_at <= $1', [await tx.now()])
      return {
        states: Object.fromEntries(states.map((row) => [text(row, 'state'), int(row, 'n')])),
        due: int(due[0] ?? {}, 'n')
      }
    })
    const took = performance.now() - started
    until = took < cheapMs ? 0 : performance.now() + took / share
    return counts
  }

  return async () => {
    if (known === undefined || performance.now() >= until) {
      until = Number.POSITIVE_INFINITY
      known = count().catch((error: unknown) => {
        until = 0
        throw error
      })
    }
    return await known
  }
}
