import t from 'tap'
import type { Acceptance, Arrival } from '../../src/simulator/ledger.ts'
import { check, type Fault } from './checker.ts'
import type { Evidence, FinalAnswer, Learned, Meant } from './history.ts'

// A checker that cannot fail proves nothing: each history here is broken in one place, and it has to find that.

const second = (n: number) => new Date(Date.UTC(2026, 8, 1, 12, 0, n)).toISOString()
const supplier = '99900010200015'
const facts = { supplier, recipient: '12345678200051', issued: '2026-09-01' }

const meant = (n: number, more: Partial<Meant> = {}): Meant => ({
  kind: 'invoice',
  at: second(0),
  key: `k${n}`,
  mode: 'pdf',
  number: `N-${n}`,
  payable: `${n}.00`,
  digest: `d${n}`,
  ...facts,
  ...more
})
const learned = (n: number, more: Partial<Learned> = {}): Learned => ({
  kind: 'outcome',
  at: second(1),
  key: `k${n}`,
  role: 'first',
  attempt: 1,
  result: 'ok',
  status: 202,
  id: `inv_${n}`,
  ...more
})
const acceptance = (n: number, more: Partial<Acceptance> = {}): Acceptance => ({
  kind: 'acceptance',
  seq: n * 10 + 1,
  at: second(2),
  arrival: n * 10,
  id: `${n}`,
  number: `N-${n}`,
  mode: 'DEPOT_PDF_API',
  payable: n,
  digest: `d${n}`,
  ...facts,
  ...more
})
const arrival = (n: number, more: Partial<Arrival> = {}): Arrival => ({
  kind: 'arrival',
  seq: n * 10,
  at: second(2),
  access: 'piste',
  operation: 'factures/soumettre',
  connection: 1,
  bytes: 100,
  number: `N-${n}`,
  headers: {},
  processed: true,
  accepted: true,
  codeRetour: 0,
  answer: 'sent',
  ...more
})

function final(n: number, path: string[], proofs: string[], more: Partial<{ heldReason: string }> = {}): FinalAnswer {
  const state = path.at(-1) ?? 'received'
  return {
    id: `inv_${n}`,
    httpStatus: 200,
    invoice: {
      id: `inv_${n}`,
      number: `N-${n}`,
      submission: { state, mode: 'pdf', outcome: 'sent', attempts: proofs.length, ...more },
      upstream: state === 'integrated' ? { invoiceId: `${n}` } : {},
      documents: [{ role: 'invoice', sha256: `d${n}` }],
      createdAt: second(1)
    },
    timeline: {
      items: [
        { at: second(1), type: 'accepted' },
        ...path.map((to, step) => ({
          at: second(3 + step),
          type: 'state-changed',
          data: { from: path[step - 1] ?? 'received', to }
        })),
        ...(state === 'held' ? [{ at: second(20), type: 'held' }] : [])
      ],
      attempts: proofs.map((proof, index) => ({
        number: index + 1,
        startedAt: second(2),
        endedAt: second(3),
        proof
      }))
    }
  }
}

const sent = ['submitting', 'integrated']

/** Two that went well, one that was refused, and one whose request was lost. */
const good = (): Evidence => ({
  journal: [1, 2, 3, 4].flatMap((n) => [meant(n), learned(n)]),
  history: [{ kind: 'run', seed: 1, searchLagMs: 0, dedupe: false }],
  ledger: [
    arrival(1),
    acceptance(1),
    arrival(2),
    acceptance(2),
    arrival(3, { accepted: false, codeRetour: 20_012 }),
    arrival(4, { accepted: false, processed: false, fault: 'drop-before', answer: 'dropped' })
  ],
  finals: [
    final(1, sent, ['done']),
    final(2, sent, ['done']),
    final(3, ['submitting', 'rejected'], ['refused']),
    final(4, ['submitting', 'unknown', 'held'], ['unknown'], { heldReason: 'unknown_outcome' })
  ]
})

t.test('a good history is good', async (t) => {
  const verdict = check(good())
  t.same(verdict.findings, [])
  t.match(verdict, { good: true, counts: { accepted: 4, integrated: 2, rejected: 1, held: 1, exposures: 1 } })
})

const without = (evidence: Evidence, n: number, ...kinds: string[]): Evidence => ({
  ...evidence,
  ledger: evidence.ledger.filter(
    (record) => !(kinds.includes(record.kind) && 'number' in record && record.number === `N-${n}`)
  )
})
const told = (evidence: Evidence, ...finals: FinalAnswer[]): Evidence => ({
  ...evidence,
  finals: [...evidence.finals.filter(({ id }) => !finals.some((one) => one.id === id)), ...finals]
})

const broken: [name: string, fault: Fault, (evidence: Evidence) => Evidence][] = [
  ['the gateway does not know an id that it gave', 'lost', (it) => told(it, { id: 'inv_1', httpStatus: 404 })],
  ['nobody answers for an id', 'lost', (it) => ({ ...it, finals: it.finals.slice(1) })],
  ['cancelled by itself', 'lost', (it) => told(it, final(4, ['cancelled'], []))],
  ['taken twice', 'double', (it) => ({ ...it, ledger: [...it.ledger, acceptance(1, { id: '77' })] })],
  [
    'a number of Chorus Pro’s own, taken twice',
    'double',
    (it) => ({
      ...it,
      journal: [...it.journal, { ...meant(5, { mode: 'data' }), number: undefined, digest: undefined } as never],
      ledger: [
        ...it.ledger,
        acceptance(5, { mode: 'SAISIE_API', number: '2026000001' }),
        acceptance(5, { mode: 'SAISIE_API', number: '2026000002' })
      ]
    })
  ],
  ['nobody sent it', 'phantom', (it) => ({ ...it, ledger: [...it.ledger, acceptance(9)] })],
  ['rejected and taken', 'false-refusal', (it) => ({ ...it, ledger: [...it.ledger, acceptance(3)] })],
  ['rejected by nobody', 'false-refusal', (it) => without(it, 3, 'arrival')],
  [
    'the caller was refused, and it was sent',
    'false-refusal',
    (it) => ({
      ...it,
      journal: [...it.journal, meant(5), { ...learned(5), result: 'refused', id: undefined } as never],
      ledger: [...it.ledger, acceptance(5)]
    })
  ],
  [
    'a good invoice was refused at the door',
    'false-refusal',
    (it) => ({
      ...it,
      journal: [...it.journal, meant(5), { ...learned(5), result: 'refused', status: 422, id: undefined } as never]
    })
  ],
  ['integrated, and not there', 'false-success', (it) => without(it, 2, 'acceptance')],
  [
    'integrated as another invoice',
    'false-success',
    (it) => ({
      ...it,
      ledger: it.ledger.map((one) => (one.kind === 'acceptance' && one.id === '2' ? { ...one, id: '78' } : one))
    })
  ],
  [
    'another status than Chorus Pro has',
    'wrong-status',
    (it) => ({ ...it, history: [...it.history, { kind: 'platform', id: '1', status: 'SUSPENDUE' }] })
  ],
  [
    'another file was sent',
    'altered',
    (it) => ({
      ...it,
      ledger: it.ledger.map((one) => (one.kind === 'acceptance' && one.id === '1' ? { ...one, digest: 'x' } : one))
    })
  ],
  [
    'another amount was sent',
    'altered',
    (it) => ({
      ...it,
      ledger: it.ledger.map((one) => (one.kind === 'acceptance' && one.id === '1' ? { ...one, payable: 1.01 } : one))
    })
  ],
  ['never finished', 'stuck', (it) => told(it, final(1, ['submitting', 'unknown'], ['unknown']))],
  [
    'held, and Chorus Pro has it',
    'held-untrue',
    (it) => ({ ...it, ledger: [...it.ledger, acceptance(4, { at: second(2) })] })
  ],
  [
    'held, and nothing disturbed it',
    'held-untrue',
    (it) => ({ ...it, ledger: it.ledger.filter((one) => one.kind !== 'arrival' || one.number !== 'N-4') })
  ],
  [
    'held for a reason that nobody caused',
    'held-untrue',
    (it) => told(it, final(4, ['submitting', 'unknown', 'held'], ['unknown'], { heldReason: 'several_upstream' }))
  ],
  [
    'two ids for one key',
    'twice-accepted',
    (it) => told({ ...it, journal: [...it.journal, learned(1, { attempt: 2, id: 'inv_8' })] }, final(8, [], []))
  ],
  [
    'the number was given to another content',
    'twice-accepted',
    (it) => ({ ...it, journal: [...it.journal, learned(1, { role: 'rival', id: 'inv_8' })] })
  ],
  [
    'a step is missing in its story',
    'story',
    (it) =>
      told(it, {
        ...final(1, sent, ['done']),
        timeline: {
          items: [{ at: second(3), type: 'state-changed', data: { from: 'unknown', to: 'integrated' } }],
          attempts: [{ number: 1, startedAt: second(2), proof: 'done' }]
        }
      })
  ],
  ['sent without a proof', 'story', (it) => told(it, final(1, sent, ['unknown']))],
  [
    'rejected in spite of a doubt',
    'story',
    (it) => told(it, final(3, ['submitting', 'unknown', 'rejected'], ['unknown', 'refused']))
  ]
]

for (const [name, fault, spoil] of broken) {
  t.test(`found: ${name}`, async (t) => {
    const verdict = check(spoil(good()))
    t.equal(verdict.good, false)
    t.ok(verdict.zeros[fault] > 0, JSON.stringify(verdict.findings))
  })
}

t.test('a lost request that arrives after the last search is held rightly, and told apart', async (t) => {
  const evidence = good()
  evidence.ledger.push(acceptance(4, { at: second(30) }))
  t.match(check(evidence), { good: true, counts: { heldLate: 1 } })
})

t.test('an ERP that never got an answer proves nothing against the gateway', async (t) => {
  const evidence = good()
  evidence.journal.push(meant(5), { ...learned(5), result: 'info', id: undefined } as never)
  evidence.ledger.push(arrival(5), acceptance(5))
  t.match(check(evidence), { good: true, counts: { unanswered: 1 } })
})
