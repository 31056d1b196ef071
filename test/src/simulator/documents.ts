/** Small invoices of our own making, for flows. */
export interface Facts {
  number?: string | undefined
  seller?: string
  buyer?: string
  service?: string
  commitment?: string
  framework?: string | undefined
  means?: string | undefined
}

const defaults = { number: 'FX-1', seller: '99900010200015', buyer: '12345678200051', framework: 'A1', means: '30' }
const tag = (name: string, value: string | undefined, attributes = ''): string =>
  value === undefined ? '' : `<${name}${attributes}>${value}</${name}>`

export function cii(facts: Facts = {}): string {
  const { number, seller, buyer, service, commitment, framework, means } = { ...defaults, ...facts }
  const party = (id: string): string =>
    `<ram:SpecifiedLegalOrganization><ram:ID schemeID="0009">${id}</ram:ID></ram:SpecifiedLegalOrganization>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext>${tag('ram:BusinessProcessSpecifiedDocumentContextParameter', framework && tag('ram:ID', framework))}</rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument>${tag('ram:ID', number)}<ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">20260901</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeAgreement>${tag('ram:BuyerReference', service)}<ram:SellerTradeParty>${party(seller)}</ram:SellerTradeParty><ram:BuyerTradeParty>${party(buyer)}</ram:BuyerTradeParty>${tag('ram:BuyerOrderReferencedDocument', commitment && tag('ram:IssuerAssignedID', commitment))}</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>${tag('ram:SpecifiedTradeSettlementPaymentMeans', means && tag('ram:TypeCode', means))}<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount><ram:GrandTotalAmount>120.00</ram:GrandTotalAmount><ram:DuePayableAmount>120.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`
}

export function ubl(facts: Facts = {}): string {
  const { number, seller, buyer, service, commitment, framework, means } = { ...defaults, ...facts }
  const party = (id: string): string =>
    `<cac:Party><cac:PartyIdentification><cbc:ID schemeID="0009">${id}</cbc:ID></cac:PartyIdentification></cac:Party>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
${tag('cbc:ProfileID', framework)}${tag('cbc:ID', number)}<cbc:IssueDate>2026-09-01</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>${tag('cbc:BuyerReference', service)}${tag('cac:OrderReference', commitment && tag('cbc:ID', commitment))}
<cac:AccountingSupplierParty>${party(seller)}</cac:AccountingSupplierParty><cac:AccountingCustomerParty>${party(buyer)}</cac:AccountingCustomerParty>
${tag('cac:PaymentMeans', means && tag('cbc:PaymentMeansCode', means))}<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">120.00</cbc:PayableAmount></cac:LegalMonetaryTotal></Invoice>`
}

/** A PDF that carries the XML, or none. */
export function facturX(xml: string | undefined): Buffer {
  const names = xml === undefined ? '' : ' /Names << /EmbeddedFiles << /Names [(factur-x.xml) 4 0 R] >> >>'
  const bodies = [
    `<< /Type /Catalog /Pages 2 0 R${names} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
    '<< /Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) /EF << /F 5 0 R >> /AFRelationship /Data >>',
    `<< /Type /EmbeddedFile /Length ${Buffer.byteLength(xml ?? '')} >>\nstream\n${xml ?? ''}\nendstream`
  ]
  let text = '%PDF-1.7\n'
  const offsets = bodies.map((body, index) => {
    const at = Buffer.byteLength(text)
    text += `${index + 1} 0 obj\n${body}\nendobj\n`
    return at
  })
  const start = Buffer.byteLength(text)
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(
    `${text}xref\n0 6\n0000000000 65535 f \n${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  )
}

export function tar(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const body = Buffer.from(text)
    const header = Buffer.alloc(512)
    header.write(name)
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write('0', 156)
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

const printed = [
  'Facture n° FA-2026-0042',
  '01/09/2026',
  'SIRET 999 000 102 00015',
  'SIRET 12345678200051',
  'Total HT 1 000,00 EUR',
  'Montant TVA 200,00',
  'Total TTC 1 200,00',
  'Net à payer 1 200,00',
  'Engagement : EJ-778899'
]
/** Its text can be read. */
export const readablePdf = Buffer.from(`%PDF-1.4\n${printed.map((line) => `(${line}) Tj`).join('\n')}`, 'latin1')
