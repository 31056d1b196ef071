import type { Test } from 'tap'
import { InvalidTransition } from '../../../../src/store/errors.ts'
import type { Change, Store } from '../../../../src/store/store.ts'
import {
  type Job,
  type StoredInvoice,
  type SubmissionState,
  submissionStates
} from '../../../../src/store/stored-invoice.ts'
import { accepted, type MakeStore, rejected, sample, start, submitting, unknown } from '../samples.ts'

interface Standing {
  invoice: StoredInvoice
  job?: Job
}

const upstream = { invoiceId: '4711', flowNumber: 'F1' }
const later = new Date(0)

async function claimFor(store: Store, invoice: StoredInvoice): Promise<Standing> {
  const job = (await store.claim(1000, 60_000)).find(({ invoiceId }) => invoiceId === invoice.id)
  return { invoice, ...(job !== undefined && { job }) }
}

/** Brings an invoice into each state, by allowed ways. */
const reach: Record<SubmissionState, (store: Store, mode: StoredInvoice['mode']) => Promise<Standing>> = {
  received: (store, mode) => accepted(store, sample({ mode })),
  deposited: async (store, mode) => {
    const { invoice, job } = await accepted(store, sample({ mode }))
    return { invoice: await store.change(invoice.id, () => ({ patch: { state: 'deposited' } }), job), job }
  },
  submitting: (store, mode) => submitting(store, sample({ mode })),
  unknown: async (store, mode) => claimFor(store, await unknown(store, sample({ mode }))),
  submitted: async (store, mode) => {
    const { invoice, job } = await submitting(store, sample({ mode }))
    const change: Change = {
      patch: { state: 'submitted', upstream },
      endAttempt: { proof: 'done' },
      jobs: [{ kind: 'flow', runAt: later }]
    }
    return claimFor(store, await store.change(invoice.id, () => change, job))
  },
  integrated: async (store, mode) => {
    const { invoice, job } = await submitting(store, sample({ mode }))
    const change: Change = { patch: { state: 'integrated', upstream }, endAttempt: { proof: 'done' } }
    return { invoice: await store.change(invoice.id, () => change, job) }
  },
  rejected: async (store, mode) => ({ invoice: await rejected(store, sample({ mode })) }),
  held: async (store, mode) => {
    const invoice = await unknown(store, sample({ mode }))
    return { invoice: await store.change(invoice.id, () => ({ patch: { state: 'held', heldReason: 'several' } })) }
  },
  cancelled: async (store, mode) => {
    const { invoice } = await accepted(store, sample({ mode }))
    return { invoice: await store.change(invoice.id, () => ({ patch: { state: 'cancelled' } })) }
  }
}

/** Everything that the target state could ask for, so that only the table itself can refuse. */
function change(from: SubmissionState, to: SubmissionState): Change {
  const proofs: Partial<Record<SubmissionState, NonNullable<Change['endAttempt']>['proof']>> = {
    received: 'not-sent',
    deposited: 'not-processed',
    unknown: 'unknown',
    submitted: 'done',
    integrated: 'done',
    rejected: 'refused',
    held: 'refused'
  }
  const proof = from === 'submitting' ? proofs[to] : undefined
  return {
    patch: { state: to, heldReason: 'test', upstream },
    operator: 'someone',
    ...(to === 'submitting' && { startAttempt: { operation: 'factures/soumettre' } }),
    ...(proof !== undefined && { endAttempt: { proof } }),
    jobs: [
      ...(to === 'received' || to === 'deposited' ? [{ kind: 'send' as const, runAt: later }] : []),
      { kind: 'reconcile', runAt: later },
      { kind: 'flow', runAt: later }
    ]
  }
}

const table: Record<SubmissionState, SubmissionState[]> = {
  received: ['deposited', 'submitting', 'rejected', 'held', 'cancelled'],
  deposited: ['submitting', 'rejected', 'held', 'cancelled'],
  submitting: ['received', 'deposited', 'unknown', 'submitted', 'integrated', 'rejected', 'held'],
  unknown: ['received', 'deposited', 'submitted', 'integrated', 'held'],
  submitted: ['unknown', 'integrated', 'rejected', 'held'],
  integrated: [],
  rejected: [],
  held: ['received', 'submitted', 'integrated', 'cancelled'],
  cancelled: []
}

export async function transitionsContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('what the table allows happens, everything else is refused', async (t) => {
    const { store } = await makeStore(t)
    for (const from of submissionStates) {
      for (const to of submissionStates) {
        if (from === to) continue
        const { invoice, job } = await reach[from](store, 'structured')
        t.equal(invoice.state, from)
        const made = store.change(invoice.id, () => change(from, to), job)
        if (table[from].includes(to)) {
          const { state } = await made.catch((error: Error) => ({ state: error.message }))
          t.equal(state, to, `${from} to ${to}`)
        } else {
          await t.rejects(made, InvalidTransition, `${from} to ${to} is refused`)
          t.same(await store.find(invoice.id), invoice)
        }
      }
    }
  })

  const refused: [string, SubmissionState, StoredInvoice['mode'], Change, string][] = [
    [
      'rejected while an attempt is in doubt',
      'submitting',
      'pdf',
      { patch: { state: 'rejected' }, endAttempt: { proof: 'unknown' } },
      'an attempt is not proven without effect'
    ],
    [
      'rejected while the attempt runs',
      'submitting',
      'pdf',
      { patch: { state: 'rejected' } },
      'an attempt is not proven without effect'
    ],
    [
      'back to the queue after an unknown outcome',
      'submitting',
      'pdf',
      { patch: { state: 'received' }, endAttempt: { proof: 'unknown' } },
      'the last attempt may have had an effect'
    ],
    [
      'back to the queue while the attempt runs',
      'submitting',
      'pdf',
      { patch: { state: 'received' } },
      'the last attempt may have had an effect'
    ],
    [
      'unknown with the attempt left open',
      'submitting',
      'pdf',
      { patch: { state: 'unknown' } },
      'an attempt is not classed'
    ],
    [
      'submitted without an identity',
      'submitting',
      'pdf',
      { patch: { state: 'submitted' }, endAttempt: { proof: 'done' } },
      'an identity of Chorus Pro is needed'
    ],
    [
      'integrated with a flow number only',
      'submitting',
      'structured',
      { patch: { state: 'integrated', upstream: { flowNumber: 'F' } }, endAttempt: { proof: 'done' } },
      'the invoice id of Chorus Pro is needed'
    ],
    [
      'submitted without proof',
      'submitting',
      'pdf',
      { patch: { state: 'submitted', upstream }, endAttempt: { proof: 'unknown' } },
      'no attempt is proven done'
    ],
    [
      'sent again although Chorus Pro makes the number',
      'unknown',
      'data',
      { patch: { state: 'received' }, jobs: [{ kind: 'send', runAt: later }] },
      'without a number of ours a second call could make a second invoice'
    ],
    ['held without a reason', 'received', 'pdf', { patch: { state: 'held' } }, 'a reason is needed'],
    [
      'resent from held without an operator',
      'held',
      'pdf',
      { patch: { state: 'received' }, jobs: [{ kind: 'send', runAt: later }] },
      'an operator has to decide'
    ],
    [
      'closed from held without an operator',
      'held',
      'pdf',
      { patch: { state: 'cancelled' } },
      'an operator has to decide'
    ],
    [
      'linked without an operator',
      'held',
      'pdf',
      { patch: { state: 'integrated', upstream } },
      'no attempt is proven done and no operator decides'
    ],
    [
      'a report refused on another route',
      'submitted',
      'pdf',
      { patch: { state: 'rejected' } },
      'only a flow has a report'
    ]
  ]
  await t.test('guards', async (t) => {
    const { store } = await makeStore(t)
    for (const [title, from, mode, attempt, reason] of refused) {
      const { invoice, job } = await reach[from](store, mode)
      await t.rejects(
        store.change(invoice.id, () => attempt, job),
        { name: 'InvalidTransition', reason },
        title
      )
    }
    const { invoice } = await reach.unknown(store, 'pdf')
    const resend: Change = { patch: { state: 'received' }, jobs: [{ kind: 'send', runAt: later }] }
    await t.rejects(
      store.change(invoice.id, () => resend),
      { name: 'InvalidTransition', reason: 'only under a held reconcile job' }
    )
  })

  await t.test('an invoice sent again after a search cannot be cancelled: the first call may still show', async (t) => {
    const { store } = await makeStore(t)
    const { invoice, job } = await reach.unknown(store, 'pdf')
    const resend: Change = { patch: { state: 'received' }, jobs: [{ kind: 'send', runAt: later }] }
    await store.change(invoice.id, () => resend, job)
    const cancel = store.change(invoice.id, () => ({ patch: { state: 'cancelled' } }))
    await t.rejects(cancel, { name: 'InvalidTransition', reason: 'an attempt may have had an effect' })
    const answer: Change = {
      patch: { state: 'integrated', upstream },
      endAttempt: { proof: 'done', number: 1 }
    }
    t.match(await store.change(invoice.id, () => answer), { state: 'integrated' }, 'its late answer is taken')
    t.same(await store.claim(10, 1000), [], 'and nothing is sent')
  })

  await t.test('a refusal after a call in doubt is not final, it is searched for again', async (t) => {
    const { store } = await makeStore(t)
    const { invoice, job } = await reach.unknown(store, 'pdf')
    const resend: Change = {
      patch: { state: 'received' },
      jobs: [{ kind: 'send', runAt: later }],
      job: { settle: true }
    }
    const again = await claimFor(store, await store.change(invoice.id, () => resend, job))
    if (again.job === undefined) throw new Error('nothing was due')
    await start(store, invoice.id, again.job)
    const refusal: Change = { patch: { state: 'rejected' }, endAttempt: { proof: 'refused' } }
    await t.rejects(
      store.change(invoice.id, () => refusal, again.job),
      { name: 'InvalidTransition' }
    )
    const doubt: Change = { ...refusal, patch: { state: 'unknown' }, jobs: [{ kind: 'reconcile', runAt: later }] }
    t.match(await store.change(invoice.id, () => doubt, again.job), { state: 'unknown', attempts: 2 })
  })

  await t.test("a flow's report is the last word on its attempt", async (t) => {
    const { store } = await makeStore(t)
    const refusal = await reach.submitted(store, 'structured')
    await store.change(refusal.invoice.id, () => ({ patch: { state: 'rejected' } }), refusal.job)
    t.match((await store.timeline(refusal.invoice.id)).attempts, [{ proof: 'refused' }])
    const double = await reach.submitted(store, 'structured')
    const jobs: Change['jobs'] = [{ kind: 'reconcile', runAt: later }]
    await store.change(double.invoice.id, () => ({ patch: { state: 'unknown' }, jobs }), double.job)
    t.match((await store.timeline(double.invoice.id)).attempts, [{ proof: 'exists' }])
  })

  await t.test('an operator may decide about a held invoice, and is named', async (t) => {
    const { store } = await makeStore(t)
    const { invoice } = await reach.held(store, 'pdf')
    const closed = await store.change(invoice.id, () => ({ patch: { state: 'cancelled' }, operator: 'someone' }))
    t.equal(closed.heldReason, undefined)
    const { entries } = await store.timeline(invoice.id)
    t.match(entries.at(-1), { type: 'state-changed', data: { from: 'held', to: 'cancelled', operator: 'someone' } })
  })
}
