import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { deflateSync } from 'node:zlib'
import t from 'tap'
import type { InvoiceInput } from '../../../schemas/invoice.ts'
import { createDocumentInspector, type DocumentFacts } from '../../../src/invoices/document.ts'
import { planSubmission } from '../../../src/invoices/plan.ts'
import { compareInvoice, compareWithXml } from '../../../src/invoices/xml-compare.ts'
import { checkableTotals, toInvoiceFields } from '../../../src/invoices/xml-fields.ts'
import { readXmlInvoice, type XmlInvoice, XmlRefusal } from '../../../src/invoices/xml-invoice.ts'
import { brokenPdfs, makePdf, mendablePdfs, patchPdf } from '../../helpers/pdf.ts'

const inspector = createDocumentInspector()
t.teardown(() => inspector.close())

const ublNamespace = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'
const ciiNamespace = 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'
const ram = 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100'
const ubl = (body: string, head = '<?xml version="1.0" encoding="UTF-8"?>') =>
  `${head}<Invoice xmlns="${ublNamespace}">${body}</Invoice>`
const cii = (body: string, number = '<ID>FA-1</ID>') =>
  `<CrossIndustryInvoice xmlns="${ciiNamespace}"><ExchangedDocument>${number}<TypeCode xmlns="${ram}">380</TypeCode></ExchangedDocument><SupplyChainTradeTransaction>${body}</SupplyChainTradeTransaction></CrossIndustryInvoice>`
const guided = (guideline: string) =>
  cii('').replace(
    '<ExchangedDocument>',
    `<ExchangedDocumentContext><GuidelineSpecifiedDocumentContextParameter><ID>${guideline}</ID></GuidelineSpecifiedDocumentContextParameter></ExchangedDocumentContext><ExchangedDocument>`
  )

t.test('content tells the type, whatever the file is called', async (t) => {
  const cases: readonly (readonly [string, Buffer, RegExp, string])[] = [
    ['ZIP', Buffer.from('504b0304140000000000', 'hex'), /ZIP/, 'application/zip'],
    ['Office', Buffer.from('PK\x03\x04\x14\0\0\0word/document.xml'), /Office/, 'application/zip'],
    ['HTML', Buffer.from('<!DOCTYPE html><html></html>'), /HTML/, 'text/html'],
    ['PNG', Buffer.from('89504e470d0a1a0a0000', 'hex'), /PNG/, 'image/png'],
    ['JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), /JPEG/, 'image/jpeg'],
    [
      'EXE',
      Buffer.from('4d5a9000030000000400', 'hex'),
      /Windows program/,
      'application/vnd.microsoft.portable-executable'
    ],
    ['tar.gz', Buffer.from('1f8b0800000000000003', 'hex'), /gzip/, 'application/gzip'],
    ['JSON', Buffer.from('{"number":"1"}'), /JSON/, 'application/json'],
    ['base64', Buffer.from(makePdf().toString('base64')), /PDF still in base64/, 'text/plain'],
    ['XML in base64', Buffer.from(Buffer.from(ubl('')).toString('base64')), /XML still in base64/, 'text/plain'],
    ['text', Buffer.from('Facture'), /plain text/, 'text/plain']
  ]
  for (const [name, bytes, message, mediaType] of cases) {
    const facts = await inspector.inspect(bytes)
    t.match(
      facts,
      { kind: 'unknown', readable: false, mediaType, problem: { problem: 'unsupported-file-type', message } },
      name
    )
    t.match(facts.problem, { messageFr: /\S/, fix: /\S/ }, `${name} has its French text and a remedy`)
  }
  t.match((await inspector.inspect(Buffer.alloc(0))).problem, { problem: 'unreadable-file', rule: 'file-empty' })
})

t.test('a PDF header behind something else, and polyglots, are refused', async (t) => {
  const pdf = makePdf()
  const eocd = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)])
  const cases: Record<string, Buffer> = {
    'after 1020 bytes of junk': Buffer.concat([Buffer.alloc(1020, 'x'), pdf]),
    'ZIP at the end': Buffer.concat([pdf, Buffer.from('PK\x03\x04data'), eocd]),
    'HTML behind the end': Buffer.concat([pdf, Buffer.from('<html><script>alert(1)</script>')]),
    'HTML behind the header': patchPdf(pdf, '\n1 0 obj', '\n%<html><body>\n1 0 obj')
  }
  for (const [name, bytes] of Object.entries(cases)) {
    t.match(
      await inspector.inspect(bytes),
      { readable: false, problem: { problem: 'unsupported-file-type', rule: 'file-ambiguous' } },
      name
    )
  }
})

t.test('a plain PDF is judged by its bytes alone, quickly', async (t) => {
  for (const size of [0, 100_000, 1_000_000, 10_000_000]) {
    const bytes = makePdf({ size, pages: 3 })
    if (size > 0) t.equal(bytes.length, size)
    const facts = await inspector.inspect(bytes)
    t.match(facts, {
      kind: 'pdf',
      examined: 'scan',
      readable: true,
      encrypted: false,
      signed: false,
      pages: 3,
      attachments: []
    })
    t.notOk('problem' in facts)
    const runs = size > 1_000_000 ? 20 : 300
    const started = performance.now()
    for (let run = 0; run < runs; run++) await inspector.inspect(bytes)
    t.comment(`${size} bytes: ${((performance.now() - started) / runs).toFixed(3)} ms`)
  }
})

t.test('what bytes alone cannot tell is opened in full', async (t) => {
  const packed = await inspector.inspect(makePdf({ objectStreams: true, pages: 2 }))
  t.match(packed, { kind: 'pdf', examined: 'parse', readable: true, pages: 2 })
  const attached = await inspector.inspect(makePdf({ attachments: [{ name: 'bon.txt', data: 'x' }] }))
  t.match(attached, { kind: 'pdf', examined: 'parse', attachments: [{ name: 'bon.txt', size: 1 }] })
  t.notOk(attached.invoice)
})

t.test('encryption of any kind is found, also when its name is disguised', async (t) => {
  for (const bytes of [
    makePdf({ encrypted: true }),
    patchPdf(makePdf({ encrypted: true }), '/Encrypt ', '/Encr#79pt ')
  ]) {
    t.match(await inspector.inspect(bytes), {
      kind: 'pdf',
      encrypted: true,
      readable: false,
      problem: { problem: 'pdf-encrypted' }
    })
  }
  const mentioned = await inspector.inspect(makePdf({ text: 'say /Encrypt aloud' }))
  t.match(mentioned, { encrypted: false, readable: true, examined: 'parse' }, 'the word alone does no harm')
})

t.test('signatures are told from time stamps', async (t) => {
  t.equal((await inspector.inspect(makePdf({ signed: true }))).signed, true)
  t.equal((await inspector.inspect(makePdf({ signed: 'adbe.pkcs7.detached' }))).signed, true)
  t.equal((await inspector.inspect(makePdf({ signed: 'ETSI.RFC3161' }))).signed, false)
})

t.test('active content is named', async (t) => {
  t.strictSame((await inspector.inspect(makePdf())).activeContent, [])
  const open = makePdf({ catalog: '/OpenAction<</S/JavaScript/JS(app.alert)>>' })
  t.strictSame((await inspector.inspect(open)).activeContent, ['JavaScript'])
  const disguised = makePdf({ catalog: '/OpenAction<</S/Java#53cript/JS(app.alert)>>' })
  t.strictSame((await inspector.inspect(disguised)).activeContent, ['JavaScript', 'escaped-name'])
})

t.test('Factur-X gives its XML, profile and fields', async (t) => {
  const xml = guided('urn:factur-x.eu:1p0:minimum')
  for (const objectStreams of [false, true]) {
    const facts = await inspector.inspect(
      makePdf({ objectStreams, attachments: [{ name: 'factur-x.xml', data: xml }] })
    )
    t.match(facts, {
      kind: 'factur-x',
      syntax: 'IN_DP_E2_CII_FACTURX',
      facturX: { profile: 'MINIMUM', xmlName: 'factur-x.xml' },
      invoice: { number: 'FA-1', typeCode: '380' }
    })
    t.equal(facts.facturX?.xml.toString(), xml)
  }
  const named = await inspector.inspect(makePdf({ attachments: [{ name: 'xrechnung.xml', data: xml }] }))
  t.match(named, { kind: 'pdf', invoice: { number: 'FA-1' }, explanation: /xrechnung\.xml/ })
  t.notOk(named.syntax)
})

t.test('a fault in the XML of a Factur-X is a problem of a readable PDF', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['cut off', guided('x').slice(0, -30), 'xml-malformed'],
    ['with a DTD', `<!DOCTYPE x [<!ENTITY a "b">]>${guided('x')}`, 'xml_dtd_forbidden'],
    ['of another kind', ubl('<ID>1</ID>'), 'facturx-not-cii'],
    ['with two numbers', cii('', '<ID>FA-1</ID><ID>FA-2</ID>'), 'xml-duplicate-element']
  ]
  for (const [name, data, rule] of cases) {
    const facts = await inspector.inspect(makePdf({ attachments: [{ name: 'factur-x.xml', data }] }))
    t.match(
      facts,
      { kind: 'factur-x', readable: true, problem: { problem: 'unreadable-file', rule, message: /^factur-x\.xml/ } },
      name
    )
  }
})

t.test('a PDF that says of itself what its attachments do not bear out', async (t) => {
  const xml = guided('urn:cen.eu:en16931:2017')
  const claim = (level: string) => ({ fileName: 'factur-x.xml', level })
  const look = (attachment: object, level: string) =>
    inspector.inspect(
      makePdf({ attachments: [{ name: 'factur-x.xml', data: xml, ...attachment }], claim: claim(level) })
    )
  t.strictSame((await look({}, 'EN 16931')).remarks, [])
  t.strictSame((await look({}, 'XRECHNUNG')).remarks, [], 'other names of a profile are left alone')
  t.match(await look({}, 'MINIMUM'), {
    kind: 'factur-x',
    facturX: { profile: 'EN16931' },
    remarks: [{ problem: 'document-mismatch', rule: 'facturx-profile', message: /MINIMUM.+EN16931/ }]
  })
  t.match(await look({ unlisted: true }, 'EN 16931'), {
    kind: 'pdf',
    remarks: [{ rule: 'facturx-missing', fix: /EmbeddedFiles/ }]
  })
  const torn = await look({ damaged: true }, 'EN 16931')
  t.match(torn, { kind: 'pdf', readable: true, pages: 1, remarks: [{ rule: 'pdf-attachments-damaged' }] })
  t.notOk(torn.problem, 'the pages can be sent all the same')
  const two = (data: string) =>
    inspector.inspect(
      makePdf({
        attachments: [
          { name: 'factur-x.xml', data: xml },
          { name: 'Factur-X.xml', data }
        ]
      })
    )
  t.match((await two(cii('', '<ID>FA-2</ID>'))).problem, { rule: 'facturx-twice', problem: 'unreadable-file' })
  t.notOk((await two(xml)).problem, 'the same file twice says one thing')
})

t.test('broken PDFs are unreadable files, damage that readers mend passes', async (t) => {
  for (const [name, make] of Object.entries(brokenPdfs)) {
    t.match(
      await inspector.inspect(make()),
      { kind: 'pdf', readable: false, problem: { problem: 'unreadable-file', rule: 'pdf-damaged' } },
      name
    )
  }
  for (const [name, make] of Object.entries(mendablePdfs)) {
    const facts = await inspector.inspect(make())
    t.match(facts, { kind: 'pdf', readable: true, examined: 'parse' }, name)
    t.notOk(facts.problem, name)
  }
})

t.test('an attachment that unpacks to gigabytes is stopped', async (t) => {
  const bomb = deflateSync(deflateSync(Buffer.alloc(500_000_000)))
  const pdf = makePdf({ attachments: [{ name: 'factur-x.xml', data: bomb }] })
  // The helper packs once more: three layers in all.
  const layered = patchPdf(pdf, '/Filter/FlateDecode', '/Filter[/FlateDecode/FlateDecode/FlateDecode]')
  const facts = await inspector.inspect(layered)
  t.match(facts, { readable: false, problem: { problem: 'unreadable-file' } })
  t.match(
    await inspector.inspect(makePdf({ objectStreams: true })),
    { readable: true },
    'and the next document is served'
  )
})

t.test('an attached XML that unpacks to millions of elements is refused, not read here', async (t) => {
  const data = `<CrossIndustryInvoice xmlns="${ciiNamespace}">${'<a/>'.repeat(3_000_000)}</CrossIndustryInvoice>`
  const facts = await inspector.inspect(makePdf({ attachments: [{ name: 'factur-x.xml', data }] }))
  t.match(facts, { kind: 'factur-x', problem: { problem: 'unreadable-file', rule: 'xml-limits' } })
})

t.test('a document that takes too long is given up, and only that one', async (t) => {
  const hasty = createDocumentInspector({ timeoutMs: 1 })
  t.teardown(() => hasty.close())
  const slow = makePdf({ objectStreams: true, pages: 5000 })
  t.match(await hasty.inspect(slow), { readable: false, problem: { rule: 'pdf-damaged', message: /too long/ } })
  t.match(await hasty.inspect(makePdf()), { readable: true, examined: 'scan' })
})

t.test('the caller’s buffer is left alone', async (t) => {
  const bytes = makePdf({ objectStreams: true })
  const pooled = Buffer.from('<a/>')
  const digest = createHash('sha256').update(bytes).digest('hex')
  await Promise.all([
    inspector.inspect(bytes),
    inspector.text(bytes),
    inspector.inspect(bytes),
    inspector.inspect(pooled)
  ])
  t.equal(createHash('sha256').update(bytes).digest('hex'), digest)
})

t.test('the text of a PDF can be had', async (t) => {
  t.equal(await inspector.text(makePdf({ text: 'Total TTC 1200.00' })), 'Total TTC 1200.00')
  t.equal(await inspector.text(Buffer.from('%PDF-1.7\n')), undefined)
})

t.test('an idle inspector does not keep the process alive; a closed one refuses', async (t) => {
  const module = fileURLToPath(new URL('../../../src/invoices/document.ts', import.meta.url))
  const helper = fileURLToPath(new URL('../../helpers/pdf.ts', import.meta.url))
  const script = `import { createDocumentInspector } from ${JSON.stringify(module)}
    import { makePdf } from ${JSON.stringify(helper)}
    const facts = await createDocumentInspector().inspect(makePdf({ objectStreams: true }))
    process.stdout.write(facts.examined)`
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 })
  t.equal(stdout, 'parse')
  const closed = createDocumentInspector()
  await closed.close()
  await t.rejects(closed.inspect(makePdf({ objectStreams: true })), /closed/)
})

t.test('mutated PDFs get a verdict, always', async (t) => {
  const seeds = [
    makePdf({ pages: 2 }),
    makePdf({ objectStreams: true }),
    makePdf({ attachments: [{ name: 'factur-x.xml', data: guided('x') }] })
  ]
  let state = 1
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
  const verdicts = { accepted: 0, refused: 0 }
  for (let round = 0; round < 150; round++) {
    const bytes = Buffer.from(seeds[round % seeds.length] ?? '')
    for (let change = 0; change < 1 + random(20); change++) bytes[random(bytes.length)] = random(256)
    const facts = await inspector.inspect(round % 5 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes)
    verdicts[facts.problem === undefined ? 'accepted' : 'refused'] += 1
  }
  t.comment(JSON.stringify(verdicts))
  t.equal(verdicts.accepted + verdicts.refused, 150)
})

t.test('XML encodings are honoured, lies are refused', async (t) => {
  const body = '<ID>Été-1</ID>'
  const head = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>`
  const number = (bytes: Buffer) => readXmlInvoice(bytes)?.number
  t.equal(number(Buffer.from(ubl(body))), 'Été-1')
  t.equal(number(Buffer.from(`\ufeff${ubl(body)}`)), 'Été-1', 'UTF-8 with a mark')
  t.equal(number(Buffer.from(ubl(body, head('ISO-8859-1')), 'latin1')), 'Été-1')
  t.equal(number(Buffer.from(ubl(body, head('windows-1252')), 'latin1')), 'Été-1')
  t.equal(number(Buffer.from(`\ufeff${ubl(body, head('UTF-16'))}`, 'utf16le')), 'Été-1', 'UTF-16 with a mark')
  t.equal(number(Buffer.from(ubl(body, head('UTF-16LE')), 'utf16le')), 'Été-1', 'UTF-16 without a mark')
  const big = Buffer.from(`\ufeff${ubl(body, head('UTF-16'))}`, 'utf16le').swap16()
  t.equal(number(big), 'Été-1', 'big-endian')
  for (const [name, bytes] of Object.entries({
    'Latin-1 labelled UTF-8': Buffer.from(ubl(body), 'latin1'),
    'Latin-1 without a label': Buffer.from(ubl(body, ''), 'latin1'),
    'bytes labelled UTF-16': Buffer.from(ubl(body, head('UTF-16'))),
    'UTF-7': Buffer.from(ubl(body, head('UTF-7'))),
    'ISO-2022-JP': Buffer.from(ubl(body, head('ISO-2022-JP'))),
    'an unknown label': Buffer.from(ubl(body, head('klingon')))
  })) {
    t.match(
      await inspector.inspect(bytes),
      { kind: 'xml-other', readable: false, problem: { problem: 'unreadable-file', rule: 'xml-encoding' } },
      name
    )
  }
})

t.test('XML that attacks or is broken is refused fast, with its place', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['DTD', `<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/x.dtd">${ubl('', '')}`, 'xml_dtd_forbidden'],
    ['billion laughs', `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>`, 'xml_dtd_forbidden'],
    ['entity without DTD', ubl('<ID>&eacute;</ID>'), 'xml-malformed'],
    ['bare ampersand', ubl('\n<ID>R&D</ID>'), 'xml-malformed'],
    ['unclosed', ubl('<ID>1'), 'xml-malformed'],
    ['unbound prefix', ubl('<cbc:ID>1</cbc:ID>'), 'xml-malformed'],
    ['depth', '<a>'.repeat(100_000), 'xml-limits'],
    ['attributes', `<a ${Array.from({ length: 100_000 }, (_, at) => `a${at}="1"`).join(' ')}/>`, 'xml-limits'],
    ['comments never closed', ubl(`${'<!--'.repeat(50_000)}&`), 'xml-malformed']
  ]
  for (const [name, xml, rule] of cases) {
    const started = performance.now()
    const facts = await inspector.inspect(Buffer.from(xml))
    t.match(facts, { readable: false, problem: { problem: 'unreadable-file', rule, line: Number } }, name)
    t.ok(performance.now() - started < 1000, `${name} within a second`)
  }
  const ampersand = await inspector.inspect(Buffer.from(ubl('\n<ID>R&D</ID>')))
  t.match(ampersand.problem, { line: 2, column: 6, message: /&amp;/ }, 'the place is where the fault is')
  const slow = await inspector.inspect(Buffer.from(ubl('<a/>'.repeat(800_000))))
  t.match(slow.problem, { rule: 'xml-limits' }, 'large XML is read in the worker, with the same answers')
})

t.test('comments and CDATA do not split a value, a second one is a fault', async (t) => {
  t.equal(readXmlInvoice(Buffer.from(ubl('<ID>F<!--x-->A<![CDATA[-]]>1</ID>')))?.number, 'FA-1')
  const twice = await inspector.inspect(Buffer.from(ubl('<ID>FA-1</ID><ID>FA-2</ID>')))
  t.match(twice.problem, { problem: 'unreadable-file', rule: 'xml-duplicate-element', message: /BT-1 / })
  const currencies = ubl(
    '<DocumentCurrencyCode>EUR</DocumentCurrencyCode><TaxTotal><TaxAmount currencyID="USD">9</TaxAmount></TaxTotal><TaxTotal><TaxAmount currencyID="EUR">8</TaxAmount></TaxTotal>'
  )
  t.match(
    readXmlInvoice(Buffer.from(currencies)),
    { totals: { tax: '8' }, faults: [] },
    'VAT in two currencies is none'
  )
  t.throws(() => readXmlInvoice(Buffer.from('<a>')), XmlRefusal)
})

t.test('the syntax of the flow follows from the content', async (t) => {
  const attachment =
    '<AdditionalDocumentReference><Attachment><EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="f.pdf">JVBERi0x</EmbeddedDocumentBinaryObject></Attachment></AdditionalDocumentReference>'
  const line = '<InvoiceLine><LineExtensionAmount>10.00</LineExtensionAmount></InvoiceLine>'
  const ciiAttachment =
    '<ApplicableHeaderTradeAgreement><AdditionalReferencedDocument><AttachmentBinaryObject mimeCode="application/pdf" filename="f.pdf">JVBERi0x</AttachmentBinaryObject></AdditionalReferencedDocument></ApplicableHeaderTradeAgreement>'
  const cases: readonly (readonly [string, string, Partial<DocumentFacts>])[] = [
    ['UBL', ubl(line), { kind: 'ubl-invoice', syntax: 'IN_DP_E1_UBL_INVOICE' }],
    ['UBL with priced lines and a PDF', ubl(attachment + line), { syntax: 'IN_DP_E1_UBL_INVOICE' }],
    [
      'UBL summary of a PDF',
      ubl(attachment),
      { syntax: 'IN_DP_E2_UBL_INVOICE_MIN', attachments: [{ name: 'f.pdf', size: 6 }] }
    ],
    [
      'UBL for FSO1110A',
      ubl('', '<?xml-stylesheet type="text/xsl" href="FSO1110A.xsl"?>'),
      { syntax: 'IN_DP_E2_UBL_INVOICE_MIN' }
    ],
    [
      'UBL credit note',
      ubl('').replaceAll('Invoice', 'CreditNote'),
      { kind: 'ubl-credit-note', syntax: 'IN_DP_E1_UBL_INVOICE' }
    ],
    ['CII', cii(''), { kind: 'cii', syntax: 'IN_DP_E1_CII_16B' }],
    ['CII summary of a PDF', cii(ciiAttachment), { kind: 'cii', syntax: 'IN_DP_E2_CII_MIN_16B' }],
    ['CPPFactureMixte', '<CPPFactureMixte/>', { kind: 'xml-other', syntax: 'IN_DP_E2_CPP_FACTURE_MIN' }]
  ]
  for (const [name, xml, expected] of cases) {
    const facts = await inspector.inspect(Buffer.from(xml))
    t.match(facts, expected, name)
    t.match(facts, { explanation: /\S/, explanationFr: /\S/ })
    t.notOk(facts.problem, name)
  }
  for (const root of ['CPPFacturePivot', 'SCRDMCCBDACIOMessageStructure', 'note', 'PES_Facture']) {
    const facts = await inspector.inspect(Buffer.from(`<${root}/>`))
    t.match(
      facts,
      { kind: 'xml-other', problem: { problem: 'unsupported-file-type', message: new RegExp(root) } },
      root
    )
  }
})

t.test('XML in mode pdf is refused with the mode that would take it', async (t) => {
  const { errors } = planSubmission({ submissionMode: 'pdf' }, await inspector.inspect(Buffer.from(cii(''))), 0)
  t.match(errors, [{ pointer: '/file', rule: 'unsupported-file-type', message: /needs a PDF/, fix: /structured/ }])
  t.equal(errors.length, 1)
})

t.test('an XML invoice in our words, compared with what a caller gave', (t) => {
  const invoice = readXmlInvoice(
    Buffer.from(
      ubl(
        '<ID> FA-1 </ID><IssueDate>2026-09-01</IssueDate><InvoiceTypeCode>380</InvoiceTypeCode><DocumentCurrencyCode>EUR</DocumentCurrencyCode><BuyerReference>SRV1</BuyerReference><OrderReference><ID>EJ-1</ID></OrderReference>' +
          '<AccountingSupplierParty><Party><PartyIdentification><ID schemeName="1">123 456 782 00051</ID></PartyIdentification></Party></AccountingSupplierParty>' +
          '<LegalMonetaryTotal><TaxExclusiveAmount>10.0</TaxExclusiveAmount><PayableAmount>12.00</PayableAmount></LegalMonetaryTotal>' +
          '<InvoiceLine><ID>1</ID><InvoicedQuantity unitCode="HUR">2</InvoicedQuantity><LineExtensionAmount>10</LineExtensionAmount><Price><PriceAmount>50</PriceAmount><BaseQuantity>10</BaseQuantity></Price></InvoiceLine>'
      )
    )
  )
  t.ok(invoice)
  const fields = toInvoiceFields(invoice as XmlInvoice)
  t.strictSame(fields, {
    number: 'FA-1',
    issueDate: '2026-09-01',
    typeCode: '380',
    currency: 'EUR',
    seller: { siret: '12345678200051' },
    buyer: { serviceCode: 'SRV1' },
    commitmentNumber: 'EJ-1',
    totals: { taxExclusive: '10.0', payable: '12.00' },
    lines: [{ id: '1', quantity: '2', unitCode: 'HUR', netPrice: '5', netAmount: '10' }]
  })
  t.strictSame(
    compareInvoice(
      { number: 'FA-1 ', totals: { taxExclusive: '10.00', tax: '2.00' }, note: 'other' },
      { ...fields, note: 'x' }
    ),
    []
  )
  t.strictSame(
    compareInvoice(
      {
        number: 'FA-2',
        buyer: { siret: '1' },
        seller: { siret: '12345678200052' },
        totals: { payable: '12.01' },
        lines: []
      },
      fields
    ),
    [
      { pointer: '/number', given: 'FA-2', read: 'FA-1' },
      { pointer: '/seller/siret', given: '12345678200052', read: '12345678200051' },
      { pointer: '/totals/payable', given: '12.01', read: '12.00' },
      { pointer: '/lines', given: '0 entries', read: '1 entry' }
    ]
  )
  t.end()
})

t.test('what the standards allow and few write is read all the same', (t) => {
  const fieldsOf = (xml: string) => toInvoiceFields(readXmlInvoice(Buffer.from(xml)) as XmlInvoice)
  const dates = [
    '2026-09-01',
    '2026-09-01Z',
    '2026-09-01+02:00',
    '20260901',
    '202609011200',
    '20260901120000',
    '2026-09-01T12:00:00.5-01:00'
  ]
  for (const date of dates) {
    t.equal(fieldsOf(ubl(`<IssueDate>${date}</IssueDate>`)).issueDate, '2026-09-01', date)
  }
  for (const date of ['260901', '202636', '01/09/2026', '2026-0901']) {
    t.equal(fieldsOf(ubl(`<IssueDate>${date}</IssueDate>`)).issueDate, date, `${date} stays as it is, for the checks`)
  }
  const inDateTime = cii('').replace(
    '</ExchangedDocument>',
    '<IssueDateTime><DateTime>2026-09-01T12:00:00</DateTime></IssueDateTime></ExchangedDocument>'
  )
  t.equal(fieldsOf(inDateTime).issueDate, '2026-09-01')

  const group = (currency: string, taxable: string, tax: string) =>
    `<TaxTotal><TaxAmount currencyID="${currency}">${tax}</TaxAmount><TaxSubtotal><TaxableAmount>${taxable}</TaxableAmount><TaxAmount>${tax}</TaxAmount><TaxCategory><Percent>20.</Percent></TaxCategory></TaxSubtotal></TaxTotal>`
  const twoCurrencies = `<DocumentCurrencyCode>EUR</DocumentCurrencyCode>${group('USD', '11', '2.2')}${group('EUR', '+10.', '.5')}`
  t.match(
    fieldsOf(ubl(twoCurrencies)),
    { totals: { tax: '0.5' }, vatBreakdown: [{ rate: '20', taxable: '10', tax: '0.5' }] },
    'the breakdown in accounting currency is not added, and decimals need no digits around their point'
  )
  const twoTotals = (other: string) =>
    cii(
      `<ApplicableHeaderTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode><SpecifiedTradeSettlementHeaderMonetarySummation><GrandTotalAmount currencyID="${other}">13</GrandTotalAmount><GrandTotalAmount currencyID="EUR">12</GrandTotalAmount></SpecifiedTradeSettlementHeaderMonetarySummation></ApplicableHeaderTradeSettlement>`
    )
  const read = readXmlInvoice(Buffer.from(twoTotals('USD')))
  t.match(read, { totals: { taxInclusive: '12' }, faults: [] }, 'a total in two currencies')
  t.match(readXmlInvoice(Buffer.from(twoTotals('EUR')))?.faults, [{ term: 'BT-112' }], 'twice in one is a fault')
  t.end()
})

t.test('a disagreement is told for what it is', (t) => {
  const document = (body: string) => {
    const xml = readXmlInvoice(Buffer.from(ubl(body))) as XmlInvoice
    return (given: InvoiceInput) => compareWithXml(given, xml, toInvoiceFields(xml))
  }
  const group = (rate: string, tax: string) =>
    `<TaxSubtotal><TaxAmount>${tax}</TaxAmount><TaxCategory><ID>S</ID><Percent>${rate}</Percent></TaxCategory></TaxSubtotal>`
  const groups = document(`<TaxTotal>${group('20.0', '100.00')}${group('5.50', '27.50')}</TaxTotal>`)
  const five = { categoryCode: 'S', rate: '5.5', tax: '27.5' }
  const twenty = { categoryCode: 'S', rate: '20', tax: '100' }
  t.strictSame(groups({ vatBreakdown: [five, twenty] }), [], 'VAT groups in another order are the same')
  t.strictSame(groups({ vatBreakdown: [{ ...five, tax: '27.51' }, twenty] }), [
    { pointer: '/vatBreakdown/0/tax', given: '27.51', read: '27.50' }
  ])
  t.strictSame(groups({ vatBreakdown: [{ ...five, rate: '10' }, twenty] }), [
    { pointer: '/vatBreakdown/0/rate', given: '10', read: '5.50' }
  ])
  const types: [given: '380' | '381', read: string, mismatches: number][] = [
    ['380', '384', 0],
    ['380', '386', 1],
    ['380', '396', 1],
    ['381', '396', 0],
    ['381', '384', 1]
  ]
  for (const [typeCode, read, mismatches] of types) {
    const told = document(`<InvoiceTypeCode>${read}</InvoiceTypeCode>`)({ typeCode })
    t.equal(told.length, mismatches, `${typeCode} given, ${read} read`)
  }
  const siren = document(
    '<AccountingCustomerParty><Party><PartyLegalEntity><CompanyID schemeID="0002">123456782</CompanyID></PartyLegalEntity></Party></AccountingCustomerParty>'
  )
  t.strictSame(siren({ buyer: { siret: '12345678200051' } }), [])
  t.strictSame(siren({ buyer: { siret: '99900010200015' } }), [
    { pointer: '/buyer/siret', given: '99900010200015', read: '123456782' }
  ])
  t.end()
})

t.test('the SIRET is the number that is called so, the service code stands in one of two places', (t) => {
  const buyer = (...ids: [scheme: string | undefined, value: string][]) => {
    const written = ids.map(
      ([scheme, value]) =>
        `<PartyIdentification><ID${scheme === undefined ? '' : ` schemeID="${scheme}"`}>${value}</ID></PartyIdentification>`
    )
    const party = `<AccountingCustomerParty><Party>${written.join('')}</Party></AccountingCustomerParty>`
    return (more = '') => toInvoiceFields(readXmlInvoice(Buffer.from(ubl(more + party))) as XmlInvoice).buyer
  }
  const siret = '12345678200051'
  t.strictSame(buyer([undefined, '00000000000042'], ['0088', '30208100000001'], ['0009', siret])(), { siret })
  t.strictSame(buyer([undefined, '00000000000042'], ['FR:SIRET', siret])(), { siret })
  t.strictSame(buyer(['0002', '123456782'], [undefined, siret])(), { siret })
  t.strictSame(buyer(['0002', siret])(), { siret }, 'a SIRET under the scheme of SIREN is common')
  t.equal(buyer(['0088', siret])(), undefined)
  const routed = buyer(['0009', siret], ['0224', 'SRV2'])
  t.strictSame(routed(), { siret, serviceCode: 'SRV2' })
  t.strictSame(routed('<BuyerReference>SRV1</BuyerReference>'), { siret, serviceCode: 'SRV1' }, 'BT-10 comes first')
  t.end()
})

t.test('the framework of Chorus Pro may stand where the guideline does', (t) => {
  const alone = readXmlInvoice(Buffer.from(guided('A2')))
  t.match(alone, { chorusFramework: 'A2', guideline: 'A2', faults: [] })
  t.equal(toInvoiceFields(alone as XmlInvoice).businessProcess, 'A2')
  const both = guided(
    'A2</ID></GuidelineSpecifiedDocumentContextParameter><GuidelineSpecifiedDocumentContextParameter><ID>urn:cen.eu:en16931:2017'
  )
  t.match(readXmlInvoice(Buffer.from(both)), { chorusFramework: 'A2', profile: 'EN16931', faults: [] })
  t.end()
})

t.test('lines below lines are not added to their group', (t) => {
  const line = (status: string, amount: string) =>
    `<IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument><LineStatusReasonCode>${status}</LineStatusReasonCode></AssociatedDocumentLineDocument><SpecifiedLineTradeSettlement><SpecifiedTradeSettlementLineMonetarySummation><LineTotalAmount>${amount}</LineTotalAmount></SpecifiedTradeSettlementLineMonetarySummation></SpecifiedLineTradeSettlement></IncludedSupplyChainTradeLineItem>`
  const sum =
    '<ApplicableHeaderTradeSettlement><SpecifiedTradeSettlementHeaderMonetarySummation><LineTotalAmount>10</LineTotalAmount><DuePayableAmount>12</DuePayableAmount></SpecifiedTradeSettlementHeaderMonetarySummation></ApplicableHeaderTradeSettlement>'
  const totals = (lines: string) => checkableTotals(readXmlInvoice(Buffer.from(cii(lines + sum))) as XmlInvoice)
  t.strictSame(totals(line('GROUP', '10') + line('DETAIL', '10')), { payable: '12' })
  t.strictSame(totals(line('DETAIL', '10')), { lineExtension: '10', payable: '12' })
  t.end()
})

const samples = fileURLToPath(new URL('../../../../shared/samples/', import.meta.url))
const there = existsSync(`${samples}samples.json`)

type Sample = {
  file: string
  kind: string
  profile?: string
  expected?: Record<string, unknown>
  pdf?: { encrypted?: unknown; signatures?: number; open?: string; pages?: number }
}

const catalogue: Sample[] = there ? JSON.parse(readFileSync(`${samples}samples.json`, 'utf8')).samples : []
const notThere = there ? false : 'the shared sample files are not beside the project'

/** Where we read something else than the index says, and why. */
const differences: Readonly<Record<string, { members: string[]; reason: string }>> = {
  'cii/CII_example2.xml': { members: ['attachments'], reason: 'the index lists embedded files of UBL only' },
  'cii/CII_example5.xml': { members: ['attachments'], reason: 'the index lists embedded files of UBL only' },
  'cii/gobl_choruspro_invoice-fr-fr-choruspro.xml': {
    members: ['chorusCadre'],
    reason: 'the index looks for the framework in UBL only; here it stands in the guideline'
  },
  'cii/xr_01.15a-INVOICE_uncefact.xml': {
    members: ['attachments'],
    reason: 'the index lists embedded files of UBL only'
  },
  'ubl/mustang_ubl-creditnote.xml': {
    members: ['seller.vat', 'buyer.vat'],
    reason: 'the tax scheme is VAT; the index looks at the scheme of the number (DKVAT, BEVAT)'
  },
  'ubl/sample-discount-price.xml': {
    members: ['buyer.siret', 'buyer.siren'],
    reason: 'a Croatian number of 14 digits without a scheme is no SIRET'
  }
}

/** Documents with expected values that are no invoice of a kind we read, or cannot be reached. */
const notInvoices: Readonly<Record<string, string>> = {
  'cii/order-x-basic.xml': 'an order',
  'facturx/ORDER-X_EX01_ORDER_FULL_DATA-COMFORT.pdf': 'an order',
  'facturx/corruptedV2PDF.pdf': 'its attachment is missing from the name tree',
  'broken/caslimites_XML-002.pdf': 'a namespace that does not exist'
}

t.test('sample invoices say what the index says', { skip: notThere }, async (t) => {
  const count = { matched: 0, explained: 0, other: 0 }
  for (const { file, profile, expected } of catalogue) {
    if (!/^(?:facturx|cii|ubl|broken)\//.test(file) || expected?.invoiceNumber === undefined) continue
    const facts = await inspector.inspect(readFileSync(samples + file))
    if (notInvoices[file] !== undefined) {
      t.equal(facts.invoice, undefined, `${file}: ${notInvoices[file]}`)
      count.other += 1
      continue
    }
    const wanted = { ...flatten(expected), profile: profile ?? null }
    const wrong = facts.invoice === undefined ? ['everything'] : differing(asIndexed(facts.invoice), wanted)
    const allowed = differences[file]
    t.strictSame(wrong, allowed?.members ?? [], `${file}${allowed === undefined ? '' : `: ${allowed.reason}`}`)
    count[wrong.length === 0 ? 'matched' : 'explained'] += 1
  }
  t.comment(
    `expected values: ${count.matched} files match, ${count.explained} differ for a reason, ${count.other} are no invoices`
  )
})

type Flat = Record<string, string | number | null>

function flatten(expected: Record<string, unknown>): Flat {
  const { seller, buyer, totals, vatBreakdown, embeddedDocuments } = expected as Record<string, Record<string, string>>
  const flat: Flat = {}
  for (const name of [
    'invoiceNumber',
    'typeCode',
    'issueDate',
    'dueDate',
    'currency',
    'businessProcess',
    'guideline',
    'chorusCadre',
    'buyerReference',
    'orderReference',
    'contractReference',
    'lineCount'
  ]) {
    flat[name] = (expected[name] as string | undefined) ?? null
  }
  for (const name of ['name', 'siret', 'siren', 'vat', 'country']) {
    flat[`seller.${name}`] = seller?.[name] ?? null
    flat[`buyer.${name}`] = buyer?.[name] ?? null
  }
  for (const name of [
    'lineTotal',
    'allowanceTotal',
    'chargeTotal',
    'taxBasis',
    'taxTotal',
    'grandTotal',
    'prepaid',
    'duePayable'
  ]) {
    flat[`totals.${name}`] = totals?.[name] ?? null
  }
  const entries = (vatBreakdown ?? []) as unknown as Record<string, string>[]
  flat.vatBreakdown = JSON.stringify(entries.map(({ category, rate, base, amount }) => [category, rate, base, amount]))
  flat.attachments = ((embeddedDocuments ?? []) as unknown as unknown[]).length
  return flat
}

function asIndexed(read: XmlInvoice): Flat {
  const flat: Flat = {
    invoiceNumber: read.number ?? null,
    typeCode: read.typeCode ?? null,
    issueDate: read.issueDate ?? null,
    dueDate: read.dueDate ?? null,
    currency: read.currency ?? null,
    businessProcess: read.businessProcess ?? null,
    guideline: read.guideline ?? null,
    chorusCadre: read.chorusFramework ?? null,
    buyerReference: read.buyerReference ?? null,
    orderReference: read.purchaseOrderReference ?? null,
    contractReference: read.contractReference ?? null,
    lineCount: read.lines.length
  }
  for (const role of ['seller', 'buyer'] as const) {
    const { name, siret, siren, vatId, country } = read[role]
    for (const [member, value] of Object.entries({ name, siret, siren, vat: vatId, country }))
      flat[`${role}.${member}`] = value ?? null
  }
  const { lineExtension, allowance, charge, taxExclusive, tax, taxInclusive, prepaid, payable } = read.totals
  const totals = {
    lineTotal: lineExtension,
    allowanceTotal: allowance,
    chargeTotal: charge,
    taxBasis: taxExclusive,
    taxTotal: tax,
    grandTotal: taxInclusive,
    prepaid,
    duePayable: payable
  }
  for (const [name, value] of Object.entries(totals)) flat[`totals.${name}`] = value ?? null
  flat.vatBreakdown = JSON.stringify(
    read.vatBreakdown.map((entry) => [entry.categoryCode, entry.rate, entry.taxable, entry.tax])
  )
  flat.attachments = read.attachments.length
  return { ...flat, profile: read.profile ?? null }
}

function differing(read: Flat, wanted: Flat): string[] {
  return Object.keys(wanted).filter((name) => read[name] !== wanted[name])
}

/** Samples whose kind in the index is not the kind that Chorus Pro would see in them. */
const plainForChorus = new Set(['pdf', 'broken-pdf', 'xrechnung-pdf', 'order-x', 'zugferd1', 'pdf-cii-other-name'])

t.test('every sample file gets the right verdict', { skip: notThere }, async (t) => {
  const count: Record<string, number> = {}
  for (const { file, kind, pdf } of catalogue) {
    if (file.startsWith('json/')) continue
    const facts = await inspector.inspect(readFileSync(samples + file))
    const verdict = facts.problem === undefined ? facts.kind : `${facts.kind}, ${facts.problem.problem}`
    count[verdict] = (count[verdict] ?? 0) + 1
    if (pdf === undefined) continue
    if (pdf.open === 'unreadable')
      t.ok(facts.problem !== undefined || facts.pages !== undefined, `${file} is refused or its pages are counted`)
    if (kind === 'pdf') t.equal(facts.encrypted, pdf.encrypted !== undefined, `${file} encrypted`)
    if (kind === 'pdf') t.equal(facts.signed, (pdf.signatures ?? 0) > 0, `${file} signed`)
    if (facts.readable && pdf.pages !== undefined) t.equal(facts.pages, pdf.pages, `${file} pages`)
    if (plainForChorus.has(kind)) t.not(facts.kind, 'factur-x', file)
    if (kind === 'facturx' && facts.kind !== 'factur-x') {
      t.match(
        facts.explanation,
        /zugferd-invoice\.xml|xrechnung\.xml|without invoice data/,
        `${file} has its XML under another name`
      )
    }
  }
  t.comment(JSON.stringify(count))
})
