import type { IssuedInvoice } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { failpoint } from '../failpoint.ts'
import { type Change, type Job, laneOf, type StoredInvoice } from '../store/store.ts'
import { sameDecimal } from './decimal.ts'
import { after, backOff, insist, type Workshop } from './workshop.ts'

/**
 * Clears up one invoice whose call had no certain answer, by searching Chorus Pro (reliability brief, 2.3). It adopts what
 * is certainly ours, holds what needs a person, and otherwise searches again. It never sends.
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
    if (error.evidence.lane) workshop.lanes.failed(laneOf(invoice), error.evidence, error.message)
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
  const change = decide(workshop, invoice, rows, { firstAttempt, lastEnd, negatives, mayBeOurs })
  await insist(workshop, () =>
    workshop.store.change(
      invoice.id,
      () => ({ ...change, job: change.job ?? again(backOff(workshop.timing.searchMs, job.tries)) }),
      job
    )
  )
  failpoint('reconciled')
}

async function search(workshop: Workshop, invoice: StoredInvoice, firstAttempt: string): Promise<IssuedInvoice[]> {
  const { chorus, directory } = workshop.way(invoice.connection)
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

const sameAmount = (row: IssuedInvoice, { content: { totals } }: StoredInvoice) =>
  row.totals.payable !== undefined && totals?.payable !== undefined
    ? sameDecimal(row.totals.payable, totals.payable)
    : row.totals.taxInclusive !== undefined &&
      totals?.taxInclusive !== undefined &&
      sameDecimal(row.totals.taxInclusive, totals.taxInclusive)

/** Same recipient, date and amount. What Chorus Pro does not show cannot speak against it, but the amount must be there. */
function sameContent(row: IssuedInvoice, invoice: StoredInvoice): boolean {
  const { issueDate, buyer } = invoice.content
  const buyerSiret = buyer?.siret ?? invoice.buyerSiret
  return (
    (row.buyerSiret === undefined || buyerSiret === undefined || row.buyerSiret === buyerSiret) &&
    (row.issueDate === undefined || issueDate === undefined || row.issueDate.slice(0, 10) === issueDate) &&
    sameAmount(row, invoice)
  )
}

interface Past {
  firstAttempt: string
  lastEnd: string
  negatives: number
  mayBeOurs: boolean
}

function decide(workshop: Workshop, invoice: StoredInvoice, rows: IssuedInvoice[], past: Past): Change {
  const [row] = rows
  if (invoice.number === undefined) {
    const candidates = rows.map((each) => each.invoiceId).slice(0, 20)
    if (past.negatives + 1 < workshop.timing.negatives) return negative(candidates)
    return held(
      invoice,
      'unknown_outcome',
      'Chorus Pro numbers these invoices itself: only a person can tell which one is ours.',
      { candidates }
    )
  }
  if (rows.length > 1) {
    const found = rows.map((each) => each.invoiceId)
    return held(invoice, 'several_upstream', `Chorus Pro shows ${rows.length} invoices with this number.`, { found })
  }
  if (row === undefined) {
    const sought = workshop.now().getTime() - Date.parse(past.lastEnd)
    const horizon = workshop.timing.horizonMs[invoice.mode === 'structured' ? 'structured' : 'pdf']
    if (past.negatives + 1 < workshop.timing.negatives || sought < horizon) return negative([])
    return held(invoice, 'unknown_outcome', 'Its answer was lost, and no search has found it.', {})
  }
  if (!sameContent(row, invoice)) {
    return held(invoice, 'number_used_for_other_invoice', 'Chorus Pro has another invoice with this number.', {
      found: row.invoiceId
    })
  }
  const before = row.depositDate !== undefined && row.depositDate.slice(0, 10) < dayBefore(past.firstAttempt)
  if (before || !past.mayBeOurs) {
    const burnt = row.status.raw === 'REJETEE'
    return burnt
      ? held(invoice, 'number_burnt', 'The recipient rejected this number before; use a new one.', {
          found: row.invoiceId
        })
      : held(invoice, 'already_deposited_elsewhere', 'The same invoice was deposited before, not by us.', {
          found: row.invoiceId
        })
  }
  return adopt(workshop, invoice, row)
}

function adopt(workshop: Workshop, invoice: StoredInvoice, row: IssuedInvoice): Change {
  const { code, raw, since, comment } = row.status
  return {
    patch: {
      state: 'integrated',
      outcome: 'sent',
      status: { code, raw, ...(since !== undefined && { since }), ...(comment !== undefined && { comment }) },
      upstream: {
        ...invoice.upstream,
        invoiceId: row.invoiceId,
        number: row.number,
        recovered: 'true',
        ...(row.flowNumber !== undefined && { flowNumber: row.flowNumber }),
        ...(row.depositDate !== undefined && { depositDate: row.depositDate })
      }
    },
    unset: ['error', 'nextAttemptAt', 'heldReason'],
    timeline: [{ type: 'recovered', data: { invoiceId: row.invoiceId } }],
    job: { settle: true },
    jobs: [{ kind: 'status', runAt: after(workshop, workshop.timing.statusMs.first) }]
  }
}

const negative = (candidates: string[]): Change => ({
  timeline: [{ type: 'search-negative', ...(candidates.length > 0 && { data: { candidates } }) }]
})

function held(invoice: StoredInvoice, reason: string, detail: string, data: Record<string, unknown>): Change {
  return {
    patch: {
      state: 'held',
      heldReason: reason,
      outcome: reason === 'unknown_outcome' || reason === 'several_upstream' ? 'unknown' : 'not_sent',
      error: { ...(invoice.error ?? { code: 'upstream-timeout' }), detail, owner: 'operator' }
    },
    timeline: [{ type: 'held', data: { reason, detail, ...data } }],
    job: { settle: true }
  }
}

/** The day before, in Paris, of a moment in UTC: what Chorus Pro calls a date can lie one day back. */
function dayBefore(at: string): string {
  const day = new Date(Date.parse(at) - 24 * 3_600_000)
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(day)
}
