import type { Test } from 'tap'
import type { Change, Store } from '../../../../src/store/store.ts'
import type { StoredInvoice } from '../../../../src/store/stored-invoice.ts'
import { accepted, type MakeStore, rejected, sample, submitting, unknown } from '../samples.ts'

const dayMs = 86_400_000
const secret = 'Jeanne Dupont'

const document = {
  id: 'doc_1',
  role: 'invoice' as const,
  name: `${secret}.pdf`,
  mediaType: 'application/pdf',
  size: 1,
  sha256: 'a'.repeat(64)
}

/** Accepted by Chorus Pro, with a person's name everywhere that one can be. */
async function integrated(store: Store, input = sample()): Promise<StoredInvoice> {
  const { invoice, job } = await submitting(store, {
    ...input,
    invoice: { ...input.invoice, documents: [document], content: { ...input.invoice.content, note: secret } }
  })
  const change: Change = {
    patch: {
      state: 'integrated',
      upstream: { invoiceId: '7' },
      status: { code: 'suspended', raw: 'SUSPENDUE', comment: secret },
      extraction: { name: secret }
    },
    endAttempt: { proof: 'done', exchange: { service: 's', label: secret }, detail: secret },
    timeline: [{ type: 'status-changed', data: { raw: 'SUSPENDUE', id: 1, comment: secret } }],
    job: { settle: true },
    jobs: [{ kind: 'status', runAt: new Date(0) }]
  }
  return await store.change(invoice.id, () => change, job)
}

const everything = async (store: Store, id: string) =>
  JSON.stringify([await store.find(id), await store.timeline(id), await store.list({}, { limit: 100 })])

export async function retentionContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test(
    'a finished invoice loses its documents and texts when its time is over, and nothing else',
    async (t) => {
      const { store, now, advance } = await makeStore(t)
      const idempotency = { key: 'k1', fingerprint: 'f' }
      const input = sample({}, { idempotency, fingerprint: 'f' })
      const old = await integrated(store, input)
      t.same(await store.documentsUsed([document.sha256, 'b'.repeat(64)]), new Set([document.sha256]))
      advance(91 * dayMs)
      const fresh = await integrated(store)
      const before = () => new Date(now() - 90 * dayMs)
      t.equal(await store.purge(before(), 10), 1)
      t.equal(await store.purge(before(), 10), 0, 'once')
      const found = await store.find(old.id)
      t.match(found, {
        state: 'integrated',
        number: old.number,
        documents: [],
        status: { raw: 'SUSPENDUE' },
        upstream: { invoiceId: '7' }
      })
      t.equal(found?.updatedAt, old.updatedAt)
      t.same(found?.content, { number: old.number, issueDate: '2026-11-20' })
      t.notMatch(JSON.stringify([found, await store.timeline(old.id)]), secret)
      const { entries } = await store.timeline(old.id)
      t.match(entries.at(-1), { type: 'purged', data: { documents: 1 } })
      t.match(entries.find(({ type }) => type === 'status-changed')?.data, { raw: 'SUSPENDUE', id: 1 })
      t.same(await store.documentsUsed([document.sha256]), new Set([document.sha256]), 'the other one still names it')
      t.match(await store.find(fresh.id), { documents: [document] })
      t.match(await store.accept(input), { kind: 'duplicate', sameContent: false, invoice: { id: old.id } })
      const { invoice, ...rest } = input
      const other = { ...invoice, id: 'inv_other' }
      const { idempotency: _key, ...byNumber } = rest
      t.match(await store.accept({ ...byNumber, invoice: other }), { kind: 'duplicate', sameContent: false })
      const { number: _number, ...nameless } = other
      t.match(await store.accept({ invoice: nameless, idempotency, fingerprint: 'f', claimForMs: 0 }), {
        kind: 'duplicate'
      })
      const [job] = (await store.claim(10, 1000)).filter(({ invoiceId }) => invoiceId === old.id)
      t.match(job, { kind: 'status' }, 'its status is followed on')
      const status = { code: 'rejected', raw: 'REJETEE', comment: secret }
      await store.change(
        old.id,
        () => ({ patch: { status }, timeline: [{ type: 'status-changed', data: status }] }),
        job
      )
      t.equal(await store.purge(before(), 10), 0)
      advance(91 * dayMs)
      t.equal(await store.purge(before(), 10), 2, 'and what came with it goes as well, later')
      t.notMatch(JSON.stringify([await store.find(old.id), await store.timeline(old.id)]), secret)
    }
  )

  await t.test('what is not finished is never purged', async (t) => {
    const { store, now, advance } = await makeStore(t)
    await accepted(store)
    const doubted = await unknown(store)
    const held = await store.change((await accepted(store)).invoice.id, () => ({
      patch: { state: 'held', heldReason: 'r' }
    }))
    const refused = await rejected(store)
    advance(400 * dayMs)
    t.equal(await store.purge(new Date(now()), 10), 1)
    t.match(await store.find(doubted.id), doubted)
    t.match(await store.find(held.id), held)
    t.match((await store.timeline(refused.id)).entries.at(-1), { type: 'purged' })
  })

  await t.test('a seller is erased when all of his is finished; his numbers stay refused', async (t) => {
    const { store } = await makeStore(t)
    const seller = { sellerSiret: '11111111111111' }
    const idempotency = { key: 'k1', fingerprint: 'f' }
    const input = sample(seller, { idempotency })
    const gone = await integrated(store, input)
    const open = await accepted(store, sample(seller))
    const foreign = await integrated(store)
    await t.rejects(store.erase(seller.sellerSiret, 'op'), { name: 'OpenSubmissions', ids: [open.invoice.id] })
    t.match(await store.find(gone.id), { documents: [document] }, 'nothing was erased')
    await store.change(open.invoice.id, () => ({ patch: { state: 'cancelled' } }))
    t.equal(await store.erase(seller.sellerSiret, 'op'), 2)
    t.equal(await store.erase(seller.sellerSiret, 'op'), 0)
    const left = JSON.stringify([await store.find(gone.id), await store.timeline(gone.id)])
    for (const trace of [secret, seller.sellerSiret, gone.number ?? '-', '98765432109876']) t.notMatch(left, trace)
    t.match((await store.timeline(gone.id)).entries.at(-1), { type: 'erased', data: { operator: 'op' } })
    t.match(await store.find(gone.id), { id: gone.id, state: 'integrated' }, 'its id is known for ever')
    t.match(await everything(store, foreign.id), secret, 'others are untouched')
    t.same((await store.list(seller, { limit: 10 })).items, [])

    const { idempotency: _key, ...byNumber } = { ...input, invoice: { ...input.invoice, id: 'inv_again' } }
    t.match(await store.accept(byNumber), { kind: 'duplicate', invoice: { id: gone.id } })
    const { naturalKey: _naturalKey, ...byKey } = {
      ...input,
      invoice: { ...input.invoice, id: 'inv_again', number: 'X' }
    }
    t.match(await store.accept(byKey), { kind: 'duplicate', invoice: { id: gone.id } })
    t.match(await store.accept(sample(seller)), { kind: 'accepted' }, 'his other numbers are free')
  })
}
