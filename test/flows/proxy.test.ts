import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import t from 'tap'
import { audience, issuer, makeSigningKey } from '../helpers/company-tokens.ts'
import { buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { squidBinary, startSquid } from '../helpers/squid.ts'
import { listen, makePki } from '../src/chorus/fixtures.ts'

// The way out through a real squid. Everything else about proxies has a proxy of our own: test/src/chorus/connect.test.ts.
const options = squidBinary === undefined ? { skip: 'no squid is installed (Debian: apt-get install squid)' } : {}

const pdf = makePdf()
const user = 'gateway'
const password = 'mot de passe: 100 %@#/'

const timesTaken = ({ simulator }: TestGateway, number: string) =>
  simulator.control.ledger().acceptances.filter((each) => each.number === number).length

const ready = async (g: TestGateway) => (await g.get('/health/ready')).body
const targetOf = ({ simulator }: TestGateway) => new URL(simulator.certificateUrl).host

t.test('an invoice goes out through the proxy, with a password full of special characters', options, async (t) => {
  const squid = await startSquid(t)
  squid.allow(user, password)
  const g = await buildGateway(t, { environment: { CHORUS_PRO_PROXY_URL: squid.url(user, password) } })
  const invoice = goodInvoice()
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf))
  t.equal(answer.status, 201)
  t.equal(timesTaken(g, invoice.number), 1)
  await g.restart()
  t.strictSame(
    [...new Set(squid.accesses())],
    [`${user} CONNECT ${targetOf(g)} 200`],
    'and nothing but tunnels to Chorus Pro'
  )
  t.notMatch(g.log.join(''), encodeURIComponent(password), 'its password is in no line of the log')
  t.notMatch(g.log.join(''), password)
})

t.test('PISTE goes through the proxy as well, its token included', options, async (t) => {
  const squid = await startSquid(t)
  squid.allow(user, password)
  const environment = { CHORUS_PRO_PROXY_URL: squid.url(user, password), CHORUS_PRO_ACCESS: 'piste' }
  const credentials = { PISTE_CLIENT_ID: 'x', PISTE_CLIENT_SECRET: 'x', CHORUS_PRO_TOKEN_URL: 'https://localhost' }
  const g = await buildGateway(t, { environment: { ...environment, ...credentials } })
  const invoice = goodInvoice()
  t.equal((await g.post('/v1/invoices', formOf(invoice, pdf))).status, 201)
  t.equal(g.simulator.control.ledger().tokens.issued, 1)
  await g.restart()
  t.strictSame([...new Set(squid.accesses())], [`${user} CONNECT ${new URL(g.simulator.pisteUrl).host} 200`])
})

t.test('a wrong proxy password pauses the way out, and the invoice goes out once it is right', options, async (t) => {
  const squid = await startSquid(t)
  const g = await buildGateway(t, { environment: { CHORUS_PRO_PROXY_URL: squid.url(user, password) } })
  const invoice = goodInvoice()
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf))
  t.equal(answer.status, 202, 'it is safe here')
  t.match(answer.body.submission, {
    outcome: 'not_sent',
    attempts: 0,
    error: { code: 'proxy-authentication-failed', owner: 'operator' },
    nextAttemptAt: /^20/
  })
  t.match(await ready(g), { status: 'degraded', lanes: [{ state: 'paused', reason: 'proxy-authentication-failed' }] })

  await new Promise((resolve) => setTimeout(resolve, 300))
  const refused = squid.accesses()
  t.ok(refused.length <= 6, `the wrong password is not tried in a hurry (${refused.length} times)`)
  t.ok(refused.every((line) => line.endsWith(' 407')))

  squid.allow(user, password)
  const sent = await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
  t.equal(sent.submission.attempts, 1)
  t.equal(timesTaken(g, invoice.number), 1)
  t.match(await ready(g), { status: 'ready', lanes: [{ state: 'open' }] })
})

t.test('a host of NO_PROXY is reached without the proxy', options, async (t) => {
  const squid = await startSquid(t)
  const environment = { CHORUS_PRO_PROXY_URL: squid.url(user, password), NO_PROXY: 'example.org, 127.0.0.0/8' }
  const g = await buildGateway(t, { environment })
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
  await g.restart()
  t.strictSame(squid.accesses(), [], 'the proxy saw nothing')
})

t.test('keys of company tokens come through the proxy, but for an issuer of NO_PROXY', options, async (t) => {
  const squid = await startSquid(t)
  squid.allow(user, password)
  const pki = makePki()
  const key = await makeSigningKey('one')
  const body = JSON.stringify({ keys: [key.jwk] })
  let reads = 0
  const port = await listen(
    t,
    createServer(pki.server, (_request, response) => {
      reads++
      response.end(body)
    })
  )
  const token = await key.sign()
  const g = await buildGateway(t, {
    environment: (_simulator, folder) => {
      writeFileSync(join(folder, 'company.pem'), pki.root.cert)
      return {
        CHORUS_PRO_CA_FILE: join(folder, 'company.pem'),
        CHORUS_PRO_PROXY_URL: squid.url(user, 'of last year'),
        OIDC_ISSUER: issuer,
        OIDC_AUDIENCE: audience,
        OIDC_JWKS_URL: `https://localhost:${port}/keys`
      }
    }
  })
  const ask = () => g.get('/v1/invoices', { authorization: `Bearer ${token}` })
  t.match(await ask(), { status: 503, body: { code: 'token-keys-unavailable', owner: 'operator' } })
  t.equal(reads, 0, 'where the proxy lets nobody through nothing goes round it')
  t.match(g.log.join(''), /refuses the user name or the password.*the keys of company tokens cannot be read/)

  await g.restart({ CHORUS_PRO_PROXY_URL: squid.url(user, password) })
  t.equal((await ask()).status, 200)
  t.equal(reads, 1)
  t.match(squid.accesses(), [`${user} CONNECT localhost:${port} 407`, `${user} CONNECT localhost:${port} 200`])

  await squid.stop()
  await g.restart({ CHORUS_PRO_PROXY_URL: squid.url(user, password), NO_PROXY: 'localhost' })
  t.equal((await ask()).status, 200, 'an issuer inside is asked without it')
  t.equal(reads, 2)
  t.notMatch(g.log.join(''), password)
})

t.test('a proxy that forbids the tunnel is named, with what it must allow', options, async (t) => {
  const squid = await startSquid(t, { directives: ['acl tunnel method CONNECT', 'http_access deny tunnel'] })
  const g = await buildGateway(t, { environment: { CHORUS_PRO_PROXY_URL: squid.url(user, password) } })
  const answer = await g.post('/v1/invoices', formOf(goodInvoice(), pdf))
  t.equal(answer.status, 202)
  t.match(answer.body.submission.error, {
    code: 'proxy-unreachable',
    detail: new RegExp(`127\\.0\\.0\\.1:${squid.port} answered 403.*must allow CONNECT to ${targetOf(g)}`)
  })
})

t.test('while the proxy is away invoices wait, and each goes out once when it is back', options, async (t) => {
  const squid = await startSquid(t)
  squid.allow(user, password)
  const g = await buildGateway(t, { environment: { CHORUS_PRO_PROXY_URL: squid.url(user, password) } })
  await squid.stop()
  const invoices = [goodInvoice(), goodInvoice(), goodInvoice()]
  const answers = await Promise.all(
    invoices.map((invoice) => g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'wait=1' }))
  )
  t.strictSame(
    answers.map(({ status }) => status),
    [202, 202, 202]
  )
  t.match(await ready(g), { status: 'degraded', lanes: [{ state: 'paused', reason: 'proxy-unreachable' }] })
  t.match(await g.get(`/v1/invoices/${answers[0]?.body.id}`), { body: { submission: { outcome: 'not_sent' } } })

  await squid.start()
  for (const { body } of answers) await g.until(body.id, (read) => read.submission.state === 'integrated')
  t.strictSame(
    invoices.map(({ number }) => timesTaken(g, number)),
    [1, 1, 1]
  )
})

t.test('a proxy that dies during the call leaves an unknown outcome, which a search clears up', options, async (t) => {
  const squid = await startSquid(t)
  squid.allow(user, password)
  const g = await buildGateway(t, { environment: { CHORUS_PRO_PROXY_URL: squid.url(user, password) } })
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'slow', delayMs: 2_000, when: 'answering' }])
  const invoice = goodInvoice()
  const pending = g.post('/v1/invoices', formOf(invoice, pdf))
  while (timesTaken(g, invoice.number) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await squid.stop()
  const answer = await pending
  t.match([answer.status, answer.body.submission], [202, { state: 'unknown', outcome: 'unknown' }])
  await squid.start()
  await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
  t.equal(timesTaken(g, invoice.number), 1, 'it was not sent again')
})
