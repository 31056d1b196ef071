import t from 'tap'
import { type Broken, explore, type Variant } from './model.ts'

/** What the gateway does today. */
const ours: Variant = {
  table: true,
  mode: 'pdf',
  afterDoubt: 'search',
  leaseOver: 'search',
  notFound: 'hold',
  duplicate: 'search',
  dedupe: false,
  quiet: false,
  lag: true
}
/** With resending where our own number makes Chorus Pro refuse a double. */
const resending: Variant = { ...ours, notFound: 'send-again', dedupe: true }

const variants: [name: string, variant: Variant, broken: Broken][] = [
  ['ours', ours, undefined],
  ['ours, Chorus Pro refuses doubles', { ...ours, dedupe: true }, undefined],
  ['ours, three crashes', { ...ours, crashes: 3 }, undefined],
  ['a resend where doubles are refused, with nothing else to rely on', resending, undefined],
  [
    'a resend after a quiet period, and a search that shows everything',
    { ...resending, dedupe: false, quiet: true, lag: false },
    undefined
  ],
  [
    'a resend of what bears no number of ours: the table holds it',
    { ...resending, mode: 'data', dedupe: false },
    undefined
  ],
  ['a resend where doubles are taken and a search lags', { ...resending, dedupe: false, quiet: true }, 'sent twice'],
  ['a resend without a quiet period where doubles are taken', { ...resending, dedupe: false, lag: false }, 'sent twice']
]

for (const [name, variant, broken] of variants) {
  t.test(`${name}: ${broken ?? 'holds'}`, async (t) => {
    const found = explore(variant)
    t.equal(found.broken, broken, found.path.join('; '))
    t.comment(`${found.states} states${broken ? `: ${found.path.join('; ')}` : ''}`)
  })
}

/** Code that does the wrong thing. Without the table it breaks the promise; with it, the ledger does not take the change. */
const mistakes: [name: string, mistake: Partial<Variant>, broken: Broken][] = [
  ['a time-out means: send again', { afterDoubt: 'send-again' }, 'sent twice'],
  ['a lease that is over goes back to the queue', { leaseOver: 'send-again' }, 'sent twice'],
  ['a number of Chorus Pro’s own is sent again', { mode: 'data', notFound: 'send-again' }, 'sent twice'],
  [
    'the refusal of a double is taken for a refusal',
    { notFound: 'send-again', dedupe: true, duplicate: 'refused' },
    'false refusal'
  ]
]

for (const [name, mistake, broken] of mistakes) {
  t.test(`${name}: ${broken}, and the table does not take it`, async (t) => {
    const bare = explore({ ...ours, ...mistake, table: false })
    t.equal(bare.broken, broken)
    t.comment(bare.path.join('; '))
    const guarded = explore({ ...ours, ...mistake })
    t.equal(guarded.broken, undefined, guarded.path.join('; '))
    t.ok(guarded.refusedByTable > 0, 'the ledger refused a change')
    t.comment(`${guarded.states} states, ${guarded.refusedByTable} changes refused`)
  })
}
