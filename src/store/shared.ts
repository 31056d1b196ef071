import { setTimeout } from 'node:timers/promises'
import type { DocumentStore } from './document-store.ts'
import { StoreUnavailable } from './errors.ts'
import { keepFirst } from './keep-first.ts'
import { createLedger } from './ledger.ts'
import { migrate } from './migrations.ts'
import { openPostgres } from './postgres.ts'
import { createPostgresDocuments } from './postgres-documents.ts'
import { assertSound } from './postgres-sound.ts'
import type { Store } from './store.ts'

export interface SharedOptions {
  /** `postgres://…` */
  url: string
  /** A database that may lose what it confirmed is taken all the same. */
  allowUnsafe?: boolean
  /** How long to wait for a database that starts together with us. */
  waitMs?: number
  /** Connections at once. */
  size?: number
  /** What to make of the database’s clock, for tests. */
  clock?: (now: number) => number
  onTrouble?: (error: Error) => void
}

/**
 * The store in a PostgreSQL that replicas share. Nobody's leases are ended here: their holders may live. Throws
 * StoreUnsafe, StoreUnfit, SchemaTooNew, or StoreUnavailable when the database did not come in time.
 */
export async function openShared({
  allowUnsafe = false,
  waitMs = 0,
  ...options
}: SharedOptions): Promise<{ store: Store; documents: DocumentStore; unsafe: string[]; now: () => Date }> {
  const clock = followClock(options.clock)
  const engine = openPostgres({ ...options, clock: (now) => clock.heard(now) })
  const documents = createPostgresDocuments({ engine })
  try {
    const unsafe = await patiently(waitMs, () => assertSound(engine, { allowUnsafe }), options.onTrouble)
    await migrate(engine)
    await documents.sweep()
    const ledger = createLedger({ engine })
    const store = { ...ledger, accept: keepFirst(ledger.accept, documents) }
    return { store, documents, unsafe, now: () => clock.now() }
  } catch (error) {
    await engine.close()
    throw error
  }
}

/**
 * The database's time, as it was heard last and moved on by a clock that nobody sets: the machine's own may jump.
 * Sweeping at the start hears it for the first time.
 */
function followClock(adjust: (now: number) => number = (now) => now) {
  let ahead = Date.now() - performance.now()
  return {
    heard(now: number): number {
      const adjusted = adjust(now)
      ahead = adjusted - performance.now()
      return adjusted
    },
    now: () => new Date(Math.round(performance.now() + ahead))
  }
}

async function patiently<T>(waitMs: number, ask: () => Promise<T>, onTrouble?: (error: Error) => void): Promise<T> {
  const until = performance.now() + waitMs
  let told = false
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() > until) throw error
      if (!told) onTrouble?.(error)
      told = true
    }
    await setTimeout(500)
  }
}
