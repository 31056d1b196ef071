import type { SeenError } from '../../schemas/status.ts'
import { catalogue } from '../problem.ts'
import type { Store } from '../store/store.ts'
import type { StoredInvoice } from '../store/stored-invoice.ts'

export interface SeenErrors {
  note(subject: string, state: string, reason: string | undefined): void
  /** A row for the audit: a way out that stopped is an error as well. */
  noteLane(entry: { kind: string; data: Record<string, unknown> }): void
  /** Newest first. */
  view(): SeenError[]
}

export interface SeenErrorsOptions {
  now: () => Date
  keep: number
  /** Hears of each. */
  counted: () => void
}

/** What went wrong lately, in memory. The same again moves to the front. */
export function createSeenErrors({ now, keep, counted }: SeenErrorsOptions): SeenErrors {
  const seen = new Map<string, SeenError>()
  function note(subject: string, state: string, reason: string | undefined): void {
    counted()
    const key = `${subject} ${state} ${reason ?? ''}`
    seen.delete(key)
    const named = reason !== undefined && { reason, ...titleOf(reason) }
    seen.set(key, { at: now().toISOString(), subject, state, ...named })
    const [oldest] = seen.keys()
    if (seen.size > keep && oldest !== undefined) seen.delete(oldest)
  }
  return {
    note,
    noteLane({ kind, data: { lane, to, reason } }) {
      if (kind !== 'lane-changed' || (to !== 'paused' && to !== 'held')) return
      note(typeof lane === 'string' ? lane : '', to, typeof reason === 'string' ? reason : undefined)
    },
    view: () => [...seen.values()].reverse()
  }
}

/** The title of a problem of the catalogue; reasons that are none stand for themselves. */
export function titleOf(reason: string): { title?: string } {
  const entry = Object.entries(catalogue).find(([code]) => code === reason)?.[1]
  return entry === undefined ? {} : { title: entry.title }
}

const failed: ReadonlySet<StoredInvoice['state']> = new Set(['unknown', 'held', 'rejected'])

/** The ledger, with each change noted that leaves an invoice held, rejected or with its answer lost. */
export function watchInvoices<T extends Pick<Store, 'change'>>(store: T, errors: SeenErrors): T {
  const change: Store['change'] = async (id, decide, job) => {
    let from: string | undefined
    const after = await store.change(
      id,
      (invoice) => {
        from = invoice.state
        return decide(invoice)
      },
      job
    )
    if (failed.has(after.state) && after.state !== from) {
      errors.note(id, after.state, after.error?.code ?? after.heldReason)
    }
    return after
  }
  // All else is the ledger's own, as it is at the time of the call.
  return Object.assign(Object.create(store) as T, { change })
}
