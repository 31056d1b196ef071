import { createHash } from 'node:crypto'
import { makePdf } from '../helpers/pdf.ts'
import type { Meant } from './history.ts'
import type { Random } from './seed.ts'

const supplier = '99900010200015'
const recipient = '12345678200051'
const issued = '2026-09-01'

/** One invoice of the load, ready to be posted as often as it takes. */
export interface Prepared {
  meant: Omit<Meant, 'kind' | 'at'>
  /** Made afresh for every try. */
  body(): FormData | string
  /** The same number, other content. */
  rival(): FormData | undefined
}

export interface Kind {
  mode: Meant['mode']
  fate?: Meant['fate']
  attachment: boolean
}

/** What share of the load goes which way. */
export interface Mix {
  structured: number
  data: number
  refused: number
  held: number
}

export function chooseKind(random: Random, mix: Mix): Kind {
  const dice = random.next()
  if (dice < mix.refused) return { mode: 'pdf', fate: 'refused', attachment: false }
  if (dice < mix.refused + mix.held) return { mode: 'pdf', fate: 'held', attachment: false }
  const how = random.next()
  if (how < mix.structured) return { mode: 'structured', attachment: false }
  if (how < mix.structured + mix.data) return { mode: 'data', attachment: false }
  return { mode: 'pdf', attachment: random.chance(0.15) }
}

/** The number of an invoice that the schedule wants refused ends so. */
export const refusedNumber = 'REF$'

export function prepareInvoice(run: string, index: number, random: Random, kind: Kind): Prepared {
  const { mode, fate } = kind
  // The tax comes out even, and no other invoice has this amount.
  const net = 100_000 + index * 5
  const amounts = { net: cents(net), tax: cents(net / 5), payable: cents((net * 6) / 5) }
  const totals = {
    taxExclusive: amounts.net,
    tax: amounts.tax,
    taxInclusive: amounts.payable,
    payable: amounts.payable
  }
  const number = `${run}-${index}${fate === 'refused' ? 'REF' : ''}`
  const base = { issueDate: issued, seller: { siret: supplier }, buyer: { siret: recipient } }
  const key = `key-${number}`
  const common = { key, mode, supplier, recipient, issued, payable: amounts.payable, ...(fate && { fate }) } as const

  if (mode === 'data') {
    const vat = { categoryCode: 'S', rate: '20' }
    const line = { id: '1', name: 'Conseil', quantity: '1', unitCode: 'jour', netPrice: amounts.net }
    const lines = [{ ...line, netAmount: amounts.net, vat }]
    const vatBreakdown = [{ categoryCode: 'S', rate: '20', taxable: amounts.net, tax: amounts.tax }]
    const payment = { meansCode: '30' }
    const text = JSON.stringify({ ...base, vatRegime: 'on_debits', payment, totals, vatBreakdown, lines })
    return { meant: common, body: () => text, rival: () => undefined }
  }
  const file =
    mode === 'structured'
      ? makePdf({ attachments: [{ name: 'factur-x.xml', data: crossIndustry(number, amounts) }] })
      : makePdf({ text: number, size: random.between(2, 60) * 1024 })
  const attachments = kind.attachment ? [makePdf({ text: `annexe ${number}` })] : []
  const fields = {
    ...base,
    number,
    payment: { meansCode: '30' },
    ...(fate === 'held' ? { completeFromDocument: true } : { totals })
  }
  const form = (invoice: object | undefined) => {
    const made = new FormData()
    if (invoice !== undefined) made.set('invoice', JSON.stringify(invoice))
    made.set('file', pdf(file), 'facture.pdf')
    for (const attachment of attachments) made.append('attachments', pdf(attachment), 'annexe.pdf')
    return made
  }
  const digest = createHash('sha256').update(file).digest('hex')
  return {
    meant: { ...common, number, digest },
    body: () => form(mode === 'structured' ? undefined : fields),
    rival: () => (mode === 'pdf' ? form({ ...fields, note: 'another content' }) : undefined)
  }
}

const cents = (amount: number) => (amount / 100).toFixed(2)
const pdf = (bytes: Buffer) => new Blob([new Uint8Array(bytes)], { type: 'application/pdf' })

function crossIndustry(number: string, { net, tax, payable }: { net: string; tax: string; payable: string }): string {
  const party = (name: string, siret: string) =>
    `<ram:Name>${name}</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">${siret}</ram:ID></ram:SpecifiedLegalOrganization>`
  const vat = '<ram:TypeCode>VAT</ram:TypeCode>'
  const rate = '<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>20.00</ram:RateApplicablePercent>'
  const names = 'urn:un:unece:uncefact:data:standard'
  return `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="${names}:CrossIndustryInvoice:100" xmlns:ram="${names}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="${names}:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>A1</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>${number}</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">${issued.replaceAll('-', '')}</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>Conseil</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>${net}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>${vat}${rate}</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>${net}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>${party('FOURNISSEUR', supplier)}</ram:SellerTradeParty><ram:BuyerTradeParty>${party('DESTINATAIRE', recipient)}</ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode></ram:SpecifiedTradeSettlementPaymentMeans><ram:ApplicableTradeTax><ram:CalculatedAmount>${tax}</ram:CalculatedAmount>${vat}<ram:BasisAmount>${net}</ram:BasisAmount>${rate}</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>${net}</ram:LineTotalAmount><ram:TaxBasisTotalAmount>${net}</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">${tax}</ram:TaxTotalAmount><ram:GrandTotalAmount>${payable}</ram:GrandTotalAmount><ram:DuePayableAmount>${payable}</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`
}
