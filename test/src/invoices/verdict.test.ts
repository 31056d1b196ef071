import t from 'tap'
import type { IssuedInvoice } from '../../../src/chorus/chorus.ts'
import { judge, type Past } from '../../../src/invoices/verdict.ts'
import { createVisibility } from '../../../src/invoices/visibility.ts'
import { timings, type Workshop } from '../../../src/invoices/workshop.ts'
import type { StoredInvoice } from '../../../src/store/stored-invoice.ts'

// The table of the reliability brief, 2.3 step 5: what the rows of a complete search mean.

const invoice = {
  id: 'inv_1',
  number: 'F-1',
  mode: 'pdf',
  buyerSiret: '12345678200051',
  content: { number: 'F-1', issueDate: '2026-01-02', totals: { payable: '1200.00' } },
  documents: [],
  upstream: {}
} as unknown as StoredInvoice
const row = (changes: Partial<IssuedInvoice> = {}): IssuedInvoice =>
  ({
    invoiceId: '77',
    number: 'F-1',
    issueDate: '2026-01-02',
    depositDate: '2026-01-02',
    buyerSiret: '12345678200051',
    totals: { payable: '1200' },
    status: { code: 'deposited', raw: 'DEPOSEE' },
    ...changes
  }) as IssuedInvoice
const lastYear = row({ invoiceId: '66', issueDate: '2025-01-02', depositDate: '2025-01-03', totals: { payable: '5' } })
const lost: Past = {
  firstAttempt: '2026-01-02T10:00:00Z',
  lastEnd: '2026-01-02T10:02:00Z',
  passed: 3_600_000,
  negatives: 0,
  mayBeOurs: true,
  exists: false,
  refused: false,
  attempts: 1
}
const refusedAsDouble = { ...lost, mayBeOurs: false, exists: true }

const at = (now: string): Workshop => {
  const timing = timings(1, 120_000)
  const visibility = createVisibility({ horizonMs: timing.horizonMs, everyMs: 60_000, now: () => 0, warn: () => {} })
  return { timing, visibility, now: () => new Date(now) } as unknown as Workshop
}
const soon = '2026-01-02T10:10:00Z'
const late = '2026-01-02T10:40:00Z'

const cases: [name: string, rows: IssuedInvoice[], past: Past, now: string, becomes: string][] = [
  ['one row, equal: adopted', [row()], lost, soon, 'integrated'],
  [
    'equal, deposited long before our first attempt',
    [row({ depositDate: '2025-12-20' })],
    lost,
    soon,
    'already_deposited_elsewhere'
  ],
  ['equal, and our call was refused as a double', [row()], refusedAsDouble, soon, 'already_deposited_elsewhere'],
  [
    'equal, and only a later call was refused as a double',
    [row()],
    { ...lost, exists: true, attempts: 2 },
    soon,
    'integrated'
  ],
  ['another amount', [row({ totals: { payable: '1200.01' } })], lost, soon, 'number_used_for_other_invoice'],
  ['another recipient', [row({ buyerSiret: '99800006100015' })], lost, soon, 'number_used_for_other_invoice'],
  [
    'rejected by its recipient before',
    [row({ depositDate: '2025-12-20', status: { code: 'rejected', raw: 'REJETEE' } as never })],
    lost,
    soon,
    'number_burnt'
  ],
  ['two rows', [row(), row({ invoiceId: '78' })], lost, soon, 'several_upstream'],
  ['no row: not yet', [], lost, soon, 'search again'],
  ['no row, often enough and too soon', [], { ...lost, negatives: 2 }, soon, 'search again'],
  ['no row, long enough and not often enough', [], { ...lost, negatives: 1 }, late, 'search again'],
  ['no row, often and long enough', [], { ...lost, negatives: 2 }, late, 'resend'],
  [
    'no row, and only the time of day says that it was long',
    [],
    { ...lost, negatives: 9, passed: 400 },
    late,
    'search again'
  ],
  [
    'no row, though Chorus Pro says that it has it',
    [],
    { ...refusedAsDouble, negatives: 2 },
    late,
    'exists_but_not_found'
  ],
  ['no row, after three lost answers', [], { ...lost, negatives: 2, attempts: 3 }, late, 'unknown_outcome'],
  [
    'no row, and the last call was refused',
    [],
    { ...lost, negatives: 2, attempts: 2, refused: true },
    late,
    'unknown_outcome'
  ],
  // A number may be used again in another year (case 61).
  ['last year’s invoice alone says nothing', [lastYear], lost, soon, 'search again'],
  ['last year’s invoice and ours', [lastYear, row()], lost, soon, 'integrated'],
  [
    'last year’s invoice, and we were refused as its double',
    [lastYear],
    refusedAsDouble,
    soon,
    'number_used_for_other_invoice'
  ],
  [
    'issued last year and deposited in this one',
    [row({ issueDate: '2025-12-31' })],
    lost,
    soon,
    'number_used_for_other_invoice'
  ],
  [
    'a row without dates',
    [row({ issueDate: undefined as never, depositDate: undefined as never })],
    lost,
    soon,
    'integrated'
  ]
]

for (const [name, rows, past, now, becomes] of cases) {
  t.test(`${name}: ${becomes}`, (t) => {
    const verdict = judge(at(now), invoice, rows, past)
    const shown =
      verdict === 'resend'
        ? 'resend'
        : (verdict.patch?.heldReason ??
          verdict.patch?.state ??
          (verdict.timeline?.[0]?.type === 'search-negative' && 'search again'))
    t.equal(shown, becomes)
    t.end()
  })
}

t.test('where Chorus Pro numbers the invoice, nothing is ever adopted or sent again', (t) => {
  const { number: _number, ...unnumbered } = invoice
  const data = { ...unnumbered, mode: 'data' } as StoredInvoice
  t.match(judge(at(soon), data, [row()], lost), {
    timeline: [{ type: 'search-negative', data: { candidates: ['77'] } }]
  })
  t.match(judge(at(late), data, [row()], { ...lost, negatives: 2 }), {
    patch: { state: 'held', heldReason: 'unknown_outcome', outcome: 'unknown' },
    timeline: [{ data: { candidates: ['77'] } }]
  })
  t.end()
})
