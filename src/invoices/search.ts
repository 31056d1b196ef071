import type { IssuedFilter, IssuedInvoice } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import type { Directory } from '../directory/directory.ts'
import { laneOf, type StoredInvoice } from '../store/stored-invoice.ts'
import { formatDecimal, parseDecimal } from './decimal.ts'
import { dayBefore, sameAmount } from './verdict.ts'
import type { Workshop } from './workshop.ts'

/**
 * Every invoice in Chorus Pro that may be this one. Where the number is ours, those with the number; where Chorus Pro made
 * it, candidates for a person to judge, never for us to adopt. Throws ChorusError: no information.
 */
export async function searchFor(
  workshop: Pick<Workshop, 'way'>,
  invoice: StoredInvoice,
  firstAttempt: string
): Promise<IssuedInvoice[]> {
  const { chorus, directory } = workshop.way(laneOf(invoice))
  const seller = await directory.seller(invoice.sellerSiret ?? '')
  const supplier = seller === undefined ? {} : { supplierId: seller.structureId }
  if (invoice.number !== undefined) {
    const rows = await chorus.searchIssued({ number: invoice.number, ...supplier })
    return rows.filter((row) => row.number.trim() === invoice.number && sameSeller(row, invoice))
  }
  const rows = await chorus.searchIssued({
    ...supplier,
    ...(await narrowed(directory, invoice)),
    depositedFrom: dayBefore(firstAttempt)
  })
  return rows.filter(
    (row) => row.buyerSiret === invoice.buyerSiret && sameAmount(row, invoice) && sameSeller(row, invoice)
  )
}

/** Recipient and amount, a cent wider: without them a busy seller's search changes while its pages are read. */
async function narrowed(directory: Directory, { buyerSiret, content }: StoredInvoice): Promise<IssuedFilter> {
  const buyer = buyerSiret === undefined ? undefined : await directory.organization(buyerSiret)
  const payable = parseDecimal(content.totals?.payable)
  return {
    ...(buyer !== undefined && { buyerId: buyer.structureId }),
    ...(payable !== undefined && {
      payableFrom: formatDecimal(payable.minus('0.01')),
      payableTo: formatDecimal(payable.plus('0.01'))
    })
  }
}

const sameSeller = (row: IssuedInvoice, invoice: StoredInvoice) =>
  row.sellerSiret === undefined || invoice.sellerSiret === undefined || row.sellerSiret === invoice.sellerSiret

/**
 * A search that finds nothing only counts when it is known to see: another invoice of this seller, that Chorus Pro has
 * confirmed, is looked for in the same way; the newest one, so that a search that lags behind is found out.
 */
export async function searchIsProven(workshop: Workshop, invoice: StoredInvoice, lastEnd: string): Promise<boolean> {
  const { sellerSiret } = invoice
  if (sellerSiret === undefined) return false
  const { items } = await workshop.store.list({ sellerSiret, state: 'integrated' }, { limit: 20 })
  const known = items.filter(
    (one) => one.number !== undefined && laneOf(one) === laneOf(invoice) && one.upstream.invoiceId !== undefined
  )
  // Best is one that came after ours and is visible already; else the newest there is.
  const witness = known.findLast(({ createdAt }) => createdAt > lastEnd) ?? known[0]
  if (witness === undefined) return false
  try {
    const rows = await searchFor(workshop, witness, witness.createdAt)
    return rows.some((row) => row.invoiceId === witness.upstream.invoiceId)
  } catch (error) {
    if (error instanceof ChorusError) return false
    throw error
  }
}
