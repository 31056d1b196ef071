import type { Test } from 'tap'
import { FenceLost, InvalidTransition } from '../../../../src/store/errors.ts'
import { accepted, type MakeStore, sample, start, submitting, unknown } from '../samples.ts'

export async function changeContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('a change writes invoice, attempt, timeline and jobs together', async (t) => {
    const { store, now, advance } = await makeStore(t)
    const { invoice, job } = await submitting(store)
    t.match(invoice, { state: 'submitting', attempts: 1, version: 2 })
    t.equal(invoice.nextAttemptAt, undefined)
    advance(1000)
    const runAt = new Date(now() + 60_000)
    const sent = await store.change(
      invoice.id,
      () => ({
        patch: {
          state: 'integrated',
          upstream: { invoiceId: '4711' },
          status: { code: 'deposited', raw: 'DEPOSEE' }
        },
        timeline: [{ type: 'noted', data: { by: 'test' } }],
        endAttempt: { proof: 'done', exchange: { httpStatus: 200, returnCode: 0 } },
        job: { settle: true },
        jobs: [{ kind: 'status', runAt }]
      }),
      job
    )
    t.match(sent, { state: 'integrated', outcome: 'sent', version: 3, updatedAt: new Date(now()).toISOString() })
    t.same(await store.find(invoice.id), sent)
    const { entries, attempts } = await store.timeline(invoice.id)
    t.same(
      entries.map(({ type }) => type),
      ['accepted', 'attempt-started', 'state-changed', 'noted', 'attempt-ended', 'state-changed']
    )
    t.match(entries.at(-1)?.data, { from: 'submitting', to: 'integrated' })
    t.match(attempts, [{ number: 1, operation: 'factures/soumettre', proof: 'done', exchange: { returnCode: 0 } }])
    t.not(attempts[0]?.startedAt, attempts[0]?.endedAt)
    t.same(await store.nextDue(), runAt)
  })

  await t.test('what fails writes nothing', async (t) => {
    const { store } = await makeStore(t)
    const { invoice, job } = await submitting(store)
    const before = await store.timeline(invoice.id)
    const change = store.change(
      invoice.id,
      () => ({
        patch: { state: 'integrated' },
        timeline: [{ type: 'noted' }],
        endAttempt: { proof: 'done' },
        job: { settle: true }
      }),
      job
    )
    await t.rejects(change, InvalidTransition, 'there is no identity')
    t.same(await store.find(invoice.id), invoice)
    t.same(await store.timeline(invoice.id), before)
    await store.change(invoice.id, () => ({ patch: { warnings: [] } }), job)
    await t.rejects(
      store.change(invoice.id, () => {
        throw new Error('changed my mind')
      }),
      { message: 'changed my mind' }
    )
  })

  await t.test('undefined writes nothing, and members can be removed', async (t) => {
    const { store } = await makeStore(t)
    const { invoice } = await accepted(store)
    const error = { code: 'upstream-timeout', detail: 'late', owner: 'platform' }
    const failed = await store.change(invoice.id, () => ({ patch: { error, extraction: { a: 1 } } }))
    t.same((await store.find(invoice.id))?.error, error)
    t.same(await store.change(invoice.id, () => undefined), failed)
    await store.change(invoice.id, ({ version }) => ({
      patch: { mode: version === 2 ? 'data' : 'pdf' },
      unset: ['error']
    }))
    const now = await store.find(invoice.id)
    t.equal(now?.error, undefined)
    t.match(now, { mode: 'data', extraction: { a: 1 }, version: 3 })
    await t.rejects(
      store.change('inv_none', () => undefined),
      RangeError
    )
  })

  await t.test('changes of one invoice follow each other', async (t) => {
    const { store } = await makeStore(t)
    const { invoice } = await accepted(store)
    const note = () =>
      store.change(invoice.id, ({ upstream }) => ({
        patch: { upstream: { seen: String(Number(upstream['seen'] ?? 0) + 1) } }
      }))
    await Promise.all(Array.from({ length: 20 }, note))
    t.match(await store.find(invoice.id), { upstream: { seen: '20' }, version: 21 })
  })

  await t.test('the next attempt is when the job runs', async (t) => {
    const { store, now } = await makeStore(t)
    const { invoice, job } = await submitting(store)
    const runAt = new Date(now() + 30_000)
    const back = await store.change(
      invoice.id,
      () => ({ patch: { state: 'received' }, endAttempt: { proof: 'not-sent' }, job: { runAt, countTry: true } }),
      job
    )
    t.match(back, { state: 'received', outcome: 'not_sent', nextAttemptAt: runAt.toISOString(), attempts: 1 })
    t.same(await store.nextDue(), runAt)
  })

  await t.test('a job that was settled, given back or taken over lets its holder write nothing', async (t) => {
    const { store, advance, now } = await makeStore(t)
    const { invoice, job } = await accepted(store, sample({}, { claimForMs: 1000 }))
    const write = (holder = job) => store.change(invoice.id, () => ({ patch: { warnings: [] } }), holder)
    await write()
    advance(1001)
    t.same(await store.recover(0), { unknown: 0, due: 1 })
    await t.rejects(write(), FenceLost, 'recovered')
    const [taken] = await store.claim(1, 1000)
    if (taken === undefined) throw new Error('nothing was due')
    t.match(taken, { id: job.id, fence: 3, tries: 1 })
    await t.rejects(write(), FenceLost, 'stolen')
    await write(taken)
    await store.change(invoice.id, () => ({ job: { runAt: new Date(now()), countTry: false } }), taken)
    await t.rejects(write(taken), FenceLost, 'given back')
    const [again] = await store.claim(1, 1000)
    if (again === undefined) throw new Error('nothing was due')
    const other = await accepted(store)
    await t.rejects(
      store.change(other.invoice.id, () => undefined, again),
      FenceLost,
      'a job of another invoice'
    )
    await store.change(invoice.id, () => ({ patch: { state: 'cancelled' } }))
    await t.rejects(write(again), FenceLost, 'ended with the invoice')
  })

  await t.test('a lease can be made longer, and no call starts on one that is over', async (t) => {
    const { store, advance } = await makeStore(t)
    const { invoice, job } = await accepted(store, sample({}, { claimForMs: 1000 }))
    await store.change(invoice.id, () => ({ job: { leaseMs: 5000 } }), job)
    advance(4000)
    t.same(await store.recover(0), { unknown: 0, due: 0 })
    advance(1001)
    await t.rejects(start(store, invoice.id, job), FenceLost)
    t.equal((await store.find(invoice.id))?.attempts, 0)
  })

  await t.test('a second call needs the first one classed, and its own recorded start', async (t) => {
    const { store } = await makeStore(t)
    const { invoice, job } = await submitting(store)
    await t.rejects(start(store, invoice.id, job), InvalidTransition)
    const { invoice: other, job: otherJob } = await accepted(store)
    const unrecorded = store.change(other.id, () => ({ patch: { state: 'submitting' } }), otherJob)
    await t.rejects(unrecorded, { name: 'InvalidTransition', reason: 'the start of an attempt is recorded with it' })
    const jobless = store.change(other.id, () => ({
      patch: { state: 'submitting' },
      startAttempt: { operation: 'x' }
    }))
    await t.rejects(jobless, { name: 'InvalidTransition', reason: 'only under a held send job' })
  })

  await t.test('only doubt about an attempt is ever resolved', async (t) => {
    const { store } = await makeStore(t)
    const invoice = await unknown(store)
    const prove = (proof: 'done' | 'refused' | 'unknown', number?: number) =>
      store.change(invoice.id, () => ({ endAttempt: { proof, ...(number !== undefined && { number }) } }))
    await prove('unknown')
    await prove('done', 1)
    await t.rejects(prove('refused'), { name: 'InvalidTransition', reason: 'an attempt proven done is never refused' })
    await t.rejects(prove('done', 2), { name: 'InvalidTransition', reason: 'there is no such attempt' })
  })

  await t.test('no state is left waiting without a job', async (t) => {
    const { store } = await makeStore(t)
    const { invoice, job } = await accepted(store)
    await t.rejects(
      store.change(invoice.id, () => ({ job: { settle: true } }), job),
      /without a job to move it on/
    )
    await start(store, invoice.id, job)
    const careless = { job: { runAt: new Date(), countTry: true } }
    await t.rejects(
      store.change(invoice.id, () => careless, job),
      /without a job to move it on/
    )
    const forgetful = { patch: { state: 'unknown' as const }, endAttempt: { proof: 'unknown' as const } }
    await t.rejects(
      store.change(invoice.id, () => forgetful, job),
      /without a job to move it on/
    )
  })
}
