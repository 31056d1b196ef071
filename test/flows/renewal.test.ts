import { spawn } from 'node:child_process'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { Expiry } from '../../schemas/ways-out.ts'
import type { Door } from '../../src/chorus/door.ts'
import { createDoors } from '../../src/chorus/doors.ts'
import { ChorusError, type Proof, type UpstreamProblem } from '../../src/chorus/errors.ts'
import { toCalendar } from '../../src/connections/calendar.ts'
import { createRadar } from '../../src/connections/expiries.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { buildGateway, formOf, goodInvoice, type TestGateway, type TestGatewayOptions } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

const pdf = makePdf()
const start = fileURLToPath(new URL('../../src/bin/start.js', import.meta.url))
const freshPassword = 'ein-neues-passwort-2027'

/** A gateway whose certificate and password are files, as secrets of a container are. */
async function withFiles(t: Test, access: 'certificate' | 'piste', more: TestGatewayOptions = {}) {
  let folder = ''
  const file = (name: string) => join(folder, name)
  const g = await buildGateway(t, {
    configured: true,
    simulator: {
      // The same account, before and after its password is made anew.
      moreAccounts: [{ login: 'TECH_1_99900010200015@cpro.fr', password: freshPassword }]
    },
    environment: (simulator, data) => {
      folder = data
      writeFileSync(file('client.p12'), simulator.clientPkcs12)
      writeFileSync(file('passphrase'), simulator.clientPkcs12Passphrase)
      writeFileSync(file('password'), `${simulator.password}\n`)
      writeFileSync(file('ca.pem'), simulator.ca)
      return {
        CHORUS_PRO_ACCESS: access,
        CHORUS_PRO_API_URL: access === 'piste' ? simulator.pisteUrl : simulator.certificateUrl,
        CHORUS_PRO_TOKEN_URL: simulator.tokenUrl,
        CHORUS_PRO_CA_FILE: file('ca.pem'),
        CHORUS_PRO_LOGIN: simulator.login,
        CHORUS_PRO_PASSWORD_FILE: file('password'),
        ...(access === 'piste'
          ? { PISTE_CLIENT_ID: simulator.clientId, PISTE_CLIENT_SECRET: simulator.clientSecret }
          : {
              CHORUS_PRO_CERTIFICATE_FILE: file('client.p12'),
              CHORUS_PRO_CERTIFICATE_PASSPHRASE_FILE: file('passphrase')
            })
      }
    },
    ...more
  })
  return { g, file }
}

const renewalOf = async (g: TestGateway) => (await fetch(`${g.adminUrl}/admin/renewal`)).json() as Promise<View>
interface View {
  faults: string[]
  ways: { lane: string; state: string; since: string; detail?: string }[]
}

/** Until the change has been seen and judged. */
async function until(g: TestGateway, fits: (view: View) => boolean): Promise<View> {
  const end = Date.now() + 25_000
  for (;;) {
    const view = await renewalOf(g)
    if (fits(view)) return view
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(view)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const stateOf = (view: View) => view.ways[0]?.state
const serialOf = (g: TestGateway) => g.gateway.parts.connections.all[0].chorus.status().certificate?.serial
const metricsOf = async (g: TestGateway) => (await fetch(`${g.adminUrl}/metrics`)).text()

t.test('under load no send fails, neither for broken certificates nor for the good one that follows', async (t) => {
  const { g, file } = await withFiles(t, 'certificate')
  const stranger = await createSimulator({ speed: 100 })
  t.teardown(() => stranger.close())
  const day = 86_400_000
  const expired = await g.simulator.issueClientCertificate({
    from: new Date(Date.now() - 9 * day),
    to: new Date(Date.now() - day)
  })
  const good = await g.simulator.issueClientCertificate()
  const first = serialOf(g)

  let sending = true
  const statuses: number[] = []
  const numbers: string[] = []
  const load = Array.from({ length: 6 }, async () => {
    while (sending) {
      const invoice = goodInvoice()
      numbers.push(invoice.number)
      statuses.push((await g.post('/v1/invoices', formOf(invoice, pdf))).status)
    }
  })

  /** Sends that began after what happened just now. */
  const more = async (count: number) => {
    const until = statuses.length + count
    while (statuses.length < until) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  await more(6)
  writeFileSync(file('client.p12'), 'not a certificate at all')
  const garbage = await until(g, (view) => stateOf(view) === 'refused')
  t.match(garbage.ways[0]?.detail, /not PKCS#12, or it is damaged/)
  await more(6)
  const changed = (before: View) => (view: View) => view.ways[0]?.since !== before.ways[0]?.since
  writeFileSync(file('client.p12'), expired.pkcs12)
  const late = await until(g, changed(garbage))
  t.match(late.ways[0], { state: 'refused', detail: /expired on/ })
  await more(6)
  writeFileSync(file('client.p12'), stranger.clientPkcs12)
  const foreign = await until(g, changed(late))
  t.not(stateOf(foreign), 'current', 'that of another authority: the other side only hangs up')
  t.equal(serialOf(g), first, 'the one from before is still in use')
  t.match(await metricsOf(g), /gateway_credentials_current\{lane="simulator\/default"\} 0/)
  t.match(g.log.join(''), /new credentials do not work yet: those before stay in use/)

  writeFileSync(file('client.p12'), good.pkcs12)
  await until(g, (view) => stateOf(view) === 'current')
  t.not(serialOf(g), first)
  await more(12)
  sending = false
  await Promise.all(load)
  t.comment(`${statuses.length} invoices went out meanwhile`)
  t.same([...new Set(statuses)], [201], 'every one of them at once')
  const taken = g.simulator.control.ledger().acceptances.map(({ number }) => number)
  t.same(taken.toSorted(), numbers.toSorted(), 'and each once')
  t.match(await metricsOf(g), /gateway_credentials_current\{lane="simulator\/default"\} 1/)
})

t.test('a password is tried before it takes over, and the token of the application is kept', async (t) => {
  const { g, file } = await withFiles(t, 'piste')
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
  writeFileSync(file('password'), 'mistyped-password')
  t.match((await until(g, (view) => stateOf(view) === 'refused')).ways[0]?.detail, /technical account is refused/)
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
  writeFileSync(file('password'), freshPassword)
  await until(g, (view) => stateOf(view) === 'current')
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
  t.notMatch(g.log.join(''), /mistyped-password|ein-neues-passwort/)
})

t.test('an expired password holds the lane, and the new one in its file lets the invoice go', async (t) => {
  const { g, file } = await withFiles(t, 'piste')
  writeFileSync(file('password'), 'of-last-year')
  await g.restart()
  const { status, body } = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'wait=3' })
  t.match([status, body.submission.error?.code], [202, 'technical-account-rejected'])
  writeFileSync(file('password'), freshPassword)
  await g.until(body.id, (invoice) => invoice.submission.state === 'integrated')
  t.equal(g.simulator.control.ledger().acceptances.length, 1)
})

t.test('certificate and key in two files, replaced one after the other', async (t) => {
  let file = (_name: string) => ''
  const g = await buildGateway(t, {
    configured: true,
    environment: (simulator, folder) => {
      file = (name) => join(folder, name)
      writeFileSync(file('client.pem'), simulator.clientCertificate + simulator.ca)
      writeFileSync(file('client.key'), simulator.clientKey)
      writeFileSync(file('ca.pem'), simulator.ca)
      return {
        CHORUS_PRO_API_URL: simulator.certificateUrl,
        CHORUS_PRO_LOGIN: simulator.login,
        CHORUS_PRO_PASSWORD: simulator.password,
        CHORUS_PRO_CA_FILE: file('ca.pem'),
        CHORUS_PRO_CERTIFICATE_FILE: file('client.pem'),
        CHORUS_PRO_CERTIFICATE_KEY_FILE: file('client.key')
      }
    }
  })
  const first = serialOf(g)
  const next = await g.simulator.issueClientCertificate()
  writeFileSync(file('client.pem'), next.certificate + g.simulator.ca)
  t.match((await until(g, (view) => stateOf(view) === 'refused')).ways[0]?.detail, /private key does not belong/)
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
  t.equal(serialOf(g), first)
  writeFileSync(file('client.key'), next.key)
  await until(g, (view) => stateOf(view) === 'current')
  t.not(serialOf(g), first)
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
})

t.test(
  'a secret that is exchanged behind a link is seen, and one that is gone for a moment harms nothing',
  async (t) => {
    const { g, file } = await withFiles(t, 'certificate')
    const first = serialOf(g)
    const good = await g.simulator.issueClientCertificate()
    rmSync(file('client.p12'))
    t.match((await until(g, ({ faults }) => faults.length > 0)).faults, [/CHORUS_PRO_CERTIFICATE_FILE cannot be read/])
    t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
    writeFileSync(file('next.p12'), good.pkcs12)
    symlinkSync(file('next.p12'), file('client.p12'))
    await until(g, (view) => stateOf(view) === 'current' && serialOf(g) !== first)
    t.same((await renewalOf(g)).faults, [])
  }
)

t.test('what cannot be tried now is tried again by itself', async (t) => {
  const { g, file } = await withFiles(t, 'certificate')
  const first = serialOf(g)
  g.simulator.control.configure({ maintenance: true })
  writeFileSync(file('client.p12'), (await g.simulator.issueClientCertificate()).pkcs12)
  await until(g, (view) => stateOf(view) === 'waiting')
  g.simulator.control.configure({ maintenance: false })
  await until(g, (view) => stateOf(view) === 'current')
  t.not(serialOf(g), first)
})

t.test('credentials whose first real call fails are taken back, and that call is not lost', async (t) => {
  const { g, file } = await withFiles(t, 'certificate')
  const first = serialOf(g)
  writeFileSync(file('client.p12'), (await g.simulator.issueClientCertificate()).pkcs12)
  await until(g, (view) => stateOf(view) === 'current' && serialOf(g) !== first)
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'unauthorized' }])
  const invoice = goodInvoice()
  t.equal((await g.post('/v1/invoices', formOf(invoice, pdf))).status, 201)
  t.equal(g.simulator.control.ledger().acceptances.length, 1)
  t.match(await renewalOf(g), { ways: [{ state: 'taken-back' }] })
  t.equal(serialOf(g), first)
  t.match(g.log.join(''), /they are taken back/)
  const again = await fetch(`${g.adminUrl}/admin/renewal`, { method: 'POST' })
  t.match(await again.json(), { ways: [{ state: 'current' }] }, 'the operator may have it tried once more')
  t.not(serialOf(g), first)
})

t.test('credentials are not blamed where those before them fail as well', async (t) => {
  const failure = (problem: UpstreamProblem, proof: Proof) =>
    new ChorusError('x', { proof, problem, service: 's', lane: true })
  const door = (request: () => Promise<never>, name: string) =>
    ({ request, close: async () => void closed.push(name) }) as unknown as Door
  const closed: string[] = []
  const tries: string[] = []
  const failing = (name: string, problem: UpstreamProblem, proof: Proof = 'not-processed') =>
    door(async () => {
      tries.push(name)
      throw failure(problem, proof)
    }, name)
  const back: string[] = []
  const doorsOf = (old: Door, next: Door) => {
    const doors = createDoors(old, { leaveMs: 0, takenBack: () => back.push('back') })
    doors.change(next)
    return doors
  }
  const ask = (one: Door) => one.request({ service: 's' })
  const has = (evidence: object) => ({ evidence }) as unknown as Error
  const both = doorsOf(failing('old', 'technical-account-rejected'), failing('new', 'token-refused'))
  await t.rejects(both.use(ask), has({ problem: 'token-refused' }))
  t.same([tries.splice(0), back.splice(0)], [['new', 'old'], []])
  const unknown = doorsOf(failing('old', 'upstream-timeout', 'unknown'), failing('new', 'token-refused', 'not-sent'))
  await t.rejects(unknown.use(ask), has({ proof: 'unknown' }), 'what may have been done is never hidden')
  t.same(back.splice(0), [])
  const business = doorsOf(failing('old', 'deposit-refused', 'refused'), failing('new', 'api-not-subscribed'))
  await t.rejects(business.use(ask), has({ problem: 'deposit-refused' }))
  t.same(back.splice(0), ['back'], 'an answer about the invoice proves the old ones good')
  tries.length = 0
  const sent = doorsOf(failing('old', 'token-refused'), failing('new', 'client-certificate-rejected', 'unknown'))
  await t.rejects(sent.use(ask), has({ proof: 'unknown' }))
  t.same(tries, ['new'], 'what may have been done is not done again')
  t.same(closed, ['new'], 'and only what was taken back is closed')
})

t.test('the secret of the application, and the dates, follow the file of several connections', async (t) => {
  let write = (_secret: string, _since: string, _sellers?: string[]) => {}
  const g = await buildGateway(t, {
    configured: true,
    environment: (simulator, folder) => {
      const path = join(folder, 'connections.json')
      writeFileSync(join(folder, 'ca.pem'), simulator.ca)
      const { pisteUrl, tokenUrl, clientId, login, password } = simulator
      write = (clientSecret, passwordSince, sellers) => {
        const piste = { clientId, clientSecret, secretExpires: '2030-01-31' }
        const accounts = [{ name: 'main', login, password, passwordSince, sellers }]
        const to = { apiUrl: pisteUrl, tokenUrl, caFile: 'ca.pem', piste, accounts }
        const connections = [{ name: 'one', environment: 'simulator', access: 'piste', ...to }]
        writeFileSync(path, JSON.stringify({ connections }))
      }
      write(simulator.clientSecret, '2029-01-01')
      return { GATEWAY_CONFIG_FILE: path }
    }
  })
  const dates = async () => {
    const { items } = (await (await fetch(`${g.adminUrl}/admin/expiries`)).json()) as { items: Expiry[] }
    return items.map(({ kind, expiresAt }) => `${kind} ${expiresAt?.slice(0, 10)}`)
  }
  t.same(await dates(), ['piste-secret 2030-01-31', 'password 2030-03-01'])
  write('not-the-secret', '2029-06-01')
  t.match((await until(g, (view) => stateOf(view) === 'refused')).ways[0]?.detail, /application is refused/)
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
  t.same(await dates(), ['piste-secret 2030-01-31', 'password 2030-03-01'], 'the dates of what is in use')
  write(g.simulator.clientSecret, '2029-06-01')
  await until(g, (view) => stateOf(view) === 'current')
  t.same(await dates(), ['piste-secret 2030-01-31', 'password 2030-07-30'])
  write(g.simulator.clientSecret, '2029-06-01', ['99900020100015'])
  t.match((await until(g, (view) => stateOf(view) === 'restart')).ways[0]?.detail, /sellers/)
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201, 'until then it is as it was')
  write(g.simulator.clientSecret, '2029-02-30')
  t.match((await until(g, ({ faults }) => faults.length > 0)).faults, [/\/connections\/0\/accounts\/0\/passwordSince/])
  await new Promise((resolve) => setTimeout(resolve, 500))
  const audited = await g.gateway.parts.store.listAudit({ kind: 'credentials-changed' }, { limit: 10 })
  t.match(
    audited.map(({ data }) => data?.['state'] ?? 'faults'),
    ['faults', 'restart', 'current', 'refused']
  )
  t.notMatch(JSON.stringify(audited), /not-the-secret/)
})

t.test('SIGHUP reads again and does not end the process', async (t) => {
  const child = spawn(process.execPath, [start, 'serve'], {
    env: { PATH: process.env['PATH'], PORT: '0', ADMIN_PORT: '0', DATA_DIR: t.testdir({}) },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.teardown(() => child.kill('SIGKILL'))
  let out = ''
  child.stdout.on('data', (text: Buffer) => {
    out += String(text)
  })
  const said = async (what: RegExp) => {
    const end = Date.now() + 45_000
    while (!what.test(out) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
    return what.test(out)
  }
  t.ok(await said(/the gateway listens/))
  child.kill('SIGHUP')
  t.ok(await said(/reading the configuration again/))
  child.kill('SIGTERM')
  t.ok(await said(/SIGTERM/), 'it still lived')
})

t.test('every date is shown: on the administration port, as metrics and as a calendar', async (t) => {
  const { g } = await withFiles(t, 'certificate', {})
  const { items } = (await (await fetch(`${g.adminUrl}/admin/expiries`)).json()) as { items: Expiry[] }
  t.match(items, [
    { kind: 'certificate', connection: 'default', environment: 'simulator', state: 'good', daysLeft: Number },
    { kind: 'password', account: 'default', state: 'unknown' }
  ])
  t.match(
    await metricsOf(g),
    /gateway_expiry_timestamp_seconds\{kind="certificate",connection="default",account=""\} \d+/
  )
  const feed = await fetch(`${g.adminUrl}/admin/expiries.ics`)
  t.match(feed.headers.get('content-type'), /^text\/calendar/)
  t.match(await feed.text(), /BEGIN:VEVENT[\s\S]*TRIGGER:-P60D/)
  t.equal((await g.get('/admin/expiries')).status, 404, 'never on the public port')
})

const ends = (expiresAt: string, daysLeft: number): Expiry => ({
  kind: 'password',
  connection: 'one',
  environment: 'production',
  account: 'one/holding',
  expiresAt,
  daysLeft,
  state: 'soon',
  detail: 'é,;\\'.repeat(30)
})

t.test('a warning comes 60, 30, 14, 7 days and one day before, once each, and daily afterwards', (t) => {
  let daysLeft = 70
  const said: string[] = []
  const log = {
    warn: (_facts: object, text: string) => said.push(text),
    error: (_facts: object, text: string) => said.push(text)
  }
  const radar = createRadar({ list: () => [ends('2027-01-01T23:59:59.000Z', daysLeft)], log })
  const told: number[] = []
  for (; daysLeft > -3; daysLeft--) {
    for (const _hour of [1, 2]) radar()
    if (said.splice(0).length === 1) told.push(daysLeft)
  }
  t.same(told, [60, 30, 14, 7, 1, -1, -2])
  t.end()
})

t.test('the calendar keeps to its form: lines of 75 octets, escapes, a name for each event', (t) => {
  const text = toCalendar([ends('2027-01-01T23:59:59.000Z', 9)], new Date('2026-12-01T00:00:00Z'))
  t.ok(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75))
  const unfolded = text.replaceAll('\r\n ', '')
  t.match(unfolded, /DTSTART;VALUE=DATE:20270101\r\n/)
  t.match(unfolded, /SUMMARY:Chorus Pro \(production\): the password of the technical account one\/holding ends/)
  t.ok(unfolded.includes('é\\,\\;\\\\é'))
  t.equal(unfolded.match(/BEGIN:VALARM/g)?.length, 5)
  t.equal(text, toCalendar([ends('2027-01-01T23:59:59.000Z', 9)], new Date('2026-12-01T00:00:00Z')))
  t.end()
})
