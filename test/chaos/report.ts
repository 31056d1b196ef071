import { faults, type Verdict } from './checker.ts'

export const soakHead = [
  'seed',
  'store',
  'dedupe',
  'seconds',
  'accepted',
  'kills',
  'faults',
  'in doubt',
  'recovered',
  'lost',
  'doubled',
  'wrong status',
  'integrated',
  'rejected',
  'held',
  'calls/taken',
  'p50/p99 s',
  'broken'
]

export function soakRow(run: {
  seed: number
  store: string
  dedupe: boolean
  seconds: number
  verdict: Verdict
  trouble: string[]
}): string[] {
  const { seed, store, dedupe, seconds, verdict, trouble } = run
  const { counts, settledMs, zeros } = verdict
  const wrong = zeros['wrong-status'] + zeros['false-refusal'] + zeros['false-success']
  const whole = [
    counts.accepted,
    counts.kills,
    counts.faults,
    counts.exposures,
    counts.recovered,
    zeros.lost,
    zeros.double,
    wrong,
    counts.integrated,
    counts.rejected
  ]
  return [
    String(seed),
    store,
    dedupe ? 'on' : 'off',
    String(seconds),
    ...whole.map(String),
    heldOf(verdict),
    (counts.upstream === 0 ? 0 : counts.calls / counts.upstream).toFixed(3),
    `${(settledMs.p50 / 1000).toFixed(1)}/${(settledMs.p99 / 1000).toFixed(1)}`,
    verdict.good && trouble.length === 0
      ? '0'
      : [brokenOf(verdict), ...trouble].filter((part) => part !== '').join('; ')
  ]
}

function heldOf({ counts }: Verdict): string {
  const held = Object.entries(counts.heldReasons).map(([reason, n]) => `${n} ${reason}`)
  if (held.length === 0) return '0'
  const late = counts.heldLate > 0 ? ` (${counts.heldLate} late)` : ''
  const never = counts.heldNeverLeft > 0 ? ` (${counts.heldNeverLeft} never left)` : ''
  return `${held.join(', ')}${late}${never}`
}

export const brokenOf = ({ zeros }: Verdict): string =>
  faults
    .filter((fault) => zeros[fault] > 0)
    .map((fault) => `${zeros[fault]} ${fault}`)
    .join(', ')

/** The first findings, to be read. */
export const findingsOf = ({ findings }: Verdict, most = 10): string[] =>
  findings.slice(0, most).map(({ fault, key, id, says }) => `${fault} ${key ?? ''} ${id ?? ''}: ${says}`)
