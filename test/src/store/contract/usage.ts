import type { Test } from 'tap'
import type { MakeStore } from '../samples.ts'

export async function usageContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('a limit is handed out once in each window, and what is given back can be taken again', async (t) => {
    const { store, advance, now } = await makeStore(t)
    advance(60_000 - (now() % 60_000))
    const minute = { caller: 'erp', kind: 'minute', windowMs: 60_000, limit: 10 }
    const take = async (amount: number) => (await store.takeUsage(minute, amount)).taken
    t.equal(await take(6), 6)
    t.equal(await take(6), 4, 'what is left')
    t.equal(await take(6), 0)
    t.equal((await store.takeUsage({ ...minute, caller: 'other' }, 6)).taken, 6)
    t.equal((await store.takeUsage({ ...minute, kind: 'day' }, 6)).taken, 6)
    t.equal(await take(-3), -3)
    t.equal(await take(6), 3)
    t.equal(await take(-99), -10, 'never more than was taken')
    await Promise.all(Array.from({ length: 20 }, () => take(1)))
    t.equal(await take(1), 0, 'twenty at once took ten')
    advance(60_000)
    const { taken, endsAt } = await store.takeUsage(minute, 6)
    t.equal(taken, 6, 'a new window')
    t.equal(endsAt.getTime(), now() + 60_000)
  })
}
