import { faults, type Verdict } from './checker.ts'

export const soakHead = [
  'seed',
  'store',
  'dedupe',
  'seconds',
  'accepted',
  'integrated',
  'rejected',
  'held',
  'kills',
  'in doubt',
  'recovered',
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
  const { counts, settledMs } = verdict
  const held = Object.entries(counts.heldReasons).map(([reason, n]) => `${n} ${reason}`)
  const never = counts.heldNeverLeft > 0 ? ` (${counts.heldNeverLeft} never left)` : ''
  return [
    String(seed),
    store,
    dedupe ? 'on' : 'off',
    String(seconds),
    String(counts.accepted),
    String(counts.integrated),
    String(counts.rejected),
    held.length === 0 ? '0' : `${held.join(', ')}${counts.heldLate > 0 ? ` (${counts.heldLate} late)` : ''}${never}`,
    String(counts.kills),
    String(counts.exposures),
    String(counts.recovered),
    (counts.upstream === 0 ? 0 : counts.calls / counts.upstream).toFixed(3),
    `${(settledMs.p50 / 1000).toFixed(1)}/${(settledMs.p99 / 1000).toFixed(1)}`,
    verdict.good && trouble.length === 0
      ? '0'
      : [brokenOf(verdict), ...trouble].filter((part) => part !== '').join('; ')
  ]
}

export const brokenOf = ({ zeros }: Verdict): string =>
  faults
    .filter((fault) => zeros[fault] > 0)
    .map((fault) => `${zeros[fault]} ${fault}`)
    .join(', ')

/** The first findings, to be read. */
export const findingsOf = ({ findings }: Verdict, most = 10): string[] =>
  findings.slice(0, most).map(({ fault, key, id, says }) => `${fault} ${key ?? ''} ${id ?? ''}: ${says}`)
