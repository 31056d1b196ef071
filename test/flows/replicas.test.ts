import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { addKey } from '../helpers/callers.ts'
import { buildGateway, formOf, goodInvoice, type TestGateway, type TestGatewayOptions } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { startPostgres } from '../helpers/postgres.ts'

const pdf = makePdf()
const postgres = await startPostgres(t)
if (postgres === undefined) t.plan(0, 'no PostgreSQL')
else {
  /** Two gateways on one database, before one Chorus Pro. */
  const twoReplicas = async (
    t: Test,
    options: TestGatewayOptions = {}
  ): Promise<{ one: TestGateway; other: TestGateway }> => {
    const environment = { DATABASE_URL: await postgres.freshUrl() }
    const other = await buildGateway(t, { environment })
    const {
      certificateUrl: apiUrl,
      login,
      password,
      ca: extraCa,
      clientPkcs12,
      clientPkcs12Passphrase
    } = other.simulator
    const certificate = { pkcs12: clientPkcs12, passphrase: clientPkcs12Passphrase }
    const one = await buildGateway(t, {
      environment,
      upstream: () => ({ apiUrl, login, password, extraCa, certificate, ...options.upstream?.(other.simulator) })
    })
    return { one, other }
  }

  t.test('what one replica accepted, the other shows, replays and follows', async (t) => {
    const { one, other } = await twoReplicas(t)
    const invoice = goodInvoice()
    const form = () => formOf(invoice, pdf)
    const created = await one.post('/v1/invoices', form(), { 'idempotency-key': 'k1' })
    t.equal(created.status, 201)
    const replayed = await other.post('/v1/invoices', form(), { 'idempotency-key': 'k1' })
    t.equal(replayed.status, 200)
    t.equal(replayed.body.id, created.body.id)
    const { body: listed } = await other.get('/v1/invoices')
    t.same(
      listed.items.map(({ id }: { id: string }) => id),
      [created.body.id]
    )
    const [document] = created.body.documents
    const file = await other.get(`/v1/invoices/${created.body.id}/documents/${document.id}`)
    t.equal(file.status, 200, 'documents are in the database')
    await other.until(created.body.id, ({ status }) => status?.code !== 'deposited')
    t.equal(other.simulator.control.invoices().length, 1)
  })

  t.test('the way out of one replica is closed: the other sends, and the answer waits for it', async (t) => {
    const { one } = await twoReplicas(t, { upstream: () => ({ apiUrl: 'https://127.0.0.1:9/service' }) })
    // The first one finds out that its way is closed.
    await one.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'respond-async' })
    const end = Date.now() + 3_000
    while (Date.now() < end && one.gateway.parts.lanes.view().every(({ state }) => state === 'open')) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const started = Date.now()
    const answer = await one.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'wait=10' })
    t.equal(answer.status, 201, 'sent by the other')
    t.ok(Date.now() - started < 3_500, `after ${Date.now() - started} ms`)
  })

  t.test('a copied configuration that names another account does not start on this database', async (t) => {
    const { one } = await twoReplicas(t)
    const environment = {
      DATABASE_URL: await postgres.freshUrl(),
      CHORUS_PRO_ENVIRONMENT: 'simulator',
      CHORUS_PRO_API_URL: one.simulator.certificateUrl,
      CHORUS_PRO_LOGIN: 'TECH_1@cpro.fr',
      CHORUS_PRO_PASSWORD: one.simulator.password,
      PORT: '0',
      ADMIN_PORT: '0',
      DATA_DIR: one.dataDir,
      CHORUS_PRO_ACCESS: 'certificate',
      CHORUS_PRO_CERTIFICATE_FILE: certificateFile(t, one),
      CHORUS_PRO_CERTIFICATE_PASSPHRASE: one.simulator.clientPkcs12Passphrase
    }
    const start = async (changes: Record<string, string>) => {
      const gateway = await startGateway(readConfig({ ...environment, ...changes }), pino({ level: 'silent' }))
      t.teardown(() => gateway.close())
      return gateway
    }
    await start({})
    await t.resolves(start({}), 'a replica')
    await t.rejects(start({ CHORUS_PRO_LOGIN: 'TECH_2@cpro.fr' }), {
      name: 'LedgerTaken',
      message: /simulator\/default/
    })
  })

  t.test('a limit holds over both, and a key that is revoked works on neither', async (t) => {
    const { one, other } = await twoReplicas(t)
    const limit = 200
    const both = async (who: { authorization: string }, each: number) => {
      let allowed = 0
      const ask = async (g: TestGateway) => {
        for (let i = 0; i < each; i++) if ((await g.get('/v1/invoices?limit=1', who)).status === 200) allowed++
      }
      await Promise.all([ask(one), ask(other), ask(one), ask(other)])
      return allowed
    }
    const day = await addKey(one, { requestsPerDay: limit })
    const allowed = await both(day, 75)
    t.ok(Math.abs(allowed - limit) <= limit * 0.2, `${allowed} of 300 were let in a day, ${limit} should be`)

    // A minute of the database's: one that ends in between counts for two.
    const minute = await addKey(one, { ratePerMinute: limit })
    const started = Math.floor(one.gateway.parts.now().getTime() / 60_000)
    const inMinute = await both(minute, 75)
    const minutes = 1 + Math.floor(one.gateway.parts.now().getTime() / 60_000) - started
    t.ok(
      inMinute >= limit * 0.8 && inMinute <= Math.min(300, limit * minutes * 1.2),
      `${inMinute} of 300 were let in, ${limit} a minute should be`
    )

    const key = await addKey(one)
    for (const g of [one, other]) t.equal((await g.get('/v1/invoices', key)).status, 200)
    await one.gateway.parts.store.revokeKey(key.id, new Date().toISOString())
    await new Promise((resolve) => setTimeout(resolve, 2_200))
    for (const g of [one, other]) t.equal((await g.get('/v1/invoices', key)).status, 401)
    const audit = await other.gateway.parts.store.verifyAudit()
    t.same(audit.findings, [], 'two replicas write one audit')
    t.ok(audit.rows > 3)
  })
}

function certificateFile(t: Test, g: TestGateway): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'client.p12'), g.simulator.clientPkcs12)
  return join(folder, 'client.p12')
}
