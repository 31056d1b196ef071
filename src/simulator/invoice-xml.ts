import type { Line, Totals, VatRow } from './invoice.ts'
import { node, nodes, numberAt, textAt, type XmlNode } from './xml.ts'

/** What a flow file says of one invoice. */
export interface ReadInvoice {
  number: string | undefined
  issued: string | undefined
  credit: boolean
  currency: string | undefined
  /** Business process, BT-23. */
  framework: string | undefined
  seller: string | undefined
  buyer: string | undefined
  serviceCode: string | undefined
  commitment: string | undefined
  contract: string | undefined
  origin: string | undefined
  /** Payment means code, BT-81. */
  paymentMeans: string | undefined
  due: string | undefined
  totals: Totals
  vat: VatRow[]
  lines: Line[]
}

/** A SIRET if there is one, by scheme then by look; otherwise whatever identifies the party. */
function partyIdentifier(ids: XmlNode[]): string | undefined {
  const values = ids.map((one) => ({
    scheme: one.attributes.schemeID ?? one.attributes.schemeName,
    value: one.text.replaceAll(/\s/g, '')
  }))
  const siret = values.filter((one) => /^\d{14}$/.test(one.value))
  return (siret.find((one) => one.scheme === '0009' || one.scheme === '1') ?? siret[0] ?? values[0])?.value || undefined
}

/** The routing code of the French rules of 2026, which may stand in for the buyer reference. */
const routingCode = (ids: XmlNode[]): string | undefined =>
  ids.find((one) => one.attributes.schemeID === '0224')?.text.trim()

/** A total that may also stand there in the currency of VAT accounting: the one in the currency of the invoice. */
const totalIn = (sums: XmlNode | undefined, name: string, currency: string | undefined): number | undefined => {
  const all = nodes(sums, name)
  const one = all.find(({ attributes }) => attributes.currencyID === currency) ?? all[0]
  const value = Number(one?.text.trim() || Number.NaN)
  return Number.isFinite(value) ? value : undefined
}

const ciiDate = (at: XmlNode | undefined): string | undefined =>
  (textAt(at, 'DateTimeString') ?? textAt(at, 'DateTime'))?.replace(/^(\d{4})(\d{2})(\d{2})/, '$1-$2-$3').slice(0, 10)

/** BT-23; the structured CII of Chorus Pro writes it where others write the guideline. */
const ciiFramework = (context: XmlNode | undefined): string | undefined =>
  textAt(context, 'BusinessProcessSpecifiedDocumentContextParameter/ID') ??
  nodes(context, 'GuidelineSpecifiedDocumentContextParameter/ID')
    .map((one) => one.text.trim())
    .find((text) => /^A\d+$/.test(text))

export function readCii(root: XmlNode): ReadInvoice {
  const document = node(root, 'ExchangedDocument')
  const trade = node(root, 'SupplyChainTradeTransaction')
  const agreement = node(trade, 'ApplicableHeaderTradeAgreement')
  const settlement = node(trade, 'ApplicableHeaderTradeSettlement')
  const sums = node(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation')
  const currency = textAt(settlement, 'InvoiceCurrencyCode')
  const party = (name: string): string | undefined => {
    const found = node(agreement, name)
    return partyIdentifier([
      ...nodes(found, 'SpecifiedLegalOrganization/ID'),
      ...nodes(found, 'GlobalID'),
      ...nodes(found, 'ID')
    ])
  }
  return {
    number: textAt(document, 'ID'),
    issued: ciiDate(node(document, 'IssueDateTime')),
    credit: textAt(document, 'TypeCode') === '381',
    currency,
    framework: ciiFramework(node(root, 'ExchangedDocumentContext')),
    seller: party('SellerTradeParty'),
    buyer: party('BuyerTradeParty'),
    serviceCode: textAt(agreement, 'BuyerReference') ?? routingCode(nodes(agreement, 'BuyerTradeParty/GlobalID')),
    commitment: textAt(agreement, 'BuyerOrderReferencedDocument/IssuerAssignedID'),
    contract: textAt(agreement, 'ContractReferencedDocument/IssuerAssignedID'),
    origin: textAt(settlement, 'InvoiceReferencedDocument/IssuerAssignedID'),
    paymentMeans: textAt(settlement, 'SpecifiedTradeSettlementPaymentMeans/TypeCode'),
    due: ciiDate(node(settlement, 'SpecifiedTradePaymentTerms/DueDateDateTime')),
    totals: {
      ht: totalIn(sums, 'TaxBasisTotalAmount', currency),
      tva: totalIn(sums, 'TaxTotalAmount', currency),
      ttc: totalIn(sums, 'GrandTotalAmount', currency),
      payable: totalIn(sums, 'DuePayableAmount', currency)
    },
    vat: nodes(settlement, 'ApplicableTradeTax').map((tax) => ({
      rate: numberAt(tax, 'RateApplicablePercent'),
      base: numberAt(tax, 'BasisAmount'),
      amount: numberAt(tax, 'CalculatedAmount')
    })),
    lines: nodes(trade, 'IncludedSupplyChainTradeLineItem').map((line, index) => ({
      number: index + 1,
      reference: textAt(line, 'SpecifiedTradeProduct/SellerAssignedID'),
      name: textAt(line, 'SpecifiedTradeProduct/Name'),
      quantity: numberAt(line, 'SpecifiedLineTradeDelivery/BilledQuantity'),
      unit: node(line, 'SpecifiedLineTradeDelivery/BilledQuantity')?.attributes.unitCode,
      price: numberAt(line, 'SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount'),
      vatRate: numberAt(line, 'SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent')
    }))
  }
}

export function readUbl(root: XmlNode): ReadInvoice {
  const credit = root.name === 'CreditNote'
  const sums = node(root, 'LegalMonetaryTotal')
  const party = (name: string): string | undefined => {
    const found = node(root, `${name}/Party`)
    return partyIdentifier([
      ...nodes(found, 'PartyIdentification/ID'),
      ...nodes(found, 'PartyLegalEntity/CompanyID'),
      ...nodes(found, 'EndpointID')
    ])
  }
  const currency = textAt(root, 'DocumentCurrencyCode')
  const taxes = nodes(root, 'TaxTotal')
  const tax = taxes.find((one) => node(one, 'TaxAmount')?.attributes.currencyID === currency) ?? taxes[0]
  const kind = credit ? 'CreditNoteLine' : 'InvoiceLine'
  const quantity = credit ? 'CreditedQuantity' : 'InvoicedQuantity'
  return {
    number: textAt(root, 'ID'),
    issued: textAt(root, 'IssueDate')?.slice(0, 10),
    credit: credit || textAt(root, 'InvoiceTypeCode') === '381',
    currency,
    // The mixed UBL of Chorus Pro writes it in an extension.
    framework: textAt(root, 'ProfileID') ?? textAt(root, 'UBLExtensions/UBLExtension/ExtensionContent/CategoryCode'),
    seller: party('AccountingSupplierParty'),
    buyer: party('AccountingCustomerParty'),
    serviceCode:
      textAt(root, 'BuyerReference') ??
      routingCode(nodes(root, 'AccountingCustomerParty/Party/PartyIdentification/ID')),
    commitment: textAt(root, 'OrderReference/ID'),
    contract: textAt(root, 'ContractDocumentReference/ID'),
    origin: textAt(root, 'BillingReference/InvoiceDocumentReference/ID'),
    paymentMeans: textAt(root, 'PaymentMeans/PaymentMeansCode'),
    due: (textAt(root, 'DueDate') ?? textAt(root, 'PaymentMeans/PaymentDueDate'))?.slice(0, 10),
    totals: {
      ht: numberAt(sums, 'TaxExclusiveAmount'),
      tva: numberAt(tax, 'TaxAmount'),
      ttc: numberAt(sums, 'TaxInclusiveAmount'),
      payable: numberAt(sums, 'PayableAmount')
    },
    vat: nodes(tax, 'TaxSubtotal').map((row) => ({
      rate: numberAt(row, 'TaxCategory/Percent') ?? numberAt(row, 'Percent'),
      base: numberAt(row, 'TaxableAmount'),
      amount: numberAt(row, 'TaxAmount')
    })),
    lines: nodes(root, kind).map((line, index) => ({
      number: index + 1,
      reference: textAt(line, 'Item/SellersItemIdentification/ID'),
      name: textAt(line, 'Item/Name'),
      quantity: numberAt(line, quantity),
      unit: node(line, quantity)?.attributes.unitCode,
      price: numberAt(line, 'Price/PriceAmount'),
      vatRate: numberAt(line, 'Item/ClassifiedTaxCategory/Percent')
    }))
  }
}
