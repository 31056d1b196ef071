import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'tap'
import { openEmbedded } from '../../../src/store/embedded.ts'
import type { Engine, Row, Value } from '../../../src/store/engine.ts'
import { createLedger } from '../../../src/store/ledger.ts'
import { walksOf } from '../../../src/store/list.ts'
import { migrate } from '../../../src/store/migrations.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import type { InvoiceFilter } from '../../../src/store/store.ts'
import { storeContract } from './contract.ts'
import { accepted, type MakeStore, sample, type Tap, temporaryFolder } from './samples.ts'

const makeStore: MakeStore = async (t) => {
  let now = Date.UTC(2026, 10, 22, 8)
  const dataDir = temporaryFolder(t)
  const { store } = await openEmbedded({ dataDir, now: () => now })
  t.teardown(() => store.close())
  return {
    store,
    tamper: async (sql, owner) => {
      const db = new DatabaseSync(join(dataDir, 'ledger.db'))
      try {
        if (owner) db.exec('drop trigger if exists audit_no_update; drop trigger if exists audit_no_delete')
        db.exec(sql)
      } finally {
        db.close()
      }
    },
    now: () => now,
    advance: (ms) => {
      now += ms
    }
  }
}

async function openEngine(t: Tap): Promise<{ engine: Engine; file: string }> {
  const file = join(temporaryFolder(t), 'ledger.db')
  const engine = openSqlite({ file })
  t.teardown(() => engine.close())
  await migrate(engine)
  return { engine, file }
}

test('the embedded ledger keeps the contract', (t) => storeContract(t, makeStore))

test('every commit is synced, and foreign keys hold', async (t) => {
  const { engine } = await openEngine(t)
  const [setting, mode] = await engine.write(async (tx) => [
    await tx.all('pragma synchronous'),
    await tx.all('pragma journal_mode')
  ])
  t.same(setting, [{ synchronous: 2 }])
  t.same(mode, [{ journal_mode: 'wal' }])
  const orphan = engine.write((tx) =>
    tx.run("insert into timeline (invoice_seq, at, type, data) values (99, 0, 'x', '{}')")
  )
  await t.rejects(orphan, /FOREIGN KEY/)
})

test('a file that cannot have a write-ahead log is refused', async (t) => {
  t.throws(() => openSqlite({ file: ':memory:' }), /not durable/)
})

test('readers see what is committed, all of it and nothing else', async (t) => {
  const { engine } = await openEngine(t)
  const rows = () => engine.read((tx) => tx.all('select * from heartbeat order by name'))
  const seen: Promise<Row[]>[] = []
  await engine.write(async (tx) => {
    await tx.run("insert into heartbeat (name, at) values ('a', 1)")
    seen.push(rows())
    await tx.run("insert into heartbeat (name, at) values ('b', 1)")
  })
  t.equal((await seen[0])?.length, 1, 'read in the middle of the write')
  t.equal((await rows()).length, 3)
  await t.rejects(
    engine.read((tx) => tx.run('delete from heartbeat')),
    'readers do not write'
  )
  t.equal((await rows()).length, 3)
})

test('a full disk is told, loses nothing, and is over when there is room', async (t) => {
  const { engine } = await openEngine(t)
  const store = createLedger({ engine })
  const { invoice, job } = await accepted(store)
  const pages = (count: number) => engine.write((tx) => tx.all(`pragma max_page_count = ${count}`))
  await pages(1)
  const large = () => sample({ modeReason: 'x'.repeat(200_000) })
  const results = await Promise.allSettled([store.accept(large()), store.accept(large())])
  t.match(results, [{ reason: { name: 'StoreUnavailable', reason: 'full' } }, { reason: { reason: 'full' } }])
  t.same(await store.find(invoice.id), invoice, 'reading goes on')
  await store.change(invoice.id, () => ({ patch: { state: 'deposited' } }), job)
  await pages(1_000_000)
  t.match(await store.accept(large()), { kind: 'accepted' })
  t.equal((await store.list({}, { limit: 10 })).items.length, 2)
})

test('a lock of another process is waited for without blocking, then told', async (t) => {
  const { engine, file } = await openEngine(t)
  const other = new DatabaseSync(file)
  t.teardown(() => other.close())
  other.exec('begin immediate')
  let turns = 0
  const turning = setInterval(() => turns++, 5)
  const started = performance.now()
  const write = () => engine.write((tx) => tx.run('update heartbeat set at = 1'))
  await t.rejects(write(), { name: 'StoreUnavailable', reason: 'unavailable' })
  t.ok(performance.now() - started < 2000)
  t.ok(turns > 5, 'the event loop went on')
  clearInterval(turning)
  const waiting = write()
  setTimeout(() => other.exec('commit'), 50)
  t.equal(await waiting, 1)
})

test('every filter of a list alone walks along an index, in order', async (t) => {
  const { engine } = await openEngine(t)
  const filters: InvoiceFilter[] = [
    {},
    { caller: 'a' },
    { number: '1' },
    { sellerSiret: 's' },
    { sellerSirets: ['s', 't'] },
    { sellerSirets: Array.from({ length: 50 }, (_, i) => `s${i}`) },
    { buyerSiret: 'b' },
    { state: 'held' },
    { state: 'integrated' },
    { statusCode: 'deposited' },
    { issueDateFrom: '2026-01-01' },
    { issueDateTo: '2026-01-01' },
    { createdFrom: '2026-01-01' },
    { createdTo: '2026-01-01' }
  ]
  const explain = (sql: string, params: Value[]) => engine.read((tx) => tx.all(`explain query plan ${sql}`, params))
  for (const filter of filters.flatMap((it) => [it, { ...it, caller: 'a' }])) {
    for (const after of [undefined, { key: filter.issueDateFrom === undefined ? 1 : 'x', seq: 1 }]) {
      const walks = walksOf(filter, ['a', 'b'], 50, after)
      t.ok(walks.length > 0)
      for (const { sql, params } of walks) {
        const plan = (await explain(sql, params)).map(({ detail }) => String(detail))
        const title = `${JSON.stringify(filter).slice(0, 80)}: ${plan.join('; ')}`
        t.ok(plan.length === 1 && plan[0]?.startsWith('SEARCH invoice USING INDEX invoice_'), title)
      }
    }
  }
})
