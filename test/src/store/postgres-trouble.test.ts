import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t, { type Test } from 'tap'
import { createLedger } from '../../../src/store/ledger.ts'
import { migrate } from '../../../src/store/migrations.ts'
import { openPostgres } from '../../../src/store/postgres.ts'
import { asCommitFailure, asUnavailable } from '../../../src/store/postgres-errors.ts'
import { openShared, type SharedOptions } from '../../../src/store/shared.ts'
import type { Store } from '../../../src/store/store.ts'
import { createCutter } from '../../helpers/cutter.ts'
import { startPostgres } from '../../helpers/postgres.ts'
import { accepted, sample } from './samples.ts'

const unavailable = { name: 'StoreUnavailable', reason: 'unavailable' }
const commitUnknown = { name: 'StoreUnavailable', reason: 'commit-unknown' }

/** Fails when it takes longer than a caller waits for its 503. */
async function soon(t: Test, work: Promise<unknown>, title: string): Promise<void> {
  const started = performance.now()
  await work
  const took = Math.round(performance.now() - started)
  t.ok(took < 2_000, `${title}: told after ${took} ms`)
}

const postgres = await startPostgres(t)
if (postgres === undefined) t.plan(0, 'no PostgreSQL')
else {
  const { sql } = postgres
  const open = async (t: Test, options: Partial<SharedOptions> = {}) => {
    const url = options.url ?? (await postgres.freshUrl())
    const opened = await openShared({ size: 4, ...options, url })
    t.teardown(() => opened.store.close())
    return { ...opened, url, schema: /search_path%3D(\w+)/.exec(url)?.[1] ?? '' }
  }
  const asked = (store: Store) => store.list({}, { limit: 10 })

  t.test('connections that the server ends are replaced, whether they lay idle or worked', async (t) => {
    const troubles: Error[] = []
    const { store, schema } = await open(t, { onTrouble: (error) => troubles.push(error) })
    await Promise.all(Array.from({ length: 8 }, () => store.check()))
    const others = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${schema}'`
    await sql(others)
    await t.resolves(store.accept(sample()), 'at once')
    let results: PromiseSettledResult<unknown>[] = []
    const working = Promise.allSettled(Array.from({ length: 200 }, () => store.accept(sample()))).then((all) => {
      results = all
    })
    for (let i = 0; i < 5; i++) await sql(others)
    await working
    const kept = new Set((await store.list({}, { limit: 1_000 })).items.map(({ id }) => id))
    const told = results.flatMap((it) => (it.status === 'fulfilled' ? [it.value as { invoice: { id: string } }] : []))
    t.ok(
      told.every(({ invoice }) => kept.has(invoice.id)),
      `${told.length} of 200 told, all of them kept`
    )
    for (const it of results) if (it.status === 'rejected') t.match(it.reason, { name: 'StoreUnavailable' })
    t.ok(troubles.length > 0, 'what broke while it lay idle is told')
  })

  t.test('a commit whose answer is lost is unknown, and the repeat finds what became of it', async (t) => {
    const cutter = await createCutter(t, await postgres.freshUrl())
    const { store } = await open(t, { url: cutter.url })
    for (const [how, kind] of [
      ['after-commit', 'replayed'],
      ['before-commit', 'accepted']
    ] as const) {
      const input = sample({}, { idempotency: { key: how, fingerprint: 'f' }, fingerprint: 'f' })
      cutter.cut(how)
      await t.rejects(store.accept(input), commitUnknown, how)
      cutter.mend()
      t.match(await store.accept(input), { kind, invoice: { id: input.invoice.id } })
    }
    t.equal((await asked(store)).items.length, 2)
  })

  t.test('a database that says nothing any more is given up in time', async (t) => {
    const cutter = await createCutter(t, await postgres.freshUrl())
    const { store } = await open(t, { url: cutter.url, size: 2 })
    await store.check()
    cutter.cut('silence')
    const many = Array.from({ length: 10 }, () => t.rejects(store.accept(sample()), unavailable))
    await soon(t, Promise.all(many), 'writes, those that wait for a connection included')
    await soon(t, t.rejects(asked(store), unavailable), 'reads')
    cutter.mend()
    cutter.drop()
    await t.resolves(store.accept(sample()))
  })

  t.test('a lock that does not come is told in time, and reading goes on', async (t) => {
    const { store, schema } = await open(t)
    const { invoice } = await accepted(store)
    const other = new pg.Client({ connectionString: postgres.url })
    await other.connect()
    await other.query(`begin; lock table ${schema}.invoice in exclusive mode`)
    await soon(t, t.rejects(store.accept(sample()), unavailable), 'a write')
    t.same(await store.find(invoice.id), invoice)
    await other.end()
    await t.resolves(store.accept(sample()))
  })

  t.test('a database that only reads since a failover is told, reads go on, and it recovers', async (t) => {
    if (postgres.process === undefined) return
    const { store, schema } = await open(t)
    const { invoice } = await accepted(store)
    const readOnly = async (value: 'on' | 'off') => {
      await sql(`begin read write; alter role current_user set default_transaction_read_only = ${value}; commit`)
      await sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${schema}'`)
    }
    await readOnly('on')
    await soon(t, t.rejects(store.accept(sample()), unavailable), 'a write')
    t.same(await store.find(invoice.id), invoice)
    await readOnly('off')
    await t.resolves(store.accept(sample()))
  })

  t.test('a conflict of two transactions is carried out again; a lasting one comes out as it is', async (t) => {
    const url = await postgres.freshUrl()
    const engine = openPostgres({ url, size: 4 })
    t.teardown(() => engine.close())
    await migrate(engine)
    await engine.write((tx) => tx.run("insert into heartbeat (name, at) values ('a', 0), ('b', 0)"))
    let runs = 0
    const cross = (one: string, other: string) =>
      engine.write(async (tx) => {
        runs++
        await tx.run('update heartbeat set at = at + 1 where name = $1', [one])
        await tx.all('select pg_sleep(0.05)')
        await tx.run('update heartbeat set at = at + 1 where name = $1', [other])
      })
    await Promise.all([cross('a', 'b'), cross('b', 'a')])
    t.ok(runs > 2, 'the deadlock was broken and its victim came again')
    t.match(await engine.read((tx) => tx.all("select at from heartbeat where name in ('a', 'b')")), [
      { at: '2' },
      { at: '2' }
    ])
    const twice = engine.write((tx) => tx.run("insert into heartbeat (name, at) values ('a', 0)"))
    await t.rejects(twice, { code: '23505' })
    await t.rejects(
      engine.write(async (tx) => {
        await tx.run("update heartbeat set at = 7 where name = 'a'")
        await tx.all('select nothing from nowhere').catch(() => undefined)
      }),
      'a swallowed error is no success'
    )
    const [row] = await engine.read((tx) => tx.all("select at from heartbeat where name = 'a'"))
    t.same(row, { at: '2' }, 'nothing of it was written')
  })

  t.test('what reads cannot write, and texts keep to what the database can hold', async (t) => {
    const { store, url } = await open(t)
    const engine = openPostgres({ url, size: 1 })
    t.teardown(() => engine.close())
    await t.rejects(
      engine.read((tx) => tx.run('delete from heartbeat')),
      { name: 'StoreUnavailable' }
    )
    const content = { number: 'N\0\uD800', note: 'a\0b\uD800' }
    const { invoice } = await accepted(store, sample({ number: 'N\0\uD800', content }))
    const kept = await store.find(invoice.id)
    t.same(kept?.content, content, 'JSON hides them')
    t.equal(kept?.number, 'N\uFFFD\uFFFD')
    t.match(await store.list({ number: 'N\0\uD800' }, { limit: 1 }), { items: [{ id: invoice.id }] })
  })

  t.test('a release before and one after a migration work side by side', async (t) => {
    const { store, schema } = await open(t, { size: 1 })
    const { invoice } = await accepted(store)
    for (let i = 0; i < 7; i++) await store.find(invoice.id)
    await sql(`alter table ${schema}.invoice add column later text`)
    t.same(await store.find(invoice.id), invoice, 'a prepared statement that is out of date is prepared again')
    await t.resolves(store.accept(sample()))
    await sql(`insert into ${schema}.schema_version (version, at) values (1000, 0)`)
    const url = new URL(postgres.url)
    url.searchParams.set('options', `-csearch_path=${schema}`)
    await t.rejects(openShared({ url: url.href }), { name: 'SchemaTooNew' })
  })

  t.test('a database that would lose what it confirmed is refused, unless that is allowed', async (t) => {
    const url = new URL(await postgres.freshUrl())
    const options = url.searchParams.get('options') ?? ''
    url.searchParams.set('options', `${options} -csynchronous_commit=off`)
    await t.rejects(openShared({ url: url.href }), { name: 'StoreUnsafe', message: /synchronous_commit is off/ })
    const allowed = await open(t, { url: url.href, allowUnsafe: true })
    t.same(allowed.unsafe, ['synchronous_commit is off'])
    if (postgres.process === undefined) return
    await sql('alter system set fsync = off')
    await sql('select pg_reload_conf()')
    t.teardown(async () => {
      await sql('alter system reset fsync')
      await sql('select pg_reload_conf()')
    })
    await sql('select pg_sleep(0.1)')
    await t.rejects(openShared({ url: await postgres.freshUrl() }), { name: 'StoreUnsafe', message: /fsync is off/ })
  })

  t.test('a database that is down is told at once, and its return needs no restart', async (t) => {
    if (postgres.process === undefined) return
    const { store, documents, url } = await open(t)
    const { invoice } = await accepted(store)
    const incoming = await documents.receive()
    await incoming.write(randomBytes(2_000_000))
    for (const how of ['fast', 'crash'] as const) {
      await postgres.process.stop(how)
      await soon(t, t.rejects(store.accept(sample()), unavailable), `a write, ${how}`)
      await soon(t, t.rejects(asked(store), unavailable), 'a read')
      await soon(t, t.rejects(store.check(), unavailable), 'the check')
      if (how === 'fast') await soon(t, t.rejects(incoming.end(), unavailable), 'an upload')
      await soon(t, t.rejects(openShared({ url }), unavailable), 'a start')
      const starting = openShared({ url, waitMs: 10_000 })
      await postgres.process.start()
      await (await starting).store.close()
      t.same(await store.find(invoice.id), invoice)
      await t.resolves(store.accept(sample()))
    }
    await incoming.discard()
  })
}

t.test('errors of the database are told from faults of ours', async (t) => {
  const error = (code: string, severity = 'ERROR') =>
    Object.assign(new pg.DatabaseError('x', 1, 'error'), { code, severity })
  t.match(asUnavailable(error('53100')), { reason: 'full' })
  for (const code of ['08006', '57P01', '57P03', '57014', '55P03', '25006', '53300', '58030', 'XX001']) {
    t.match(asUnavailable(error(code)), { reason: 'unavailable' }, code)
  }
  t.match(asUnavailable(error('28P01', 'FATAL')), { reason: 'unavailable' }, 'refused while connecting')
  t.match(asUnavailable(new Error('Connection terminated unexpectedly')), { reason: 'unavailable' })
  t.equal(asUnavailable(error('23503')), undefined, 'a constraint')
  t.equal(asUnavailable(error('42601')), undefined, 'a statement')
  t.equal(asCommitFailure(error('40001')), undefined, 'nothing was written')
  for (const lost of [error('57P01', 'FATAL'), error('58030'), new Error('ECONNRESET')]) {
    t.match(asCommitFailure(lost), { reason: 'commit-unknown' })
  }
})

t.test('an engine that is closed takes no more work', async (t) => {
  const engine = openPostgres({ url: 'postgres://nobody@127.0.0.1:1/none' })
  await t.rejects(
    engine.read((tx) => tx.now()),
    unavailable
  )
  await engine.close()
  await engine.close()
  await t.rejects(createLedger({ engine }).check(), unavailable)
})
