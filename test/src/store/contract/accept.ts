import type { Test } from 'tap'
import type { AcceptResult } from '../../../../src/store/store.ts'
import { accepted, type MakeStore, rejected, sample } from '../samples.ts'

const kinds = (results: AcceptResult[]) => Object.groupBy(results, ({ kind }) => kind)

export async function acceptContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('an accepted invoice is there, with its timeline and a claimed job', async (t) => {
    const { store, now } = await makeStore(t)
    const document = {
      id: 'doc_1',
      role: 'invoice' as const,
      name: 'é.pdf',
      mediaType: 'application/pdf',
      size: 3,
      sha256: 'a'
    }
    const input = sample({ documents: [document], syntax: 'IN_DP_E2_CII_FACTURX' }, { claimForMs: 1000 })
    const { invoice, job } = await accepted(store, input)
    t.match(invoice, {
      ...input.invoice,
      state: 'received',
      outcome: 'not_sent',
      attempts: 0,
      version: 1,
      upstream: {}
    })
    t.equal(invoice.createdAt, new Date(now()).toISOString())
    t.same(await store.find(invoice.id), invoice)
    t.match(job, { kind: 'send', invoiceId: invoice.id, caller: 'erp', lane: 'simulator/default', tries: 0, fence: 1 })
    t.same(await store.claim(10, 1000), [], 'nobody else gets the job')
    t.match(await store.timeline(invoice.id), { entries: [{ type: 'accepted', data: { mode: 'pdf' } }], attempts: [] })
    t.equal(await store.find('inv_none'), undefined)
  })

  await t.test('a job that is not claimed is for whoever asks', async (t) => {
    const { store } = await makeStore(t)
    const { invoice } = await accepted(store, sample({}, { claimForMs: 0 }))
    t.match(await store.claim(10, 1000), [{ kind: 'send', invoiceId: invoice.id, fence: 1 }])
  })

  await t.test('the same key and content again is the same invoice as it stands now', async (t) => {
    const { store } = await makeStore(t)
    const idempotency = { key: 'k', fingerprint: 'f' }
    const { invoice, job } = await accepted(store, sample({ number: 'FA-1' }, { idempotency }))
    await store.change(invoice.id, () => ({ patch: { state: 'deposited' } }), job)
    const again = await store.accept(sample({ number: 'FA-1' }, { idempotency }))
    t.match(again, { kind: 'replayed', invoice: { id: invoice.id, state: 'deposited' } })
    const other = await store.accept(sample({ number: 'FA-2' }, { idempotency: { key: 'k', fingerprint: 'g' } }))
    t.match(other, { kind: 'key-reused', invoice: { id: invoice.id } })
    t.match(await store.accept(sample({ caller: 'crm', number: 'FA-3' }, { idempotency })), { kind: 'accepted' })
  })

  await t.test('64 at once with the same key: one invoice, one id in all answers', async (t) => {
    const { store } = await makeStore(t)
    const one = () => store.accept(sample({ number: 'FA-1' }, { idempotency: { key: 'k', fingerprint: 'f' } }))
    const results = await Promise.all(Array.from({ length: 64 }, one))
    t.equal(kinds(results).accepted?.length, 1)
    t.equal(kinds(results).replayed?.length, 63)
    t.equal(new Set(results.map(({ invoice }) => invoice.id)).size, 1)
  })

  await t.test('64 at once with different keys and one number: one accepted, 63 duplicates', async (t) => {
    const { store } = await makeStore(t)
    const one = (_: unknown, i: number) =>
      store.accept(sample({ number: 'FA-1' }, { idempotency: { key: `k${i}`, fingerprint: 'f' } }))
    const results = await Promise.all(Array.from({ length: 64 }, one))
    t.equal(kinds(results).accepted?.length, 1)
    t.equal(kinds(results).duplicate?.length, 63)
    t.equal((await store.list({}, { limit: 10 })).items.length, 1)
    t.equal(await store.nextDue(), undefined, 'one job, and it is claimed')
  })

  await t.test('a duplicate tells whether it has the same content, whoever sent it', async (t) => {
    const { store } = await makeStore(t)
    const { invoice } = await accepted(store, sample({ number: 'FA-1' }))
    t.match(await store.accept(sample({ number: 'FA-1' })), {
      kind: 'duplicate',
      sameContent: true,
      invoice: { id: invoice.id }
    })
    const foreign = sample({ number: 'FA-1', caller: 'crm' }, { fingerprint: 'another' })
    t.match(await store.accept(foreign), { kind: 'duplicate', sameContent: false, invoice: { caller: 'erp' } })
    const { naturalKey: _, ...unprotected } = sample({ number: 'FA-1' })
    t.match(await store.accept(unprotected), { kind: 'accepted' })
  })

  await t.test('after a refusal the number comes again only as a replacement', async (t) => {
    const { store } = await makeStore(t)
    const old = await rejected(store, sample({ number: 'FA-1' }))
    t.match(await store.accept(sample({ number: 'FA-1' })), { kind: 'duplicate', invoice: { id: old.id } })
    const { invoice } = await accepted(store, sample({ number: 'FA-1', replaces: old.id }))
    t.equal((await store.find(invoice.id))?.replaces, old.id)
    t.equal((await store.find(old.id))?.state, 'rejected', 'the old one is kept')
    t.match(await store.accept(sample({ number: 'FA-1', replaces: old.id })), {
      kind: 'duplicate',
      invoice: { id: invoice.id }
    })
  })

  await t.test('after a cancellation the number is free', async (t) => {
    const { store } = await makeStore(t)
    const { invoice } = await accepted(store, sample({ number: 'FA-1' }))
    await store.change(invoice.id, () => ({ patch: { state: 'cancelled' } }))
    t.match(await store.accept(sample({ number: 'FA-1' })), { kind: 'accepted' })
  })

  await t.test('what cannot be replaced is refused, and nothing is kept', async (t) => {
    const { store } = await makeStore(t)
    const old = await rejected(store, sample({ number: 'FA-1' }))
    const { invoice: standing } = await accepted(store, sample({ number: 'FA-2' }))
    const cases: [string, Parameters<typeof sample>[0]][] = [
      ['unknown', { number: 'FA-1', replaces: 'inv_none' }],
      ['unknown', { number: 'FA-1', caller: 'crm', replaces: old.id }],
      ['other-invoice', { number: 'FA-3', replaces: old.id }],
      ['other-invoice', { number: 'FA-1', sellerSiret: '00000000000000', replaces: old.id }],
      ['not-final', { number: 'FA-2', replaces: standing.id }]
    ]
    for (const [reason, invoice] of cases) {
      const { naturalKey: _, ...input } = sample(invoice, { idempotency: { key: 'k', fingerprint: 'f' } })
      await t.rejects(store.accept(input), { name: 'NotReplaceable', reason })
    }
    t.equal((await store.list({}, { limit: 10 })).items.length, 2)
    const later = sample({ number: 'FA-9' }, { idempotency: { key: 'k', fingerprint: 'g' } })
    t.match(await store.accept(later), { kind: 'accepted' }, 'the key was not used up')
  })
}
