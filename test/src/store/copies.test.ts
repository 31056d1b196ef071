import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { backup } from '../../../src/store/backup.ts'
import { copyStore } from '../../../src/store/copy.ts'
import type { DocumentStore } from '../../../src/store/document-store.ts'
import { openEmbedded } from '../../../src/store/embedded.ts'
import { openShared } from '../../../src/store/shared.ts'
import type { Store } from '../../../src/store/store.ts'
import { keep } from '../../helpers/keep-document.ts'
import { startPostgres } from '../../helpers/postgres.ts'
import { accepted, rejected, sample, submitting, temporaryFolder, unknown } from './samples.ts'

async function withDocument(store: Store, documents: DocumentStore, bytes: Buffer, claimForMs = 60_000) {
  const sha256 = await keep(documents, bytes)
  const facts = { id: 'doc_1', role: 'invoice' as const, name: 'a.pdf', mediaType: 'application/pdf' }
  const document = { ...facts, size: bytes.length, sha256 }
  return accepted(store, sample({ documents: [document] }, { claimForMs }))
}

/** A folder with an invoice in each state that can be left behind. */
async function furnished(t: Test) {
  const dataDir = temporaryFolder(t)
  const { store, documents } = await openEmbedded({ dataDir })
  const large = randomBytes(2_500_000)
  const received = await withDocument(store, documents, large)
  const same = await withDocument(store, documents, large, 0)
  const idempotency = { key: 'k1', fingerprint: 'f' }
  const input = sample({}, { idempotency })
  await accepted(store, input)
  const { invoice: calling } = await submitting(store)
  const doubted = await unknown(store)
  const refused = await rejected(store)
  await store.addKey({
    id: 'k',
    name: 'é',
    digest: 'd',
    scopes: ['a'],
    sellers: [],
    createdAt: new Date(0).toISOString()
  })
  return { dataDir, store, documents, received: received.invoice, same: same.invoice, calling, doubted, refused, input }
}

t.test('a backup that is taken while invoices arrive is whole, and of one moment', async (t) => {
  const { dataDir, store, documents, received } = await furnished(t)
  const to = join(temporaryFolder(t), 'copy')
  let arriving = true
  const arrivals = (async () => {
    while (arriving) await withDocument(store, documents, randomBytes(10_000))
  })()
  const facts = await backup({ dataDir, to })
  arriving = false
  await arrivals
  t.ok(facts.invoices >= 6)
  await t.rejects(backup({ dataDir, to }), { name: 'BackupRefused' })
  const key = { id: 'later', name: 'x', digest: 'd', scopes: [], sellers: [], createdAt: new Date(0).toISOString() }
  await store.addKey(key)
  await store.close()
  t.same(readdirSync(to).sort(), ['backup.json', 'documents', 'ledger.db'])
  t.match(JSON.parse(readFileSync(join(to, 'backup.json'), 'utf8')), facts)
  t.equal(statSync(join(to, 'documents')).isDirectory(), true)

  const copy = await openEmbedded({ dataDir: to })
  t.teardown(() => copy.store.close())
  const { items } = await copy.store.list({}, { limit: 5_000 })
  t.equal(items.length, facts.invoices)
  for (const { documents } of items) {
    for (const { sha256 } of documents)
      t.ok(
        createHash('sha256')
          .update(await copy.documents.read(sha256))
          .digest('hex') === sha256
      )
  }
  t.ok(items.some(({ id }) => id === received.id))
  t.equal(await copy.store.findKey('later'), undefined)
})

t.test('a gateway that is started on a backup doubts all that it could still send', async (t) => {
  const { dataDir, store, received, same, calling, doubted, refused } = await furnished(t)
  const to = join(temporaryFolder(t), 'copy')
  await backup({ dataDir, to })
  await store.close()
  const { store: copy } = await openEmbedded({ dataDir: to })
  t.teardown(() => copy.close())
  t.equal(await copy.restore(60_000, 'auto'), 5)
  for (const { id } of [received, same, calling, doubted]) {
    t.match(await copy.find(id), { state: 'unknown', outcome: 'unknown' })
    const { attempts, entries } = await copy.timeline(id)
    t.match(attempts.at(-1), { proof: 'unknown' })
    t.ok(entries.some(({ type }) => type === 'restored'))
  }
  t.match((await copy.timeline(received.id)).attempts, [{ operation: 'restored', startedAt: received.createdAt }])
  t.equal((await copy.find(refused.id))?.state, 'rejected')
  t.same(await copy.recover(0), { unknown: 0, due: 0 })
  t.same(await copy.claim(100, 1_000), [], 'nothing is due before the quiet period')
  t.equal(await copy.restore(60_000, 'auto'), undefined, 'once')
  t.equal(await copy.restore(60_000, 'on'), 5, 'whenever it is asked for')

  const original = await openEmbedded({ dataDir })
  t.teardown(() => original.store.close())
  t.equal(await original.store.restore(60_000, 'auto'), undefined, 'the original is no copy')
})

const postgres = await startPostgres(t)
if (postgres !== undefined) {
  t.test('a dump that is read in again is found out, and only once; off says that it was a move', async (t) => {
    const url = await postgres.freshUrl()
    const schema = /search_path%3D(\w+)/.exec(url)?.[1] ?? ''
    const { store } = await openShared({ url, size: 2 })
    t.teardown(() => store.close())
    t.equal(await store.restore(60_000, 'auto'), undefined, 'new')
    await accepted(store)
    await store.check()
    t.equal(await store.restore(60_000, 'auto'), undefined, 'the same, also when it was asked whether it is well')
    const elsewhere = () => postgres.sql(`update ${schema}.heartbeat set at = at + 1 where name = 'home'`)
    await elsewhere()
    const other = await openShared({ url, size: 2 })
    t.teardown(() => other.store.close())
    const both = await Promise.all([store.restore(60_000, 'auto'), other.store.restore(60_000, 'auto')])
    t.same(
      both.filter((it) => it !== undefined),
      [1],
      'by one replica, while the other waits'
    )
    await elsewhere()
    t.equal(await store.restore(60_000, 'off'), undefined)
    t.equal(await store.restore(60_000, 'auto'), undefined)
  })

  t.test('a folder is copied to PostgreSQL, compared, and not used again', async (t) => {
    const { dataDir, store, received, calling, input } = await furnished(t)
    const before = (await store.list({}, { limit: 100 })).items
    const timeline = await store.timeline(received.id)
    const to = await postgres.freshUrl()
    await t.rejects(copyStore({ from: dataDir, to }), { name: 'StoreInUse' })
    await store.close()
    const lines: string[] = []
    const facts = await copyStore({ from: dataDir, to, onProgress: (...line) => lines.push(line.join(' ')) })
    t.match(facts, { documents: 1, rows: { invoice: 6, api_key: 1, document_use: 2, idempotency: 1 } })
    t.ok(lines.includes('invoice 6 6'))

    const copy = await openShared({ url: to, size: 4 })
    t.teardown(() => copy.store.close())
    t.same((await copy.store.list({}, { limit: 100 })).items, before)
    t.same(await copy.store.timeline(received.id), timeline)
    t.match(await copy.store.listKeys(), [{ id: 'k', name: 'é' }])
    t.equal((await copy.documents.read(received.documents[0]?.sha256 ?? '')).length, 2_500_000)
    t.match(await copy.store.accept(input), { kind: 'replayed' })
    t.match(await copy.store.recover(0), { unknown: 1 }, 'its calls in flight are in doubt at once')
    t.match(await copy.store.find(calling.id), { state: 'unknown' })
    t.equal(await copy.store.restore(0, 'auto'), undefined, 'a copy is no restored ledger')
    const { invoice, job } = await accepted(copy.store)
    t.ok(Number(job.id) > 6, 'numbers go on where they were')
    t.ok(await copy.store.find(invoice.id))

    await t.rejects(openEmbedded({ dataDir }), { name: 'StoreMoved', message: /DATABASE_URL/ })
    rmSync(join(dataDir, 'moved-to-postgresql'))
    await t.rejects(copyStore({ from: dataDir, to }), { name: 'CopyRefused', message: /not empty/ })
    await (await openEmbedded({ dataDir })).store.close()
    await t.rejects(copyStore({ from: temporaryFolder(t), to }), { name: 'CopyRefused' })
  })

  t.test('a copy that fails leaves the folder usable, and can be started again', async (t) => {
    const { dataDir, store } = await furnished(t)
    await store.close()
    const to = await postgres.freshUrl()
    const db = new DatabaseSync(join(dataDir, 'ledger.db'))
    db.exec("update api_key set name = 'a' || char(0) || 'b'")
    await t.rejects(copyStore({ from: dataDir, to }), { name: 'CopyRefused', message: /api_key is not the same/ })
    db.exec("update api_key set name = 'ab'")
    db.close()
    await (await openEmbedded({ dataDir })).store.close()
    await t.resolves(copyStore({ from: dataDir, to }))
  })
}
