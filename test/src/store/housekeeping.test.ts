import { randomBytes } from 'node:crypto'
import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { DocumentStore } from '../../../src/store/document-store.ts'
import { openEmbedded } from '../../../src/store/embedded.ts'
import { createHousekeeping } from '../../../src/store/housekeeping.ts'
import { openShared } from '../../../src/store/shared.ts'
import type { Store } from '../../../src/store/store.ts'
import { keep } from '../../helpers/keep-document.ts'
import { startPostgres } from '../../helpers/postgres.ts'
import { accepted, rejected, sample, temporaryFolder } from './samples.ts'

const dayMs = 86_400_000

const named = (sha256: string) => ({
  id: 'd',
  role: 'invoice' as const,
  name: 'a.pdf',
  mediaType: 'application/pdf',
  size: 1,
  sha256
})

interface Place {
  store: Store
  documents: DocumentStore
  /** Moves the store's time, and what it has written with it. */
  later(ms: number): void
  now(): Date
}

async function tidies(t: Test, { store, documents, later, now }: Place): Promise<void> {
  const shared = randomBytes(300_000)
  const [orphan, both] = [await keep(documents, randomBytes(1_000)), await keep(documents, shared)]
  const used = await keep(documents, randomBytes(2_000_000))
  await rejected(store, sample({ documents: [named(used), named(both)] }))
  await accepted(store, sample({ documents: [named(both)] }))
  const told: object[] = []
  const log = { info: (facts: object) => void told.push(facts), error: (facts: object) => void told.push(facts) }
  const options = { store, documents, retentionDays: 90, now, everyMs: 1_000, log }
  const { once } = createHousekeeping({ ...options, monotonic: () => now().getTime() })
  const fooled = createHousekeeping(options)
  await once()
  t.same(told, [], 'what is young stays')
  later(2 * dayMs)
  const young = await keep(documents, randomBytes(10))
  const [removed, ...kept] = await removedOf(documents, [orphan, used, both, young], once)
  t.equal(removed, orphan, 'an upload that nobody accepted')
  t.equal(kept.length, 0)
  later(90 * dayMs)
  // Just arriving again: kept, and not accepted yet.
  t.equal(await keep(documents, shared), both)
  t.same(await removedOf(documents, [used, both, young], fooled.once), [], 'a clock that jumped takes nothing')
  t.match(told.splice(1), [{ now: /^20/ }])
  t.same(
    await removedOf(documents, [used, both, young], once),
    [used, young],
    'and what belonged to a finished invoice'
  )
  t.match(told, [
    { invoices: 0, documents: 1 },
    { invoices: 1, documents: 2 }
  ])
}

async function removedOf(documents: DocumentStore, some: string[], once: () => Promise<void>): Promise<string[]> {
  await once()
  const left = await Promise.all(some.map((sha256) => documents.has(sha256)))
  return some.filter((_, index) => left[index] === false)
}

t.test('a folder lets go of what is no longer needed', async (t) => {
  const dataDir = temporaryFolder(t)
  let now = Date.now()
  const { store, documents } = await openEmbedded({ dataDir, now: () => now })
  t.teardown(() => store.close())
  const folder = join(dataDir, 'documents')
  await tidies(t, {
    store,
    documents,
    now: () => new Date(now),
    later(ms) {
      now += ms
      for (const name of readdirSync(folder)) utimesSync(join(folder, name), 0, (Date.now() - ms) / 1000)
    }
  })
})

t.test('a document that is kept and accepted while others are removed stays', async (t) => {
  const dataDir = temporaryFolder(t)
  const { store, documents } = await openEmbedded({ dataDir })
  t.teardown(() => store.close())
  const bytes = randomBytes(100)
  const sha256 = await keep(documents, bytes)
  utimesSync(join(dataDir, 'documents', sha256), 0, 0)
  const removed = await documents.removeUnused(async (some) => {
    const used = await store.documentsUsed(some)
    await keep(documents, bytes)
    await accepted(store, sample({ documents: [named(sha256)] }))
    return used
  }, dayMs)
  t.equal(removed, 0)
  t.ok((await documents.read(sha256)).equals(bytes))
})

const postgres = await startPostgres(t)
if (postgres !== undefined) {
  t.test('a database does as well', async (t) => {
    let ahead = 0
    const { store, documents, now } = await openShared({
      url: await postgres.freshUrl(),
      clock: (now) => now + ahead,
      size: 4
    })
    t.teardown(() => store.close())
    await tidies(t, {
      store,
      documents,
      now: () => new Date(Math.max(now().getTime(), Date.now() + ahead)),
      later: (ms) => {
        ahead += ms
      }
    })
  })

  t.test('replicas that keep, accept and remove at the same time lose nothing that is named', async (t) => {
    let ahead = 0
    const url = await postgres.freshUrl()
    const { store, documents } = await openShared({ url, clock: (now) => now + ahead, size: 6 })
    t.teardown(() => store.close())
    const contents = Array.from({ length: 40 }, () => randomBytes(50))
    for (const bytes of contents) await keep(documents, bytes)
    ahead = 2 * dayMs
    const named_ = contents.map(async (bytes) => {
      const sha256 = await keep(documents, bytes)
      return (await accepted(store, sample({ documents: [named(sha256)] }))).invoice
    })
    const removing = Promise.all([
      documents.removeUnused(() => Promise.resolve(new Set()), dayMs),
      documents.removeUnused(() => Promise.resolve(new Set()), dayMs)
    ])
    const invoices = await Promise.all(named_)
    await removing
    for (const invoice of invoices) t.ok(await documents.has(invoice.documents[0]?.sha256 ?? ''))
  })
}
