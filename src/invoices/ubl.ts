import { type Draft, isOurs } from './xml-draft.ts'
import { base64Size, isoDate, type XmlInvoice, type XmlLine, type XmlParty, type XmlVat } from './xml-model.ts'
import type { XmlElement, XmlVisitor } from './xml-walk.ts'

export const ublInvoiceNamespace = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'
export const ublCreditNoteNamespace = 'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2'

/** Header elements that stand once, with their business term and where the value goes. */
const once = {
  ID: ['BT-1', 'number'],
  IssueDate: ['BT-2', 'issueDate'],
  DueDate: ['BT-9', 'dueDate'],
  InvoiceTypeCode: ['BT-3', 'typeCode'],
  CreditNoteTypeCode: ['BT-3', 'typeCode'],
  DocumentCurrencyCode: ['BT-5', 'currency'],
  CustomizationID: ['BT-24', 'guideline'],
  ProfileID: ['BT-23', 'businessProcess'],
  BuyerReference: ['BT-10', 'buyerReference'],
  'OrderReference/ID': ['BT-13', 'purchaseOrderReference']
} as const

const totals = {
  LineExtensionAmount: ['BT-106', 'lineExtension'],
  AllowanceTotalAmount: ['BT-107', 'allowance'],
  ChargeTotalAmount: ['BT-108', 'charge'],
  TaxExclusiveAmount: ['BT-109', 'taxExclusive'],
  TaxInclusiveAmount: ['BT-112', 'taxInclusive'],
  PrepaidAmount: ['BT-113', 'prepaid'],
  PayableRoundingAmount: ['BT-114', 'rounding'],
  PayableAmount: ['BT-115', 'payable']
} as const

/** Reads a UBL 2 invoice or credit note into the draft. */
export function ublVisitor(draft: Draft): XmlVisitor {
  const { invoice } = draft
  const keys: string[] = []
  const tax: { number?: string; scheme?: string } = {}
  const taxTotals: TaxTotal[] = []
  return {
    open(element, path) {
      const key = path.length <= 2 ? (path.length === 2 ? element.name : '') : `${keys.at(-1)}/${element.name}`
      keys.push(key)
      if (key === 'InvoiceLine' || key === 'CreditNoteLine') invoice.lines.push({ vat: {} })
      if (key === 'TaxTotal') taxTotals.push({ groups: [] })
      else if (key === 'TaxTotal/TaxSubtotal') taxTotals.at(-1)?.groups.push({})
    },
    close(element, _path, text) {
      const key = keys.pop() ?? ''
      const [top, ...rest] = key.split('/')
      const inside = rest.join('/')
      if (element.name === 'EmbeddedDocumentBinaryObject') {
        const { filename, mimeCode } = element.attributes
        invoice.attachments.push({
          ...(filename === undefined ? {} : { name: filename }),
          ...(mimeCode === undefined ? {} : { mediaType: mimeCode }),
          size: base64Size(text)
        })
      } else if (top === 'InvoiceLine' || top === 'CreditNoteLine') {
        readLine(invoice.lines.at(-1), inside, element, text)
      } else if (top === 'AccountingSupplierParty') readParty(invoice.seller, inside, element, text, tax)
      else if (top === 'AccountingCustomerParty') readParty(invoice.buyer, inside, element, text, tax)
      else if (top === 'TaxTotal') readTax(draft, taxTotals.at(-1), key, element, text)
      else readHeader(draft, key, element, text)
      if (key === '') invoice.vatBreakdown = breakdown(taxTotals, invoice)
    }
  }
}

function readHeader(draft: Draft, key: string, element: XmlElement, text: string): void {
  const { invoice } = draft
  if (Object.hasOwn(once, key)) {
    const [term, field] = once[key as keyof typeof once]
    draft.once(term, element, text, (value) => {
      invoice[field] = field === 'issueDate' || field === 'dueDate' ? isoDate(value) : value
    })
  } else if (key.startsWith('LegalMonetaryTotal/') && Object.hasOwn(totals, element.name)) {
    const [term, field] = totals[element.name as keyof typeof totals]
    draft.amount(term, element, text, (value) => {
      invoice.totals[field] = value
    })
  } else if (text !== '') readMore(draft, key, text)
}

/** BG-23 and its total; the VAT in accounting currency (BT-6) is a TaxTotal of its own, at times with groups. */
type TaxTotal = { currency?: string; groups: XmlVat[] }

function breakdown(all: readonly TaxTotal[], invoice: XmlInvoice): XmlVat[] {
  const ours = all.filter(({ currency }) => isOurs(currency, invoice))
  return (ours.length > 0 ? ours : all).flatMap(({ groups }) => groups)
}

function readTax(draft: Draft, total: TaxTotal | undefined, key: string, element: XmlElement, text: string): void {
  const vat = total?.groups.at(-1)
  if (key === 'TaxTotal/TaxAmount') {
    const { currencyID } = element.attributes
    if (total !== undefined && currencyID !== undefined) total.currency ??= currencyID
    draft.amount('BT-110', element, text, (value) => {
      draft.invoice.totals.tax = value
    })
  } else if (vat === undefined || text === '') return
  else if (key === 'TaxTotal/TaxSubtotal/TaxableAmount') vat.taxable ??= text
  else if (key === 'TaxTotal/TaxSubtotal/TaxAmount') vat.tax ??= text
  else if (key === 'TaxTotal/TaxSubtotal/Percent' || key === 'TaxTotal/TaxSubtotal/TaxCategory/Percent')
    vat.rate ??= text
  else if (key === 'TaxTotal/TaxSubtotal/TaxCategory/ID') vat.categoryCode ??= text
  else if (key === 'TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason') vat.exemptionReason ??= text
}

function readMore({ invoice }: Draft, key: string, text: string): void {
  if (key === 'Note') invoice.notes.push(text)
  else if (key === 'ContractDocumentReference/ID') invoice.contractReference ??= text
  else if (key === 'BillingReference/InvoiceDocumentReference/ID') invoice.precedingInvoice ??= text
  else if (key === 'PaymentMeans/PaymentMeansCode') invoice.payment.meansCode ??= text
  else if (key === 'PaymentMeans/PayeeFinancialAccount/ID') invoice.payment.iban ??= text.replace(/\s/g, '')
  else if (key === 'PaymentMeans/PaymentDueDate') invoice.dueDate ??= isoDate(text)
  else if (key.startsWith('UBLExtensions/') && key.endsWith('/ExtensionContent/CategoryCode')) {
    invoice.chorusFramework ??= text
  }
}

function readParty(
  party: XmlParty,
  inside: string,
  element: XmlElement,
  text: string,
  tax: { number?: string; scheme?: string }
): void {
  if (inside === 'Party/PartyTaxScheme') {
    if (tax.number !== undefined) {
      party.identifiers.push({
        where: 'tax',
        value: tax.number,
        ...(tax.scheme === undefined ? {} : { scheme: tax.scheme })
      })
      if (tax.scheme?.toUpperCase() === 'VAT') party.vatId ??= tax.number
    }
    delete tax.number
    delete tax.scheme
    return
  }
  if (text === '') return
  const scheme = element.attributes.schemeID ?? element.attributes.schemeName
  const add = (where: XmlParty['identifiers'][number]['where']) =>
    party.identifiers.push({ where, value: text, ...(scheme === undefined ? {} : { scheme }) })
  if (inside === 'Party/PartyTaxScheme/CompanyID') tax.number = text
  else if (inside === 'Party/PartyTaxScheme/TaxScheme/ID') tax.scheme = text
  else if (inside === 'Party/PartyLegalEntity/RegistrationName') party.name = text
  else if (inside === 'Party/PartyName/Name') party.name ??= text
  else if (inside === 'Party/PartyLegalEntity/CompanyID') add('legal')
  else if (inside === 'Party/PartyIdentification/ID') add('id')
  else if (inside === 'Party/EndpointID') add('endpoint')
  else if (inside === 'Party/PostalAddress/Country/IdentificationCode') party.country = text
  else if (inside === 'Party/PartyLegalEntity/RegistrationAddress/Country/IdentificationCode') party.country ??= text
}

function readLine(of: XmlLine | undefined, inside: string, element: XmlElement, text: string): void {
  if (of === undefined || text === '') return
  if (inside === 'ID') of.id ??= text
  else if (inside === 'LineExtensionAmount') of.netAmount ??= text
  else if (inside === 'Item/Name') of.name ??= text
  else if (inside === 'Price/PriceAmount') of.netPrice ??= text
  else if (inside === 'Price/BaseQuantity') of.priceBaseQuantity ??= text
  else if (inside === 'Item/ClassifiedTaxCategory/ID') of.vat.categoryCode ??= text
  else if (inside === 'Item/ClassifiedTaxCategory/Percent') of.vat.rate ??= text
  else if (inside === 'InvoicedQuantity' || inside === 'CreditedQuantity') {
    of.quantity ??= text
    const { unitCode } = element.attributes
    if (unitCode !== undefined) of.unitCode ??= unitCode
  }
}
