import type { InvoiceInput } from '../../schemas/invoice.ts'
import { formatDecimal, parseDecimal } from './decimal.ts'
import { plainDecimal, type XmlInvoice, type XmlLine, type XmlParty, type XmlTotals, type XmlVat } from './xml-model.ts'

/** The invoice in the words of our API, as a document says it: any type code, and nothing that only callers know. */
export type InvoiceFields = Omit<
  InvoiceInput,
  'typeCode' | 'submissionMode' | 'completeFromDocument' | 'replaces' | 'externalId' | 'tags'
> & { typeCode?: string }

/** What an XML invoice says, in our names. Members that it does not have are left out. */
export function toInvoiceFields(xml: XmlInvoice): InvoiceFields {
  const { taxExclusive, tax, taxInclusive, payable } = xml.totals
  return present({
    number: xml.number,
    issueDate: xml.issueDate,
    typeCode: xml.typeCode ?? (xml.syntax === 'ubl-credit-note' ? '381' : undefined),
    currency: xml.currency,
    dueDate: xml.dueDate,
    businessProcess: xml.businessProcess ?? xml.chorusFramework,
    seller: party(xml.seller, undefined),
    buyer: party(xml.buyer, xml.buyerReference ?? routingCode(xml.buyer)),
    commitmentNumber: xml.purchaseOrderReference,
    contractReference: xml.contractReference,
    precedingInvoice: xml.precedingInvoice,
    payment: group({ meansCode: xml.payment.meansCode }),
    // BT-107 is an allowance before VAT and is in BT-109 already; `allowance` is Chorus Pro's discount on the total.
    totals: group({ taxExclusive, tax, taxInclusive, payable }),
    vatBreakdown: xml.vatBreakdown.length === 0 ? undefined : xml.vatBreakdown.map(vat),
    lines: xml.lines.length === 0 ? undefined : xml.lines.map(line),
    note: xml.notes.length === 0 ? undefined : xml.notes.join('\n')
  })
}

/** French rules of 2026 (BR-FR-CPRO-11) put the service code among the buyer's identifiers, under scheme 0224. */
function routingCode({ identifiers }: XmlParty): string | undefined {
  return identifiers.find(({ where, scheme }) => where !== 'endpoint' && scheme === '0224')?.value
}

/** Lines below lines are in the sum of their group already, so such a document's lines do not simply add up. */
export function checkableTotals({ totals, lines }: XmlInvoice): XmlTotals {
  if (lines.every(({ status = 'DETAIL' }) => status === 'DETAIL')) return totals
  const { lineExtension: _sum, ...others } = totals
  return others
}

function party(of: XmlParty, serviceCode: string | undefined) {
  return group({ siret: of.siret, serviceCode })
}

function vat(of: XmlVat) {
  const { categoryCode, rate, taxable, tax, exemptionReason } = of
  return present({ categoryCode, rate: plain(rate), taxable: plain(taxable), tax: plain(tax), exemptionReason })
}

function line(of: XmlLine) {
  const { id, name, quantity, unitCode, netAmount, vat } = of
  return present({
    id,
    name,
    quantity: plain(quantity),
    unitCode,
    netPrice: unitPrice(of),
    netAmount: plain(netAmount),
    vat: group({ categoryCode: vat.categoryCode, rate: plain(vat.rate) })
  })
}

const plain = (text: string | undefined) => (text === undefined ? undefined : plainDecimal(text))

/** The price of one unit; left out where the price is for several and dividing it would round. */
function unitPrice({ netPrice, priceBaseQuantity }: XmlLine): string | undefined {
  const price = parseDecimal(plain(netPrice))
  const base = parseDecimal(plain(priceBaseQuantity))
  if (price === undefined || base === undefined || base.eq(1)) return plain(netPrice)
  if (base.eq(0)) return undefined
  const one = price.div(base)
  return one.times(base).eq(price) ? formatDecimal(one) : undefined
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The object without its undefined members. */
function present<T extends object>(of: T): Present<T> {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Present<T>
}

/** The same, or undefined when nothing is left. */
function group<T extends object>(of: T): Present<T> | undefined {
  const kept = present(of)
  return Object.keys(kept).length === 0 ? undefined : kept
}
