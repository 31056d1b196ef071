import type { Draft } from './xml-draft.ts'
import { base64Size, isoDate, type XmlLine, type XmlParty, type XmlVat } from './xml-model.ts'
import type { XmlElement, XmlVisitor } from './xml-walk.ts'

export const ciiNamespace = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'
export const zugferd1Namespace = 'urn:ferd:CrossIndustryDocument:invoice:1p0'

/** ZUGFeRD 1 is an older CII: the same tree under other names. */
const olderNames: Readonly<Record<string, string>> = {
  SpecifiedExchangedDocumentContext: 'ExchangedDocumentContext',
  HeaderExchangedDocument: 'ExchangedDocument',
  SpecifiedSupplyChainTradeTransaction: 'SupplyChainTradeTransaction',
  ApplicableSupplyChainTradeAgreement: 'ApplicableHeaderTradeAgreement',
  ApplicableSupplyChainTradeSettlement: 'ApplicableHeaderTradeSettlement',
  SpecifiedSupplyChainTradeAgreement: 'SpecifiedLineTradeAgreement',
  SpecifiedSupplyChainTradeDelivery: 'SpecifiedLineTradeDelivery',
  SpecifiedSupplyChainTradeSettlement: 'SpecifiedLineTradeSettlement',
  SpecifiedTradeSettlementMonetarySummation: 'SpecifiedTradeSettlementHeaderMonetarySummation',
  ApplicablePercent: 'RateApplicablePercent'
}

const transaction = 'SupplyChainTradeTransaction'
const agreement = `${transaction}/ApplicableHeaderTradeAgreement`
const settlement = `${transaction}/ApplicableHeaderTradeSettlement`
const summation = `${settlement}/SpecifiedTradeSettlementHeaderMonetarySummation`
const line = `${transaction}/IncludedSupplyChainTradeLineItem`

type Take = (draft: Draft, element: XmlElement, text: string) => void

const issueDate: Take = (d, e, t) =>
  d.once('BT-2', e, t, (text) => {
    d.invoice.issueDate = isoDate(text)
  })
const dueDate: Take = (d, _e, text) => {
  if (text !== '') d.invoice.dueDate ??= isoDate(text)
}

/** Files made for Chorus Pro write its billing framework here, beside or instead of the guideline. */
const guideline: Take = (d, e, t) => {
  if (/^A\d{1,2}$/.test(t)) {
    d.invoice.chorusFramework ??= t
    d.invoice.guideline ??= t
    return
  }
  d.once('BT-24', e, t, (text) => {
    d.invoice.guideline = text
  })
}

const header: Readonly<Record<string, Take>> = {
  'ExchangedDocumentContext/BusinessProcessSpecifiedDocumentContextParameter/ID': (d, e, t) =>
    d.once('BT-23', e, t, (text) => {
      d.invoice.businessProcess = text
    }),
  'ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID': guideline,
  'ExchangedDocument/ID': (d, e, t) =>
    d.once('BT-1', e, t, (text) => {
      d.invoice.number = text
    }),
  'ExchangedDocument/TypeCode': (d, e, t) =>
    d.once('BT-3', e, t, (text) => {
      d.invoice.typeCode = text
    }),
  'ExchangedDocument/IssueDateTime/DateTimeString': issueDate,
  'ExchangedDocument/IssueDateTime/DateTime': issueDate,
  'ExchangedDocument/IncludedNote/Content': (d, _e, text) => {
    if (text !== '') d.invoice.notes.push(text)
  },
  [`${agreement}/BuyerReference`]: (d, e, t) =>
    d.once('BT-10', e, t, (text) => {
      d.invoice.buyerReference = text
    }),
  [`${agreement}/BuyerOrderReferencedDocument/IssuerAssignedID`]: (d, e, t) =>
    d.once('BT-13', e, t, (text) => {
      d.invoice.purchaseOrderReference = text
    }),
  [`${agreement}/ContractReferencedDocument/IssuerAssignedID`]: (d, e, t) =>
    d.once('BT-12', e, t, (text) => {
      d.invoice.contractReference = text
    }),
  [`${settlement}/InvoiceCurrencyCode`]: (d, e, t) =>
    d.once('BT-5', e, t, (text) => {
      d.invoice.currency = text
    }),
  [`${settlement}/InvoiceReferencedDocument/IssuerAssignedID`]: (d, _e, text) => {
    if (text !== '') d.invoice.precedingInvoice ??= text
  },
  [`${settlement}/SpecifiedTradeSettlementPaymentMeans/TypeCode`]: (d, _e, text) => {
    if (text !== '') d.invoice.payment.meansCode ??= text
  },
  [`${settlement}/SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID`]: (d, _e, text) => {
    if (text !== '') d.invoice.payment.iban ??= text.replace(/\s/g, '')
  },
  [`${settlement}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString`]: dueDate,
  [`${settlement}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTime`]: dueDate
}

const totals = {
  LineTotalAmount: ['BT-106', 'lineExtension'],
  AllowanceTotalAmount: ['BT-107', 'allowance'],
  ChargeTotalAmount: ['BT-108', 'charge'],
  TaxBasisTotalAmount: ['BT-109', 'taxExclusive'],
  TaxTotalAmount: ['BT-110', 'tax'],
  GrandTotalAmount: ['BT-112', 'taxInclusive'],
  TotalPrepaidAmount: ['BT-113', 'prepaid'],
  RoundingAmount: ['BT-114', 'rounding'],
  DuePayableAmount: ['BT-115', 'payable']
} as const

const taxes: Readonly<Record<string, keyof XmlVat>> = {
  CategoryCode: 'categoryCode',
  RateApplicablePercent: 'rate',
  BasisAmount: 'taxable',
  CalculatedAmount: 'tax',
  ExemptionReason: 'exemptionReason'
}

/** Reads a Cross Industry Invoice (D16B, or ZUGFeRD 1) into the draft. */
export function ciiVisitor(draft: Draft): XmlVisitor {
  const { invoice } = draft
  const keys: string[] = []
  return {
    open(element, path) {
      const name = olderNames[element.name] ?? element.name
      const key = path.length <= 2 ? (path.length === 2 ? name : '') : `${keys.at(-1)}/${name}`
      keys.push(key)
      if (key === line) invoice.lines.push({ vat: {} })
      if (key === `${settlement}/ApplicableTradeTax`) invoice.vatBreakdown.push({})
    },
    close(element, _path, text) {
      const key = keys.pop() ?? ''
      const name = key.slice(key.lastIndexOf('/') + 1)
      header[key]?.(draft, element, text)
      if (key.startsWith(`${line}/`)) readLine(invoice.lines.at(-1), key.slice(line.length + 1), element, text)
      else if (key.startsWith(`${agreement}/SellerTradeParty/`)) readParty(invoice.seller, key, element, text)
      else if (key.startsWith(`${agreement}/BuyerTradeParty/`)) readParty(invoice.buyer, key, element, text)
      else if (key.startsWith(`${summation}/`)) readTotal(draft, name, element, text)
      else if (key === `${settlement}/ApplicableTradeTax/${name}`) {
        const field = taxes[name]
        const group = invoice.vatBreakdown.at(-1)
        if (field !== undefined && group !== undefined && text !== '') group[field] ??= text
      } else if (name === 'AttachmentBinaryObject') {
        const { filename, mimeCode } = element.attributes
        invoice.attachments.push({
          ...(filename === undefined ? {} : { name: filename }),
          ...(mimeCode === undefined ? {} : { mediaType: mimeCode }),
          size: base64Size(text)
        })
      }
    }
  }
}

function readTotal(draft: Draft, name: string, element: XmlElement, text: string): void {
  if (!Object.hasOwn(totals, name)) return
  const [term, field] = totals[name as keyof typeof totals]
  draft.amount(term, element, text, (value) => {
    draft.invoice.totals[field] = value
  })
}

function readParty(party: XmlParty, key: string, element: XmlElement, text: string): void {
  if (text === '') return
  const scheme = element.attributes.schemeID
  const add = (where: XmlParty['identifiers'][number]['where']) =>
    party.identifiers.push({ where, value: text, ...(scheme === undefined ? {} : { scheme }) })
  const inside = key.split('/').slice(3).join('/')
  if (inside === 'Name') party.name ??= text
  else if (inside === 'ID') add('id')
  else if (inside === 'GlobalID') add('globalId')
  else if (inside === 'SpecifiedLegalOrganization/ID') add('legal')
  else if (inside === 'URIUniversalCommunication/URIID') add('endpoint')
  else if (inside === 'PostalTradeAddress/CountryID') party.country ??= text
  else if (inside === 'SpecifiedTaxRegistration/ID') {
    add('tax')
    if (scheme === 'VA') party.vatId ??= text
  }
}

function readLine(of: XmlLine | undefined, inside: string, element: XmlElement, text: string): void {
  if (of === undefined || text === '') return
  if (inside === 'AssociatedDocumentLineDocument/LineID') of.id ??= text
  else if (inside === 'AssociatedDocumentLineDocument/LineStatusReasonCode') of.status ??= text
  else if (inside === 'SpecifiedTradeProduct/Name') of.name ??= text
  else if (inside === 'SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount') of.netPrice ??= text
  else if (inside === 'SpecifiedLineTradeAgreement/NetPriceProductTradePrice/BasisQuantity')
    of.priceBaseQuantity ??= text
  else if (inside === 'SpecifiedLineTradeDelivery/BilledQuantity') {
    of.quantity ??= text
    const { unitCode } = element.attributes
    if (unitCode !== undefined) of.unitCode ??= unitCode
  } else if (inside === 'SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode') of.vat.categoryCode ??= text
  else if (inside === 'SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent') of.vat.rate ??= text
  else if (
    /^SpecifiedLineTradeSettlement\/SpecifiedTradeSettlement\w*MonetarySummation\/LineTotalAmount$/.test(inside)
  ) {
    of.netAmount ??= text
  }
}
