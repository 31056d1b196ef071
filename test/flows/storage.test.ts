import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import t, { type Test } from 'tap'
import { type Answer, buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { startPostgres } from '../helpers/postgres.ts'
import { mountSmallDisk } from '../helpers/tmpfs.ts'

// Trouble with the store is told within two seconds, reading goes on where it can, and nothing has to be restarted.

const pdf = makePdf()
const random = () =>
  makePdf({
    attachments: [{ name: 'a.bin', data: Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))) }]
  })
const send = (g: TestGateway, file = pdf) => g.post('/v1/invoices', formOf(goodInvoice(), file))

async function soon(t: Test, asked: Promise<Answer>, expected: object, title: string): Promise<Answer> {
  const started = performance.now()
  const answer = await asked
  const took = Math.round(performance.now() - started)
  t.match({ status: answer.status, code: answer.body?.code }, expected, title)
  t.ok(took < 2_000, `${title}: after ${took} ms`)
  return answer
}

const maintenance = { status: 503, code: 'maintenance' }
const full = { status: 507, code: 'storage-full' }
const ready = (g: TestGateway) => g.get('/health/ready')

t.test('a full disk', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-disk-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const disk = mountSmallDisk(t, { folder: join(folder, 'data'), megabytes: 8 })
  if (disk === undefined) return
  const g = await buildGateway(t, { environment: { DATA_DIR: disk.folder } })
  const { body: kept } = await send(g)
  disk.fill()
  const refused = await soon(t, send(g, random()), full, 'an invoice')
  t.ok(refused.headers.get('retry-after'))
  await soon(t, g.get(`/v1/invoices/${kept.id}`), { status: 200 }, 'reading')
  await soon(t, g.get(kept.documents[0].href), { status: 200 }, 'a document')
  disk.free()
  t.equal((await send(g, random())).status, 201, 'room again')
  t.match(await ready(g), { status: 200, body: { store: 'ok' } })
})

t.test('a ledger that another process holds', async (t) => {
  const g = await buildGateway(t)
  const { body: kept } = await send(g)
  const other = new DatabaseSync(join(g.dataDir, 'ledger.db'))
  other.exec('begin immediate')
  await soon(t, send(g), maintenance, 'an invoice')
  await soon(t, g.get(`/v1/invoices/${kept.id}`), { status: 200 }, 'reading')
  await soon(t, ready(g), { status: 503 }, 'readiness')
  other.exec('rollback')
  other.close()
  t.equal((await send(g)).status, 201)
})

const postgres = await startPostgres(t)
if (postgres !== undefined) {
  const build = async (t: Test, options = '') => {
    const url = new URL(await postgres.freshUrl())
    const schema = url.searchParams.get('options')?.slice('-csearch_path='.length) ?? ''
    url.searchParams.set('options', `-csearch_path=${schema}${options}`)
    return { g: await buildGateway(t, { environment: { DATABASE_URL: url.href } }), schema }
  }

  t.test('a database that is locked, then only reads', async (t) => {
    const { g, schema } = await build(t)
    const { body: kept } = await send(g)
    const other = new pg.Client({ connectionString: postgres.url })
    await other.connect()
    await other.query(`begin; lock table ${schema}.idempotency, ${schema}.invoice in exclusive mode`)
    await soon(t, send(g), maintenance, 'an invoice')
    await soon(t, g.get(`/v1/invoices/${kept.id}`), { status: 200 }, 'reading')
    await other.query('rollback')
    await other.end()
    t.equal((await send(g)).status, 201)

    if (postgres.process === undefined) return
    const readOnly = async (value: string) => {
      await postgres.sql(
        `begin read write; alter role current_user set default_transaction_read_only = ${value}; commit`
      )
      await postgres.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${schema}'`)
    }
    await readOnly('on')
    await soon(t, send(g), maintenance, 'an invoice')
    await soon(t, g.get(kept.documents[0].href), { status: 200 }, 'a document')
    await soon(t, ready(g), { status: 503 }, 'readiness')
    await readOnly('off')
    t.equal((await send(g)).status, 201)
  })

  t.test('a database without room', async (t) => {
    if (postgres.process === undefined) return
    const disk = mountSmallDisk(t, {
      folder: join(postgres.process.folder, 'small'),
      megabytes: 8,
      owner: process.getuid?.() === 0 ? 65_534 : 0
    })
    if (disk === undefined) return
    await postgres.sql(`create tablespace small location '${disk.folder}'`)
    const { g, schema } = await build(t, ' -cdefault_tablespace=small')
    const { body: kept } = await send(g)
    disk.fill()
    let refused: Answer = await send(g, random())
    // What the tables have left is used up first.
    for (let i = 0; i < 20 && refused.status === 201; i++) refused = await send(g, random())
    t.match(refused, { status: 507, body: { code: 'storage-full' } })
    await soon(t, send(g, random()), full, 'the next')
    await soon(t, g.get(`/v1/invoices/${kept.id}`), { status: 200 }, 'reading')
    disk.free()
    t.equal((await send(g, random())).status, 201, 'room again')
    await g.gateway.close()
    await postgres.sql(`drop schema ${schema} cascade`)
    await postgres.sql('drop tablespace small')
  })

  t.test('a database that is away', async (t) => {
    if (postgres.process === undefined) return
    const { g } = await build(t)
    const { body: kept } = await send(g)
    await postgres.process.stop('crash')
    await soon(t, send(g), maintenance, 'an invoice')
    await soon(t, g.get(`/v1/invoices/${kept.id}`), maintenance, 'reading')
    await soon(t, ready(g), { status: 503 }, 'readiness')
    t.equal((await g.get('/health/live')).status, 200, 'and the process lives')
    await postgres.process.start()
    t.equal((await send(g)).status, 201)
    t.match(await ready(g), { status: 200, body: { store: 'ok' } })
  })
}
