import type { Test } from 'tap'
import type { MakeStore } from '../samples.ts'

export async function keysContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('keys are kept, found, listed and revoked once', async (t) => {
    const { store } = await makeStore(t)
    const key = {
      id: 'a1',
      name: 'ERP',
      digest: '00',
      scopes: ['invoices:submit'],
      sellers: [],
      createdAt: '2026-11-22T08:00:00.000Z'
    }
    const limited = {
      ...key,
      id: 'a2',
      sellers: ['12345678901234'],
      caller: 'a0',
      operations: ['factures/soumettre'],
      networks: ['10.0.0.0/8'],
      ratePerMinute: 60,
      requestsPerDay: 1000,
      expiresAt: '2027-11-22T08:00:00.000Z'
    }
    await store.addKey(key)
    await store.addKey(limited)
    t.same(await store.findKey('a1'), key)
    t.equal(await store.findKey('a3'), undefined)
    t.same(await store.listKeys(), [key, limited])
    const revokedAt = '2026-12-01T00:00:00.000Z'
    t.equal(await store.revokeKey('a1', revokedAt), true)
    t.equal(await store.revokeKey('a1', '2026-12-02T00:00:00.000Z'), false)
    t.equal(await store.revokeKey('a3', revokedAt), false)
    t.same(await store.findKey('a1'), { ...key, revokedAt })
    await t.rejects(store.addKey(key), 'an id is used once')
    await store.check()

    const next = { ...limited, id: 'a4', createdAt: '2027-01-01T00:00:00.000Z' }
    t.equal(await store.rotateKey('a2', next, '2027-01-02T00:00:00.000Z'), true)
    t.equal((await store.findKey('a2'))?.expiresAt, '2027-01-02T00:00:00.000Z', 'the old one goes on for a day')
    t.same(await store.findKey('a4'), next)
    const none = { ...next, id: 'a5' }
    t.equal(await store.rotateKey('a1', none, '2028-01-02T00:00:00.000Z'), false, 'a revoked one is not exchanged')
    t.equal(await store.rotateKey('a3', none, '2028-01-02T00:00:00.000Z'), false)
    t.equal(await store.findKey('a5'), undefined)
  })
}
