import t from 'tap'
import { addFelt, countFelt, type FeltEvidence, idle, neverDone, neverFelt } from './felt.ts'
import type { Action, Learned } from './history.ts'

// A count that cannot tell a fault that bit from one that did not proves nothing.

const second = (n: number) => new Date(Date.UTC(2026, 8, 1, 12, 0, n)).toISOString()
const action = (name: string, from: number, more: Partial<Action> = {}): Action => ({
  kind: 'action',
  at: second(from),
  until: second(from + 2),
  action: name,
  target: 'g1',
  ...more
})
const answered = (n: number, status?: number, code?: string): Learned => ({
  kind: 'outcome',
  at: second(n),
  key: 'k',
  role: 'first',
  attempt: 1,
  result: 'info',
  ...(status !== undefined && { status }),
  ...(code !== undefined && { code })
})
const evidence = (some: Partial<FeltEvidence>): FeltEvidence => ({
  journal: [],
  history: [],
  ledger: [],
  finals: [],
  wrongTimes: [],
  fired: 0,
  patienceMs: 1_500,
  ...some
})

const felt: [fault: string, some: Partial<FeltEvidence>][] = [
  ['disk full', { history: [action('disk full', 1)], journal: [answered(2, 507, 'storage-full')] }],
  [
    'disk full',
    { history: [action('disk full', 1), { kind: 'seen', at: second(2), target: 'g1', what: 'store full' }] }
  ],
  ['kill', { history: [action('kill', 1)], journal: [answered(2)] }],
  ['database read-only', { history: [action('database read-only', 1)], journal: [answered(3, 503, 'maintenance')] }],
  ['proxy 407', { history: [action('proxy 407', 1, { met: 2 })] }],
  [
    'clock',
    { history: [action('clock -3600000', 1)], wrongTimes: [{ target: 'g1', at: Date.parse(second(2)) - 3_600_000 }] }
  ],
  ['certificate broken', { history: [action('certificate broken', 1), action('start', 2, { detail: 'code 1 []' })] }]
]
for (const [fault, some] of felt) {
  t.test(`felt: ${fault}`, async (t) => {
    t.match(countFelt(evidence(some)), [{ fault, done: 1, felt: 1 }])
  })
}

const unfelt: [name: string, fault: string, some: Partial<FeltEvidence>][] = [
  ['nobody was told', 'disk full', { history: [action('disk full', 1)], journal: [answered(2, 202)] }],
  ['told long before', 'disk full', { history: [action('disk full', 9)], journal: [answered(2, 507, 'storage-full')] }],
  ['told long after', 'disk full', { history: [action('disk full', 1)], journal: [answered(30, 507, 'storage-full')] }],
  ['no connection met it', 'proxy 407', { history: [action('proxy 407', 1, { met: 0 })] }],
  [
    'the clock of another one',
    'clock',
    { history: [action('clock -3600000', 1)], wrongTimes: [{ target: 'g2', at: Date.parse(second(2)) - 3_600_000 }] }
  ]
]
for (const [name, fault, some] of unfelt) {
  t.test(`not felt: ${name}`, async (t) => {
    const rows = countFelt(evidence(some))
    t.match(rows, [{ fault, done: 1, felt: 0 }])
    t.same(neverFelt(rows), [], 'once is no proof')
    t.equal(neverFelt(addFelt([rows, rows, rows])).length, 1, 'three times is told')
    t.same(idle(addFelt([rows, rows, rows])), [])
    t.equal(idle(addFelt(Array.from({ length: 8 }, () => rows))).length, 1, 'eight times is no accident')
  })
}

t.test('what was planned and never came is named', async (t) => {
  const rows = countFelt(evidence({ history: [action('kill', 1)] }), ['kill', 'disk full'])
  t.same(
    neverDone(rows).map(({ fault }) => fault),
    ['disk full']
  )
})
