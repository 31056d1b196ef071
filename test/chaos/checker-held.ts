import type { Acceptance } from '../../src/simulator/ledger.ts'
import type { Known } from './checker.ts'
import type { Ledger } from './checker-ledger.ts'
import type { Action, FinalAnswer, HistoryRecord, RunFacts } from './history.ts'

interface Case {
  one: Known
  final: FinalAnswer
  taken: Acceptance[]
  ledger: Ledger
  history: HistoryRecord[]
}

/** Reasons that a fault of our own schedule explains, by the words of its action. */
const causes: Record<string, RegExp> = {
  flow_failed: /flow-outcome/,
  'technical-account-rejected': /unauthorized|forbidden|password/,
  'token-refused': /token/,
  'upstream-throttled': /throttle/,
  'upstream-unavailable': /maintenance|upstream/,
  'client-certificate-expired': /certificate/,
  'client-certificate-rejected': /certificate/
}
/** Clocks of two processes on one machine, and the time a fault takes to show. */
const slackMs = 2_000

/** `true` when its reason is, `late` when Chorus Pro took the call after it was last looked for, or what is wrong. */
export function checkHeld(held: Case): string {
  const reason = held.final.invoice?.submission.heldReason ?? ''
  if (held.one.meant.fate === 'held') return reason === 'incomplete' ? 'true' : `held as ${reason}, not as incomplete`
  if (reason === 'unknown_outcome') return checkUnknown(held)
  const cause = causes[reason]
  if (cause === undefined) return `nothing that was done explains ${reason}`
  const actions = held.history.filter((record): record is Action => record.kind === 'action')
  return actions.some(({ action }) => cause.test(action)) ? 'true' : `nobody caused ${reason}`
}

function checkUnknown(held: Case): string {
  const { one, final, taken, ledger, history } = held
  const attempts = final.timeline?.attempts ?? []
  const doubtful = attempts.filter(({ proof }) => proof === 'unknown' || proof === 'exists')
  if (doubtful.length === 0) return 'its outcome is unknown, and every attempt has an answer'
  const real = realTimes(history)
  const disturbed = doubtful.some(({ startedAt, endedAt }) => {
    const from = real(startedAt) - slackMs
    const to = Math.max(from, real(endedAt ?? startedAt)) + slackMs
    return (
      ledger.arrivals(one.meant).some(({ at, fault, answer }) => {
        const when = Date.parse(at)
        return (fault !== undefined || answer !== 'sent') && when >= from && when <= to
      }) || history.some((record) => record.kind === 'action' && overlaps(record, from, to))
    )
  })
  if (!disturbed) return 'its outcome is unknown, and nothing disturbed its call'
  // Where Chorus Pro makes the number only a person can tell which one is ours.
  const [acceptance] = taken
  if (acceptance === undefined || one.meant.mode === 'data') return 'true'
  const heldAt = final.timeline?.items.findLast(({ type }) => type === 'held')?.at ?? ''
  const lag = history.find((record): record is RunFacts => record.kind === 'run')?.searchLagMs ?? 0
  if (Date.parse(acceptance.at) + lag + slackMs >= real(heldAt)) return 'late'
  return `held as unknown at ${heldAt}, and Chorus Pro had it since ${acceptance.at}`
}

/** What a gateway wrote while its clock was wrong, told in the time of all others: a run is shorter than any of the jumps. */
function realTimes(history: HistoryRecord[]): (at: string) => number {
  const actions = history.filter((record): record is Action => record.kind === 'action')
  const [first, last] = [actions[0]?.at, actions.at(-1)?.at].map((at) => Date.parse(at ?? ''))
  const jumps = [
    0,
    ...actions.flatMap(({ action }) => Number(/^clock (-?\d+)$/.exec(action)?.[1] ?? [])).filter(Boolean)
  ]
  const slack = 180_000
  return (at) => {
    const told = Date.parse(at)
    const within = (time: number) => time >= (first ?? 0) - slack && time <= (last ?? 0) + slack
    return jumps.map((jump) => told - jump).find(within) ?? told
  }
}

function overlaps({ at, until, action }: Action, from: number, to: number): boolean {
  if (!/kill|stop|proxy|upstream|database|failpoint|network|clock|disk|certificate/.test(action)) return false
  return Date.parse(at) <= to && Date.parse(until ?? at) >= from
}
