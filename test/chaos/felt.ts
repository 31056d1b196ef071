import type { Arrival } from '../../src/simulator/ledger.ts'
import type { Action, Evidence, HistoryRecord, Learned, Seen } from './history.ts'
import { proxyMoods } from './proxy.ts'

/** How often a fault was done, and how often somebody noticed: a fault that never bites proves nothing. */
export interface Felt {
  fault: string
  done: number
  felt: number
}

/** What a fault leaves behind, in words of those who suffered it. Any of them is enough. */
interface Sign {
  /** What a gateway said of itself: its store, the reasons of its lanes. */
  ready?: RegExp
  /** What the ERP was answered, as `status code`, or `none`. */
  erp?: RegExp
  /** A request as it reached Chorus Pro. */
  arrival?: (arrival: Arrival) => boolean
  /** How a start ended. */
  start?: RegExp
  /** A line of the gateway's own log that bears a wrong time. */
  log?: true
}

const none = { erp: /^none$/ }
const noStore: Sign = { ready: /^store (unavailable|full)/, erp: /^503 / }
/** By the words of the nemesis. The others tell themselves how many connections or statements they met. */
const signs: Record<string, Sign> = {
  kill: none,
  stop: none,
  'upstream maintenance': { ready: /upstream-unavailable/ },
  'upstream throttle': { ready: /upstream-throttled/ },
  'upstream password': { ready: /technical-account-rejected/ },
  'upstream token revoked': { arrival: ({ operation, status }) => operation !== 'token' && status === 401 },
  'upstream token down': { arrival: ({ operation, status = 200 }) => operation === 'token' && status !== 200 },
  'disk full': { ready: /^store full/, erp: /^507 / },
  clock: { log: true },
  'certificate expired': { ready: /client-certificate-expired/ },
  'certificate foreign': { ready: /client-certificate-rejected|tls-handshake-failed/ },
  'certificate broken': { start: /^code/ },
  'database restart': noStore,
  'database locked': noStore,
  'database read-only': noStore
}
/** Until what was done shows: the ERP waits so long for an answer. */
const graceMs = 7_000

const isStart = (record: HistoryRecord): record is Action => record.kind === 'action' && record.action === 'start'
const faultOf = ({ action }: Action) => (action.startsWith('clock') ? 'clock' : action)
const ours = new Set(['start', 'failed', 'operator'])

export interface FeltEvidence extends Evidence {
  /** Times that gateways wrote into their logs and that lie outside of the run. */
  wrongTimes: { target: string; at: number }[]
  /** How long the gateway waits for an answer. */
  patienceMs: number
  /** Failpoints that fired. */
  fired: number
}

/** `planned` are the faults that this run could have had; those that never came are named with 0. */
export function countFelt(evidence: FeltEvidence, planned: readonly string[] = []): Felt[] {
  const rows = new Map<string, Felt>()
  const add = (fault: string, done: number, felt: number) => {
    if (done === 0 && !planned.includes(fault)) return
    const row = rows.get(fault) ?? { fault, done: 0, felt: 0 }
    rows.set(fault, { fault, done: row.done + done, felt: row.felt + felt })
  }
  for (const fault of planned) add(fault, 0, 0)
  const { history } = evidence
  const seen = history.filter((record): record is Seen => record.kind === 'seen')
  const outcomes = evidence.journal.filter((record): record is Learned => record.kind === 'outcome')
  const arrivals = evidence.ledger.filter((record): record is Arrival => record.kind === 'arrival')
  for (const record of history) {
    if (record.kind !== 'action' || ours.has(record.action)) continue
    const fault = faultOf(record)
    const from = Date.parse(record.at)
    const to = Date.parse(record.until ?? record.at) + graceMs
    const within = ({ at }: { at: string }) => Date.parse(at) >= from && Date.parse(at) <= to
    const sign = signs[fault]
    const felt =
      (record.met ?? 0) > 0 ||
      seen.some((one) => within(one) && sign?.ready?.test(one.what)) ||
      outcomes.some((one) => within(one) && sign?.erp?.test(wordsOf(one))) ||
      history.some((one) => isStart(one) && within(one) && sign?.start?.test(one.detail ?? '')) ||
      arrivals.some((one) => sign?.arrival !== undefined && within(one) && sign.arrival(one)) ||
      (sign?.log === true && wronglyTimed(record, evidence.wrongTimes))
    add(fault, 1, felt ? 1 : 0)
  }
  for (const { fault } of arrivals) if (fault !== undefined) add(`call ${fault}`, 1, 1)
  const taken = new Map(evidence.ledger.flatMap((one) => (one.kind === 'acceptance' ? [[one.arrival, one.at]] : [])))
  for (const { fault, seq, at } of arrivals) {
    const accepted = taken.get(seq)
    if (fault !== 'slow' || accepted === undefined) continue
    add('call taken late', 1, Date.parse(accepted) - Date.parse(at) >= evidence.patienceMs ? 1 : 0)
  }
  const armed = history.filter((one) => isStart(one) && one.detail?.includes('"name"'))
  add('failpoint', armed.length, evidence.fired)
  const stories = evidence.finals.map(({ timeline }) => timeline?.items.map(({ type }) => type) ?? [])
  const lag = history.find((one) => one.kind === 'run')
  const lagged = stories.filter((types) => types.includes('recovered') && types.includes('search-negative'))
  if (lag?.kind === 'run' && lag.searchLagMs > 0) add('search lags', 1, lagged.length)
  for (const role of ['other-key', 'rival'] as const) {
    const told = outcomes.filter((one) => one.role === role && one.status !== undefined)
    add(`ERP ${role}`, told.length, told.filter(({ status }) => status === 409 || status === 200).length)
  }
  return [...rows.values()].toSorted((a, b) => (a.fault < b.fault ? -1 : 1))
}

const wordsOf = ({ status, code }: Learned) => (status === undefined ? 'none' : `${status} ${code ?? ''}`)

/** A minute and more beside the truth, and by as much as its clock was set wrong. */
function wronglyTimed({ action, target, at, until }: Action, times: FeltEvidence['wrongTimes']): boolean {
  const by = Number(/-?\d+$/.exec(action)?.[0])
  const [from, to] = [Date.parse(at) + by - 1_000, Date.parse(until ?? at) + by + 1_000]
  return times.some((one) => one.target === target && one.at >= from && one.at <= to)
}

export function addFelt(rows: Felt[][]): Felt[] {
  const all = Map.groupBy(rows.flat(), ({ fault }) => fault)
  const sum = (of: (one: Felt) => number, felt: Felt[]) => felt.reduce((total, one) => total + of(one), 0)
  return [...all].map(([fault, felt]) => ({
    fault,
    done: sum((one) => one.done, felt),
    felt: sum((one) => one.felt, felt)
  }))
}

/** Done so often and never noticed: worth telling; and no accident any more (a gateway may have been down, its way closed). */
const tellable = 3
const noAccident = 8
export const neverFelt = (rows: Felt[]) => rows.filter(({ done, felt }) => done >= tellable && felt === 0)
export const idle = (rows: Felt[]) => neverFelt(rows).filter(({ done }) => done >= noAccident)
export const neverDone = (rows: Felt[]) => rows.filter(({ done }) => done === 0)

/** What this run's nemesis has in its plan. */
export function plannedFaults(run: {
  access: 'piste' | 'certificate'
  proxy: boolean
  postgres: boolean
  disk: boolean
}): string[] {
  const token = ['upstream token revoked', 'upstream token down']
  const certificate = ['certificate expired', 'certificate foreign', 'certificate broken']
  const database = ['cut-before', 'cut-after', 'terminate', 'half-open', 'slow', 'restart', 'locked', 'read-only']
  return [
    'ERP other-key',
    'ERP rival',
    'call taken late',
    'search lags',
    'kill',
    'stop',
    'clock',
    'failpoint',
    'upstream maintenance',
    'upstream throttle',
    'upstream password',
    ...(run.access === 'piste' ? token : certificate),
    ...(run.proxy ? [...proxyMoods.filter((mood) => mood !== 'open'), 'cut all'].map((mood) => `proxy ${mood}`) : []),
    ...(run.postgres ? database.map((how) => `database ${how}`) : []),
    ...(run.disk ? ['disk full'] : [])
  ]
}
