import type { Evidence } from '../chorus/errors.ts'
import type { Gate } from '../chorus/gate.ts'
import { isSilence, type LaneTrouble, pauseAfterFailures, troubleOf } from './lane-trouble.ts'

/**
 * `paused`: tried again by itself at `until`. `held`: a person has to mend it; with `until` it is asked now and then all
 * the same, because asking harms nobody. `half_open`: it answers again, and one invoice goes first.
 */
export type LaneState = 'open' | 'paused' | 'held' | 'half_open'

/** What everybody may know of one way out. */
export interface LaneView {
  lane: string
  state: LaneState
  /** The problem that stopped it. */
  reason?: Evidence['problem']
  detail?: string
  /** Since when it is not open, and when it is tried again, RFC 3339. */
  since?: string
  until?: string
}

/**
 * One way out per environment and connection, made when it is first named. Trouble that every invoice would meet
 * (credentials, certificate, proxy, maintenance, throttling) stops the lane and not the invoice (reliability brief, 3).
 * A harmless call proves that it answers again; then one invoice goes first, and the others after it.
 */
export interface Lanes {
  open(lane: string): boolean
  /** Milliseconds until a paused lane is tried again; else 0. */
  restMs(lane: string): number
  /** A call failed. Most failures are the invoice's own affair; what counts against the lane is decided here. */
  failed(lane: string, evidence: Evidence, detail: string): void
  /** A call was answered well. */
  answered(lane: string): void
  /** A job had its answer: where one was to go first, the others follow. */
  succeeded(lane: string): void
  /** Lanes whose time has come: to be probed, never with an invoice. Each is named once, until its probe has ended. */
  due(): string[]
  /** The harmless call was answered. */
  probed(lane: string): void
  probeFailed(lane: string, evidence: Evidence, detail: string): void
  /** Half-open lanes that wait for their one invoice. */
  trials(): string[]
  /** That invoice has been taken. */
  tried(lane: string, invoiceId: string): void
  /** A job has ended: should it have been the one, and have said nothing of the lane, another one may go. */
  ended(lane: string, invoiceId: string): void
  /** A person says that it is mended: it is probed at once. All lanes without a name; returns how many were waiting. */
  retry(lane?: string): number
  view(): LaneView[]
  /** Undefined when it is open. */
  trouble(lane: string): LaneView | undefined
}

interface Lane {
  state: LaneState
  /** Steps of its pauses since it was open. */
  failures: number
  /** Calls without a proper answer, one after the other. */
  silent: number
  until: number
  since: number
  reason?: Evidence['problem']
  detail: string
  trial?: string
  probing: boolean
}

/** So many calls in a row without a proper answer close a lane, each of them harmless by itself (reliability brief, case 40). */
const mostSilent = 3

export interface LanesOptions {
  names: string[]
  now: () => Date
  /** Milliseconds, never set: a pause does not end early, or years late, because the clock was wrong. */
  monotonic: () => number
  timeScale: number
}

export function createLanes(options: LanesOptions): Lanes {
  const lanes = new Map<string, Lane>()
  const time = options.monotonic
  const shown = (moment: number) => new Date(options.now().getTime() + moment - time()).toISOString()
  const get = (name: string): Lane => {
    const known = lanes.get(name)
    if (known !== undefined) return known
    const lane: Lane = { state: 'open', failures: 0, silent: 0, until: 0, since: 0, detail: '', probing: false }
    lanes.set(name, lane)
    return lane
  }
  for (const name of options.names) get(name)

  const waits = (lane: Lane) => lane.state === 'paused' || lane.state === 'held'

  function stop(lane: Lane, evidence: Evidence, { held, pauseMs }: LaneTrouble, detail: string): void {
    if (lane.state === 'open') lane.since = time()
    lane.failures++
    lane.silent = 0
    lane.state = held ? 'held' : 'paused'
    lane.until = time() + Math.max(pauseMs / options.timeScale, evidence.retryAfterMs ?? 0)
    lane.reason = evidence.problem
    lane.detail = detail
    lane.probing = false
    delete lane.trial
  }

  const show = (name: string, lane: Lane): LaneView => ({
    lane: name,
    state: lane.state,
    ...(lane.state !== 'open' && {
      ...(lane.reason !== undefined && { reason: lane.reason }),
      detail: lane.detail,
      since: shown(lane.since),
      ...(waits(lane) && !lane.probing && Number.isFinite(lane.until) && { until: shown(lane.until) })
    })
  })

  return {
    open: (name) => get(name).state === 'open',
    restMs(name) {
      const lane = get(name)
      return lane.state === 'paused' ? Math.max(0, lane.until - time()) : 0
    },
    failed(name, evidence, detail) {
      const lane = get(name)
      const trouble = troubleOf(evidence, lane)
      if (trouble !== undefined) {
        // Calls that were under way together fail together: one step, not one each, and the probe has the last word.
        // A graver cause is shown all the same.
        const graver = trouble.held && lane.state === 'paused' && lane.reason !== evidence.problem
        if (!waits(lane) || graver) stop(lane, evidence, trouble, detail)
      } else if (isSilence(evidence)) {
        lane.silent++
        const enough = lane.state === 'half_open' || (lane.state === 'open' && lane.silent >= mostSilent)
        if (enough) stop(lane, evidence, { held: false, pauseMs: pauseAfterFailures(lane.failures) }, detail)
      } else if (evidence.exchange?.returnCode !== undefined) {
        lane.silent = 0
      }
    },
    answered(name) {
      get(name).silent = 0
    },
    succeeded(name) {
      const lane = get(name)
      // What was under way before the lane stopped does not open it.
      if (lane.state !== 'half_open') return
      lane.state = 'open'
      lane.failures = 0
      delete lane.reason
      delete lane.trial
    },
    due() {
      const chosen = [...lanes].filter(([, lane]) => waits(lane) && !lane.probing && lane.until <= time())
      for (const [, lane] of chosen) lane.probing = true
      return chosen.map(([name]) => name)
    },
    probed(name) {
      const lane = get(name)
      lane.probing = false
      if (waits(lane)) lane.state = 'half_open'
    },
    probeFailed(name, evidence, detail) {
      const lane = get(name)
      const again = { held: lane.state === 'held', pauseMs: pauseAfterFailures(lane.failures) }
      stop(lane, evidence, troubleOf(evidence, lane) ?? again, detail)
    },
    trials: () =>
      [...lanes].filter(([, lane]) => lane.state === 'half_open' && lane.trial === undefined).map(([name]) => name),
    tried(name, invoiceId) {
      get(name).trial = invoiceId
    },
    ended(name, invoiceId) {
      const lane = get(name)
      if (lane.trial === invoiceId) delete lane.trial
    },
    retry(name) {
      const chosen = [...lanes].filter(([each, lane]) => waits(lane) && (name === undefined || name === each))
      for (const [, lane] of chosen) lane.until = time()
      return chosen.length
    },
    view: () => [...lanes].map(([name, lane]) => show(name, lane)),
    trouble(name) {
      // Asked for any invoice; one of an account that is gone must not bring its lane back.
      const lane = lanes.get(name)
      return lane === undefined || lane.state === 'open' ? undefined : show(name, lane)
    }
  }
}

/** How the calls of one account ask for its lane, and tell what became of them; also under the names it had before. */
export function gateOf(lanes: Lanes, names: string[]): Gate {
  for (const name of names) lanes.open(name)
  return {
    closed() {
      const shut = names.map((name) => lanes.trouble(name))
      const first = shut[0]
      if (first?.reason === undefined || shut.some((lane) => lane === undefined || lane.state === 'half_open')) return
      return { problem: first.reason, detail: first.detail ?? '' }
    },
    answered() {
      for (const name of names) lanes.answered(name)
    },
    failed(evidence, message) {
      for (const name of names) lanes.failed(name, evidence, message)
    }
  }
}
