import { formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { brokenPdfs, makePdf, mendablePdfs } from '../helpers/pdf.ts'
import { createDice, mutate } from './dice.ts'
import type { Watch } from './watch.ts'

const ubl = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'
const cii = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'
const ram = 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100'
const xmls = [
  `<?xml version="1.0" encoding="UTF-8"?><Invoice xmlns="${ubl}"><ID>FA-1</ID><IssueDate>2026-09-01</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode><LegalMonetaryTotal><PayableAmount currencyID="EUR">1200.00</PayableAmount></LegalMonetaryTotal></Invoice>`,
  `<CrossIndustryInvoice xmlns="${cii}"><ExchangedDocument><ID>FA-1</ID><TypeCode xmlns="${ram}">380</TypeCode></ExchangedDocument><SupplyChainTradeTransaction/></CrossIndustryInvoice>`
]
const xmlWords = [
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '<!ENTITY % x SYSTEM "http://127.0.0.1:1/">',
  '&a;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '<?x ?>',
  '\u0000',
  'xmlns:a="b" ',
  '</Invoice>',
  '<ID>FA-2</ID>',
  `${'<a>'.repeat(5_000)}`,
  'encoding="UTF-7"'
].map((word) => Buffer.from(word))
const pdfWords = [
  'endobj',
  'obj',
  'stream\n',
  'endstream',
  '/Encrypt 1 0 R',
  '/JS (x)',
  '/J#61vaScript',
  '/Launch',
  '/Length 99999999999',
  '/Count 2147483648',
  '/Prev 0',
  '1 0 R',
  '%%EOF\n%PDF-1.7',
  'xref\n0 1\n',
  '<<'.repeat(3_000),
  'PK\u0003\u0004',
  '/Filter [/FlateDecode /FlateDecode /FlateDecode]'
].map((word) => Buffer.from(word))

/** Files that were PDF or XML invoices once. Each gets a verdict. Returns how many. */
export async function fuzzDocuments(
  g: TestGateway,
  watch: Watch,
  { seed, until, atLeast }: { seed: number; until: number; atLeast: number }
): Promise<number> {
  const facturx = { attachments: [{ name: 'factur-x.xml', data: xmls[1] ?? '' }] }
  const pdfs = [
    makePdf(),
    makePdf(facturx),
    ...[...Object.values(brokenPdfs), ...Object.values(mendablePdfs)].map((make) => make())
  ]
  let sent = 0
  while (sent < atLeast || Date.now() < until) {
    const batch = Array.from({ length: 10 }, async (_, index) => {
      const number = seed + sent + index
      const dice = createDice(number)
      const isPdf = index % 2 === 0
      const file = isPdf
        ? mutate(dice.pick(pdfs), dice, pdfWords)
        : mutate(Buffer.from(dice.pick(xmls)), dice, xmlWords)
      const what = `${isPdf ? 'PDF' : 'XML'} seed ${number}`
      const started = performance.now()
      const form = formOf(isPdf ? goodInvoice() : {}, file, isPdf ? 'a.pdf' : 'a.xml')
      const { status, headers, body } = await g.post('/v1/invoices/validate', form)
      const ms = performance.now() - started
      watch.answered(what, { status, type: headers.get('content-type'), body: JSON.stringify(body), ms })
      if (status === 200 && !['valid', 'invalid'].includes(body.verdict)) watch.found(what, 'no verdict')
      if (![200, 400, 413, 422].includes(status)) watch.found(what, `${status}`)
    })
    await Promise.all(batch)
    sent += batch.length
  }
  return sent
}
