import type { IssuedInvoice } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { failpoint } from '../failpoint.ts'
import { type Change, type Job, laneOf, type StoredInvoice } from '../store/store.ts'
import { dayBefore, held, judge, resend, sameAmount } from './verdict.ts'
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
  const { attempts, entries } = await workshop.store.timeline(invoice.id)
  const firstAttempt = attempts[0]?.startedAt ?? invoice.createdAt
  const lastEnd = attempts.at(-1)?.endedAt ?? attempts.at(-1)?.startedAt ?? invoice.updatedAt
  let rows: IssuedInvoice[]
  try {
    rows = await search(workshop, invoice, firstAttempt)
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
  const negatives = entries.filter((entry) => entry.type === 'search-negative' && entry.at >= lastEnd).length
  // Without a lost answer, what is there cannot come from us: a first call that met a double, or a flow refused as one.
  const mayBeOurs = attempts.some(({ proof }) => proof === undefined || proof === 'unknown')
  const exists = attempts.some(({ proof }) => proof === 'exists')
  const past = { firstAttempt, lastEnd, negatives, mayBeOurs, exists, attempts: attempts.length }
  let change = judge(workshop, invoice, rows, past)
  if (change === 'resend' && !(await searchIsProven(workshop, invoice, lastEnd))) {
    change = held(invoice, 'unknown_outcome', 'No search finds it, and no search has proven that it would.', {})
  }
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

async function search(workshop: Workshop, invoice: StoredInvoice, firstAttempt: string): Promise<IssuedInvoice[]> {
  const { chorus, directory } = workshop.way(laneOf(invoice))
  const seller = await directory.seller(invoice.sellerSiret ?? '')
  const supplier = seller === undefined ? {} : { supplierId: seller.structureId }
  if (invoice.number !== undefined) {
    const rows = await chorus.searchIssued({ number: invoice.number, ...supplier })
    return rows.filter((row) => row.number.trim() === invoice.number && sameSeller(row, invoice))
  }
  // Chorus Pro made the number: candidates for a person to judge, never for us to adopt.
  const rows = await chorus.searchIssued({ statusSince: dayBefore(firstAttempt), ...supplier })
  return rows.filter(
    (row) => row.buyerSiret === invoice.buyerSiret && sameAmount(row, invoice) && sameSeller(row, invoice)
  )
}

const sameSeller = (row: IssuedInvoice, invoice: StoredInvoice) =>
  row.sellerSiret === undefined || invoice.sellerSiret === undefined || row.sellerSiret === invoice.sellerSiret

/**
 * A search that finds nothing only counts when it is known to see: another invoice of this seller, that Chorus Pro has
 * confirmed, is looked for in the same way; the newest one, so that a search that lags behind is found out.
 */
async function searchIsProven(workshop: Workshop, invoice: StoredInvoice, lastEnd: string): Promise<boolean> {
  if (invoice.sellerSiret === undefined) return false
  const { items } = await workshop.store.list({ sellerSiret: invoice.sellerSiret, state: 'integrated' }, { limit: 20 })
  const known = items.filter(
    (one) => one.number !== undefined && laneOf(one) === laneOf(invoice) && one.upstream.invoiceId !== undefined
  )
  // Best is one that came after ours and is visible already; else the newest there is.
  const witness = known.findLast(({ createdAt }) => createdAt > lastEnd) ?? known[0]
  if (witness === undefined) return false
  try {
    const rows = await search(workshop, witness, witness.createdAt)
    return rows.some((row) => row.invoiceId === witness.upstream.invoiceId)
  } catch (error) {
    if (error instanceof ChorusError) return false
    throw error
  }
}
