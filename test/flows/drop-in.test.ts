import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { makeKey } from '../../src/callers/api-key.ts'
import { apiKey, buildGateway, type TestGateway, type TestGatewayOptions } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

// A client written for Chorus Pro changes its host and drops its certificate, nothing else.

interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

interface Fake {
  gateway: TestGateway
  seen: Seen[]
  /** How the next requests are answered, by operation. */
  answer: (script: (response: ServerResponse, seen: Seen) => unknown) => void
}

/** A Chorus Pro of a few lines, for answers that the simulator would not give. */
async function withFake(t: Test, options: TestGatewayOptions = {}): Promise<Fake> {
  const seen: Seen[] = []
  let script: (response: ServerResponse, seen: Seen) => unknown = (response) => response.end('{"codeRetour":0}')
  const server = createServer((request, response) => {
    response.on('error', () => {})
    void buffer(request).then(
      (body) => {
        const { method = '', url = '', headers } = request
        if (url === '/token') {
          return response
            .writeHead(200, { 'content-type': 'application/json' })
            .end('{"access_token":"upstream-token","token_type":"Bearer","expires_in":3600}')
        }
        const one = { method, url, headers, body }
        seen.push(one)
        script(response, one)
      },
      () => {}
    )
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const piste = typeof options.environment === 'object' && options.environment['CHORUS_PRO_ACCESS'] === 'piste'
  const gateway = await buildGateway(t, {
    ...options,
    upstream: () => ({
      apiUrl: piste ? `${origin}/cpro` : `${origin}/service-qualif`,
      tokenUrl: `${origin}/token`,
      login: 'TECH_FAKE@cpro.fr',
      password: 'fake-password'
    })
  })
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    gateway,
    seen,
    answer: (next) => {
      script = next
    }
  }
}

const bearer = { authorization: `Bearer ${apiKey}` }
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
const json = { 'content-type': 'application/json;charset=utf-8' }

interface Raw {
  status: number
  headers: Headers
  bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it freely
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it freely
  json: () => any
}

/** As a plain client sends it; bytes in, bytes out. */
async function call(
  url: string,
  body?: string | Buffer,
  headers: Record<string, string> = bearer,
  method = 'POST'
): Promise<Raw> {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { ...json, ...headers },
    ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
    redirect: 'manual'
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, bytes, json: () => JSON.parse(bytes.toString()) }
}

async function keyWith(
  gateway: TestGateway,
  facts: { sellers?: string[]; operations?: string[]; scopes?: string[] } = {}
): Promise<string> {
  const { token, key } = makeKey({ name: 'drop-in', scopes: ['chorus:raw'], sellers: [], ...facts, now: new Date() })
  await gateway.gateway.parts.store.addKey(key)
  return token
}

/** A client of the certificate mode, and one of PISTE, as they were written for the platform. */
const clients = {
  certificate: (url: string, key: string) => {
    const headers = { ...json, ...basic(`TECH_1_99900010200015@cpro.fr:${key}`) }
    return (operation: string, body: unknown) =>
      call(`${url}/service-qualif/${operation}`, JSON.stringify(body), headers)
  },
  piste: (url: string, key: string) => async (operation: string, body: unknown) => {
    const form = { grant_type: 'client_credentials', client_id: 'any', client_secret: key, scope: 'openid' }
    const token = await fetch(`${url}/api/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
    const { access_token } = (await token.json()) as { access_token: string }
    const [domain, ...rest] = operation.split('/')
    return call(`${url}/cpro/${domain}/v1/${rest.join('/')}`, JSON.stringify(body), {
      authorization: `Bearer ${access_token}`,
      'cpro-account': Buffer.from('TECH_OF_THE_CLIENT:whatever').toString('base64')
    })
  }
}

for (const access of ['piste', 'certificate'] as const) {
  for (const style of ['piste', 'certificate'] as const) {
    t.test(`a client of the mode ${style} works over a connection of the mode ${access}`, async (t) => {
      const gateway = await buildGateway(t, { environment: { CHORUS_PRO_ACCESS: access } })
      const send = clients[style](gateway.url, await keyWith(gateway))
      const pdf = makePdf()
      const found = await send('structures/rechercher', { structure: { identifiantStructure: '99900010200015' } })
      t.equal(found.status, 200)
      const seller = found.json().listeStructures[0].idStructureCPP
      const deposit = await send('factures/deposer/pdf', {
        fichierFacture: pdf.toString('base64'),
        nomFichier: 'facture.pdf',
        formatDepot: 'PDF_NON_SIGNE'
      })
      t.match(deposit.json(), { codeRetour: 0 })
      const order = {
        modeDepot: 'DEPOT_PDF_API',
        numeroFactureSaisi: `D-${access.slice(0, 5)}-${style.slice(0, 5)}`,
        dateFacture: '2026-09-01',
        destinataire: { codeDestinataire: '12345678200051' },
        fournisseur: { idFournisseur: seller },
        cadreDeFacturation: { codeCadreFacturation: 'A1_FACTURE_FOURNISSEUR' },
        references: {
          deviseFacture: 'EUR',
          typeFacture: 'FACTURE',
          typeTva: 'TVA_SUR_DEBIT',
          modePaiement: 'VIREMENT'
        },
        montantTotal: { montantHtTotal: 100, montantTVA: 20, montantTtcTotal: 120, montantAPayer: 120 },
        pieceJointePrincipale: [
          { pieceJointePrincipaleDesignation: 'facture.pdf', pieceJointePrincipaleId: deposit.json().pieceJointeId }
        ]
      }
      const submitted = await send('factures/soumettre', order)
      t.match(submitted.json(), { codeRetour: 0, numeroFacture: order.numeroFactureSaisi })
      t.equal(submitted.headers.get('chorus-outcome'), 'sent')
      const again = await send('factures/soumettre', order)
      t.match([again.status, again.json()], [409, { code: 'repeat-refused', outcome: 'sent', codeRetour: 409 }])
      t.match(again.json().detail, submitted.json().numeroFacture, 'the answer to the first is told')
      const search = await send('factures/rechercher/fournisseur', {
        rechercheFactureParFournisseur: { numeroFacture: order.numeroFactureSaisi }
      })
      t.equal(search.json().parametresRetour.total, 1, 'it is there once')
      const file = await send('factures/telecharger/groupe', {
        listeFacture: [{ idFacture: submitted.json().identifiantFactureCPP }],
        format: 'PDF',
        idEspace: 1
      })
      t.ok(pdf.equals(Buffer.from(file.json().fichierResultat, 'base64')), 'the file comes back as it was')
      const missing = await send('factures/consulter/fournisseur', { identifiantFactureCPP: 1 })
      t.not(missing.json().codeRetour, 0, 'a refusal is Chorus Pro’s own')
      t.equal(missing.json().code, undefined)
      const account = Buffer.from(`${gateway.simulator.login}:${gateway.simulator.password}`).toString('base64')
      t.notOk(gateway.log.join('\n').includes(account))
    })
  }
}

t.test('programs in other languages change their address and nothing else', async (t) => {
  const gateway = await buildGateway(t, { environment: { CHORUS_PRO_ACCESS: 'piste' } })
  const key = await keyWith(gateway)
  const pdf = join(gateway.dataDir, 'facture.pdf')
  writeFileSync(pdf, makePdf())
  const programs = join(import.meta.dirname, '../helpers/programs')
  const run = promisify(execFile)
  const cases: [string, string[], Record<string, string>][] = [
    [
      'python3',
      [join(programs, 'supplier.py'), pdf, 'D-python'],
      {
        CHORUS_API: `${gateway.url}/cpro`,
        CHORUS_TOKEN: `${gateway.url}/api/oauth/token`,
        CLIENT_ID: '0',
        CLIENT_SECRET: key
      }
    ],
    [
      'java',
      [join(programs, 'Supplier.java'), pdf, 'D-java'],
      {
        CHORUS_API: `${gateway.url}/service-qualif`,
        CHORUS_LOGIN: 'TECH_1_99900010200015@cpro.fr',
        CHORUS_PASSWORD: key
      }
    ]
  ]
  for (const [program, args, settings] of cases) {
    const there = await run(program, [program === 'java' ? '-version' : '--version']).catch(() => undefined)
    if (there === undefined) {
      t.comment(`there is no ${program} on this machine: its program was not run`)
      continue
    }
    const { stdout } = await run(program, args, { env: { PATH: process.env['PATH'], ...settings } })
    t.same(JSON.parse(stdout), { number: args[2], status: 'DEPOSEE', same: true }, program)
  }
})

t.test('both ways, every byte passes; only the credentials are ours', async (t) => {
  const { gateway, seen, answer } = await withFake(t)
  const key = await keyWith(gateway)
  const odd = Buffer.from(
    '{ "idFacture" : 90071992547409931 ,"date":"2026-09-01","autre":"01/09/2026 10:00","un":{"seul":1}, "é":"\\u00e9\\/" }\n'
  )
  answer((response) =>
    response
      .writeHead(200, {
        'content-type': 'application/json;charset=UTF-8',
        'x-correlationid': 'Id-0123456789abcdef01234567 0',
        'set-cookie': 'session=theirs',
        server: 'theirs'
      })
      .end(odd)
  )
  const got = await call(`${gateway.url}/service-qualif/factures/consulter/historique?a=1&b=%20x`, odd, {
    ...basic(`TECH:${key}`),
    'cpro-account': 'b3RoZXI6b3RoZXI=',
    cookie: 'ours=1',
    'content-encoding': 'x-odd',
    accept: 'application/json'
  })
  t.equal(got.status, 200)
  t.ok(odd.equals(got.bytes))
  t.equal(got.headers.get('content-type'), 'application/json;charset=UTF-8')
  t.equal(got.headers.get('x-correlationid'), 'Id-0123456789abcdef01234567 0')
  t.equal(got.headers.get('set-cookie'), null)
  t.equal(got.headers.get('server'), null)
  const [one] = seen
  t.ok(odd.equals(one?.body ?? Buffer.alloc(0)))
  t.equal(one?.url, '/service-qualif/factures/consulter/historique?a=1&b=%20x')
  t.equal(one?.headers.authorization, basic('TECH_FAKE@cpro.fr:fake-password').authorization)
  t.match(one?.headers, { 'accept-encoding': 'identity', 'content-encoding': 'x-odd', accept: 'application/json' })
  for (const name of ['cpro-account', 'cookie']) t.notOk(name in (one?.headers ?? {}), `${name} is not passed on`)

  await t.test('statuses and bodies of all kinds', async (t) => {
    const bodies: [number, string, string][] = [
      [400, '{"codeRetour":20001,"libelle":"GDP_MSG_11.005"}', 'application/json'],
      [404, '', 'text/plain'],
      [413, '', 'text/plain'],
      [415, 'no', 'text/plain'],
      [429, '{}', 'application/json'],
      [500, '<html>é</html>', 'text/html; charset=iso-8859-1'],
      [503, '<html>maintenance</html>', 'text/html'],
      [200, '{"codeRetour":20000,"libelle":"TRA_MSG_00.015"}', 'application/json']
    ]
    for (const [status, body, type] of bodies) {
      answer((response) => response.writeHead(status, { 'content-type': type, 'retry-after': '7' }).end(body))
      const got = await call(`${gateway.url}/service/factures/consulter/historique`, '{}')
      t.same([got.status, got.bytes.toString()], [status, body])
      t.equal(got.headers.get('content-type'), type)
      t.equal(got.headers.get('retry-after'), '7')
      const once = await call(`${gateway.url}/service/factures/traiter/recue`, `{"n":"${status}"}`)
      t.same([once.status, once.bytes.toString()], [status, body], 'and where the answer is judged first')
    }
  })
  await t.test('other methods, empty bodies, queries', async (t) => {
    answer((response) => response.writeHead(200).end('[]'))
    const id = '0f9a3c1e-0000-4000-8000-000000000000'
    const url = `${gateway.url}/cpro/organisations/v1/structures/${id}`
    t.equal((await call(url, undefined, bearer, 'GET')).status, 200)
    t.equal((await call(`${url}/parametres-edi`, '{}', bearer, 'PATCH')).headers.get('chorus-outcome'), 'sent')
    t.equal((await call(`${gateway.url}/cpro/transverses/v1/recuperer/devises`)).status, 200, 'POST without a body')
    t.same(
      seen.slice(-3).map(({ method, url, body }) => [method, url, body.length]),
      [
        ['GET', `/service-qualif/organisations/structures/${id}`, 0],
        ['PATCH', `/service-qualif/organisations/structures/${id}/parametres-edi`, 2],
        ['POST', '/service-qualif/transverses/recuperer/devises', 0]
      ]
    )
  })
})

t.test('an address is translated to the style of the connection, and none leads elsewhere', async (t) => {
  const { gateway, seen } = await withFake(t, { environment: { CHORUS_PRO_ACCESS: 'piste' } })
  const pairs: [string, string][] = [
    ['/service/factures/soumettre', '/cpro/factures/v1/soumettre'],
    ['/service/factures/travaux/rechercher', '/cpro/facturesTravaux/v1/rechercher'],
    ['/service/factures//rechercher/recipiendaire', '/cpro/factures/v1/rechercher/recipiendaire'],
    ['/service-qualif/transverses/consulterCRDetaille', '/cpro/transverses/v1/consulterCRDetaille'],
    ['/cpro/facturesTravaux/v1/rechercher', '/cpro/facturesTravaux/v1/rechercher'],
    ['/cpro/factures/v2/rechercher/fournisseur', '/cpro/factures/v2/rechercher/fournisseur'],
    ['/cpro/nouveau/v1/operation/inconnue', '/cpro/nouveau/v1/operation/inconnue']
  ]
  for (const [from, to] of pairs) {
    t.equal((await call(gateway.url + from, '{}')).status, 200, from)
    t.equal(seen.at(-1)?.url, to)
  }
  t.match(seen.at(-1)?.headers, { authorization: 'Bearer upstream-token' })
  t.ok(seen.at(-1)?.headers['cpro-account'])
  // As it stands, without fetch's own tidying.
  const post = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(gateway.url)
      const sent = httpRequest({ port, path, method: 'POST', headers: bearer }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject).end('{}')
    })
  t.equal(await post('/service/structures/rechercher'), 200)
  t.match(seen.at(-1)?.headers, { 'content-type': /^application\/json/ }, 'a type that was left out is named')
  const before = seen.length
  for (const path of [
    '/cpro/factures/v1/..%2f..%2fapi/oauth/token',
    '/cpro/factures/v1/%2e%2e/x',
    '/cpro//v1/x',
    '/cpro/factures/x',
    '/service/factures'
  ]) {
    const { status, ...refused } = await call(gateway.url + path, '{}')
    t.match([status, refused.json()], [404, { code: 'not-found', codeRetour: 404 }], path)
  }
  t.equal(await post('/cpro/factures/v1/../../../x'), 404)
  t.equal(seen.length, before, 'nothing was sent')
})

t.test('who may call what', async (t) => {
  const { gateway, seen } = await withFake(t)
  const ask = async (key: string, path: string) => {
    const got = await call(`${gateway.url}/service/${path}`, '{}', { authorization: `Bearer ${key}` })
    return got.status === 200 ? 200 : `${got.status} ${got.json().code}`
  }
  const limited = await keyWith(gateway, { operations: ['factures/rechercher/fournisseur', 'structures/*'] })
  t.equal(await ask(limited, 'factures/rechercher/fournisseur'), 200)
  t.equal(await ask(limited, 'structures/rechercher'), 200)
  t.equal(await ask(limited, 'factures/soumettre'), '403 insufficient-scope')
  const seller = { sellers: ['99900010200015'] }
  const held = await keyWith(gateway, seller)
  for (const path of ['structures/rechercher', 'factures/rechercher/fournisseur', 'factures/soumettre'])
    t.equal(await ask(held, path), '403 seller-not-allowed', path)
  const listed = await keyWith(gateway, { ...seller, operations: ['*'] })
  t.equal(await ask(listed, 'structures/rechercher'), 200, 'it shows no invoice')
  t.equal(await ask(listed, 'transverses/recuperer/tauxtva'), 200)
  for (const path of [
    'factures/telecharger/groupe',
    'factures/travaux/rechercher',
    'transverses/telecharger/pieceJointe',
    'transverses/consulterCRDetaille',
    'transverses/ajouter/fichier',
    'nouveau/rechercher'
  ])
    t.equal(await ask(listed, path), '403 seller-not-allowed', path)
  t.equal(
    await ask(await keyWith(gateway, { scopes: ['invoices:read'] }), 'structures/rechercher'),
    '403 insufficient-scope'
  )
  t.equal(await ask('cpg_0123456789abcd_wrongwrongwrongwrongwrong', 'structures/rechercher'), '401 unauthenticated')
  const challenge = await call(`${gateway.url}/service/factures/soumettre`, '{}', {})
  t.match(challenge.headers.get('www-authenticate'), /^Basic /, 'a client that waits to be asked is asked')
  t.equal(seen.length, 4)
  t.match(
    (await call(`${gateway.url}/service/factures/soumettre`, '{}')).headers.get('link'),
    /^<\/v1\/invoices>; rel="alternate"$/
  )
})

t.test('the token endpoint gives a key back, and nothing to anybody else', async (t) => {
  const gateway = await buildGateway(t)
  const key = await keyWith(gateway)
  const ask = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${gateway.url}/api/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers
    })
    return { status: response.status, body: (await response.json()) as object }
  }
  const good = { status: 200, body: { access_token: key, token_type: 'Bearer', expires_in: 3600, scope: 'openid' } }
  const grant = { grant_type: 'client_credentials', scope: 'openid' }
  t.same(await ask({ ...grant, client_id: 'x', client_secret: key }), good)
  t.same(await ask(grant, basic(`x:${key}`)), good)
  t.same(await ask({ ...grant, client_id: 'x', client_secret: `${key}x` }), {
    status: 400,
    body: { error: 'invalid_client' }
  })
  t.same(await ask(grant), { status: 400, body: { error: 'invalid_client' } })
  t.same(await ask({ grant_type: 'password', client_secret: key }), {
    status: 400,
    body: { error: 'unsupported_grant_type' }
  })
})

t.test('what is about our credentials is not the caller’s business', async (t) => {
  const { gateway, seen, answer } = await withFake(t)
  const cases: [number, string, number, string][] = [
    [401, '{"codeRetour":401,"libelle":"compte"}', 503, 'technical-account-rejected'],
    [403, '{}', 503, 'technical-account-rejected'],
    [302, '', 502, 'upstream-protocol-error'],
    [400, '<html>400 No required SSL certificate was sent</html>', 503, 'client-certificate-rejected']
  ]
  for (const [status, body, ours, code] of cases) {
    answer((response) =>
      response.writeHead(status, { 'www-authenticate': 'Basic realm="x"', location: 'http://elsewhere/' }).end(body)
    )
    const got = await call(`${gateway.url}/service/factures/consulter/historique`, '{}')
    t.match([got.status, got.json()], [ours, { code, codeRetour: ours }], `${status}`)
    t.equal(got.headers.get('www-authenticate'), null)
    t.equal(got.headers.get('location'), null)
    await gateway.restart()
  }
  t.equal(seen.length, cases.length)
})

t.test('a token that ran out is renewed, and the body sent once more', async (t) => {
  const { gateway, seen, answer } = await withFake(t, { environment: { CHORUS_PRO_ACCESS: 'piste' } })
  answer((response) => {
    if (seen.length > 1) return response.end('{"codeRetour":0}')
    return response.writeHead(401, { 'www-authenticate': 'Bearer realm="PISTE"' }).end()
  })
  const got = await call(`${gateway.url}/cpro/factures/v1/soumettre`, '{"numeroFactureSaisi":"1"}')
  t.equal(got.status, 200)
  t.same(
    seen.map(({ body }) => body.toString()),
    ['{"numeroFactureSaisi":"1"}', '{"numeroFactureSaisi":"1"}']
  )
})

t.test('nothing is sent twice by mistake', async (t) => {
  const { gateway, seen, answer } = await withFake(t)
  const url = `${gateway.url}/service/factures/soumettre`
  const submit = (body: string, headers: Record<string, string> = {}) => call(url, body, { ...bearer, ...headers })
  const done = '{"codeRetour":0,"libelle":"ok","identifiantFactureCPP":90071992547409931}'
  answer((response) => response.end(done))

  await t.test('after a success: refused, with what it was answered', async (t) => {
    t.equal((await submit('{"n":1}')).status, 200)
    const again = await submit('{"n":1}')
    t.match([again.status, again.json()], [409, { code: 'repeat-refused', outcome: 'sent', retryable: false }])
    t.match(again.json().detail, '90071992547409931')
    t.match(again.json().upstream, { service: 'factures/soumettre', httpStatus: 200, returnCode: 0 })
    t.equal((await submit('{"n":2}')).status, 200, 'another body is another call')
    const other = { authorization: `Bearer ${await keyWith(gateway)}` }
    t.equal((await submit('{"n":1}', other)).status, 200, 'another caller is another call')
    t.equal((await submit('{"n":1}', { 'chorus-repeat': 'intended' })).status, 200, 'unless it is meant')
    t.equal(seen.length, 4)
  })
  await t.test('with a key of the caller’s own: the same answer again', async (t) => {
    const key = { 'idempotency-key': 'order-1' }
    const before = seen.length
    t.equal((await submit('{"n":3}', key)).bytes.toString(), done)
    const again = await submit('{"n":3}', key)
    t.same([again.status, again.bytes.toString()], [200, done])
    t.equal(again.headers.get('idempotency-replayed'), 'true')
    t.match([(await submit('{"n":4}', key)).json()], [{ code: 'idempotency-key-reused' }])
    t.equal((await submit('{"n":3}', { 'idempotency-key': 'order-2' })).status, 200, 'another key is another order')
    t.match((await submit('{"n":3}', { 'idempotency-key': 'é'.repeat(3) })).status, 400)
    t.equal(seen.length, before + 2)
  })
  await t.test('after a refusal, or an answer that proves that nothing happened: it may be sent again', async (t) => {
    const before = seen.length
    answer((response) => response.writeHead(400).end('{"codeRetour":20001,"libelle":"GDP_MSG_11.001"}'))
    t.equal((await submit('{"n":5}')).headers.get('chorus-outcome'), 'not_sent')
    answer((response) => response.writeHead(429).end())
    t.equal((await submit('{"n":5}')).status, 429)
    answer((response) => response.end(done))
    t.equal((await submit('{"n":5}')).status, 200)
    t.equal(seen.length, before + 3)
  })
  await t.test('when the answer is lost: said as unknown, and refused until somebody looked', async (t) => {
    answer((response) => response.destroy())
    const lost = await submit('{"n":6}')
    t.match([lost.status, lost.json()], [503, { outcome: 'unknown', retryable: false }])
    answer((response) => response.end(done))
    const again = await submit('{"n":6}')
    t.match([again.status, again.json()], [409, { code: 'repeat-refused', outcome: 'unknown' }])
    t.match(again.json().detail, /rechercher\/fournisseur.*Chorus-Repeat: intended/)
    const keyed = { 'idempotency-key': 'order-6' }
    answer((response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'))
    const page = await submit('{"n":6}', keyed)
    t.same([page.status, page.bytes.toString(), page.headers.get('chorus-outcome')], [502, '<html>', 'unknown'])
    t.match((await submit('{"n":6}', keyed)).json(), { code: 'repeat-refused', outcome: 'unknown' })
    answer((response) => response.end(done))
    t.equal((await submit('{"n":6}', { ...keyed, 'chorus-repeat': 'intended' })).status, 200)
  })
  await t.test('while the first is under way, even if its caller has gone', async (t) => {
    const held = Promise.withResolvers<void>()
    answer(async (response) => {
      await held.promise
      response.end(done)
    })
    const leaving = new AbortController()
    const first = fetch(url, {
      method: 'POST',
      headers: { ...json, ...bearer },
      body: '{"n":7}',
      signal: leaving.signal
    })
    first.catch(() => {})
    while (seen.at(-1)?.body.toString() !== '{"n":7}') await sleep(5)
    t.match((await submit('{"n":7}')).json(), { code: 'request-in-progress', retryable: true })
    leaving.abort()
    await sleep(20)
    held.resolve()
    await sleep(100)
    t.match((await submit('{"n":7}')).json(), { code: 'repeat-refused', outcome: 'sent' }, 'its end was noted')
  })
  await t.test('it is on disk before it leaves, and known after a restart', async (t) => {
    answer((response) => response.end(done))
    t.equal((await submit('{"n":8}')).status, 200)
    await gateway.restart()
    t.match((await call(`${gateway.url}/service/factures/soumettre`, '{"n":8}')).json(), { code: 'repeat-refused' })
    const { store } = gateway.gateway.parts
    const facts = { fingerprint: 'f', caller: 'c', operation: 'o', digest: 'd' }
    const rule = { runsForMs: 0, horizonMs: 1000, keyed: false, intended: false }
    t.same(await store.beginRawCall(facts, rule), { started: 1 })
    await sleep(2)
    t.match(
      await store.beginRawCall(facts, rule),
      { earlier: { running: false } },
      'a process that died leaves a doubt'
    )
  })
  await t.test('reads, uploads and what asks under a new name are free', async (t) => {
    answer((response) => response.end(done))
    for (const path of ['factures/rechercher/fournisseur', 'transverses/ajouter/fichier', 'nouveau/rechercher/tout']) {
      for (const _ of [1, 2]) t.equal((await call(`${gateway.url}/service/${path}`, '{}')).status, 200, path)
    }
    t.equal((await call(`${gateway.url}/service/nouveau/inventer`, '{}')).status, 200)
    t.equal((await call(`${gateway.url}/service/nouveau/inventer`, '{}')).status, 409, 'in doubt it changes something')
  })
})

t.test('two hundred megabytes pass in little memory, at the pace of their reader', async (t) => {
  const { gateway, answer } = await withFake(t)
  const piece = Buffer.from(randomBytes(192 * 1024).toString('base64'))
  const pieces = 800
  let written = 0
  answer((response) => {
    response.write('{"codeRetour":0,"fichierResultat":"')
    const more = () => {
      while (written < pieces) {
        written += 1
        if (!response.write(piece)) return void response.once('drain', more)
      }
      response.end('"}')
    }
    more()
  })
  const response = await fetch(`${gateway.url}/service/factures/telecharger/groupe`, {
    method: 'POST',
    headers: { ...json, ...bearer },
    body: '{}'
  })
  await sleep(300)
  t.ok(written < pieces / 3, `${written} of ${pieces} pieces were sent while nobody read`)
  const before = process.memoryUsage.rss()
  let most = 0
  let size = 0
  const hash = createHash('sha256')
  for await (const chunk of response.body ?? []) {
    hash.update(chunk)
    size += chunk.length
    most = Math.max(most, process.memoryUsage.rss() - before)
  }
  const expected = createHash('sha256').update('{"codeRetour":0,"fichierResultat":"')
  for (let at = 0; at < pieces; at += 1) expected.update(piece)
  t.equal(size, pieces * piece.length + 37)
  t.equal(hash.digest('hex'), expected.update('"}').digest('hex'))
  // Sender, gateway and reader are one process here, and the collector takes its time: less than the body is what counts.
  t.ok(most < 0.8 * size, `${Math.round(most / 1024 / 1024)} MiB more at most`)
})

t.test('a large body comes through, announced or not; one beyond the limits does not', async (t) => {
  const { gateway, seen, answer } = await withFake(t, { environment: { CHORUS_PRO_TRACE: 'on' } })
  const url = `${gateway.url}/service/transverses/ajouter/fichier`
  answer((response) => response.end('{"codeRetour":0}'))
  const large = Buffer.from(`{"pieceJointeFichier":"${randomBytes(12_000_000).toString('base64')}"}`)
  t.equal((await call(url, large)).status, 200)
  const traced = () => gateway.log.filter((line) => line.includes('upstream exchange')).join('\n')
  for (let tries = 0; traced() === '' && tries < 100; tries += 1) await sleep(10)
  const trace = traced()
  t.match(trace, '/service-qualif/transverses/ajouter/fichier')
  t.notOk(trace.includes(large.toString('latin1', 30, 90)), 'no file in the trace')
  t.ok(large.equals(seen.at(-1)?.body ?? Buffer.alloc(0)))
  const chunked = await new Promise<number | undefined>((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers: { ...json, ...bearer } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject)
    for (let at = 0; at < large.length; at += 1_000_000) sent.write(large.subarray(at, at + 1_000_000))
    sent.end()
  })
  t.equal(chunked, 200)
  t.ok(large.equals(seen.at(-1)?.body ?? Buffer.alloc(0)))
  for (let tries = 0; gateway.gateway.parts.budget.used() > 0 && tries < 100; tries += 1) await sleep(10)
  t.equal(gateway.gateway.parts.budget.used(), 0, 'all is given back')
  const asked = await new Promise<string>((resolve, reject) => {
    const headers = { ...json, ...bearer, expect: '100-continue', 'content-length': String(large.length) }
    let told = 'not asked for the body'
    const sent = httpRequest(url, { method: 'POST', headers }, (response) => {
      response.resume().on('end', () => resolve(`${told}, ${response.statusCode}`))
    })
    sent.on('continue', () => {
      told = 'asked for the body'
      sent.end(large)
    })
    sent.on('error', reject).flushHeaders()
  })
  t.equal(asked, 'asked for the body, 200')
  const refused = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { ...json, ...bearer, 'content-length': '200000000' }
    const sent = httpRequest(url, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject).write('{')
  })
  t.equal(refused, 413)
  t.equal(seen.length, 3)
})

t.test('an answer that is cut is cut for its reader too: never one that looks whole', async (t) => {
  const { gateway, answer } = await withFake(t)
  for (const announced of [true, false]) {
    answer((response) => {
      response.writeHead(200, announced ? { 'content-length': '1000000' } : {}).write('x'.repeat(300_000))
      setTimeout(() => response.destroy(), 50)
    })
    await t.rejects(call(`${gateway.url}/service/factures/telecharger/groupe`, '{}'), `announced: ${announced}`)
  }
})

t.test('a reader who goes away ends the exchange', async (t) => {
  const { gateway, answer } = await withFake(t)
  const closed = Promise.withResolvers<void>()
  answer((response) => {
    response.on('close', () => closed.resolve())
    response.write('x'.repeat(3_000_000))
  })
  const leaving = new AbortController()
  const url = `${gateway.url}/service/factures/telecharger/groupe`
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...json, ...bearer },
    body: '{}',
    signal: leaving.signal
  })
  await response.body?.getReader().read()
  leaving.abort()
  await closed.promise
  t.pass('Chorus Pro is not read any further')
  answer(() => {})
  for (let tries = 0; tries < 12; tries += 1) {
    const signal = AbortSignal.timeout(50)
    await t.rejects(fetch(url, { method: 'POST', headers: { ...json, ...bearer }, body: '{}', signal }))
  }
  await sleep(50)
  const [lane] = gateway.gateway.parts.lanes.view()
  t.equal(lane?.state, 'open', 'impatient callers say nothing of the way')
})

t.test('readers who go away, however many, keep nobody else from Chorus Pro', async (t) => {
  const { gateway, answer } = await withFake(t)
  const path = '/service/factures/telecharger/groupe'
  const readers: [string, string, string?][] = [
    ['before an answer', path],
    ['in the middle of one', path],
    ['in the middle of a file', '/v1/flows/123/report']
  ]
  for (const [when, address, method = address === path ? 'POST' : 'GET'] of readers) {
    for (let left = 0; left < 4; left++) {
      const [began, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      answer((response, { url }) => {
        if (url.endsWith('consulterCRDetaille'))
          return response.end('{"codeRetour":0,"etatCourantDepotFlux":"IN_INTEGRE"}')
        response.on('close', () => closed.resolve())
        if (when !== 'before an answer') response.write(`{"codeRetour":0,"fichierCR":"${'eHh4'.repeat(750_000)}`)
        began.resolve()
      })
      const leaving = new AbortController()
      const asked = fetch(`${gateway.url}${address}`, {
        method,
        headers: { ...json, ...bearer },
        signal: leaving.signal,
        ...(method === 'POST' && { body: '{}' })
      })
      asked.catch(() => {})
      await began.promise
      if (when !== 'before an answer') await (await asked).body?.getReader().read()
      leaving.abort()
      await closed.promise
      await sleep(20)
    }
    const { lanes, connections } = gateway.gateway.parts
    t.match(lanes.view(), [{ state: 'open' }], when)
    t.equal(connections.all[0].chorus.status().lastFailure, undefined, when)
  }
})
