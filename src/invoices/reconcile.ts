import type { IssuedInvoice } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { failpoint } from '../failpoint.ts'
import type { Change } from '../store/store.ts'
import { type Job, laneOf, type StoredInvoice } from '../store/stored-invoice.ts'
import { attemptEnd, sinceAttempt } from './attempt-end.ts'
import { searchFor, searchIsProven } from './search.ts'
import { held, judge, resend } from './verdict.ts'
import { routeOf } from './visibility.ts'
import { watchedMs } from './watched.ts'
import { after, backOff, insist, type Workshop } from './workshop.ts'

/**
 * Clears up one invoice whose call had no certain answer, by searching Chorus Pro (reliability brief, 2.3). It adopts what
 * is certainly ours, holds what needs a person, and otherwise searches again. It never sends itself: at the end of a long
 * and fruitless search it may give the invoice back to the queue, and only where Chorus Pro refuses a second one.
 */
export async function reconcile(workshop: Workshop, job: Job): Promise<void> {
  const invoice = await workshop.store.find(job.invoiceId)
  if (invoice === undefined || invoice.state !== 'unknown') {
    await insist(workshop, () => workshop.store.change(job.invoiceId, () => ({ job: { settle: true } }), job))
    return
  }
  const again = (pause: number): NonNullable<Change['job']> => ({ runAt: after(workshop, pause), countTry: true })
  failpoint('reconcile')
  const story = await workshop.store.timeline(invoice.id)
  const { attempts, entries } = story
  const firstAttempt = attempts[0]?.startedAt ?? invoice.createdAt
  const lastEnd = attemptEnd(story, invoice, workshop.now())
  let rows: IssuedInvoice[]
  try {
    rows = await searchFor(workshop, invoice, firstAttempt)
    workshop.lanes.succeeded(laneOf(invoice))
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    // A search that was not answered well is no information: it does not count as a negative.
    await insist(workshop, () =>
      workshop.store.change(
        invoice.id,
        () => ({
          timeline: [{ type: 'search-failed', data: { reason: error.evidence.problem, detail: error.message } }],
          job: again(backOff(workshop.timing.searchMs, job.tries))
        }),
        job
      )
    )
    return
  }
  failpoint('searched')
  const searched = sinceAttempt(entries).filter(({ type }) => type === 'search-negative')
  const passed = watchedMs(invoice.id, attempts.length, Math.max(0, ...searched.map(({ data }) => provenMs(data))))
  const negatives = searched.length
  // Without a lost answer, what is there cannot come from us: a first call that met a double, or a flow refused as one.
  const mayBeOurs = attempts.some(({ proof }) => proof === undefined || proof === 'unknown')
  const exists = attempts.some(({ proof }) => proof === 'exists')
  const refused = attempts.at(-1)?.proof === 'refused'
  const past = { firstAttempt, lastEnd, passed, negatives, mayBeOurs, exists, refused, attempts: attempts.length }
  let change = judge(workshop, invoice, rows, past)
  if (change === 'resend' && !(await searchIsProven(workshop, invoice, lastEnd))) {
    change = held(invoice, 'unknown_outcome', 'No search finds it, and no search has proven that it would.', {})
  }
  if (change !== 'resend' && change.patch?.state === 'integrated')
    noteVisibility(workshop, invoice, lastEnd, searched.at(-1)?.at)
  const decided = change === 'resend' ? resend(workshop, invoice) : change
  await insist(workshop, () =>
    workshop.store.change(
      invoice.id,
      () => ({ ...decided, job: decided.job ?? again(backOff(workshop.timing.searchMs, job.tries)) }),
      job
    )
  )
  failpoint('reconciled')
}

/** What an earlier search noted. */
const provenMs = ({ passedMs }: Record<string, unknown>) => (typeof passedMs === 'number' ? passedMs : 0)

/** What earlier searches did not show and this one does tells how far they lag. */
function noteVisibility(workshop: Workshop, invoice: StoredInvoice, lastEnd: string, lastSearch?: string): void {
  if (lastSearch === undefined) return
  const since = (at: number) => at - Date.parse(lastEnd)
  const route = routeOf(invoice.mode)
  workshop.visibility.seen(route, invoice.id, since(workshop.now().getTime()), since(Date.parse(lastSearch)))
}
