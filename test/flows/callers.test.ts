import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { generateSecret, type JWK } from 'jose'
import t, { type Test } from 'tap'
import { addKey } from '../helpers/callers.ts'
import { audience, issuer, makeSigningKey, type SigningKey } from '../helpers/company-tokens.ts'
import { apiKey, buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { raw } from '../helpers/raw.ts'

const pdf = makePdf()
const root = join(import.meta.dirname, '../..')

/** The command line beside the gateway. */
const run = (g: TestGateway, ...arguments_: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: g.dataDir }
    const all = [join(root, 'src/bin/start.js'), ...arguments_]
    execFile(process.execPath, all, { cwd: g.dataDir, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    )
  })

/** Speaks to the administration port. */
async function admin(g: TestGateway, path: string, body?: object, headers: Record<string, string> = {}) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(`${g.adminUrl}${path}`, { ...init, headers: { ...type, ...headers } })
  // oxlint-disable-next-line typescript/no-explicit-any -- the assertions say what is expected
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any }
}

const asKey = (key: string) => ({ authorization: `Bearer ${key}` })

t.test('keys on the administration port: told once, kept as digests, rotated, revoked, audited', async (t) => {
  const g = await buildGateway(t)
  const input = {
    name: 'ERP',
    scopes: ['invoices:submit', 'invoices:read'],
    sellers: ['99900010200015'],
    ratePerMinute: 600
  }
  const made = await admin(g, '/admin/keys', input)
  t.match(made, { status: 201, body: { ...input, state: 'active', key: /^cpg_[0-9a-z]{14}_[\w-]{43}$/ } })
  const { key, id, ...facts } = made.body
  t.equal(made.headers.get('location'), `/admin/keys/${id}`)
  t.strictSame((await admin(g, `/admin/keys/${id}`)).body, { id, ...facts }, 'later without the key')
  const listed = await admin(g, '/admin/keys')
  t.same(
    listed.body.items.map((one: { id: string }) => one.id),
    [id]
  )
  t.notMatch(JSON.stringify(listed.body), key.slice(20))
  t.notMatch(JSON.stringify(await g.gateway.parts.store.findKey(id)), key.slice(20), 'the store has its digest')

  const sent = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), asKey(key))
  t.equal(sent.status, 201)
  const rotated = await admin(g, `/admin/keys/${id}/rotation`, { overlapHours: 1 })
  t.match(rotated, { status: 201, body: { caller: id, sellers: ['99900010200015'], ratePerMinute: 600 } })
  for (const each of [key, rotated.body.key]) {
    t.equal((await g.get(sent.body.links.self, asKey(each))).status, 200, 'both show the caller’s invoices')
  }
  const end = Date.parse((await admin(g, `/admin/keys/${id}`)).body.expiresAt) - Date.now()
  t.ok(end > 3_500_000 && end < 3_700_000, `the old one ends in ${end} ms`)
  t.match(await admin(g, `/admin/keys/${id}/revocation`, {}), { status: 200, body: { state: 'revoked' } })
  t.match(await admin(g, `/admin/keys/${id}/rotation`, {}), { status: 409, body: { code: 'invalid-transition' } })
  t.match(await admin(g, '/admin/keys/nothing'), { status: 404, body: { code: 'not-found' } })
  for (const [wrong, pointer] of [
    [{ name: 'x', scopes: ['everything'] }, /\/scopes/],
    [{ name: 'x', sellers: ['1'] }, /\/sellers/],
    [{ name: 'x', networks: ['10.0.0.0/99'] }, /\/networks/],
    [{ name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, /\/expiresAt/],
    [{ name: 'x', digest: '00' }, /\/digest/],
    [{ name: 'x', ratePerMinute: '5' }, /\/ratePerMinute/]
  ] as const) {
    t.match(
      await admin(g, '/admin/keys', wrong),
      { status: 400, body: { errors: [{ pointer }] } },
      JSON.stringify(wrong)
    )
  }

  const cli = await run(g, 'keys', 'rotate', rotated.body.id, '--overlap', '0h', '--json')
  t.match(cli, { code: 0, err: '' })
  t.match(JSON.parse(cli.out), { caller: id, key: /^cpg_/ })
  t.match(await run(g, 'keys', 'rotate', 'nothing'), { code: 1, err: /no key nothing/ })
  t.match(await run(g, 'keys', 'create', '--name', 'x', '--network', '10.0.0.0/99'), { code: 2, err: /--network/ })

  const { body } = await admin(g, '/admin/audit?limit=10')
  const told = body.items.filter(({ kind }: { kind: string }) => kind.startsWith('key-'))
  t.match(told, [
    { kind: 'key-rotated', actor: /^cli:./ },
    { kind: 'key-revoked', actor: 'admin', origin: '127.0.0.1' },
    { kind: 'key-rotated', actor: 'admin' },
    { kind: 'key-created', actor: 'admin', data: { key: id, name: 'ERP' } }
  ])
  const verdict = await admin(g, '/admin/audit/verification')
  t.match(verdict.body, { sound: true, findings: [] })
  t.match(await run(g, 'audit', 'verify', '--checkpoint', verdict.body.checkpoint), {
    code: 0,
    out: /as it was written/
  })
  t.match(await run(g, 'audit', 'list', '--kind', 'key-created'), { code: 0, out: /ERP/ })
  const lines = (await run(g, 'audit', 'export')).out.trim().split('\n')
  t.ok(lines.length >= 4 && lines.every((line) => JSON.parse(line).seal))
  t.notMatch(lines.join(), key.slice(20))
  const contract = await admin(g, '/openapi.json')
  for (const path of ['/admin/keys', '/admin/keys/{id}/rotation', '/admin/audit', '/admin/audit/verification']) {
    t.ok(contract.body.paths[path], path)
  }
})

t.test('administration is for who has the token, or sits at this machine, and never on the public port', async (t) => {
  const g = await buildGateway(t)
  for (const path of ['/admin/keys', '/admin/audit', '/metrics', '/status', '/lanes/retry']) {
    t.equal((await fetch(`${g.url}${path}`)).status, 404, `${path} is not public`)
  }
  t.equal(
    (await admin(g, '/admin/keys', undefined, { origin: 'https://evil.example' })).status,
    403,
    'a page of others'
  )
  await g.restart({ ADMIN_TOKEN: 'an-admin-token-of-some-length' })
  t.match(await admin(g, '/admin/keys'), { status: 401, body: { code: 'unauthenticated' } })
  t.equal((await admin(g, '/lanes/retry', {})).status, 401)
  t.equal((await admin(g, '/admin/keys', undefined, asKey('an-admin-token-of-some-lengtx'))).status, 401)
  t.equal((await admin(g, '/admin/keys', undefined, asKey('an-admin-token-of-some-length'))).status, 200)
  t.equal((await fetch(`${g.adminUrl}/metrics`)).status, 200)
  await g.restart({ ADMIN_HOST: '0.0.0.0' })
  const url = g.adminUrl.replace('0.0.0.0', '127.0.0.1')
  t.equal((await fetch(`${url}/metrics`)).status, 200)
  const shut = await fetch(`${url}/admin/keys`)
  t.match([shut.status, await shut.json()], [403, { owner: 'operator', detail: /ADMIN_TOKEN/ }])
})

t.test(
  'administration that listens for other machines gives nothing without its token, however it is asked',
  async (t) => {
    const token = 'an-admin-token-of-some-length'
    const g = await buildGateway(t, {
      environment: { ADMIN_HOST: '0.0.0.0', ADMIN_TOKEN: token, WRONG_KEYS_PER_MINUTE: '20' }
    })
    const url = g.adminUrl.replace('0.0.0.0', '127.0.0.1')
    const ask = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
      const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers })
      if (body !== undefined) lines.push(['content-type', 'application/json'], ['content-length', String(body.length)])
      const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
      return raw({ url }, `${method} ${path} HTTP/1.1\r\n${head}\r\n${body ?? ''}`)
    }

    const contract = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>
    }
    const closed = Object.entries(contract.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'key_1')] as const)
    )
    t.ok(closed.length > 8)
    for (const [method, path] of [...closed, ['POST', '/lanes/retry'] as const]) {
      const answer = await ask(method, path, {}, method === 'POST' ? '{}' : undefined)
      const open = ['/admin/expiries', '/admin/expiries.ics'].includes(path)
      t.match(answer, open ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 401 /, `${method} ${path}`)
      t.notMatch(answer, new RegExp(`${token}|cpg_`))
    }

    const elsewhere: Record<string, string>[] = [
      { host: 'rebound.example', origin: 'http://rebound.example' },
      { host: '127.0.0.1', 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' },
      { cookie: `token=${token}; ADMIN_TOKEN=${token}` },
      { 'x-admin-token': token },
      { authorization: `Basic ${Buffer.from(`admin:${token}`).toString('base64')}` },
      { authorization: token },
      { authorization: `Bearer ${token} x` },
      { authorization: `Bearer ${apiKey}` },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${token.toUpperCase()}` }
    ]
    for (const headers of elsewhere) {
      t.match(
        await ask('GET', '/admin/keys', headers),
        /^HTTP\/1\.1 401 [^]*www-authenticate: Bearer/i,
        JSON.stringify(headers)
      )
    }
    for (const query of [`token=${token}`, `access_token=${token}`, `ADMIN_TOKEN=${token}`]) {
      t.match(await ask('GET', `/admin/keys?${query}`), /^HTTP\/1\.1 401 /)
    }
    t.notMatch(g.log.join(''), token, 'nor does it get into the log this way')
    t.match(await ask('GET', '//admin/keys'), /^HTTP\/1\.1 404 /)
    t.match(await ask('GET', '/ADMIN/keys'), /^HTTP\/1\.1 404 /)
    t.match(await ask('GET', '/x/../admin/keys'), /^HTTP\/1\.1 404 /)
    t.match(await ask('GET', '/%61dmin/keys'), /^HTTP\/1\.1 40[14] /, 'encoded it is the same address')

    const right = { authorization: `Bearer ${token}` }
    const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    for (const answer of [
      await ask('OPTIONS', '/admin/keys', preflight),
      await ask('GET', '/admin/keys', { ...right, ...preflight })
    ]) {
      t.notMatch(answer, /access-control-allow/i, 'a page of another origin gets no leave')
    }
    t.match(await ask('GET', '/admin/keys', right), /^HTTP\/1\.1 200 [^]*cache-control: no-store/i)

    let told = 0
    for (let i = 0; i < 30; i++) {
      const answer = await ask('GET', '/admin/keys', { authorization: `Bearer guess-${i}-of-some-length` })
      if (/^HTTP\/1\.1 429 [^]*retry-after: \d+/i.test(answer)) told++
    }
    t.ok(told >= 8, `${told} of 30 guesses were told to stop`)
    t.match(await ask('GET', '/admin/keys', right), /^HTTP\/1\.1 200 /, 'who has it goes on')
  }
)

t.test('the token is not needed on this machine, and pages of others that reach it there do nothing', async (t) => {
  const g = await buildGateway(t)
  const { port } = new URL(g.adminUrl)
  const ask = (headers: string, method = 'GET', path = '/admin/keys') =>
    raw({ url: g.adminUrl }, `${method} ${path} HTTP/1.1\r\nConnection: close\r\n${headers}\r\n\r\n`)
  t.match(await ask(`Host: localhost:${port}`), /^HTTP\/1\.1 200 /)
  t.match(
    await ask(`Host: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}`),
    /^HTTP\/1\.1 200 /,
    'the status page'
  )
  for (const headers of [
    'Host: rebound.example',
    'Host: 127.0.0.1.rebound.example',
    'Host: localhost.rebound.example',
    `Host: rebound.example:${port}\r\nOrigin: http://rebound.example:${port}`,
    `Host: localhost:${port}\r\nOrigin: null`,
    `Host: localhost:${port}\r\nOrigin: http://localhost:8080`,
    `Host: localhost:${port}\r\nOrigin: https://localhost:${port}`
  ]) {
    t.match(await ask(headers), /^HTTP\/1\.1 403 /, headers)
    t.match(await ask(headers, 'POST', '/lanes/retry'), /^HTTP\/1\.1 403 /, headers)
  }
})

t.test('a wrong key is a wrong key, whatever is wrong with it', async (t) => {
  const g = await buildGateway(t)
  const past = new Date(Date.now() - 1_000).toISOString()
  const good = await addKey(g)
  const revoked = await addKey(g)
  await g.gateway.parts.store.revokeKey(revoked.id, past)
  const expired = await addKey(g, { expiresAt: past })
  const elsewhere = await addKey(g, { networks: ['10.0.0.0/8', '2001:db8::/32'] })
  const here = await addKey(g, { networks: ['127.0.0.0/8'] })
  const shown = {
    unknown: 'cpg_aaaaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'another secret': `${good.token.slice(0, -4)}AAAA`,
    revoked: revoked.token,
    expired: expired.token,
    'another network': elsewhere.token,
    capitals: good.token.toUpperCase(),
    'a longer one': `${good.token}x`,
    'ten thousand characters': `cpg_${'a'.repeat(10_000)}`
  }
  const bodies = new Set<string>()
  for (const [name, token] of Object.entries(shown)) {
    const forged = { 'x-forwarded-for': '10.1.2.3', x_forwarded_for: '10.1.2.3', forwarded: 'for=10.1.2.3' }
    const { status, headers, body } = await g.get('/v1/invoices', { ...asKey(token), ...forged })
    t.equal(status, 401, name)
    t.equal(headers.get('www-authenticate'), 'Bearer')
    t.equal(headers.has('set-cookie'), false)
    bodies.add(JSON.stringify({ ...body, requestId: '' }))
  }
  t.equal(bodies.size, 1, 'one answer for all')
  t.equal((await g.get('/v1/invoices', here)).status, 200)
  await g.restart({ TRUSTED_PROXIES: '127.0.0.1' })
  const through = (address: string) => g.get('/v1/invoices', { ...elsewhere, 'x-forwarded-for': address })
  t.equal((await through('10.1.2.3')).status, 200, 'a proxy that is named is believed')
  t.equal((await through('10.1.2.3, 192.0.2.1')).status, 401, 'what stands before its own entry is not')
  t.equal((await through('2001:db8::7')).status, 200)

  await t.test('its cost says nothing either', async (t) => {
    const { identify } = g.gateway.parts
    const time = async (token: string) => {
      const started = process.hrtime.bigint()
      await identify(`Bearer ${token}`, '127.0.0.1').catch(() => undefined)
      return Number(process.hrtime.bigint() - started)
    }
    const kinds = {
      unknown: shown.unknown,
      wrong: shown['another secret'],
      revoked: shown.revoked,
      expired: shown.expired
    }
    const samples = Object.fromEntries(Object.keys(kinds).map((name) => [name, [] as number[]]))
    for (let i = 0; i < 2_000; i++)
      for (const [name, token] of Object.entries(kinds)) samples[name]?.push(await time(token))
    const middle = (list: number[] = []) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0
    const medians = Object.values(samples).map(middle)
    const spread = Math.max(...medians) - Math.min(...medians)
    // A stopwatch behind a network sees tens of microseconds at best; a comparison that stops early costs nanoseconds.
    t.ok(spread < 20_000, `medians in nanoseconds: ${medians.join(', ')}`)
  })
})

t.test('whoever guesses keys is told to stop; right ones go on', async (t) => {
  const g = await buildGateway(t)
  const statuses: number[] = []
  for (let i = 0; i < 50; i++)
    statuses.push((await g.get('/v1/invoices', asKey(`cpg_guessed${i}xx_${'a'.repeat(43)}`))).status)
  t.same([statuses[0], statuses[39], statuses[40], statuses[49]], [401, 401, 429, 429])
  const stopped = await g.get('/v1/invoices', asKey('wrong'))
  t.match(stopped.body, { code: 'rate-limited', retryable: true })
  t.ok(Number(stopped.headers.get('retry-after')) > 0)
  t.equal((await g.get('/v1/invoices')).status, 200, 'a right key from the same address')
  t.equal((await fetch(`${g.url}/v1/invoices`)).status, 401, 'no key is no guess')
})

t.test('limits of a caller, and nobody else’s', async (t) => {
  const g = await buildGateway(t)
  const slow = await addKey(g, { ratePerMinute: 5 })
  const few = await addKey(g, { requestsPerDay: 3 })
  const other = await addKey(g)
  const statuses = async (who: { authorization: string }, times: number) => {
    const all: number[] = []
    for (let i = 0; i < times; i++) all.push((await g.get('/v1/invoices', who)).status)
    return all.filter((status) => status === 200).length
  }
  // A minute may end in between.
  const first = await statuses(slow, 7)
  t.ok(first === 5 || (await statuses(slow, 7)) === 5)
  t.equal(await statuses(few, 5), 3)
  const over = await g.get('/v1/invoices', few)
  t.match(over.body, { status: 429, code: 'quota-exceeded' })
  const left = Number(over.headers.get('retry-after'))
  t.ok(left > 0 && left <= 86_400)
  t.equal(await statuses(other, 20), 20)
  await g.restart()
  t.equal(await statuses(few, 2), 0, 'a restart gives no new day')
})

t.test('company tokens beside keys', async (t) => {
  const key = await makeSigningKey('one')
  const keySet: { keys: JWK[] } = { keys: [{ ...key.jwk, use: 'sig' }] }
  let reads = 0
  let down = false
  const server = createServer((_request, response) => {
    reads++
    response.statusCode = down ? 503 : 200
    response.end(JSON.stringify(keySet))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  const environment = {
    OIDC_ISSUER: issuer,
    OIDC_AUDIENCE: audience,
    OIDC_JWKS_URL: url,
    OIDC_SELLERS_CLAIM: 'sirets',
    NO_PROXY: '127.0.0.1'
  }
  const rights = { scope: 'invoices:submit invoices:read openid', sirets: ['99900010200015'] }
  const sign: SigningKey['sign'] = (claims, ...rest) => key.sign({ ...rights, ...claims }, ...rest)
  const open = async (t: Test, more = {}) => await buildGateway(t, { environment: { ...environment, ...more } })

  await t.test('claims are the caller: who, what, for whom', async (t) => {
    const g = await open(t)
    const token = asKey(await sign())
    const sent = await g.post('/v1/invoices', formOf(goodInvoice({ seller: undefined }), pdf), token)
    t.match(sent, { status: 201, body: { seller: { siret: '99900010200015' } } })
    t.equal((await g.get(sent.body.links.self, asKey(await sign({ jti: '2' })))).status, 200)
    t.equal((await g.get(sent.body.links.self)).status, 404, 'the key of another caller')
    const foreign = goodInvoice({ seller: { siret: '99900020100015' } })
    t.match((await g.post('/v1/invoices', formOf(foreign, pdf), token)).body, { code: 'seller-not-allowed' })
    const reader = asKey(await sign({ scope: ['invoices:read'] }))
    t.match((await g.post('/v1/invoices', formOf(goodInvoice(), pdf), reader)).body, { code: 'insufficient-scope' })
    t.equal(reads, 1, 'keys are read once')
  })

  await t.test('what is no token of ours is let in by nobody', async (t) => {
    const g = await open(t)
    const secret = await generateSecret('HS256')
    const none = `${Buffer.from('{"alg":"none","kid":"one"}').toString('base64url')}.${(await sign()).split('.')[1]}.`
    const publicText = new TextEncoder().encode(JSON.stringify(keySet.keys[0]))
    const time = Math.floor(Date.now() / 1000)
    const wrong: [string, string | Promise<string>][] = [
      ['another issuer', sign({ iss: 'x' })],
      ['another audience', sign({ aud: 'x' })],
      ['no end', sign({ exp: undefined })],
      ['ended', sign({ exp: time - 60 })],
      ['not yet', sign({ nbf: time + 90, exp: time + 86_400 })],
      ['another key', (await makeSigningKey('one')).sign(rights)],
      ['a shared secret', sign({}, { alg: 'HS256' }, secret)],
      ['the public key as a secret', sign({}, { alg: 'HS256' }, publicText)],
      ['no signature', none],
      ['a key that nobody knows', sign({}, { kid: 'two' })],
      ['no sellers', sign({ sirets: [] })],
      ['sellers left open', sign({ sirets: undefined })],
      ['sellers that are none', sign({ sirets: '123' })],
      ['nobody', sign({ sub: undefined })]
    ]
    for (const [name, token] of wrong) {
      t.match(await g.get('/v1/invoices', asKey(await token)), { status: 401, body: { code: 'unauthenticated' } }, name)
    }
    t.equal((await g.get('/v1/invoices', asKey(await sign()))).status, 200)
  })

  await t.test('a key that the issuer adds is found; keys that are known outlive an issuer that is away', async (t) => {
    const g = await open(t)
    t.equal((await g.get('/v1/invoices', asKey(await sign()))).status, 200)
    const next = await makeSigningKey('next', 'RS256')
    keySet.keys.push(next.jwk)
    const fresh = await next.sign(rights)
    t.equal((await g.get('/v1/invoices', asKey(fresh))).status, 401, 'not asked again at once: anybody may name a key')
    await g.restart()
    t.equal((await g.get('/v1/invoices', asKey(fresh))).status, 200)
    down = true
    t.equal((await g.get('/v1/invoices', asKey(await sign({ jti: 'x' })))).status, 200)
  })

  await t.test('an issuer that cannot be asked is the operator’s affair, never the caller’s', async (t) => {
    down = true
    const g = await open(t)
    const answer = await g.get('/v1/invoices', asKey(await sign()))
    t.match(answer.body, { status: 503, code: 'token-keys-unavailable', owner: 'operator', retryable: true })
    t.equal((await g.get('/v1/invoices')).status, 200, 'keys work')
    down = false
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    t.equal((await g.get('/v1/invoices', asKey(await sign()))).status, 200)
  })
})
