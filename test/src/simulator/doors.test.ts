import { once } from 'node:events'
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import t from 'tap'
import { Agent, request } from 'undici'
import { describe } from '../../../src/simulator/command.ts'
import { createSimulator } from '../../../src/simulator/simulator.ts'
import { type Client, start, token } from './client.ts'

const piste = (
  client: Client,
  operation: string,
  headers: Record<string, string>,
  body: string | undefined = '{}',
  method = 'POST'
) =>
  client.send(`${client.simulator.pisteUrl}/${operation}`, {
    method,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    ...(method === 'GET' ? {} : { body })
  })

t.test('the certificate door refuses a handshake without a client certificate', async (t) => {
  const { simulator } = await start(t)
  const bare = new Agent({ connect: { ca: simulator.ca } })
  t.teardown(() => bare.destroy())
  await t.rejects(
    request(`${simulator.certificateUrl}/factures/soumettre`, { method: 'POST', dispatcher: bare, body: '{}' })
  )
  t.equal(simulator.control.ledger().arrivals.length, 0, 'no byte of HTTP came through')
  t.equal(simulator.control.ledger().connections.handshakeFailures, 1)
})

t.test('a client certificate of another authority, or one that has expired, is refused', async (t) => {
  const { simulator } = await start(t)
  const stranger = await createSimulator()
  t.teardown(() => stranger.close())
  const old = await simulator.issueClientCertificate({ from: new Date('2020-01-01'), to: new Date('2021-01-01') })
  const others = [
    { cert: stranger.clientCertificate, key: stranger.clientKey },
    { cert: old.certificate, key: old.key }
  ]
  for (const identity of others) {
    const agent = new Agent({ connect: { ca: simulator.ca, ...identity } })
    t.teardown(() => agent.destroy())
    await t.rejects(
      request(`${simulator.certificateUrl}/factures/soumettre`, { method: 'POST', dispatcher: agent, body: '{}' })
    )
  }
  t.equal(simulator.control.ledger().arrivals.length, 0)
})

t.test('the PKCS#12 opens the certificate door', async (t) => {
  const { simulator } = await start(t)
  const { port } = new URL(simulator.certificateUrl)
  const socket = connect({
    host: '127.0.0.1',
    port: Number(port),
    ca: simulator.ca,
    pfx: simulator.clientPkcs12,
    passphrase: simulator.clientPkcs12Passphrase
  })
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  t.equal(socket.authorized, true, 'the server is who its certificate says')
  socket.destroy()
})

t.test('both path forms of the certificate mode work, with HTTP Basic', async (t) => {
  const { simulator, send, account } = await start(t)
  const production = simulator.certificateUrl.replace('/service-qualif', '/service')
  for (const base of [simulator.certificateUrl, production]) {
    const answer = await send(`${base}/transverses/recuperer/tauxtva`, {
      headers: { authorization: `Basic ${account()}`, 'content-type': 'application/json' },
      body: '{}'
    })
    t.match(answer.body, { codeRetour: 0, libelle: 'TRA_MSG_00.000' })
  }
  const wrong = await send(`${production}/transverses/recuperer/tauxtva`, {
    headers: { authorization: `Basic ${account(simulator.login, 'faux')}`, 'content-type': 'application/json' },
    body: '{}'
  })
  t.equal(wrong.status, 401)
  const closed = await send(
    `${simulator.certificateUrl.replace('/service-qualif', '')}/cpro/transverses/v1/recuperer/tauxtva`,
    { body: '{}' }
  )
  t.equal(closed.status, 401, 'PISTE paths belong to the other door')
})

t.test('PISTE gives a token for one hour and takes it with cpro-account', async (t) => {
  const client = await start(t)
  const { clientId, clientSecret, tokenUrl, control } = client.simulator
  const ask = (form: Record<string, string>) =>
    client.send(tokenUrl, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString()
    })
  const good = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: 'openid' }
  const answer = await ask(good)
  t.match(answer.body, { token_type: 'Bearer', expires_in: 3600, scope: 'openid' })
  t.equal(answer.body.access_token.length, 54)
  for (const wrong of [
    { ...good, client_id: 'inconnu' },
    { ...good, client_secret: 'faux' }
  ]) {
    const refused = await ask(wrong)
    t.equal(refused.status, 400)
    t.strictSame(refused.body, { error: 'invalid_client' })
  }
  const basic = (secret: string) =>
    client.send(tokenUrl, {
      headers: {
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`
      },
      body: 'grant_type=client_credentials'
    })
  t.match((await basic(clientSecret)).body, { token_type: 'Bearer' }, 'OAuth libraries begin with Basic')
  t.strictSame((await basic('faux')).body, { error: 'invalid_client' })
  const headers = { authorization: `Bearer ${answer.body.access_token}`, 'cpro-account': client.account() }
  const done = await piste(client, 'transverses/v1/recuperer/modereglements', headers)
  t.match(done.body, { codeRetour: 0, libelle: 'GCU_MSG_01_000' })
  t.match(done.headers['x-correlationid'], /^Id-[0-9a-f]{24} 0$/)
  t.same(control.ledger().tokens, { requested: 5, issued: 2 })
  await control.advance(3_600_000)
  t.equal(
    (await piste(client, 'transverses/v1/recuperer/modereglements', headers)).status,
    401,
    'an hour later it is over'
  )
})

t.test('PISTE says 401 with its realms, 403 for a route it does not know', async (t) => {
  const client = await start(t)
  const bearer = { authorization: `Bearer ${await token(client)}` }
  const good = { ...bearer, 'cpro-account': client.account() }
  const refused: [Record<string, string>, string][] = [
    [{ 'cpro-account': client.account() }, 'no bearer'],
    [{ ...good, authorization: 'Bearer inconnu' }, 'unknown bearer'],
    [bearer, 'no account'],
    [{ ...bearer, 'cpro-account': client.account(client.simulator.login, 'faux') }, 'wrong password'],
    [{ ...bearer, 'cpro-account': `Basic ${client.account()}` }, 'malformed account']
  ]
  for (const [headers, label] of refused) {
    const answer = await piste(client, 'factures/v1/rechercher/fournisseur', headers)
    t.equal(answer.status, 401, label)
    t.equal(answer.headers['www-authenticate'], 'Bearer realm="PISTE"', label)
    t.equal(answer.text, '', label)
  }
  const nowhere = await piste(client, 'inconnue/v1/rechercher', good)
  t.equal(nowhere.status, 401)
  t.equal(nowhere.headers['www-authenticate'], 'Bearer realm="DefaultRealm"')
  const undeclared = await piste(client, 'factures/v1/consulter/facture', good)
  t.equal(undeclared.status, 403)
  t.equal(undeclared.text, '{}')
  t.equal((await piste(client, 'factures/v1/soumettre', { ...good, 'content-type': 'text/plain' })).status, 415)
  t.equal((await piste(client, 'factures/v1/soumettre', good, '[]')).status, 400, 'an array is no object')
  t.equal((await piste(client, 'factures/v1/soumettre', good, '{"modeDepot":')).status, 400)
  t.equal((await piste(client, 'factures/v1/soumettre', good, '', 'GET')).status, 405)
})

t.test('what clients in production leave out or write twice is taken', async (t) => {
  const client = await start(t)
  const { certificateUrl, pisteUrl } = client.simulator
  const basic = { authorization: `Basic ${client.account()}` }
  const body = JSON.stringify({ structure: { identifiantStructure: '12345678200051' } })
  const untyped = await client.send(`${certificateUrl}/structures/rechercher`, { headers: basic, body })
  t.equal(untyped.body.listeStructures?.length, 1, 'no content type, with a certificate')
  const typed = { ...basic, 'content-type': 'application/json' }
  for (const path of ['structures//rechercher', 'transverses//recuperer/tauxtva'])
    t.equal((await client.send(`${certificateUrl}/${path}`, { headers: typed, body: '{}' })).status, 200, path)
  const bearer = { authorization: `Bearer ${await token(client)}`, 'cpro-account': client.account() }
  const strict = await client.send(`${pisteUrl}/structures/v1/rechercher`, { headers: bearer, body })
  t.equal(strict.status, 415, 'through PISTE the type is asked for')
  t.equal(strict.headers['content-type'], 'text/plain', 'a refusal without a body names a type all the same')
})

t.test('a client that offers HTTP/1.0 alone gets its handshake', async (t) => {
  const { simulator } = await start(t)
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(simulator.pisteUrl).port),
    ca: simulator.ca,
    servername: 'localhost',
    ALPNProtocols: ['http/1.0']
  })
  t.teardown(() => socket.destroy())
  await once(socket, 'secureConnect')
  socket.write('GET /cpro/transverses/v1/health-check HTTP/1.0\r\n\r\n')
  t.match(String(await once(socket, 'data')), /^HTTP\/1\.1 401 /)
})

t.test('health-check is reached with GET and has no codeRetour', async (t) => {
  const client = await start(t)
  const headers = { authorization: `Bearer ${await token(client)}`, 'cpro-account': client.account() }
  const answer = await piste(client, 'transverses/v1/health-check', headers, undefined, 'GET')
  t.match(answer.body, { statusCode: 'OK', statusCodeValue: 200, body: /disponible/ })
  t.equal(
    (await piste(client, 'transverses/v1/health-check', headers, 'null', 'GET')).status,
    200,
    'a known client sends the body null along'
  )
  t.equal(
    (await piste(client, 'transverses/v1/health-check', { ...headers, 'cpro-account': 'eA==' }, undefined, 'GET'))
      .status,
    401
  )
})

t.test('an internal application sends no cpro-account and may not use transverses', async (t) => {
  const client = await start(t, { settings: { internalApplication: true } })
  const bearer = { authorization: `Bearer ${await token(client)}` }
  t.equal(
    (await piste(client, 'structures/v1/rechercher', { ...bearer, 'cpro-account': client.account() })).status,
    401
  )
  t.equal((await piste(client, 'structures/v1/rechercher', bearer)).status, 200)
  const echo = await piste(client, 'transverses/v1/recuperer/tauxtva', bearer, '{"codeLangue":"fr"}')
  t.equal(echo.status, 403)
  t.strictSame(echo.body, { codeLangue: 'fr' })
})

t.test('token troubles: failures at random, calls too close, revocation, an expired password', async (t) => {
  const client = await start(t)
  const { control } = client.simulator
  control.configure({ tokenFailureRate: 1 })
  t.equal(await token(client), undefined)
  control.configure({ tokenFailureRate: 0, tokenMinIntervalMs: 60_000 })
  t.equal(await token(client), undefined)
  control.configure({ tokenMinIntervalMs: 0 })
  const headers = { authorization: `Bearer ${await token(client)}`, 'cpro-account': client.account() }
  const status = async () => (await piste(client, 'structures/v1/rechercher', headers)).status
  t.equal(await status(), 200)
  control.configure({ passwordExpired: true })
  t.equal(await status(), 401)
  control.configure({ passwordExpired: false })
  t.equal(await status(), 200)
  control.revokeTokens()
  t.equal(await status(), 401)
})

t.test('without TLS every path is open, if asked for', async (t) => {
  const client = await start(t, { ports: { plain: 0 } })
  const { plainUrl, controlUrl } = client.simulator
  const headers = { authorization: `Basic ${client.account()}`, 'content-type': 'application/json' }
  t.equal((await client.send(`${plainUrl}/service/structures/rechercher`, { headers, body: '{}' })).status, 200)
  const bearer = {
    authorization: `Bearer ${await token(client)}`,
    'cpro-account': client.account(),
    'content-type': 'application/json'
  }
  t.equal((await client.send(`${plainUrl}/cpro/structures/v1/rechercher`, { headers: bearer, body: '{}' })).status, 200)
  const facts = (await client.send(`${controlUrl}/connection`, { method: 'GET' })).body
  t.equal(facts.plainUrl, plainUrl)
  t.equal(facts.ca, client.simulator.ca)
})

t.test('certificates are kept in a folder, keys for their owner alone', async (t) => {
  const certificatesDir = mkdtempSync(join(tmpdir(), 'simulator-'))
  const first = await createSimulator({ certificatesDir })
  await first.close()
  const second = await createSimulator({ certificatesDir })
  await second.close()
  t.equal(second.ca, first.ca)
  t.equal(second.clientKey, first.clientKey)
  t.equal(readFileSync(join(certificatesDir, 'client.pem'), 'utf8'), first.clientCertificate)
  t.equal(statSync(join(certificatesDir, 'client.key')).mode & 0o077, 0)
  const named = await createSimulator({ certificatesDir, extraHostNames: ['chorus.example'] })
  await named.close()
  t.not(named.ca, first.ca, 'a new name needs a new certificate')
})

t.test('the command tells an ERP team what it needs', async (t) => {
  const { simulator } = await start(t)
  const text = describe(simulator, '/certificates')
  for (const part of [
    `CHORUS_PRO_API_URL=${simulator.certificateUrl}`,
    `CHORUS_PRO_TOKEN_URL=${simulator.tokenUrl}`,
    'CHORUS_PRO_CERTIFICATE_FILE=/certificates/client.p12',
    `PISTE_CLIENT_SECRET=${simulator.clientSecret}`,
    simulator.controlUrl
  ]) {
    t.ok(text.includes(part), part)
  }
})
