import { createHash, randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { watchStalls } from '../../src/plugins/stalls.ts'
import { apiKey, buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { raw, statusOf } from '../helpers/raw.ts'

const pdf = makePdf()

/** Sends half, waits until the answer must be there, sends the rest, and only then reads. */
function sendSlowly(url: string, headers: Record<string, string>, body: Buffer) {
  const { hostname, port, pathname } = new URL(url)
  const lines = Object.entries({ host: hostname, 'content-length': String(body.length), ...headers })
  return new Promise<{ status: number; whole: boolean }>((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', reject)
    socket.pause()
    socket.write(`POST ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    socket.write(body.subarray(0, body.length / 2))
    setTimeout(() => {
      socket.write(body.subarray(body.length / 2), (error) => {
        socket.resume().once('data', (chunk) => {
          resolve({ status: statusOf(chunk.toString('latin1')), whole: error === undefined || error === null })
          socket.destroy()
        })
      })
    }, 200)
  })
}

async function addKey(g: TestGateway, scopes: string[], sellers: string[] = []) {
  const secret = randomBytes(32).toString('base64url')
  const id = randomBytes(6).toString('hex')
  await g.gateway.parts.store.addKey({
    id,
    name: id,
    digest: createHash('sha256').update(secret).digest('hex'),
    scopes,
    sellers,
    createdAt: new Date().toISOString()
  })
  return { id, authorization: `Bearer cpg_${id}_${secret}` }
}

t.test('who may do what', async (t) => {
  const g = await buildGateway(t)
  const bare = (path: string, init?: RequestInit) => fetch(`${g.url}${path}`, init)
  for (const path of [
    '/v1/invoices',
    '/v1/nothing/here',
    '/v1/invoices/inv_00000000000000000000000000000000',
    '/cpro/x'
  ]) {
    const answer = await bare(path)
    t.equal(answer.status, 401, path)
    t.equal(answer.headers.get('www-authenticate'), 'Bearer')
    t.match(await answer.json(), { code: 'unauthenticated', owner: 'caller' })
  }
  const wrong = [
    `Bearer ${apiKey}x`,
    'Bearer cpg_abcdefghijkl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    `Basic ${apiKey}`,
    'Bearer',
    `bearer ${apiKey} `.repeat(50)
  ]
  for (const authorization of wrong) t.equal((await bare('/v1/invoices', { headers: { authorization } })).status, 401)
  const query = await bare(`/v1/invoices?key=${apiKey}`)
  t.equal(query.status, 401)
  t.notMatch(g.log.join(''), apiKey)
  const twice = await raw(
    g,
    `GET /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\nAuthorization: Bearer no\r\nConnection: close\r\n\r\n`
  )
  t.equal(statusOf(twice), 400)

  const reader = await addKey(g, ['invoices:read'])
  const submit = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { authorization: reader.authorization })
  t.match(submit.body, { status: 403, code: 'insufficient-scope' })
  const first = await addKey(g, ['invoices:submit', 'invoices:read'], ['99900010200015'])
  const other = await g.post('/v1/invoices', formOf(goodInvoice({ seller: { siret: '99900020100015' } }), pdf), {
    authorization: first.authorization
  })
  t.match(other.body, { status: 403, code: 'seller-not-allowed' })
  const mine = await g.post('/v1/invoices', formOf(goodInvoice({ seller: undefined, number: 'SECRET-1' }), pdf), {
    authorization: first.authorization
  })
  t.equal(mine.status, 201, JSON.stringify(mine.body))
  t.equal(mine.body.seller.siret, '99900010200015', 'the only seller of the key')

  const random = await g.get('/v1/invoices/inv_00000000000000000000000000000000')
  for (const path of [mine.body.links.self, mine.body.links.timeline, mine.body.documents[0].href]) {
    const foreign = await g.get(path)
    t.equal(foreign.status, 404)
    if (path === mine.body.links.self) t.same({ ...foreign.body, requestId: '' }, { ...random.body, requestId: '' })
  }
  t.same((await g.get('/v1/invoices')).body.items, [])
  const taken = await g.post('/v1/invoices', formOf(goodInvoice({ number: 'SECRET-1', note: 'x' }), pdf))
  t.equal(taken.status, 409)
  t.notMatch(JSON.stringify(taken.body), new RegExp(`${mine.body.id}|SECRET-1|${first.id}`))
  await g.gateway.parts.store.revokeKey(first.id, new Date().toISOString())
  await new Promise((resolve) => setTimeout(resolve, 2_100))
  t.equal((await g.get('/v1/invoices', { authorization: first.authorization })).status, 401)
})

t.test('JSON that is not what it seems', async (t) => {
  const g = await buildGateway(t)
  const good = goodInvoice()
  const cases: [string, string | object, number, RegExp?][] = [
    ['an unknown member', { ...good, colour: 'red' }, 400, /\/colour/],
    ['an unknown member inside', { ...good, buyer: { siret: '12345678200051', name: 'x' } }, 400, /\/buyer\/name/],
    ['an amount as a number', { ...good, totals: { ...good.totals, payable: 1200 } }, 400, /\/totals\/payable/],
    ['null', { ...good, note: null }, 400, /"\/note".*not null.*Leave the member out/],
    ['a code as a number', { ...good, typeCode: 380 }, 400, /"\/typeCode"/],
    ['a mode that does not exist', { ...good, submissionMode: 'PDF' }, 422, /"\/submissionMode"/],
    ['a regime that does not exist', { ...good, vatRegime: 'x', taxPointDateCode: 7 }, 400, /"\/taxPointDateCode"/],
    ['an empty service code', { ...good, buyer: { ...good.buyer, serviceCode: '' } }, 422, /Leave the member out/],
    ['a bell', { ...good, note: 'a\u0007' }, 422, /control characters/],
    ['no file inside file', { ...good, file: { name: 'a.pdf' } }, 400, /"\/file\/contentBase64"/],
    ['a null file', { ...good, file: null }, 400, /"\/file"/],
    ['a list of files', { ...good, file: [{ contentBase64: 'AAAA' }] }, 400, /"\/file"/],
    ['a file name that is a number', { ...good, file: { name: 1, contentBase64: 'AAAA' } }, 400, /"\/file\/name"/],
    ['a data URL', { ...good, file: { contentBase64: 'data:application/pdf;base64,AAAA' } }, 400, /after the comma/],
    ['base64 of URLs', { ...good, file: { contentBase64: 'AA-_' } }, 400, /standard base64/],
    ['a doubled member', '{"number":"A","number":"B"}', 400, /\/number/],
    ['a prototype', '{"__proto__":{"polluted":true},"number":"A"}', 400, /__proto__/],
    ['a prototype inside', '{"buyer":{"constructor":{"prototype":{}}}}', 400, /constructor/],
    ['depth', `{"note":${'['.repeat(5_000)}`, 400],
    ['a list', [], 400],
    ['nothing', ' ', 400],
    ['half a text', '{"number":"A', 400],
    ['NUL', { ...good, note: 'a\u0000b' }, 400, /"\/note"/],
    ['a lone surrogate', '{"note":"\\ud800"}', 400],
    ['a direction override', { ...good, note: 'a\u202eb' }, 400],
    ['an impossible date', { ...good, issueDate: '2026-02-30' }, 422, /\/issueDate/],
    ['a date with time', { ...good, issueDate: '2026-02-03T00:00:00+14:00' }, 422, /\/issueDate/],
    ['13 digits', { ...good, buyer: { siret: '1234567820005' } }, 422, /\/buyer\/siret/],
    ['full-width digits', { ...good, buyer: { siret: '１２３４５６７８２０００５１' } }, 422, /\/buyer\/siret/],
    ['an exponent', { ...good, totals: { ...good.totals, payable: '1e3' } }, 422, /\/totals\/payable/],
    ['a comma', { ...good, totals: { ...good.totals, payable: '1200,00' } }, 422, /\/totals\/payable/],
    ['totals that do not add up', { ...good, totals: { ...good.totals, tax: '200.01' } }, 422, /totals-inconsistent/],
    ['a number with a blank', { ...good, number: 'FA 1' }, 422, /\/number/],
    ['bad base64', { ...good, file: { name: 'a.pdf', contentBase64: '%%%' } }, 400, /contentBase64/],
    ['an unknown recipient', { ...good, buyer: { siret: '11111111111111' } }, 422, /recipient-unknown/],
    ['a recipient that closed', { ...good, buyer: { siret: '99800003800013' } }, 422, /recipient-inactive/],
    ['a service that is missing', { ...good, buyer: { siret: '12345678200028' } }, 422, /service-code-required/],
    [
      'a service that closed',
      { ...good, buyer: { siret: '99800004600016', serviceCode: 'SERVICE_FERME' } },
      422,
      /service-code-unknown/
    ],
    [
      'a commitment that is missing',
      { ...good, buyer: { siret: '12345678200036' } },
      422,
      /commitment-number-required/
    ],
    ['neither service nor commitment', { ...good, buyer: { siret: '12345678200044' } }, 422, /service-code-required/],
    [
      'a commitment that the service demands',
      { ...good, buyer: { siret: '99800002000011', serviceCode: 'SERVICE_AVEC_EJ' } },
      422,
      /commitment-number-required/
    ],
    ['a seller of somebody else', { ...good, seller: { siret: '11111111111111' } }, 422, /seller-not-registered/],
    [
      'an account that does not exist',
      { ...good, payment: { meansCode: '30', bankAccount: 'NONE' } },
      422,
      /bank-account-unknown/
    ]
  ]
  for (const [name, body, status, text] of cases) {
    const withFile = typeof body === 'object' && !Array.isArray(body) && !('file' in body)
    const answer = await g.post('/v1/invoices', withFile ? formOf(body, pdf) : body)
    t.equal(answer.status, status, `${name}: ${JSON.stringify(answer.body).slice(0, 300)}`)
    if (text !== undefined) t.match(JSON.stringify(answer.body.errors ?? answer.body), text, name)
  }
  t.equal(({} as { polluted?: boolean }).polluted, undefined)
  t.equal(g.simulator.control.ledger().acceptances.length, 0)

  const many = await g.post(
    '/v1/invoices/validate',
    formOf(
      { ...good, number: 'FA 1', buyer: { siret: '12345678200028' }, totals: { ...good.totals, tax: '1.00' } },
      pdf
    )
  )
  t.equal(many.status, 200)
  t.equal(many.body.verdict, 'invalid')
  t.ok(many.body.errors.length >= 3, JSON.stringify(many.body.errors))
  const fine = await g.post('/v1/invoices/validate', formOf(good, pdf))
  t.match(fine.body, {
    verdict: 'valid',
    errors: [],
    plan: { mode: 'pdf', steps: ['factures/deposer/pdf', 'factures/soumettre'], document: { kind: 'pdf' } }
  })
  t.same((await g.get('/v1/invoices')).body.items, [], 'validate keeps nothing')
  t.same(readdirSync(join(g.dataDir, 'documents')), [])
})

t.test('an upload that does not move is blamed on whom it waits for, and leaves nothing', async (t) => {
  const stalled = async (raw: { complete: boolean; readableLength: number }) => {
    const watch = watchStalls({ raw: Object.assign(new EventEmitter(), raw) } as unknown as FastifyRequest, 10)
    const problem = await watch.stalled.catch((error: unknown) => error)
    watch.stop()
    return problem
  }
  t.match(await stalled({ complete: false, readableLength: 65_536 }), { code: 'maintenance' }, 'we do not take it')
  t.match(await stalled({ complete: true, readableLength: 0 }), { code: 'maintenance' }, 'everything has come')

  const g = await buildGateway(t, { environment: { UPLOAD_IDLE_TIMEOUT_MS: '300' } })
  const file = randomBytes(2_000_000)
  const json = Buffer.from(
    JSON.stringify({ ...goodInvoice(), file: { name: 'a.pdf', contentBase64: file.toString('base64') } })
  )
  const form = Buffer.concat([
    Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'),
    file,
    Buffer.from('\r\n--b--\r\n')
  ])
  const cases: [path: string, type: string, body: Buffer][] = [
    ['/v1/invoices', 'application/json', json],
    ['/v1/invoices', 'multipart/form-data; boundary=b', form],
    ['/cpro/factures/v1/soumettre', 'application/json', json]
  ]
  const { hostname, port } = new URL(g.url)
  for (const [path, type, body] of cases) {
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`
    )
    socket.write(body.subarray(0, body.length / 2))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    t.equal(statusOf(answer.toString('latin1')), 400, `${path}, ${type}: the caller sends nothing`)
    t.match(answer.toString(), /stood still/)
    // The rest comes all the same, when nobody wants it any more.
    socket.end(body.subarray(body.length / 2))
    await once(socket.resume(), 'close')
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  t.same(readdirSync(join(g.dataDir, 'tmp')), [])
})

t.test('multipart bodies of every kind of broken', async (t) => {
  const g = await buildGateway(t, { environment: { UPLOAD_IDLE_TIMEOUT_MS: '1000' } })
  const head = (length: number | string, boundary = 'b') =>
    `POST /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`
  const part = (headers: string, body: string | Buffer) =>
    Buffer.concat([Buffer.from(`--b\r\n${headers}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n')])
  const field = part('Content-Disposition: form-data; name="invoice"', JSON.stringify(goodInvoice()))
  const file = part(
    'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf',
    pdf
  )
  const close = Buffer.from('--b--\r\n')
  const whole = Buffer.concat([field, file, close])
  const send = (body: Buffer) => raw(g, Buffer.concat([Buffer.from(head(body.length)), body]))

  t.equal(statusOf(await send(whole)), 201)
  const broken: [string, Buffer, number][] = [
    ['another boundary', Buffer.from(whole.toString('latin1').replaceAll('--b', '--c'), 'latin1'), 400],
    ['no end', whole.subarray(0, whole.length - close.length), 400],
    [
      'an unknown file part',
      Buffer.concat([field, part('Content-Disposition: form-data; name="other"; filename="a"', 'x'), close]),
      400
    ],
    [
      'an unknown field',
      Buffer.concat([part('Content-Disposition: form-data; name="colour"', 'red'), file, close]),
      400
    ],
    [
      'a file as text',
      Buffer.concat([field, part('Content-Disposition: form-data; name="file"', 'facture.pdf'), close]),
      400
    ],
    ['two files', Buffer.concat([field, file, file, close]), 400],
    ['two invoices', Buffer.concat([field, field, file, close]), 400],
    [
      'a prototype field',
      Buffer.concat([part('Content-Disposition: form-data; name="__proto__"', 'red'), file, close]),
      400
    ],
    [
      'an encoded part',
      Buffer.concat([
        field,
        part(
          'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Transfer-Encoding: base64',
          pdf.toString('base64')
        ),
        close
      ]),
      400
    ],
    [
      'an empty file',
      Buffer.concat([field, part('Content-Disposition: form-data; name="file"; filename="a.pdf"', ''), close]),
      422
    ],
    [
      'a ZIP',
      Buffer.concat([
        field,
        part(
          'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf',
          'PK\u0003\u0004xxxxxxxxxxxxxxx'
        ),
        close
      ]),
      422
    ],
    [
      'an encrypted PDF',
      Buffer.concat([
        field,
        part('Content-Disposition: form-data; name="file"; filename="a.pdf"', makePdf({ encrypted: true })),
        close
      ]),
      422
    ],
    ['nothing', Buffer.alloc(0), 400]
  ]
  for (const [name, body, status] of broken) {
    const answer = await send(body)
    t.equal(statusOf(answer), status, `${name}: ${answer.slice(-300)}`)
  }
  t.match(
    await raw(
      g,
      `POST /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`
    ),
    /^HTTP\/1\.1 415/
  )
  for (const name of ['invoice', 'note']) {
    const bytes = Buffer.from('{"note":"\xe9t\xe9"}', 'latin1')
    const body = Buffer.concat([part(`Content-Disposition: form-data; name="${name}"`, bytes), file, close])
    const answer = await send(body)
    t.match(answer, /^HTTP\/1\.1 400[\s\S]*UTF-8/, `${name} in another charset is not taken for something else`)
  }
  const typed = part(
    'Content-Disposition: form-data; name="invoice"\r\nContent-Type: text/plain; charset=ISO-8859-1',
    Buffer.from(JSON.stringify(goodInvoice({ note: 'été' })), 'latin1')
  )
  t.match(await send(Buffer.concat([file, typed, close])), /^HTTP\/1\.1 201[\s\S]*"note":"\xc3\xa9t\xc3\xa9"/)

  let answered = 0
  const cuts = Array.from({ length: whole.length - close.length }, (_, at) => at)
  for (let at = 0; at < cuts.length; at += 50) {
    await Promise.all(
      cuts.slice(at, at + 50).map(async (cut) => {
        // Half of the cuts close the connection, half of them claim to be complete.
        const short =
          cut % 2 === 0
            ? raw(g, Buffer.concat([Buffer.from(head(whole.length)), whole.subarray(0, cut)]), true)
            : send(whole.subarray(0, cut))
        const status = statusOf(await short)
        if (status >= 500 || (status >= 200 && status < 300)) t.fail(`cut at ${cut}: ${status}`)
        if (status > 0) answered++
      })
    )
  }
  t.ok(answered > cuts.length / 3, `${answered} of ${cuts.length} cuts were answered`)
  const stalled = await raw(g, Buffer.concat([Buffer.from(head(whole.length)), whole.subarray(0, 500)]))
  t.equal(statusOf(stalled), 400, 'a stalled upload is dropped')
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.same(readdirSync(join(g.dataDir, 'tmp')), [])
  t.equal(g.gateway.parts.budget.used(), 0, 'no upload holds memory')
  t.equal((await g.get('/health/ready')).status, 200)
})

t.test('XML that is no invoice is never deposited as a PDF, whatever stands in the fields', async (t) => {
  const g = await buildGateway(t)
  const order = Buffer.from('<?xml version="1.0"?><Order xmlns="urn:order"><ID>1</ID></Order>')
  for (const changes of [{}, { submissionMode: 'pdf' }]) {
    const answer = await g.post('/v1/invoices', formOf(goodInvoice(changes), order, 'order.xml'))
    t.match(answer.body, { status: 422, code: 'unsupported-file-type', errors: [{ pointer: '/file' }] })
  }
  t.equal(g.simulator.control.ledger().acceptances.length, 0)
})

t.test('limits are exact and name themselves', async (t) => {
  const g = await buildGateway(t, { environment: { DOCUMENT_MAX_BYTES: '100000' } })
  const sizes: [number, number][] = [
    [99_999, 201],
    [100_000, 201],
    [100_001, 413],
    [500_000, 413]
  ]
  for (const [size, status] of sizes) {
    const file = makePdf({ size })
    t.equal(file.length, size)
    const answer = await g.post('/v1/invoices', formOf(goodInvoice(), file))
    t.equal(answer.status, status, JSON.stringify(answer.body))
    if (status === 413) t.match(answer.body, { code: 'file-too-large' })
    const json = await g.post('/v1/invoices', {
      ...goodInvoice(),
      file: { name: 'a.pdf', contentBase64: file.toString('base64') }
    })
    t.equal(json.status, status, JSON.stringify(json.body))
  }
  t.same(readdirSync(join(g.dataDir, 'tmp')), [])
})

t.test('HTTP as it should not be', async (t) => {
  const g = await buildGateway(t)
  const auth = `Authorization: Bearer ${apiKey}\r\n`
  const lines: [string, number[]][] = [
    ['GET /v1/invoices HTTP/1.1\r\nHost: x\r\nHost: y\r\n', [400]],
    ['DELETE /v1/invoices HTTP/1.1\r\nHost: x\r\n', [405]],
    ['TRACE / HTTP/1.1\r\nHost: x\r\n', [400, 404, 405]],
    ['GET /v1/invoices/%00 HTTP/1.1\r\nHost: x\r\n', [400, 404]],
    ['GET /v1/invoices/..%2f..%2fetc HTTP/1.1\r\nHost: x\r\n', [404]],
    [`GET /v1/invoices/${'a'.repeat(300)} HTTP/1.1\r\nHost: x\r\n`, [404, 414]],
    ['GET /v1/invoices?limit=1000000 HTTP/1.1\r\nHost: x\r\n', [400]],
    ['GET /v1/invoices?cursor=AAAA HTTP/1.1\r\nHost: x\r\n', [400]],
    ['GET /v1/invoices?unknown=1 HTTP/1.1\r\nHost: x\r\n', [400]],
    ['POST /v1/invoices HTTP/1.1\r\nHost: x\r\nContent-Type: text/json\r\nContent-Length: 2\r\n', [415]],
    [
      'POST /v1/invoices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n',
      [415]
    ],
    ['POST /v1/invoices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n', [413]]
  ]
  for (const [line, expected] of lines) {
    const answer = await raw(g, `${line}${auth}Connection: close\r\n\r\n${line.includes('Length') ? '{}' : ''}`)
    t.ok(expected.includes(statusOf(answer)), `${line.slice(0, 60)}: ${answer.slice(0, 400)}`)
  }
  const json = { 'content-type': 'application/json' }
  for (const [method, path, allow] of [
    ['OPTIONS', '/v1/invoices', 'POST, GET, HEAD'],
    ['DELETE', '/v1/account', 'GET, HEAD'],
    ['PUT', '/v1/nothing', null]
  ] as const) {
    const refused = await fetch(g.url + path, { method, headers: { authorization: `Bearer ${apiKey}`, ...json } })
    t.equal(refused.status, allow === null ? 404 : 405, `${method} ${path} without a body`)
    t.equal(refused.headers.get('allow'), allow)
  }
  for (const path of [
    '/v1/account',
    '/v1/code-lists',
    `/v1/invoices/inv_${'0'.repeat(32)}`,
    '/v1/validations/statuses'
  ]) {
    const refused = await g.get(`${path}?colour=red`)
    t.match(refused.body, { status: 400, errors: [{ pointer: '/colour' }] }, path)
  }
  t.match((await g.post('/v1/invoices?colour=red', formOf(goodInvoice(), pdf))).body, { status: 400 })
  t.match((await g.post('/v1/invoices/', formOf(goodInvoice(), pdf))).status, 201, 'a slash at the end is none')
  t.match((await g.get('/v1/invoices/')).body, { items: [{}] })
  t.match((await g.post('/v1/invoices', 'abc', { 'content-type': 'text/plain' })).status, 415)
  t.match(
    (await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: `${'x'.repeat(200)}, wait=9` })).status,
    201
  )
  const emptyPost = await g.post(`/v1/invoices/inv_${'0'.repeat(32)}/cancel`, '')
  t.equal(emptyPost.status, 404, 'an empty body is none')
  for (const [query, pointer] of [
    ['issueDateFrom=2026-02-30', '/issueDateFrom'],
    ['status=suspendd', '/status']
  ] as const)
    t.match((await g.get(`/v1/invoices?${query}`)).body, { status: 400, errors: [{ pointer }] })
  for (const list of ['/v1/invoices', '/v1/account/attachments']) {
    const { nextCursor } = (await g.get(`${list}?limit=1`)).body
    t.equal((await g.get(`${list}?limit=1&cursor=${nextCursor}`)).status, 200, list)
    const place = JSON.parse(Buffer.from(nextCursor, 'base64url').toString())
    for (const at of [1, 2]) {
      const forged = Buffer.from(JSON.stringify(place.with(at, 1_000_000))).toString('base64url')
      const answer = await g.get(`${list}?limit=1&cursor=${forged}`)
      t.match(answer.body, { status: 400, errors: [{ pointer: '/cursor' }] }, `${list}: a place that nobody was given`)
    }
  }
  const key = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { 'idempotency-key': 'k'.repeat(256) })
  t.match(key.body, {
    status: 400,
    errors: [{ pointer: '/idempotency-key', message: /255 characters/, messageFr: /255 caractères/, fix: /repeat/ }]
  })

  const answer = await fetch(`${g.url}/v1/invoices`, { headers: { authorization: `Bearer ${apiKey}` } })
  t.match(Object.fromEntries(answer.headers), { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  t.equal(answer.headers.get('access-control-allow-origin'), null)
})

t.test('a client that reads no answer before it has sent all still gets it', async (t) => {
  const g = await buildGateway(t)
  const body = Buffer.alloc(9_000_000, 'x')
  const type = { 'content-type': 'application/pdf' }
  for (const [headers, path, status] of [
    [{ ...type, authorization: 'Bearer wrong' }, '/v1/invoices', 401],
    [{ ...type, authorization: `Bearer ${apiKey}` }, '/v1/invoices', 415],
    [{ ...type, authorization: `Bearer ${apiKey}` }, '/v1/nothing', 404]
  ] as const) {
    const outcome = await sendSlowly(g.url + path, headers, body)
    t.strictSame(outcome, { status, whole: true }, `${path}: ${status}`)
  }
})

t.test('no secret shows anywhere', async (t) => {
  const marker = () => `MARK${randomBytes(12).toString('hex')}`
  const secrets = { login: `TECH_${marker()}@cpro.fr`, password: marker(), clientSecret: marker() }
  const adminToken = marker()
  const g = await buildGateway(t, {
    simulator: { ...secrets },
    environment: {
      CHORUS_PRO_ACCESS: 'piste',
      CHORUS_PRO_TRACE: 'on',
      CHORUS_PRO_PASSWORD: secrets.password,
      CHORUS_PRO_API_URL: 'https://unused.invalid/cpro',
      CHORUS_PRO_TOKEN_URL: 'https://unused.invalid/token',
      PISTE_CLIENT_ID: 'id',
      PISTE_CLIENT_SECRET: secrets.clientSecret,
      CHORUS_PRO_LOGIN: secrets.login,
      ADMIN_TOKEN: adminToken
    }
  })
  const seen: string[] = []
  const note = (answer: { body: unknown }) => seen.push(JSON.stringify(answer.body))
  note(await g.post('/v1/invoices', formOf(goodInvoice(), pdf)))
  for (const kind of ['drop-answer', 'unauthorized', 'forbidden', 'html', 'maintenance', 'expired-password'] as const) {
    g.simulator.control.setFaults([{ operation: '.*', kind, times: 2 }])
    const answer = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'wait=1' })
    note(answer)
    if (answer.body.id) note(await g.get(`/v1/invoices/${answer.body.id}/timeline`))
    note(await g.get('/v1/directory/organizations/12345678200028'))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const base = Buffer.from(`${secrets.login}:${secrets.password}`).toString('base64')
  const forms = [
    secrets.password,
    secrets.clientSecret,
    base,
    Buffer.from(secrets.password).toString('base64').replace(/=+$/, ''),
    encodeURIComponent(secrets.login + secrets.password),
    adminToken,
    apiKey
  ]
  const metrics = await (await fetch(`${g.adminUrl}/metrics`)).text()
  const status = await (await fetch(`${g.adminUrl}/status`)).text()
  const ledger =
    readFileSync(join(g.dataDir, 'ledger.db')).toString('latin1') +
    readFileSync(join(g.dataDir, 'ledger.db-wal')).toString('latin1')
  const wrong = await fetch(`${g.adminUrl}/admin/keys`, { headers: { authorization: `Bearer ${adminToken.slice(1)}` } })
  t.equal(wrong.status, 401)
  const { store } = g.gateway.parts
  for (const end = Date.now() + 5_000; Date.now() < end; ) {
    if ((await store.listAudit({ kind: 'refused' }, { limit: 1 })).length > 0) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const audit = JSON.stringify(await store.listAudit({}, { limit: 1_000 }))
  const places = { log: g.log.join(''), answers: seen.join(''), metrics, status, ledger, audit }
  for (const [place, text] of Object.entries(places)) {
    for (const form of forms) {
      for (let at = 0; at + 12 <= form.length; at += 6) {
        if (text.includes(form.slice(at, at + 12))) t.fail(`${place} shows a piece of a secret`)
      }
    }
    t.ok(text.length > 100, `${place} was looked at`)
  }
  t.ok(
    g.log.some((line) => line.includes('soumettre')),
    'the trace was on'
  )
  for (const line of g.log) JSON.parse(line)
})
