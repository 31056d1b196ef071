import type { Test } from 'tap'
import type { EarlierCall } from '../../../../src/store/raw-calls.ts'
import type { Proof } from '../../../../src/store/stored-invoice.ts'
import type { MakeStore } from '../samples.ts'

export async function rawCallsContract(t: Test, makeStore: MakeStore): Promise<void> {
  const facts = { fingerprint: 'f1', caller: 'erp', operation: 'factures/soumettre', digest: 'd1' }
  const rule = { runsForMs: 1000, horizonMs: 5000, keyed: false, intended: false }
  const earlierOf = (begun: { started: number } | { earlier: EarlierCall }): EarlierCall => {
    if ('earlier' in begun) return begun.earlier
    throw new Error('it began')
  }

  await t.test('a call is recorded once, and the one before is shown to the next', async (t) => {
    const { store, advance } = await makeStore(t)
    t.same(await store.beginRawCall(facts, rule), { started: 1 })
    t.match(await store.beginRawCall(facts, rule), { earlier: { running: true, tries: 1, digest: 'd1' } })
    t.ok('earlier' in (await store.beginRawCall(facts, { ...rule, intended: true })), 'meant or not')
    advance(2000)
    const doubt = earlierOf(await store.beginRawCall(facts, rule))
    t.equal(doubt.running, false, 'its process did not say how it ended')
    t.equal(doubt.proof, undefined)
    await store.endRawCall('f1', 1, { proof: 'done', status: 200, answer: '{"codeRetour":0}' })
    t.match(await store.beginRawCall(facts, rule), {
      earlier: { running: false, proof: 'done', status: 200, answer: '{"codeRetour":0}' }
    })
    t.same(await store.beginRawCall({ ...facts, fingerprint: 'f2' }, rule), { started: 1 }, 'another is another')
  })

  await t.test('what the one before proved decides', async (t) => {
    const { store, advance } = await makeStore(t)
    const free: [Proof, boolean][] = [
      ['not-sent', true],
      ['not-processed', true],
      ['refused', true],
      ['exists', true],
      ['done', false],
      ['unknown', false]
    ]
    for (const [proof, again] of free) {
      const call = { ...facts, fingerprint: proof }
      await store.beginRawCall(call, rule)
      await store.endRawCall(proof, 1, { proof })
      t.equal('started' in (await store.beginRawCall(call, rule)), again, proof)
    }
    advance(6000)
    const later = (fingerprint: string, changes: object) =>
      store.beginRawCall({ ...facts, fingerprint }, { ...rule, ...changes })
    t.ok('earlier' in (await later('done', { keyed: true })), 'a key counts for good')
    t.same(await later('done', {}), { started: 2 }, 'a body for a while')
    t.ok('earlier' in (await later('unknown', {})), 'a doubt until somebody looked')
    t.same(await later('unknown', { intended: true }), { started: 2 })
  })

  await t.test('another body under the same key is told, and an older try’s word comes too late', async (t) => {
    const { store } = await makeStore(t)
    await store.beginRawCall(facts, rule)
    await store.endRawCall('f1', 1, { proof: 'refused', status: 400 })
    const other = { ...facts, digest: 'd2' }
    t.match(await store.beginRawCall(other, { ...rule, keyed: true }), { earlier: { digest: 'd1' } })
    t.same(await store.beginRawCall(other, rule), { started: 2 })
    await store.endRawCall('f1', 1, { proof: 'done' })
    const now = earlierOf(await store.beginRawCall(facts, rule))
    t.match(now, { digest: 'd2', tries: 2, running: true })
    t.equal(now.proof, undefined)
    t.equal(now.status, undefined)
  })

  await t.test('of many that begin at once, one does', async (t) => {
    const { store } = await makeStore(t)
    const together = () => Promise.all(Array.from({ length: 20 }, () => store.beginRawCall(facts, rule)))
    t.equal((await together()).filter((one) => 'started' in one).length, 1)
    await store.endRawCall('f1', 1, { proof: 'not-processed' })
    t.equal((await together()).filter((one) => 'started' in one).length, 1)
  })

  await t.test('what is old is forgotten', async (t) => {
    const { store, advance, now } = await makeStore(t)
    await store.beginRawCall(facts, rule)
    advance(10_000)
    await store.beginRawCall({ ...facts, fingerprint: 'f2' }, rule)
    t.equal(await store.forgetRawCalls(new Date(now() - 5000)), 1)
    t.same(await store.beginRawCall(facts, rule), { started: 1 })
    t.match(await store.beginRawCall({ ...facts, fingerprint: 'f2' }, rule), { earlier: { tries: 1 } })
  })
}
