import type { Store } from '../store/store.ts'
import type { StoredInvoice } from '../store/stored-invoice.ts'

/** Lets answers wait for what becomes of an invoice. */
export interface Waiters {
  /** To be called when a job on this invoice has ended. */
  notify(invoiceId: string): void
  /** The invoice once its state is settled, or when nothing more will come before `until` (epoch milliseconds). */
  settled(invoice: StoredInvoice, until: number, stuck: () => boolean): Promise<StoredInvoice>
  /** The invoice once it is newer than this one, or as it stands at `until`. */
  changed(invoice: StoredInvoice, until: number): Promise<StoredInvoice>
}

/** Other processes look for work about every second. */
const othersMs = 3_000

const settledStates = new Set(['submitted', 'integrated', 'rejected', 'held', 'cancelled'])

/** Nothing more will come of it soon. */
export const isSettled = (invoice: StoredInvoice) => settledStates.has(invoice.state)

/** With `pollMs`, other processes do jobs as well, and their news is looked for: less and less often, up to a second. */
export function createWaiters(store: Pick<Store, 'find'>, { pollMs }: { pollMs?: number } = {}): Waiters {
  const waiting = new Map<string, Set<() => void>>()

  const next = (id: string, until: number) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = () => {
      clearTimeout(timer)
      const others = waiting.get(id)
      others?.delete(wake)
      if (others?.size === 0) waiting.delete(id)
      resolve()
    }
    const timer = setTimeout(wake, Math.max(0, until - Date.now()))
    waiting.set(id, (waiting.get(id) ?? new Set()).add(wake))
    return { woken: promise, wake }
  }

  const watch = async (
    invoice: StoredInvoice,
    until: number,
    enough: (current: StoredInvoice) => boolean
  ): Promise<StoredInvoice> => {
    // As it stands now, not as it was handed in: a job may have noted why nothing more will come.
    let current = enough(invoice) ? ((await store.find(invoice.id)) ?? invoice) : invoice
    let pause = pollMs ?? Number.POSITIVE_INFINITY
    while (!enough(current) && Date.now() < until) {
      // Asked for before the look, so that nothing that happens in between is missed.
      const { woken, wake } = next(invoice.id, Math.min(until, Date.now() + pause))
      pause = Math.min(pause * 1.2, Math.max(pause, 1_000))
      current = (await store.find(invoice.id)) ?? current
      if (enough(current)) wake()
      await woken
      current = (await store.find(invoice.id)) ?? current
    }
    return current
  }

  return {
    notify: (id) => {
      for (const wake of waiting.get(id) ?? []) wake()
    },
    settled: (invoice, until, stuck) => {
      // Where our way out is closed, another process may have one that is open.
      const stuckFrom = Date.now() + (pollMs === undefined ? 0 : othersMs)
      return watch(
        invoice,
        until,
        (current) =>
          isSettled(current) ||
          (current.nextAttemptAt !== undefined &&
            current.state !== 'submitting' &&
            ((stuck() && Date.now() >= stuckFrom) ||
              (current.version > invoice.version && Date.parse(current.nextAttemptAt) > until)))
      )
    },
    changed: (invoice, until) => watch(invoice, until, (current) => current.version > invoice.version)
  }
}
