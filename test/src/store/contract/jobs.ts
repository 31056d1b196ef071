import type { Test } from 'tap'
import { FenceLost } from '../../../../src/store/errors.ts'
import type { Store } from '../../../../src/store/store.ts'
import { accepted, type MakeStore, sample, submitting, unknown } from '../samples.ts'

async function addMany(store: Store, caller: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 100) {
    const batch = Array.from({ length: Math.min(left, 100) }, () => store.accept(sample({ caller }, { claimForMs: 0 })))
    await Promise.all(batch)
  }
}

export async function jobsContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('sends come before reconciles, and what is not due does not come', async (t) => {
    const { store, now, advance } = await makeStore(t)
    const doubtful = await unknown(store, sample(), new Date(now()))
    const { invoice: waiting } = await accepted(store, sample({}, { claimForMs: 0 }))
    const { invoice: sent, job } = await submitting(store)
    const runAt = new Date(now() + 1000)
    await store.change(
      sent.id,
      () => ({
        patch: { state: 'submitted', upstream: { flowNumber: 'F1' } },
        endAttempt: { proof: 'done' },
        job: { settle: true },
        jobs: [
          { kind: 'status', runAt },
          { kind: 'flow', runAt }
        ]
      }),
      job
    )
    const claimed = await store.claim(10, 5000)
    t.same(
      claimed.map(({ kind, invoiceId }) => [kind, invoiceId]),
      [
        ['send', waiting.id],
        ['reconcile', doubtful.id]
      ]
    )
    t.same(await store.nextDue(), runAt)
    advance(1000)
    t.same(
      (await store.claim(10, 5000)).map(({ kind }) => kind),
      ['flow', 'status']
    )
    t.same(await store.claim(10, 5000), [])
    t.equal(await store.nextDue(), undefined)
  })

  await t.test('one claims what another cannot', async (t) => {
    const { store } = await makeStore(t)
    await addMany(store, 'erp', 50)
    const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim(10, 5000)))
    const ids = claims.flat().map(({ id }) => id)
    t.equal(ids.length, 50)
    t.equal(new Set(ids).size, 50)
  })

  await t.test(
    'a caller with thousands queued delays the single invoice of another by two places at most',
    async (t) => {
      const { store } = await makeStore(t)
      await addMany(store, 'big', 2000)
      await store.claim(7, 5000)
      await addMany(store, 'small', 1)
      const one = [...(await store.claim(1, 5000)), ...(await store.claim(1, 5000))]
      t.ok(
        one.some(({ caller }) => caller === 'small'),
        'claimed one by one'
      )
      await addMany(store, 'other', 1)
      const many = await store.claim(10, 5000)
      t.ok(
        many.slice(0, 2).some(({ caller }) => caller === 'other'),
        'claimed ten at a time'
      )
      t.equal(many.length, 10)
    }
  )

  await t.test('only the lanes that are asked for', async (t) => {
    const { store } = await makeStore(t)
    await accepted(store, sample({ connection: 'a' }, { claimForMs: 0 }))
    await accepted(store, sample({ connection: 'b' }, { claimForMs: 0 }))
    t.same(await store.claim(10, 5000, []), [])
    t.equal(await store.nextDue([]), undefined)
    t.ok(await store.nextDue(['simulator/b']))
    t.match(await store.claim(10, 5000, ['simulator/b']), [{ lane: 'simulator/b' }])
    t.match(await store.claim(10, 5000), [{ lane: 'simulator/a' }])
  })

  await t.test('a job that is given back is due at once, and its holder is refused', async (t) => {
    const { store } = await makeStore(t)
    const { invoice, job } = await accepted(store)
    await store.release([job])
    await t.rejects(
      store.change(invoice.id, () => undefined, job),
      FenceLost
    )
    const [again] = await store.claim(1, 5000)
    t.match(again, { id: job.id, tries: 0 })
    await store.release([job])
    t.same(await store.claim(1, 5000), [], 'a former holder gives nothing back')
  })

  await t.test('a job that is asked for again is brought forward, never postponed', async (t) => {
    const { store, now } = await makeStore(t)
    const doubtful = await unknown(store, sample(), new Date(now() + 10_000))
    const ask = (ms: number) =>
      store.change(doubtful.id, () => ({ jobs: [{ kind: 'reconcile', runAt: new Date(now() + ms) }] }))
    t.equal((await ask(20_000)).nextAttemptAt, new Date(now() + 10_000).toISOString())
    t.equal((await ask(5_000)).nextAttemptAt, new Date(now() + 5_000).toISOString())
    t.same(await store.nextDue(), new Date(now() + 5_000))
    await ask(0)
    const [held] = await store.claim(1, 5000)
    await ask(0)
    t.same(await store.claim(1, 5000), [], 'the one that is worked on stays with its holder')
    t.equal(held?.kind, 'reconcile')
  })

  await t.test('a call whose lease ended becomes unknown, and is never due for sending again', async (t) => {
    const { store, now, advance } = await makeStore(t)
    const { invoice, job } = await submitting(store, sample({}, { claimForMs: 1000 }))
    const { invoice: idle } = await accepted(store, sample({}, { claimForMs: 1000 }))
    t.same(await store.recover(3000), { unknown: 0, due: 0 }, 'not before')
    t.same(await store.claim(10, 1000), [])
    advance(1001)
    t.same(await store.claim(10, 1000), [], 'an ended lease is recovered first')
    t.same(await store.recover(3000), { unknown: 1, due: 1 })
    t.match(await store.find(invoice.id), { state: 'unknown', outcome: 'unknown', attempts: 1 })
    t.match((await store.timeline(invoice.id)).attempts, [{ proof: 'unknown' }])
    t.match(await store.claim(10, 1000), [{ kind: 'send', invoiceId: idle.id }])
    t.same(await store.nextDue(), new Date(now() + 3000), 'searched for when it is quiet')
    const late = { patch: { state: 'received' as const }, endAttempt: { proof: 'not-sent' as const } }
    await t.rejects(
      store.change(invoice.id, () => late, job),
      FenceLost
    )
    const answer = await store.change(invoice.id, () => ({
      patch: { state: 'integrated', upstream: { invoiceId: '1' } },
      endAttempt: { proof: 'done' }
    }))
    t.match(answer, { state: 'integrated', outcome: 'sent' }, 'a late answer is welcome')
    t.same(await store.recover(3000), { unknown: 0, due: 0 })
  })

  await t.test('what a wrong clock has put off for years is due when it is right again', async (t) => {
    const { store, now, advance } = await makeStore(t)
    const hour = 3_600_000
    await store.recover(3000, hour)
    advance(2 * 365 * 24 * hour)
    await store.recover(3000, hour)
    const { invoice, job } = await accepted(store, sample({}, { claimForMs: 1000 }))
    const runAt = new Date(now() + 1000)
    await store.change(invoice.id, () => ({ job: { runAt, countTry: true } }), job)
    await store.recover(3000, hour)
    t.same(await store.nextDue(), runAt, 'while the clock goes on, what is put off stays so')
    advance(-2 * 365 * 24 * hour)
    t.same(await store.claim(10, 1000), [])
    t.same(await store.recover(3000, hour), { unknown: 0, due: 0 })
    t.match(await store.find(invoice.id), { nextAttemptAt: new Date(now()).toISOString() })
    t.match(await store.claim(10, 1000), [{ kind: 'send', invoiceId: invoice.id }])
  })

  await t.test('a lease that is renewed lasts, one that was lost does not come back', async (t) => {
    const { store, advance } = await makeStore(t)
    const { invoice, job } = await submitting(store, sample({}, { claimForMs: 1000 }))
    const { job: idle } = await accepted(store, sample({}, { claimForMs: 1000 }))
    advance(900)
    await store.renew([job], 1000)
    await store.renew([job], 1)
    advance(900)
    t.same(await store.recover(0), { unknown: 0, due: 1 }, 'only the one that was not renewed')
    await store.renew([idle], 1000)
    t.match(await store.claim(10, 1000), [{ id: idle.id }], 'whose job is for others now')
    await store.release([job])
    await store.renew([job], 1000)
    t.same(await store.recover(0), { unknown: 1, due: 0 }, 'what was given back is not renewed')
    t.match(await store.find(invoice.id), { state: 'unknown' })
  })

  await t.test('a call in flight that is given back is left to recover', async (t) => {
    const { store } = await makeStore(t)
    const { invoice, job } = await submitting(store)
    await store.release([job])
    t.same(await store.claim(10, 1000), [])
    t.same(await store.recover(0), { unknown: 1, due: 0 })
    t.equal((await store.find(invoice.id))?.state, 'unknown')
  })

  await t.test('counts tell the states and what is due', async (t) => {
    const { store } = await makeStore(t)
    t.same(await store.counts(), { states: {}, due: 0 })
    await addMany(store, 'erp', 3)
    await submitting(store)
    // On a busy machine a count may lag behind, by its own rule.
    let counts = await store.counts()
    for (let tries = 0; counts.due !== 3 && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      counts = await store.counts()
    }
    t.same(counts, { states: { received: 3, submitting: 1 }, due: 3 })
  })
}
