import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { openEmbedded } from '../../../src/store/embedded.ts'
import { InvalidTransition, StoreUnavailable } from '../../../src/store/errors.ts'
import { openThreaded } from '../../../src/store/threaded.ts'
import { receive } from '../../helpers/keep-document.ts'
import { acceptContract } from './contract/accept.ts'
import { changeContract } from './contract/change.ts'
import { fillContract } from './contract/filling.ts'
import { rawCallsContract } from './contract/raw-calls.ts'
import { accepted, type MakeStore, sample, start, temporaryFolder } from './samples.ts'

const makeStore: MakeStore = async (t) => {
  const clock = new BigInt64Array(new SharedArrayBuffer(8))
  clock[0] = BigInt(Date.UTC(2026, 10, 22, 8))
  const { store } = await openThreaded({ dataDir: temporaryFolder(t), clock })
  t.teardown(() => store.close())
  return {
    store,
    tamper: () => Promise.reject(new Error('not here')),
    now: () => Number(clock[0]),
    advance: (ms) => {
      clock[0] = (clock[0] ?? 0n) + BigInt(ms)
    }
  }
}

// The rest of the contract goes through without being touched on its way.
test('the ledger in a thread of its own keeps the contract', async (t) => {
  await t.test('accept', (t) => acceptContract(t, makeStore))
  await t.test('change', (t) => changeContract(t, makeStore))
  await t.test('raw calls', (t) => rawCallsContract(t, makeStore))
})

test('a change is decided on the invoice as it stands, however old the copy that is known', async (t) => {
  const dataDir = temporaryFolder(t)
  const { store } = await openThreaded({ dataDir })
  t.teardown(() => store.close())
  const { invoice } = await accepted(store)
  const beside = await openEmbedded({ dataDir, exclusive: false })
  await beside.store.change(invoice.id, () => ({ patch: { heldReason: 'told by another process' } }))
  await beside.store.close()
  const seen: (string | undefined)[] = []
  const changed = await store.change(invoice.id, ({ heldReason, version }) => {
    seen.push(heldReason)
    return { patch: { upstream: { version: String(version) } } }
  })
  t.same(seen, [undefined, 'told by another process'])
  t.match(changed, { heldReason: 'told by another process', upstream: { version: '2' }, version: 3 })

  await Promise.all(
    Array.from({ length: 20 }, () =>
      store.change(invoice.id, ({ upstream }) => ({
        patch: { upstream: { n: String(Number(upstream['n'] ?? 0) + 1) } }
      }))
    )
  )
  t.equal((await store.find(invoice.id))?.upstream['n'], '20', 'no change is lost between two that race')
  await t.rejects(
    store.change(invoice.id, () => {
      throw new RangeError('no')
    }),
    { message: 'no' }
  )
})

test('errors come back as what they are', async (t) => {
  const { store } = await openThreaded({ dataDir: temporaryFolder(t) })
  t.teardown(() => store.close())
  const { invoice, job } = await accepted(store)
  await start(store, invoice.id, job)
  const refused = await store
    .change(invoice.id, () => ({ patch: { state: 'cancelled' } }))
    .catch((error: unknown) => error)
  t.ok(refused instanceof InvalidTransition)
  t.match(refused, { from: 'submitting', to: 'cancelled', name: 'InvalidTransition' })
  await t.rejects(store.list({}, { limit: 1, cursor: 'x' }), RangeError)
  await t.rejects(openThreaded({ dataDir: import.meta.filename }), { code: 'EEXIST' }, 'at the start as well')
  await store.close()
  await t.rejects(store.accept(sample()), StoreUnavailable)
})

test('documents are hashed, written and kept there, and read here', async (t) => {
  const dataDir = temporaryFolder(t)
  const { store, documents } = await openThreaded({ dataDir })
  t.teardown(() => store.close())
  for (const size of [0, 1, 100_000, 262_144, 3_000_000]) {
    const bytes = randomBytes(size)
    const incoming = await documents.receive()
    for (let at = 0; at < size; at += 50_000) await incoming.write(bytes.subarray(at, at + 50_000))
    const { sha256 } = await incoming.end()
    t.equal(sha256, createHash('sha256').update(bytes).digest('hex'))
    t.equal(await documents.has(sha256), false, 'nothing is visible before it is kept')
    await documents.keep([incoming])
    await incoming.discard()
    t.ok(bytes.equals(await documents.read(sha256)))
  }
  const given = await documents.receive()
  await given.write(randomBytes(400_000))
  await given.end()
  await given.discard()
  t.same(readdirSync(join(dataDir, 'tmp')), [], 'what was discarded leaves no trace')
  t.throws(() => given.write(Buffer.from('x')))
  t.equal(await documents.removeUnused(async () => new Set(), -1), 5, 'the ledger names none of them')
})

test('documents that are all in memory go there and come back', async (t) => {
  const dataDir = temporaryFolder(t)
  const { store, documents } = await openThreaded({ dataDir })
  t.teardown(() => store.close())
  await fillContract(t, documents)
  t.same(readdirSync(join(dataDir, 'tmp')), [], 'what was given up leaves no trace')
})

test('an invoice is accepted together with its documents, or not at all', async (t) => {
  const dataDir = temporaryFolder(t)
  const { store, documents } = await openThreaded({ dataDir })
  t.teardown(() => store.close())
  const left = () => readdirSync(join(dataDir, 'tmp'))

  const small = await receive(documents, randomBytes(100_000))
  const large = await receive(documents, randomBytes(600_000))
  const digests = [(await small.end()).sha256, (await large.end()).sha256]
  const input = sample()
  await accepted(store, input, [small, large])
  t.same(await Promise.all(digests.map((sha256) => documents.has(sha256))), [true, true])

  const again = await receive(documents, randomBytes(100_000))
  const { sha256 } = await again.end()
  t.match(await store.accept(input, [again]), { kind: 'duplicate' })
  await again.discard()
  t.ok(await documents.has(sha256), 'kept all the same, until housekeeping finds that nobody names it')

  const unfinished = await receive(documents, randomBytes(100_000))
  await t.rejects(store.accept(sample(), [unfinished]), { message: 'the document has not ended' })
  await unfinished.discard()

  const homeless = await receive(documents, randomBytes(600_000))
  await homeless.end()
  rmSync(join(dataDir, 'documents'), { recursive: true })
  const other = sample()
  await t.rejects(store.accept(other, [homeless]), StoreUnavailable)
  await homeless.discard()
  t.equal((await store.list({ number: other.invoice.number ?? '' }, { limit: 1 })).items.length, 0)
  t.same(left(), [], 'what failed leaves no trace')
})
