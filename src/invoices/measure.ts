import { ChorusError } from '../chorus/errors.ts'
import { type Attempt, laneOf, type StoredInvoice } from '../store/stored-invoice.ts'
import { routeOf } from './visibility.ts'
import { backOff, type Workshop } from './workshop.ts'

/** Looks for a normal success, now and then, to learn how long a search takes to show one (reliability brief, 2.3). */
export async function measureVisibility(workshop: Workshop, invoice: StoredInvoice): Promise<void> {
  const { visibility } = workshop
  const { invoiceId, number, recovered } = invoice.upstream
  if (invoiceId === undefined || number === undefined || recovered !== undefined || !visibility.wants(invoice.id))
    return
  const since = takenAt((await workshop.store.timeline(invoice.id)).attempts)
  if (since === undefined) return
  try {
    const rows = await workshop.way(laneOf(invoice)).chorus.searchIssued({ number })
    const afterMs = workshop.now().getTime() - since
    const shown = rows.some((row) => row.invoiceId === invoiceId)
    visibility[shown ? 'seen' : 'hidden'](routeOf(invoice.mode), invoice.id, afterMs)
  } catch (error) {
    // No information: another one will be looked for.
    if (!(error instanceof ChorusError)) throw error
  }
}

/**
 * A flow's invoice is there: its delay is that of the integration and of the search together. `looks` were made before this
 * one; while nobody could look, for two days perhaps, it may have been there all the time.
 */
export async function noteFlowShown(
  { visibility, store, now, timing }: Pick<Workshop, 'visibility' | 'store' | 'now' | 'timing'>,
  invoice: StoredInvoice,
  looks: number
): Promise<void> {
  const since = takenAt((await store.timeline(invoice.id)).attempts)
  if (since === undefined) return
  const { flowMs } = timing
  let hiddenMs = looks === 0 ? 0 : flowMs.first
  for (let look = 0; look < looks - 1; look++) hiddenMs += backOff(flowMs, look)
  visibility.seen('structured', invoice.id, now().getTime() - since, hiddenMs)
}

function takenAt(attempts: Attempt[]): number | undefined {
  const done = attempts.findLast(({ proof }) => proof === 'done')?.endedAt
  return done === undefined ? undefined : Date.parse(done)
}
