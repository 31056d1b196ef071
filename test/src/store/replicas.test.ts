import t, { type Test } from 'tap'
import { FenceLost } from '../../../src/store/errors.ts'
import { openShared } from '../../../src/store/shared.ts'
import type { Store } from '../../../src/store/store.ts'
import { startPostgres } from '../../helpers/postgres.ts'
import { accepted, sample, start, submitting } from './samples.ts'

const postgres = await startPostgres(t)
if (postgres === undefined) t.plan(0, 'no PostgreSQL')
else {
  /** Two processes as far as the database can tell: they share nothing but it. */
  const twoReplicas = async (t: Test): Promise<{ one: Store; other: Store; advance: (ms: number) => void }> => {
    const url = await postgres.freshUrl()
    let offset = 0
    const open = () => openShared({ url, clock: (now) => now + offset, size: 8 })
    // Both migrate at once.
    const [one, other] = await Promise.all([open(), open()])
    t.teardown(() => Promise.all([one.store.close(), other.store.close()]))
    return { one: one.store, other: other.store, advance: (ms) => void (offset += ms) }
  }

  t.test(
    'replicas hold their lanes together; a deployment that sends as somebody else waits until they are gone',
    async (t) => {
      const { one, other, advance } = await twoReplicas(t)
      const lane = 'production/default'
      const ours = [{ lane, target: 'a' }]
      const theirs = [
        { lane: 'qualification/default', target: 'b' },
        { lane, target: 'b' }
      ]
      t.equal(await one.holdLanes(ours, 60_000), undefined)
      t.equal(await other.holdLanes(ours, 60_000), undefined, 'a replica')
      t.equal(await other.holdLanes(theirs, 60_000), lane, 'a copied configuration with another account')
      await one.check()
      advance(50_000)
      t.equal(await one.holdLanes(ours, 60_000), undefined, 'kept')
      advance(50_000)
      t.equal(await other.holdLanes(theirs, 60_000), lane, 'as long as it is kept')
      advance(10_001)
      t.equal(await other.holdLanes(theirs, 60_000), undefined, 'taken over')
      t.equal(await one.holdLanes(ours, 60_000), lane, 'and lost for the one that slept')
      t.equal(await one.holdLanes([{ lane: 'qualification/other', target: 'a' }], 60_000), undefined)
    }
  )

  t.test('replicas claim disjoint jobs, and leave none', async (t) => {
    const { one, other } = await twoReplicas(t)
    // Not all at once: on a slow disk the last ones would wait for too long.
    for (let round = 0; round < 15; round++) {
      const some = Array.from({ length: 20 }, (_, i) => sample({ caller: `c${i % 3}` }, { claimForMs: 0 }))
      await Promise.all(some.map((invoice) => one.accept(invoice)))
    }
    const seen: string[] = []
    const drain = async (store: Store) => {
      // A batch may be empty while the other holds the rows.
      for (let empty = 0; empty < 3; ) {
        const jobs = await store.claim(10, 60_000)
        empty = jobs.length === 0 ? empty + 1 : 0
        seen.push(...jobs.map(({ id }) => id))
      }
    }
    await Promise.all([drain(one), drain(other), drain(one), drain(other)])
    t.equal(seen.length, 300)
    t.equal(new Set(seen).size, 300)
  })

  t.test('64 at once over both with one key: one invoice, one id in all answers', async (t) => {
    const { one, other } = await twoReplicas(t)
    const same = { idempotency: { key: 'k1', fingerprint: 'f' }, fingerprint: 'f' }
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? one : other).accept(sample({ number: 'R-1' }, same)))
    )
    t.equal(new Set(answers.map(({ invoice }) => invoice.id)).size, 1)
    t.equal(answers.filter(({ kind }) => kind === 'accepted').length, 1)
    t.equal((await one.list({}, { limit: 10 })).items.length, 1)
  })

  t.test('64 at once over both with one number: one accepted, 63 duplicates of it', async (t) => {
    const { one, other } = await twoReplicas(t)
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        (i % 2 === 0 ? one : other).accept(
          sample({ number: 'R-2' }, { idempotency: { key: `k${i}`, fingerprint: `f${i}` } })
        )
      )
    )
    t.equal(new Set(answers.map(({ invoice }) => invoice.id)).size, 1)
    t.equal(answers.filter(({ kind }) => kind === 'duplicate').length, 63)
  })

  t.test('cancelling against starting the call, from two replicas: one of them happens', async (t) => {
    const { one, other } = await twoReplicas(t)
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const { invoice, job } = await accepted(one)
        const results = await Promise.allSettled([
          start(one, invoice.id, job),
          other.change(invoice.id, () => ({
            patch: { state: 'cancelled' },
            unset: ['nextAttemptAt'],
            endJobs: ['send']
          }))
        ])
        const final = await one.find(invoice.id)
        const fulfilled = results.filter(({ status }) => status === 'fulfilled').length
        return fulfilled === 1 && final?.attempts === (final?.state === 'submitting' ? 1 : 0)
      })
    )
    t.ok(outcomes.every(Boolean))
  })

  t.test('what a replica does after its lease is refused everywhere, and its call is in doubt', async (t) => {
    const { one, other, advance } = await twoReplicas(t)
    const { invoice, job } = await submitting(one, sample({}, { claimForMs: 1_000 }))
    const idle = await accepted(one, sample({}, { claimForMs: 1_000 }))
    t.same(await other.recover(0), { unknown: 0, due: 0 }, 'not while the lease lasts')
    advance(1_001)
    await t.rejects(start(one, idle.invoice.id, idle.job), FenceLost, 'no call starts on a lease that is over')
    const both = await Promise.all([one.recover(5_000), other.recover(5_000)])
    t.equal(
      both.reduce((n, { unknown }) => n + unknown, 0),
      1,
      'recovered once'
    )
    t.equal(
      both.reduce((n, { due }) => n + due, 0),
      1
    )
    t.match(await other.find(invoice.id), { state: 'unknown' })
    const late = { patch: { state: 'received' as const }, endAttempt: { proof: 'not-sent' as const } }
    await t.rejects(
      one.change(invoice.id, () => late, job),
      FenceLost
    )
    const [again] = await other.claim(10, 60_000)
    t.match(again, { kind: 'send', invoiceId: idle.invoice.id })
    await t.rejects(start(one, idle.invoice.id, idle.job), FenceLost, 'the fence counts for all')
  })

  t.test('a job given back while its call starts is never due for sending again', async (t) => {
    const { one, other } = await twoReplicas(t)
    for (let i = 0; i < 20; i++) {
      const { invoice, job } = await accepted(one)
      await Promise.allSettled([start(one, invoice.id, job), other.release([job])])
      const { state } = (await one.find(invoice.id)) ?? {}
      const due = await other.claim(10, 60_000)
      if (state === 'submitting') t.same(due, [], 'left to recover')
      else t.match(due, [{ invoiceId: invoice.id }])
      await other.release(due)
      await other.change(invoice.id, () => ({ endJobs: state === 'submitting' ? [] : ['status'] }))
      if (state !== 'submitting') await other.change(invoice.id, () => ({ patch: { state: 'cancelled' } }))
    }
  })
}
