import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openEmbedded } from '../../src/store/embedded.ts'
import { startPostgres } from '../helpers/postgres.ts'
import { accepted } from '../src/store/samples.ts'

const start = fileURLToPath(new URL('../../src/bin/start.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'gateway-commands-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

function run(arguments_: string[], environment: Record<string, string> = {}) {
  const env = { PATH: process.env['PATH'] ?? '', ...environment }
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [start, ...arguments_], { cwd: folder, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    )
  })
}

const data = join(folder, 'data')
const { store } = await openEmbedded({ dataDir: data })
const { invoice } = await accepted(store)

t.test('a backup beside a running gateway', async (t) => {
  const to = join(folder, 'backup')
  const done = await run(['backup', '--to', to, '--data', data])
  t.match(done, { code: 0, out: /holds 1 invoices and 0 documents/, err: '' })
  t.ok(readdirSync(to).includes('ledger.db'))
  t.match(await run(['backup', '--to', to, '--data', data]), { code: 1, out: '', err: /not empty/ })
  t.match(await run(['backup', '--to', to, '--data', folder]), { code: 1, err: /no store/ })
  const url = 'postgres://nobody:word@127.0.0.1:1/none'
  t.match(await run(['backup', '--to', to], { DATABASE_URL: url }), { code: 1, err: /pg_dump/ })
  const unreachable = await run(['keys', 'list'], { DATABASE_URL: url })
  t.match(unreachable, { code: 1, err: /the PostgreSQL 127\.0\.0\.1:1\/none cannot be opened/ })
  t.notMatch(unreachable.err, /word/)
  t.match(await run(['keys', 'list'], { DATABASE_URL: 'mysql://x' }), { code: 78, err: /DATABASE_URL is not valid/ })
})

t.test('one seller is exported, and erased when all of his is finished', async (t) => {
  const to = join(folder, 'export')
  const seller = invoice.sellerSiret ?? ''
  t.match(await run(['export', '--seller', seller, '--to', to, '--data', data]), { code: 0, out: /holds 1 invoices/ })
  t.match(JSON.parse(readFileSync(join(to, 'invoices.jsonl'), 'utf8')), {
    id: invoice.id,
    entries: [{ type: 'accepted' }]
  })
  t.match(await run(['export', '--seller', '1', '--to', to, '--data', data]), { code: 2, err: /14 digits/ })
  const erase = ['erase', '--seller', seller, '--by', 'C. Martin', '--data', data]
  t.match(await run(erase), { code: 2, err: /There are invoices .* add --yes/ })
  t.match(await run([...erase, '--yes']), { code: 1, err: /1 submissions are not finished \(inv_/ })
  await store.change(invoice.id, () => ({ patch: { state: 'cancelled' } }))
  t.match(await run([...erase, '--yes']), { code: 0, out: /^1 invoices/ })
  t.match((await store.timeline(invoice.id)).entries.at(-1), { type: 'erased', data: { operator: 'C. Martin' } })
})

const postgres = await startPostgres(t)
if (postgres !== undefined) {
  t.test('a folder goes to PostgreSQL, where the commands find it', async (t) => {
    const to = await postgres.freshUrl()
    t.match(await run(['store', 'copy', '--data', data]), { code: 2, err: /--to is needed/ })
    t.match(await run(['store', 'copy', '--data', data, '--to', to]), { code: 1, err: /another gateway already works/ })
    await store.close()
    const copied = await run(['store', 'copy', '--data', data, '--to', to])
    t.match(copied, { code: 0, out: /invoice +1/, err: /invoice 1 of 1/ })
    t.match(await run(['keys', 'create', '--name', 'erp'], { DATABASE_URL: to }), {
      code: 0,
      out: /kept in the PostgreSQL/
    })
    t.match(await run(['keys', 'list'], { DATABASE_URL: to }), { code: 0, out: /erp/ })
    const again = await run(['store', 'copy', '--data', data, '--to', to])
    t.match(again, { code: 1, err: /not empty/ })
    const rows = await postgres.sql(`select id from ${/search_path%3D(\w+)/.exec(to)?.[1]}.invoice`)
    t.same(rows, [{ id: invoice.id }])
    const refused = await run(['serve'], { DATA_DIR: data, PORT: '0', ADMIN_PORT: '0' })
    t.match(refused, { code: 78, err: /was copied to PostgreSQL/ })
  })

  t.test('a gateway refuses a database that would lose invoices', async (t) => {
    const url = new URL(await postgres.freshUrl())
    url.searchParams.set('options', `${url.searchParams.get('options')} -csynchronous_commit=off`)
    const refused = await run(['serve'], { DATABASE_URL: url.href, PORT: '0', ADMIN_PORT: '0' })
    t.match(refused, { code: 78, err: /synchronous_commit is off/ })
  })
}
