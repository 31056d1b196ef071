import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Hop } from '../../schemas/ways-out.ts'
import { readConfig } from '../../src/config.ts'
import { makeBundle } from '../../src/connections/bundle.ts'
import { examineWay } from '../../src/connections/doctor.ts'
import { waysOf } from '../../src/connections/ways.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'
import { buildGateway } from '../helpers/gateway.ts'
import { startInterceptingProxy } from '../helpers/intercepting-proxy.ts'
import { bumpingSquid, squidBinary, startSquid } from '../helpers/squid.ts'
import { type Issued, issue, listen, makePki } from '../src/chorus/fixtures.ts'

// Each hop is made red once, by a real fault.

const silent = { debug() {}, info() {}, warn() {} }
const folder = t.testdir()
const write = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

async function simulate(t: Test, options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await createSimulator({ speed: 100, ...options })
  t.teardown(() => simulator.close())
  return simulator
}

let files = 0
const environmentOf = (
  simulator: Simulator,
  access: 'piste' | 'certificate',
  changes: Record<string, string> = {}
): Record<string, string> => {
  const n = ++files
  return {
    CHORUS_PRO_ACCESS: access,
    CHORUS_PRO_TIMEOUT_MS: '4000',
    CHORUS_PRO_CA_FILE: write(`ca-${n}.pem`, simulator.ca),
    CHORUS_PRO_LOGIN: simulator.login,
    CHORUS_PRO_PASSWORD: simulator.password,
    ...(access === 'piste'
      ? {
          CHORUS_PRO_API_URL: simulator.pisteUrl,
          CHORUS_PRO_TOKEN_URL: simulator.tokenUrl,
          PISTE_CLIENT_ID: simulator.clientId,
          PISTE_CLIENT_SECRET: simulator.clientSecret
        }
      : {
          CHORUS_PRO_API_URL: simulator.certificateUrl,
          CHORUS_PRO_CERTIFICATE_FILE: write(`client-${n}.p12`, simulator.clientPkcs12),
          CHORUS_PRO_CERTIFICATE_PASSPHRASE: simulator.clientPkcs12Passphrase
        }),
    ...changes
  }
}

async function examine(environment: Record<string, string>, account: object = {}): Promise<Hop[]> {
  const [way] = waysOf(readConfig({ GATEWAY_TIME_SCALE: '100', ...environment }), silent)
  if (way === undefined) throw new Error('no way')
  return examineWay({ ...way, account: { ...way.account, ...account } })
}

const stateOf = (hops: Hop[], hop: string) => hops.find((each) => each.hop === hop)?.state
/** Exactly this hop is red, with a remedy in both languages, and nothing behind it was tried on the road. */
function onlyRed(t: Test, hops: Hop[], hop: string, detail: RegExp, remedy = /./) {
  const bad = hops.filter(({ state }) => state === 'red')
  t.equal(bad[0]?.hop, hop, JSON.stringify(hops))
  t.match(bad[0], { detail, remedy: { en: remedy, fr: /./ } })
}

t.test('a good way is green from the name to the last API, in both modes', async (t) => {
  const simulator = await simulate(t)
  const piste = await examine(environmentOf(simulator, 'piste'))
  t.same(
    piste.map(({ hop, state }) => `${hop} ${state}`),
    [
      'dns green',
      'proxy skipped',
      'proxy-authentication skipped',
      'connect skipped',
      'connection green',
      'tls green',
      'server-certificate green',
      'client-certificate skipped',
      'token green',
      'api-subscription green',
      'technical-account green',
      'structures green',
      'bank-accounts green',
      'api factures green',
      'api structures green',
      'api transverses green',
      'api utilisateurs green'
    ]
  )
  const certificate = await examine(environmentOf(simulator, 'certificate'))
  t.same([stateOf(certificate, 'client-certificate'), stateOf(certificate, 'token')], ['green', 'skipped'])
  t.same(
    certificate.filter(({ state }) => state === 'red'),
    []
  )
  t.same(simulator.control.ledger().acceptances, [], 'only questions were asked')
})

t.test('the road: name, connection, TLS, the server’s certificate', async (t) => {
  const simulator = await simulate(t)
  const towards = (url: string) => examine(environmentOf(simulator, 'piste', { CHORUS_PRO_API_URL: url }))
  const nowhere = await towards('https://no-such-host.invalid/cpro')
  onlyRed(t, nowhere, 'dns', /no-such-host\.invalid cannot be resolved/, /resolve/)
  t.same(
    [stateOf(nowhere, 'connection'), stateOf(nowhere, 'token'), stateOf(nowhere, 'api factures')],
    ['skipped', 'skipped', 'skipped']
  )
  onlyRed(t, await towards('https://127.0.0.1:1/cpro'), 'connection', /ECONNREFUSED/, /firewall/)

  const plain = await listen(
    t,
    createTcpServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')))
  )
  onlyRed(t, await towards(`https://localhost:${plain}/cpro`), 'tls', /does not speak TLS/)

  const pki = makePki()
  const serve = async (cert: { cert: string; key: string }) => listen(t, createServer(cert))
  const ca = { CHORUS_PRO_CA_FILE: write('root.pem', pki.root.cert) }
  const judged = (port: number, changes: Record<string, string> = ca) =>
    examine(environmentOf(simulator, 'piste', { CHORUS_PRO_API_URL: `https://localhost:${port}/cpro`, ...changes }))
  const expired = await serve(issue('localhost', { by: pki.root, names: ['localhost'], days: [-9, -1] }))
  onlyRed(t, await judged(expired), 'server-certificate', /"Test Root", is not valid \(CERT_HAS_EXPIRED\)/)
  const other = await serve(issue('elsewhere', { by: pki.root, names: ['elsewhere.test'] }))
  onlyRed(t, await judged(other), 'server-certificate', /ALTNAME/)
})

const withSquid = squidBinary === undefined ? { skip: 'no squid is installed (Debian: apt-get install squid)' } : {}

t.test('a real squid: closed, wrong password, no CONNECT, and open', withSquid, async (t) => {
  const simulator = await simulate(t)
  const through = (url: string) => examine(environmentOf(simulator, 'certificate', { CHORUS_PRO_PROXY_URL: url }))
  const squid = await startSquid(t)
  squid.allow('someone', 'good word')
  onlyRed(
    t,
    await through(squid.url('someone', 'bad word')),
    'proxy-authentication',
    /refuses the user name or the password/,
    /percent/
  )
  onlyRed(t, await through(`http://127.0.0.1:${squid.port}`), 'proxy-authentication', /wants a user name/)
  const open = await through(squid.url('someone', 'good word'))
  t.same(
    open.filter(({ state }) => state === 'red'),
    []
  )
  t.same(
    ['proxy', 'proxy-authentication', 'connect', 'client-certificate'].map((hop) => stateOf(open, hop)),
    Array(4).fill('green')
  )
  await squid.stop()
  onlyRed(t, await through(squid.url('someone', 'good word')), 'proxy', /cannot be reached \(ECONNREFUSED\)/)

  const closed = await startSquid(t, { directives: ['acl tunnel method CONNECT', 'http_access deny tunnel'] })
  closed.allow('someone', 'good word')
  onlyRed(t, await through(closed.url('someone', 'good word')), 'connect', /answered 403 to CONNECT/, /5443/)
})

/** Ours does what ssl-bump does; Debian's squid can do that itself only as squid-openssl. */
const intercepting = {
  'one of our own': async (t: Test, corporate: Issued, simulator: Simulator) => {
    const shown = issue('localhost', { by: corporate, names: ['localhost', '127.0.0.1'] })
    return `http://127.0.0.1:${await startInterceptingProxy(t, shown, simulator.ca)}`
  },
  'a real squid with ssl-bump': async (t: Test, corporate: Issued, simulator: Simulator) => {
    const squid = await startSquid(t, { bump: { authority: corporate, upstreamCa: simulator.ca } })
    squid.allow('someone', 'good word')
    return squid.url('someone', 'good word')
  }
}

for (const [kind, start] of Object.entries(intercepting)) {
  const missing = start === intercepting['a real squid with ssl-bump'] && bumpingSquid === undefined
  const options = missing
    ? { skip: 'no squid that opens TLS is installed (Debian: apt-get install squid-openssl)' }
    : {}
  t.test(`a proxy that opens TLS is called what it is: ${kind}`, options, async (t) => {
    const simulator = await simulate(t)
    const corporate = issue('Corp TLS Inspection CA', { ca: true })
    const proxied = { CHORUS_PRO_PROXY_URL: await start(t, corporate, simulator) }
    const trusting = { ...proxied, CHORUS_PRO_CA_FILE: write('corp.pem', corporate.cert) }

    /** By its name: for an address squid makes certificates that no client takes. */
    const asked = (access: 'piste' | 'certificate', changes: Record<string, string>) => {
      const environment = environmentOf(simulator, access, changes)
      for (const name of ['CHORUS_PRO_API_URL', 'CHORUS_PRO_TOKEN_URL']) {
        const url = environment[name]
        if (url !== undefined) environment[name] = url.replace('127.0.0.1', 'localhost')
      }
      return examine(environment)
    }

    const unknown = await asked('piste', proxied)
    const said =
      /"Corp TLS Inspection CA", whom this machine does not know.*the proxy 127\.0\.0\.1:\d+ opens TLS connections/
    onlyRed(t, unknown, 'server-certificate', said, /exempted.*CHORUS_PRO_CA_FILE.*a client certificate could not pass/)
    const mutual = await asked('certificate', proxied)
    onlyRed(t, mutual, 'server-certificate', said, /cannot pass a client certificate.*access mode piste/)
    onlyRed(
      t,
      await asked('certificate', trusting),
      'client-certificate',
      /opens the TLS connection.*"Corp TLS Inspection CA".*a client certificate cannot pass it/,
      /exempted/
    )
    const piste = await asked('piste', trusting)
    t.same(
      piste.filter(({ state }) => state === 'red'),
      [],
      'with PISTE it is enough to trust it'
    )
    t.match(piste.find(({ hop }) => hop === 'server-certificate')?.detail, /Corp TLS Inspection CA.*intercepting proxy/)
  })
}

t.test('our certificate: expired, of another authority, without its passphrase', async (t) => {
  const simulator = await simulate(t)
  const stranger = await simulate(t)
  const day = 86_400_000
  const old = await simulator.issueClientCertificate({
    from: new Date(Date.now() - 9 * day),
    to: new Date(Date.now() - day)
  })
  const withFile = (name: string, content: Buffer, more: Record<string, string> = {}) =>
    examine(environmentOf(simulator, 'certificate', { CHORUS_PRO_CERTIFICATE_FILE: write(name, content), ...more }))
  onlyRed(t, await withFile('old.p12', old.pkcs12), 'client-certificate', /expired on \d{4}/, /renew/)
  onlyRed(t, await withFile('strange.p12', stranger.clientPkcs12), 'client-certificate', /hangs up|refuses/, /declare/)
  const locked = { CHORUS_PRO_CERTIFICATE_PASSPHRASE: 'not-this-one' }
  onlyRed(
    t,
    await withFile('good.p12', simulator.clientPkcs12, locked),
    'client-certificate',
    /does not open with this passphrase/
  )
})

t.test('credentials: token, subscription, technical account', async (t) => {
  const simulator = await simulate(t)
  const secret = await examine(environmentOf(simulator, 'piste', { PISTE_CLIENT_SECRET: 'of-the-other-environment' }))
  onlyRed(t, secret, 'token', /invalid_client/, /sandbox credentials do not work in production/)
  t.equal(stateOf(secret, 'technical-account'), 'skipped')

  simulator.control.setFaults([{ operation: 'structures/.*', kind: 'forbidden', shape: 'none', times: 'always' }])
  const closed = await examine(environmentOf(simulator, 'piste'))
  onlyRed(t, closed, 'api-subscription', /subscribe to it/, /accept the terms/)
  t.same(
    [stateOf(closed, 'technical-account'), stateOf(closed, 'api structures'), stateOf(closed, 'api factures')],
    ['green', 'red', 'green']
  )
  simulator.control.setFaults([])

  const account = await examine(environmentOf(simulator, 'piste', { CHORUS_PRO_PASSWORD: 'of-last-year' }))
  onlyRed(t, account, 'technical-account', /refused \(401\)/, /suffix.*expires.*30 minutes/)
  t.equal(stateOf(account, 'api transverses'), 'skipped', 'a refused password is not tried again and again')
  t.equal(stateOf(account, 'structures'), 'skipped')
})

t.test('structures, bank accounts, and one API that is away', async (t) => {
  const lonely = { login: 'TECH_LONELY@cpro.fr', password: 'sans-rattachement', structures: [] }
  const simulator = await simulate(t, { moreAccounts: [lonely] })
  const as = { CHORUS_PRO_LOGIN: lonely.login, CHORUS_PRO_PASSWORD: lonely.password }
  onlyRed(
    t,
    await examine(environmentOf(simulator, 'piste', as)),
    'structures',
    /attached to no active structure/,
    /link it/
  )
  const sellers = { sellers: ['99900010200015', '12345678200051'] }
  onlyRed(t, await examine(environmentOf(simulator, 'piste'), sellers), 'structures', /not attached to 12345678200051/)
  const bankAccounts = { FR7630006000011234567890189: 'Compte fermé' }
  onlyRed(
    t,
    await examine(environmentOf(simulator, 'piste'), { bankAccounts }),
    'bank-accounts',
    /"Compte fermé"/,
    /bankAccounts/
  )

  simulator.control.setFaults([{ operation: 'factures/.*', kind: 'maintenance', times: 'always' }])
  const away = await examine(environmentOf(simulator, 'piste'))
  onlyRed(t, away, 'api factures', /503/, /maintenance/)
  t.same(away.filter(({ state }) => state === 'red').length, 1)
})

t.test('the bundle says what is wrong and no secret, on the administration port as well', async (t) => {
  const secrets = ['mot de passe-MARKER', 'secret/MARKER+piste', 'pr0xy-MARKER@word']
  const [password = '', clientSecret = '', proxyWord = ''] = secrets
  const g = await buildGateway(t, {
    configured: true,
    environment: (simulator) =>
      environmentOf(simulator, 'piste', { CHORUS_PRO_PASSWORD: password, PISTE_CLIENT_SECRET: clientSecret })
  })
  const answer = await fetch(`${g.adminUrl}/admin/doctor`, { method: 'POST' })
  const told = (await answer.json()) as Awaited<ReturnType<typeof makeBundle>>
  t.match(told, { version: /^\d/, faults: [], ways: [{ lane: 'simulator/default', access: 'piste', hops: Array }] })
  t.match(
    told.ways[0]?.hops.find(({ state }) => state === 'red'),
    { hop: 'token' }
  )

  const environment = environmentOf(g.simulator, 'certificate', {
    CHORUS_PRO_PASSWORD: password,
    CHORUS_PRO_PROXY_URL: `http://someone:${encodeURIComponent(proxyWord)}@127.0.0.1:1`
  })
  const bundleOf = (changes: Record<string, string> = {}) =>
    makeBundle({ read: () => readConfig({ ...environment, ...changes }), version: '0.0.0', now: () => new Date() })
  const bundle = await bundleOf()
  t.match(bundle.ways[0], { proxy: '127.0.0.1:1', authorities: 1, certificate: { subject: String, chain: 2 } })
  t.match(await bundleOf({ CHORUS_PRO_PASSWORD: '' }), { ways: [], faults: [/CHORUS_PRO_PASSWORD is needed/] })
  const text = `${JSON.stringify(told)} ${JSON.stringify(bundle)}`
  for (const secret of [...secrets, `${g.simulator.login}:${password}`]) {
    for (const form of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/=+$/, '')
    ]) {
      t.notOk(text.includes(form), 'no secret in any form')
    }
  }
  t.notMatch(text, /99900010200015/, 'nor a whole SIRET')
})
