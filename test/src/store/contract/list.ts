import type { Test } from 'tap'
import type { InvoiceFilter, Store } from '../../../../src/store/store.ts'
import type { StoredInvoice } from '../../../../src/store/stored-invoice.ts'
import { accepted, type MakeStore, sample } from '../samples.ts'

async function everything(store: Store, filter: InvoiceFilter, limit: number): Promise<StoredInvoice[]> {
  const items: StoredInvoice[] = []
  let cursor: string | undefined
  do {
    const page = await store.list(filter, { limit, ...(cursor !== undefined && { cursor }) })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return items
}

const sorted = (ids: string[]) => ids.toSorted((a, b) => (a < b ? -1 : 1)).join()
const numbers = (items: StoredInvoice[]) => items.map(({ number }) => number)

export async function listContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('pages are stable while invoices arrive, and each invoice is on one page', async (t) => {
    const { store, advance } = await makeStore(t)
    for (let i = 0; i < 25; i++) {
      await accepted(store, sample({ number: `N${i}`, caller: i % 5 === 0 ? 'crm' : 'erp' }))
      if (i % 3 === 0) advance(1)
    }
    const expected = Array.from({ length: 25 }, (_, i) => `N${24 - i}`)
    t.same(numbers(await everything(store, {}, 4)), expected, 'over all callers')
    const firstPage = await store.list({ caller: 'erp' }, { limit: 5 })
    await accepted(store, sample({ number: 'LATE' }))
    const rest = await store.list({ caller: 'erp' }, { limit: 100, cursor: firstPage.nextCursor ?? '' })
    const own = expected.filter((number) => Number(number.slice(1)) % 5 !== 0)
    t.same(numbers([...firstPage.items, ...rest.items]), own)
    t.equal(rest.nextCursor, undefined)
  })

  await t.test('a cursor of another list, or none at all, is refused', async (t) => {
    const { store } = await makeStore(t)
    await accepted(store)
    await accepted(store)
    const { nextCursor } = await store.list({ caller: 'erp' }, { limit: 1 })
    t.match(nextCursor, /^[A-Za-z0-9_-]{1,200}$/)
    await t.rejects(store.list({ caller: 'crm' }, { limit: 1, cursor: nextCursor ?? '' }), RangeError)
    for (const cursor of [
      '',
      'x',
      Buffer.from('[]').toString('base64url'),
      Buffer.from('null').toString('base64url')
    ]) {
      await t.rejects(store.list({ caller: 'erp' }, { limit: 1, cursor }), RangeError)
    }
  })

  await t.test('filters alone and together find what a walk through everything finds', async (t) => {
    const { store, advance, now } = await makeStore(t)
    const start = now()
    for (let i = 0; i < 60; i++) {
      const { invoice } = await accepted(
        store,
        sample(
          {
            number: `N${i % 20}`,
            caller: `caller${i % 2}`,
            sellerSiret: `seller${i % 3}`,
            buyerSiret: `buyer${i % 4}`,
            issueDate: `2026-11-${String(10 + (i % 7)).padStart(2, '0')}`
          },
          { naturalKey: `key${i}` }
        )
      )
      const code = i % 3 === 0 ? 'deposited' : 'suspended'
      if (i % 2 === 0) await store.change(invoice.id, () => ({ patch: { status: { code, raw: code } } }))
      if (i % 5 === 0) await store.change(invoice.id, () => ({ patch: { state: 'held', heldReason: 'test' } }))
      advance(1000)
    }
    const known = await everything(store, {}, 100)
    t.equal(known.length, 60)
    const date = (i: number) => new Date(start + i * 1000).toISOString()
    const parts: [InvoiceFilter, (invoice: StoredInvoice) => boolean][] = [
      [{ caller: 'caller1' }, ({ caller }) => caller === 'caller1'],
      [{ number: 'N6' }, ({ number }) => number === 'N6'],
      [{ sellerSiret: 'seller0' }, ({ sellerSiret }) => sellerSiret === 'seller0'],
      [{ sellerSirets: ['seller0', 'seller2'] }, ({ sellerSiret }) => sellerSiret !== 'seller1'],
      [{ buyerSiret: 'buyer2' }, ({ buyerSiret }) => buyerSiret === 'buyer2'],
      [{ state: 'held' }, ({ state }) => state === 'held'],
      [{ statusCode: 'deposited' }, ({ status }) => status?.code === 'deposited'],
      [{ issueDateFrom: '2026-11-12' }, ({ issueDate }) => (issueDate ?? '') >= '2026-11-12'],
      [{ issueDateTo: '2026-11-15' }, ({ issueDate }) => (issueDate ?? '') <= '2026-11-15'],
      [{ createdFrom: date(10) }, ({ createdAt }) => createdAt >= date(10)],
      [{ createdTo: date(40) }, ({ createdAt }) => createdAt <= date(40)]
    ]
    let compared = 0
    for (let mask = 0; mask < 2 ** parts.length; mask++) {
      const chosen = parts.filter((_, i) => (mask >> i) & 1)
      // All of one, two and three, and a share of the others.
      if (chosen.length > 3 && mask % 23 !== 0) continue
      const filter = Object.assign({}, ...chosen.map(([it]) => it)) as InvoiceFilter
      const found = (await everything(store, filter, 7)).map(({ id }) => id)
      const wanted = known.filter((invoice) => chosen.every(([, test]) => test(invoice))).map(({ id }) => id)
      compared++
      if (sorted(found) !== sorted(wanted)) t.same(found, wanted, JSON.stringify(filter))
    }
    t.ok(compared > 200)
    const dated = await everything(store, { issueDateFrom: '2026-11-12' }, 7)
    t.same(
      dated.map(({ issueDate }) => issueDate),
      dated.map(({ issueDate }) => issueDate).toSorted((a = '', b = '') => (a < b ? 1 : -1))
    )
    t.same(await everything(store, { sellerSirets: [] }, 7), [], 'no seller, no invoice')
    t.same(
      await everything(store, { sellerSirets: Array.from({ length: 60 }, (_, i) => `seller${i + 1}`) }, 7).then(
        (it) => it.length
      ),
      40
    )
  })
}
