import type { IssuedInvoice } from '../chorus/chorus.ts'
import type { Change } from '../store/store.ts'
import type { StoredInvoice } from '../store/stored-invoice.ts'
import { sameDecimal } from './decimal.ts'
import { routeOf } from './visibility.ts'
import { after, type Workshop } from './workshop.ts'

export const sameAmount = (row: IssuedInvoice, { content: { totals } }: StoredInvoice) =>
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

/** What the attempts and searches so far tell. */
export interface Past {
  firstAttempt: string
  lastEnd: string
  /** Milliseconds since then that no clock can make up (watched.ts). */
  passed: number
  negatives: number
  mayBeOurs: boolean
  /** Chorus Pro has said that it has the number. */
  exists: boolean
  /** The last call was refused for its content: only an earlier one is in doubt. */
  refused: boolean
  attempts: number
}

/**
 * A number may come again in another year (reliability brief, 1.3 and 2.2 case 61): such an invoice is somebody else, unless
 * Chorus Pro has refused ours as its double.
 */
function ofOurYear(rows: IssuedInvoice[], invoice: StoredInvoice, past: Past): IssuedInvoice[] {
  if (invoice.number === undefined) return rows
  const year = (day?: string) => day?.slice(0, 4)
  const ours = [year(invoice.content.issueDate), year(parisDay(Date.parse(past.firstAttempt))), undefined]
  const near = rows.filter((row) => ours.includes(year(row.issueDate)) || ours.includes(year(row.depositDate)))
  return near.length === 0 && past.exists ? rows : near
}

/** An invoice whose answer is lost again and again is for a person to look at. */
const mostAttempts = 3

/** What a complete search means for an invoice whose call is in doubt. */
export function judge(
  workshop: Workshop,
  invoice: StoredInvoice,
  found: IssuedInvoice[],
  past: Past
): Change | 'resend' {
  const rows = ofOurYear(found, invoice, past)
  const [row] = rows
  if (invoice.number === undefined) {
    const candidates = rows.map((each) => each.invoiceId).slice(0, 20)
    if (past.negatives + 1 < workshop.timing.negatives) return negative(past, candidates)
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
    const sought = Math.min(workshop.now().getTime() - Date.parse(past.lastEnd), past.passed)
    const horizon = workshop.visibility.horizonMs(routeOf(invoice.mode))
    if (past.negatives + 1 < workshop.timing.negatives || sought < horizon) return negative(past, [])
    if (past.exists) {
      return held(
        invoice,
        'exists_but_not_found',
        'Chorus Pro says that it has this number, and no search shows it.',
        {}
      )
    }
    if (past.refused || past.attempts >= mostAttempts) {
      const told = past.refused
        ? 'Chorus Pro refused it, an earlier answer was lost'
        : `Its answer was lost ${past.attempts} times`
      return held(invoice, 'unknown_outcome', `${told}, and no search has found it.`, {})
    }
    return 'resend'
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

/** The same bytes under the same number: should the first one be there after all, Chorus Pro refuses the second. */
export function resend(workshop: Workshop, invoice: StoredInvoice): Change {
  const uploaded = invoice.documents.some((document) => document.attachmentId !== undefined)
  return {
    patch: { state: uploaded ? 'deposited' : 'received', outcome: 'not_sent' },
    unset: ['heldReason'],
    timeline: [{ type: 'resend-decided', data: { reason: 'no search has found it within the horizon' } }],
    job: { settle: true },
    jobs: [{ kind: 'send', runAt: workshop.now() }]
  }
}

function adopt(workshop: Workshop, invoice: StoredInvoice, row: IssuedInvoice): Change {
  return {
    patch: {
      state: 'integrated',
      outcome: 'sent',
      status: row.status,
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

const negative = ({ passed }: Past, candidates: string[]): Change => ({
  timeline: [
    { type: 'search-negative', data: { passedMs: Math.floor(passed), ...(candidates.length > 0 && { candidates }) } }
  ]
})

export function held(invoice: StoredInvoice, reason: string, detail: string, data: Record<string, unknown>): Change {
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
export const dayBefore = (at: string): string => parisDay(Date.parse(at) - 24 * 3_600_000)

const parisDay = (at: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date(at))
