import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buildGateway, dataInvoice, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { limitedKey } from '../helpers/limited-key.ts'
import { makePdf } from '../helpers/pdf.ts'

// The invoices that our sellers issued, read and acted on through the gateway, with the simulator as Chorus Pro.

const sellerA = '99900010200015'
const sellerB = '99900020100015'
const pdf = makePdf({ text: 'Facture' })

type Sent = { id: string; upstreamId: string; number: string }

async function sendOne(g: TestGateway, changes: Record<string, unknown> = {}, headers = {}): Promise<Sent> {
  const invoice = goodInvoice(changes)
  const { status, body } = await g.post('/v1/invoices', formOf(invoice, pdf), headers)
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  return { id: body.id, upstreamId: body.upstream.invoiceId, number: invoice.number }
}

/** Follows the cursor to the end; every page within the limit. */
async function readAll(t: Test, g: TestGateway, path: string, limit: number, headers = {}) {
  const items: { id: string; number: string; [name: string]: unknown }[] = []
  let pages = 0
  let total: number | undefined
  for (let cursor = ''; ; pages++) {
    const mark = path.includes('?') ? '&' : '?'
    const { status, body } = await g.get(`${path}${mark}limit=${limit}${cursor && `&cursor=${cursor}`}`, headers)
    t.equal(status, 200, JSON.stringify(body).slice(0, 300))
    t.ok(body.items.length <= limit, 'a page holds no more than asked for')
    items.push(...body.items)
    total ??= body.total
    if (body.nextCursor === undefined || pages > 50) break
    cursor = body.nextCursor
  }
  return { items, pages: pages + 1, total }
}

t.test('searches give every row once, by every filter, and nothing found is an empty list', async (t) => {
  const g = await buildGateway(t)
  const none = await g.get('/v1/issued-invoices?number=NOBODY')
  t.same([none.status, none.body], [200, { items: [], total: 0 }], 'no result is an empty list')

  const sent: Sent[] = []
  for (let index = 0; index < 11; index++) sent.push(await sendOne(g))
  const special = await sendOne(g, {
    seller: { siret: sellerB },
    buyer: { siret: '12345678200028', serviceCode: 'SERVICE_DEST_SERV_OBL' },
    commitmentNumber: 'EJ-1',
    contractReference: 'M-1',
    typeCode: '381',
    precedingInvoice: 'OLD-1',
    issueDate: '2026-08-01',
    totals: { taxExclusive: '7.10', tax: '1.42', taxInclusive: '8.52', payable: '8.52' }
  })

  const all = await readAll(t, g, '/v1/issued-invoices', 5)
  t.equal(all.total, 12, 'the announced total')
  t.same([all.items.length, all.pages], [12, 3])
  t.same(new Set(all.items.map(({ number }) => number)), new Set([...sent, special].map(({ number }) => number)))

  const found = async (filter: string) => (await readAll(t, g, `/v1/issued-invoices?${filter}`, 50)).items
  for (const filter of [
    `number=${special.number}`,
    `seller=${sellerB}`,
    `seller=${sellerB}&sellerServiceCode=SERVICE_PRIVE_1_${sellerB}`.split('&')[0] ?? '',
    'buyer=12345678200028',
    'buyer=12345678200028&buyerServiceCode=SERVICE_DEST_SERV_OBL',
    'buyerName=SERVICE%20OBLIGATOIRE',
    'commitmentNumber=EJ-1',
    'contractReference=M-1',
    'typeCode=381',
    'precedingInvoice=OLD-1',
    'issueDateFrom=2026-07-31&issueDateTo=2026-08-02',
    'taxExclusiveMax=7.10',
    'taxInclusiveMin=8.52&taxInclusiveMax=8.52',
    'payableMax=8.520000',
    'businessProcess=A1&payableMax=9'
  ]) {
    t.same(
      (await found(filter)).map(({ number }) => number),
      [special.number],
      filter
    )
  }
  for (const [filter, count] of [
    ['buyer=12345678200028&buyerSiren=true', 12],
    ['depositMode=pdf_api', 12],
    ['depositMode=DEPOT_PDF_API', 12],
    ['status=deposited,in_transit&status=made_available', 12],
    ['status=MISE_EN_PAIEMENT', 0],
    ['statusSince=2026-01-01', 12],
    ['statusUntil=2020-01-01T00:00:00Z', 0],
    ['depositDateFrom=2020-01-01', 12],
    ['depositDateTo=2020-01-01', 0],
    ['flowNumber=CPP1', 0],
    ['rejectionAcknowledged=true', 0],
    ['rejectionAcknowledged=false', 12],
    ['validator=99900050800013', 0],
    ['seller=00000000000000', 0],
    [`seller=${sellerB}&bankAccount=NO%20SUCH`, 0]
  ] as const) {
    t.equal((await found(filter)).length, count, filter)
  }
  const sorted = (await found('sort=payable')).map((one) => (one.totals as { payable: string }).payable)
  t.equal(Number(sorted[0]), 8.52, 'smallest first')
  t.equal((await found('sort=-payable')).at(-1)?.number, special.number, 'largest first')
  const sized = await found(`number=${special.number}&size=true`)
  t.type(sized[0]?.size, 'number')

  const [row] = await found(`number=${special.number}`)
  t.match(row, {
    id: special.upstreamId,
    typeCode: '381',
    issueDate: '2026-08-01',
    currency: 'EUR',
    seller: { siret: sellerB },
    buyer: { siret: '12345678200028', serviceCode: 'SERVICE_DEST_SERV_OBL' },
    commitmentNumber: 'EJ-1',
    depositMode: 'pdf_api',
    upstream: { type: 'AVOIR', depositMode: 'DEPOT_PDF_API', requestType: 'FACTURE' },
    gatewayInvoiceId: special.id,
    links: { self: `/v1/issued-invoices/${special.upstreamId}`, submission: `/v1/invoices/${special.id}` }
  })

  for (const [query, pointer] of [
    ['status=unheard_of', '/status'],
    ['buyerServiceCode=X', '/buyerServiceCode'],
    ['sellerServiceCode=X', '/sellerServiceCode'],
    ['bankAccount=X', '/bankAccount'],
    ['sort=nonsense', '/sort'],
    ['nonsense=1', '/nonsense']
  ] as const) {
    const { status, body } = await g.get(`/v1/issued-invoices?${query}`)
    t.same([status, body.code, body.errors[0].pointer], [400, 'malformed-request', pointer], query)
  }
  const first = await g.get('/v1/issued-invoices?limit=5')
  const foreign = await g.get(`/v1/issued-invoices?limit=5&seller=${sellerA}&cursor=${first.body.nextCursor}`)
  t.equal(foreign.status, 400, 'a cursor is good for its own list alone')
  t.equal((await readAll(t, g, '/v1/issued-invoices/to-process', 5)).items.length, 12, 'to process, every page')
})

t.test('one invoice is shown whole, with its history and its files', async (t) => {
  const g = await buildGateway(t)
  const lines = Array.from({ length: 13 }, (_, index) => ({
    id: `R${index}`,
    name: `Poste ${index}`,
    quantity: '1',
    unitCode: 'lot',
    netPrice: '10.00',
    netAmount: '10.00',
    vat: { categoryCode: 'S', rate: '20' }
  }))
  const totals = { taxExclusive: '130.00', tax: '26.00', taxInclusive: '156.00', payable: '156.00' }
  const vatBreakdown = [{ categoryCode: 'S', rate: '20', taxable: '130.00', tax: '26.00' }]
  const { body: typed } = await g.post(
    '/v1/invoices',
    { ...dataInvoice(), lines, totals, vatBreakdown },
    { 'idempotency-key': 'one' }
  )
  const id = typed.upstream.invoiceId
  const { status, body } = await g.get(`/v1/issued-invoices/${id}`)
  t.equal(status, 200)
  t.equal(body.lines.length, 13, 'more lines than a page of Chorus Pro has')
  t.match(body.lines[0], { name: 'Poste 0', unitCode: 'lot', netAmount: /^10(\.0+)?$/, vat: { rate: /^20/ } })
  t.match(body, { vatRegime: 'on_debits', seller: { siret: sellerA }, gatewayInvoiceId: typed.id })
  t.equal(body.vatBreakdown.length, 1)
  t.equal(body.upstream.vatRegime, 'TVA_SUR_DEBIT')

  g.simulator.control.setStatus(id, 'SUSPENDUE', 'Il manque le bon')
  const history = await g.get(`/v1/issued-invoices/${id}/history`)
  t.equal(history.status, 200)
  t.match(history.body.statuses.at(-1), { code: 'suspended', raw: 'SUSPENDUE', comment: 'Il manque le bon' })
  for (let index = 0; index < 12; index++) g.simulator.control.setStatus(id, index % 2 ? 'SUSPENDUE' : 'COMPLETEE')
  const long = await g.get(`/v1/issued-invoices/${id}/history`)
  t.ok(long.body.statuses.length >= 14, 'every page of the history')

  const sent = await sendOne(g)
  const listed = await g.get(`/v1/issued-invoices/${sent.upstreamId}/documents`)
  t.same(
    listed.body.downloads.map((one: { format: string }) => one.format),
    ['pdf', 'archive', 'pivot']
  )
  const file = await fetch(`${g.url}${listed.body.downloads[0].href}`, { headers: await auth(g) })
  t.equal(file.headers.get('content-type'), 'application/pdf')
  t.match(file.headers.get('content-disposition'), `filename="${sent.number}.pdf"`)
  t.same(Buffer.from(await file.arrayBuffer()), pdf, 'the very bytes')
  const pivot = await g.get(`/v1/issued-invoices/${sent.upstreamId}/documents/pivot`)
  t.match(pivot.headers.get('content-type'), 'application/xml')
  t.match(pivot.body, sent.number)

  const ids = [sent.upstreamId]
  for (let index = 0; index < 11; index++) ids.push((await sendOne(g)).upstreamId)
  const calls = () =>
    g.simulator.control.ledger().arrivals.filter((one) => one.operation === 'factures/telecharger/groupe').length
  const before = calls()
  const many = await fetch(`${g.url}/v1/issued-invoices/documents?format=pdf&id=${ids.join(',')}`, {
    headers: await auth(g)
  })
  t.equal(many.headers.get('content-type'), 'application/zip')
  const zip = Buffer.from(await many.arrayBuffer())
  t.same(zipNames(zip), ['invoices-1.zip', 'invoices-2.zip'], 'ten and two')
  t.equal(calls() - before, 2, 'never more than ten in a call')
  const two = await fetch(`${g.url}/v1/issued-invoices/documents?format=archive&id=${ids[0]}&id=${ids[1]}`, {
    headers: await auth(g)
  })
  t.equal(two.headers.get('content-type'), 'application/zip')
  t.equal(zipNames(Buffer.from(await two.arrayBuffer())).length, 2, 'a folder each, as Chorus Pro makes it')
})

async function auth(g: TestGateway) {
  const id = `all${Math.random().toString(36).slice(2, 10).padEnd(8, '0')}`
  return limitedKey(g, id, ['invoices:read', 'received:read'])
}

/** From the directory at the end; throws when the file is no ZIP. */
function zipNames(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const count = zip.readUInt16LE(end + 10)
  const names: string[] = []
  for (let at = zip.readUInt32LE(end + 16); names.length < count; ) {
    const length = zip.readUInt16LE(at + 28)
    names.push(zip.toString('utf8', at + 46, at + 46 + length))
    const local = zip.readUInt32LE(at + 42)
    if (zip.readUInt32LE(local) !== 0x04034b50) throw new Error('no entry where the directory says')
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return names
}

t.test('no foreign invoice leaks: not in lists, not by id, not as history, file or change', async (t) => {
  const g = await buildGateway(t)
  const mine = await sendOne(g, { seller: { siret: sellerA } })
  const others: Sent[] = []
  for (let index = 0; index < 7; index++) others.push(await sendOne(g, { seller: { siret: sellerB } }))
  const [foreign] = others
  if (foreign === undefined) throw new Error('none was sent')
  const scopes = ['invoices:read', 'invoices:submit']
  const onlyA = await limitedKey(g, 'onlyseller1', scopes, [sellerA])
  const both = await limitedKey(g, 'bothsellers', scopes, [sellerB, sellerA])
  const neither = await limitedKey(g, 'elsewhere01', scopes, ['99900030000015'])

  const names = async (path: string, headers: object) =>
    (await readAll(t, g, path, 3, headers)).items.map(({ number }) => number)
  t.same(await names('/v1/issued-invoices', onlyA), [mine.number])
  t.same(await names('/v1/issued-invoices/to-process', onlyA), [mine.number])
  t.same(await names(`/v1/issued-invoices?number=${foreign.number}`, onlyA), [])
  t.same(await names(`/v1/issued-invoices?seller=${sellerB}`, onlyA), [])
  t.same(await names('/v1/issued-invoices', neither), [])
  t.equal((await names('/v1/issued-invoices', both)).length, 8, 'seller after seller, every page')
  const first = await g.get('/v1/issued-invoices', onlyA)
  t.equal(first.body.total, 1, 'the total counts none of the others')
  const cursorOfAll = (await g.get('/v1/issued-invoices?limit=3')).body.nextCursor
  t.equal((await g.get(`/v1/issued-invoices?limit=3&cursor=${cursorOfAll}`, onlyA)).status, 400, 'no borrowed cursor')

  g.simulator.control.setStatus(foreign.upstreamId, 'SUSPENDUE')
  const strip = ({ requestId: _id, instance: _at, ...rest }: Record<string, unknown>) => rest
  const random = '99999999999999'
  for (const suffix of ['', '/history', '/documents', '/documents/pdf', '/documents/archive', '/documents/pivot']) {
    const [theirs, nobodys] = [
      await g.get(`/v1/issued-invoices/${foreign.upstreamId}${suffix}`, onlyA),
      await g.get(`/v1/issued-invoices/${random}${suffix}`, onlyA)
    ]
    t.equal(theirs.status, 404, suffix)
    t.same(strip(theirs.body), strip(nobodys.body), `${suffix}: as if it did not exist`)
    t.notMatch(JSON.stringify(theirs.body), foreign.number)
  }
  for (const [action, body] of [
    ['completion', { comment: 'x' }],
    ['rerouting', { commitmentNumber: 'x' }],
    ['rejection-acknowledgement', {}],
    ['validator', { validator: { siret: sellerA } }]
  ] as const) {
    const [theirs, nobodys] = [
      await g.post(`/v1/issued-invoices/${foreign.upstreamId}/${action}`, body, onlyA),
      await g.post(`/v1/issued-invoices/${random}/${action}`, body, onlyA)
    ]
    t.equal(theirs.status, 404, action)
    t.same(strip(theirs.body), strip(nobodys.body), action)
  }
  const mixed = `/v1/issued-invoices/documents?format=pdf&id=${mine.upstreamId},${foreign.upstreamId}`
  t.equal((await g.get(mixed, onlyA)).status, 404, 'one foreign id among several spoils the lot')
  t.equal((await g.get(mixed, both)).status, 200)
  const operations = g.simulator.control.ledger().arrivals.map(({ operation }) => operation)
  t.notOk(operations.includes('factures/completer'), 'nothing was done to it')

  t.equal((await g.get('/v1/issued-invoices', await limitedKey(g, 'onlysend001', ['invoices:submit']))).status, 403)
  const reader = await limitedKey(g, 'onlyread001', ['invoices:read'])
  t.equal((await g.post(`/v1/issued-invoices/${mine.upstreamId}/completion`, { comment: 'x' }, reader)).status, 403)
  const shown = await g.get(`/v1/issued-invoices/${mine.upstreamId}`, onlyA)
  t.equal(shown.body.gatewayInvoiceId, undefined, 'our id is for the caller that sent it')
})

t.test('an id of somebody else, or of nothing, does not stop the sending', async (t) => {
  const g = await buildGateway(t)
  for (let index = 0; index < 5; index++) t.equal((await g.get(`/v1/issued-invoices/${index}`)).status, 404)
  const forbidden = { operation: 'factures/consulter/fournisseur', kind: 'forbidden', shape: 'none' } as const
  g.simulator.control.setFaults([{ ...forbidden, times: 'always' }])
  for (let index = 0; index < 3; index++) t.equal((await g.get('/v1/issued-invoices/77')).body.owner, 'operator')
  await sendOne(g)
})

t.test('a suspension is answered with a comment and files, in a form or in JSON', async (t) => {
  const g = await buildGateway(t)
  const one = await sendOne(g)
  const at = `/v1/issued-invoices/${one.upstreamId}/completion`
  const early = await g.post(at, { comment: 'x' })
  t.match([early.status, early.body.code, early.body.outcome], [409, 'invalid-transition', 'not_sent'])
  t.match(early.body.detail, /is `(deposited|in_transit|made_available)` now; only `suspended` allows it/)

  g.simulator.control.setStatus(one.upstreamId, 'SUSPENDUE', 'Il manque le bon')
  const form = new FormData()
  form.set('comment', 'Voici le bon.')
  form.append('attachments', new Blob(['un bon'], { type: 'text/plain' }), 'bon.txt')
  form.append('file', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), 'plan.pdf')
  const done = await g.post(at, form)
  t.match([done.status, done.body], [200, { id: one.upstreamId, number: one.number, outcome: 'sent' }])
  t.match(done.body.processedAt, /^20.*Z$/)
  t.equal(done.body.upstream.returnCode, 0)
  const after = await g.get(`/v1/issued-invoices/${one.upstreamId}`)
  t.equal(after.body.status.code, 'completed')
  t.match(
    after.body.attachments.map(({ name }: { name: string }) => name),
    ['plan.pdf', 'bon.txt']
  )
  t.equal((await g.post(at, { comment: 'again' })).status, 409, 'a repeat finds the status moved on')

  g.simulator.control.setStatus(one.upstreamId, 'SUSPENDUE')
  const json = await g.post(at, {
    attachments: [{ name: 'note.txt', contentBase64: `${Buffer.from('une note').toString('base64')}\n` }]
  })
  t.equal(json.status, 200, 'a file inside the JSON, without a comment')
  const file = await fetch(`${g.url}/v1/issued-invoices/${one.upstreamId}/documents/archive`, {
    headers: await auth(g)
  })
  t.match(zipNames(Buffer.from(await file.arrayBuffer())).length, 4)

  g.simulator.control.setStatus(one.upstreamId, 'SUSPENDUE')
  for (const [body, status, code] of [
    [{}, 422, 'validation-failed'],
    [{ comment: 'x', extra: 1 }, 400, 'malformed-request'],
    [{ comment: 1 }, 400, 'malformed-request'],
    [{ comment: 'x'.repeat(2001) }, 422, 'validation-failed'],
    [{ attachments: [{ name: 'x.txt', contentBase64: '***' }] }, 400, 'malformed-request'],
    [{ attachments: [{ name: 'x.exe', contentBase64: 'AAAA' }] }, 422, 'unsupported-file-type'],
    [{ attachments: [{ name: `${'n'.repeat(60)}.txt`, contentBase64: 'AAAA' }] }, 422, 'validation-failed']
  ] as const) {
    const refused = await g.post(at, body)
    t.same([refused.status, refused.body.code], [status, code], JSON.stringify(body).slice(0, 60))
  }
  t.equal((await g.get(`/v1/issued-invoices/${one.upstreamId}`)).body.status.code, 'suspended', 'untouched')
})

t.test('rerouting corrects what is said and keeps the rest', async (t) => {
  const g = await buildGateway(t)
  const one = await sendOne(g, { commitmentNumber: 'EJ-OLD', contractReference: 'M-7' })
  const at = `/v1/issued-invoices/${one.upstreamId}/rerouting`
  t.equal((await g.post(at, { commitmentNumber: 'EJ-NEW' })).status, 409)
  g.simulator.control.setStatus(one.upstreamId, 'A_RECYCLER')
  const form = new FormData()
  form.set('buyer.siret', '12345678200028')
  form.set('buyer.serviceCode', 'SERVICE_DEST_SERV_OBL')
  form.set('comment', 'Service corrigé')
  const done = await g.post(at, form)
  t.match([done.status, done.body], [200, { outcome: 'sent', status: { code: 'deposited', raw: 'DEPOSEE' } }])
  const { body } = await g.get(`/v1/issued-invoices/${one.upstreamId}`)
  t.match(body, {
    buyer: { siret: '12345678200028', serviceCode: 'SERVICE_DEST_SERV_OBL' },
    commitmentNumber: 'EJ-OLD',
    contractReference: 'M-7',
    currency: 'EUR',
    typeCode: '380'
  })
  g.simulator.control.setStatus(one.upstreamId, 'A_RECYCLER')
  const refused = await g.post(at, { buyer: { siret: '12345678200036' }, commitmentNumber: 'EJ-NEW' })
  t.equal(refused.status, 200, 'another buyer, without the service of the former one')
  g.simulator.control.setStatus(one.upstreamId, 'A_RECYCLER')
  const unknown = await g.post(at, { buyer: { siret: '00000000000000' } })
  t.match([unknown.status, unknown.body.code], [422, 'deposit-refused'], 'what Chorus Pro refuses for its content')
  const withFile = new FormData()
  withFile.append('attachments', new Blob(['x']), 'x.txt')
  t.equal((await g.post(at, withFile)).status, 400, 'a file that would not be sent is refused')
})

t.test('a rejection is acknowledged once', async (t) => {
  const g = await buildGateway(t)
  const one = await sendOne(g)
  const at = `/v1/issued-invoices/${one.upstreamId}/rejection-acknowledgement`
  t.match((await g.post(at, {})).body.detail, 'only `rejected` allows it')
  g.simulator.control.setStatus(one.upstreamId, 'REJETEE', 'Doublon')
  t.equal((await g.post(at, { reason: 'Remplacée' })).status, 200)
  const again = await g.post(at, {})
  t.match([again.status, again.body.code], [409, 'invalid-transition'])
  const { body } = await g.get('/v1/issued-invoices?rejectionAcknowledged=true')
  t.match(body.items, [{ number: one.number, rejectionAcknowledged: true, status: { comment: 'Doublon' } }])
})

t.test('a lost answer is said to be unknown, and a repeat reads the status first', async (t) => {
  const g = await buildGateway(t)
  const one = await sendOne(g)
  const at = `/v1/issued-invoices/${one.upstreamId}/completion`
  g.simulator.control.setStatus(one.upstreamId, 'SUSPENDUE')
  g.simulator.control.setFaults([{ operation: 'factures/completer', kind: 'drop-answer' }])
  const lost = await g.post(at, { comment: 'Voici' })
  t.ok(lost.status >= 500)
  t.match(lost.body, { outcome: 'unknown', retryable: false, detail: /not known/ })
  const repeat = await g.post(at, { comment: 'Voici' })
  t.match([repeat.status, repeat.body.code], [409, 'invalid-transition'], 'it had been done')
  t.match(repeat.body.detail, 'is `completed` now')
  const completions = () =>
    g.simulator.control.ledger().arrivals.filter(({ operation }) => operation === 'factures/completer').length
  t.equal(completions(), 1, 'and was done once')

  g.simulator.control.setStatus(one.upstreamId, 'SUSPENDUE')
  const answers = await Promise.all([g.post(at, { comment: '1' }), g.post(at, { comment: '2' })])
  t.same(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
    'two at once: one of them'
  )
  t.equal(completions(), 2)

  g.simulator.control.setStatus(one.upstreamId, 'SUSPENDUE')
  const body = { codeRetour: 20002, libelle: 'GDP_MSG_11.033' }
  g.simulator.control.setFaults([{ operation: 'factures/completer', kind: 'status', status: 200, body }])
  const upstream = await g.post(at, { comment: 'Voici' })
  t.match([upstream.status, upstream.body.code], [409, 'invalid-transition'], 'Chorus Pro knows better')
  t.equal(upstream.body.upstream.returnCode, 20002)
  g.simulator.control.setFaults([{ operation: 'factures/completer', kind: 'drop-before' }])
  t.match((await g.post(at, { comment: 'Voici' })).body, { outcome: 'unknown', retryable: false })
  t.equal((await g.post(at, { comment: 'Voici' })).status, 200, 'it had not been done: the repeat does it')
})

t.test('another validator is named while the first one is wrong', async (t) => {
  const g = await buildGateway(t)
  const one = await sendOne(g)
  const at = `/v1/issued-invoices/${one.upstreamId}/validator`
  const correction = { validator: { siret: '99900050800013' } }
  const early = await g.post(at, correction)
  t.equal(early.status, 409)
  t.match(early.body.detail, 'only `wrong_validator_by_supplier` or `wrong_validator_by_co_contractor` allows it')
  g.simulator.control.setStatus(one.upstreamId, 'ERREUR_FOURNISSEUR_SUR_VALIDEUR')
  t.equal((await g.post(at, {})).status, 400)
  t.equal((await g.post(at, { validator: { siret: '1' } })).status, 422)
  const form = new FormData()
  form.set('validator.siret', '99900050800013')
  t.match((await g.post(at, form)).body, { id: one.upstreamId, outcome: 'sent' })
  const { body } = await g.get(`/v1/issued-invoices/${one.upstreamId}`)
  t.match(body, { status: { code: 'awaiting_validation_1' }, validators: [{ siret: '99900050800013' }] })
  t.equal((await g.get('/v1/issued-invoices?validator=99900050800013')).body.total, 1)
})

t.test('where each account sees its own sellers, they are read one after the other', async (t) => {
  const accounts = [sellerA, sellerB].map((siret, index) => ({
    login: `TECH_${index}@cpro.fr`,
    password: `mot-de-passe-${index}`,
    structures: [siret]
  }))
  const g = await buildGateway(t, {
    simulator: { moreAccounts: accounts },
    configured: true,
    environment: (simulator, folder) => {
      const [path, ca] = [join(folder, 'connections.json'), join(folder, 'ca.pem')]
      writeFileSync(ca, simulator.ca)
      const { clientId, clientSecret, pisteUrl: apiUrl, tokenUrl } = simulator
      const connection = {
        name: 'test',
        environment: 'qualification',
        access: 'piste',
        apiUrl,
        tokenUrl,
        caFile: ca,
        piste: { clientId, clientSecret },
        accounts: accounts.map(({ login, password, structures }, index) => ({
          name: `account${index}`,
          login,
          password,
          sellers: structures
        }))
      }
      writeFileSync(path, JSON.stringify({ connections: [connection] }))
      return { GATEWAY_CONFIG_FILE: path }
    }
  })
  const sent: Sent[] = []
  for (const siret of [sellerA, sellerB, sellerA, sellerB]) sent.push(await sendOne(g, { seller: { siret } }))
  const all = await readAll(t, g, '/v1/issued-invoices', 1)
  t.same(all.items.map(({ number }) => number).toSorted(), sent.map(({ number }) => number).toSorted())
  for (const { upstreamId, number } of sent) {
    t.equal((await g.get(`/v1/issued-invoices/${upstreamId}`)).body.number, number)
    t.equal((await g.get(`/v1/issued-invoices/${upstreamId}/documents/pdf`)).status, 200)
  }
  t.equal((await g.get(`/v1/issued-invoices?seller=${sellerB}`)).body.total, 2)
  const onlyA = await limitedKey(g, 'accountkey1', ['invoices:read'], [sellerA])
  t.equal((await g.get(`/v1/issued-invoices/${sent[1]?.upstreamId}`, onlyA)).status, 404)
  t.same((await g.get('/health/ready')).body.status, 'ready', 'no lane is stopped by what an account may not see')
})

t.test('a download that breaks off is no file, and a large one comes whole', async (t) => {
  const g = await buildGateway(t)
  const invoice = goodInvoice()
  const large = makePdf({ text: 'Facture', size: 3_000_000 })
  const { body } = await g.post('/v1/invoices', formOf(invoice, large))
  const url = `${g.url}/v1/issued-invoices/${body.upstream.invoiceId}/documents/pdf`
  const headers = await auth(g)
  const whole = await fetch(url, { headers })
  t.same(Buffer.from(await whole.arrayBuffer()), large)
  g.simulator.control.setFaults([
    { operation: 'factures/telecharger/groupe', kind: 'cut', at: 2_000_000, framing: 'chunked' }
  ])
  const cut = await fetch(url, { headers })
  t.equal(cut.status, 200, 'it had begun well')
  await t.rejects(cut.arrayBuffer(), 'its end is an error, not a short file')
  g.simulator.control.setFaults([{ operation: 'factures/telecharger/groupe', kind: 'status', status: 413 }])
  const refused = await g.get(`/v1/issued-invoices/${body.upstream.invoiceId}/documents/archive`)
  t.match([refused.status, refused.body.code], [413, 'file-too-large'])
})
