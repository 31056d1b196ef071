import type { Evidence } from '../chorus/errors.ts'

/** What everybody may know of one way out. */
export interface LaneView {
  lane: string
  state: 'open' | 'paused'
  /** The problem that stopped it. */
  reason?: string
  detail?: string
  /** When it is tried again, RFC 3339. */
  until?: string
}

/**
 * One way out per environment and connection. Trouble that every invoice would meet (credentials, certificate, proxy,
 * maintenance, throttling) stops the lane and not the invoice; a harmless call proves that it is open again.
 */
export interface Lanes {
  open(lane: string): boolean
  /** Milliseconds until the lane may be tried again; 0 when it is open. */
  restMs(lane: string): number
  failed(lane: string, evidence: Evidence, detail: string): void
  succeeded(lane: string): void
  /** Paused lanes whose time has come: to be probed, never with an invoice. */
  due(): string[]
  view(): LaneView[]
}

const firstPauseMs = 5_000
const longestPauseMs = 5 * 60_000
/** Refused credentials are not tried in a hurry: too many tries lock an account. */
const credentialPauseMs = 60_000
const credentials = new Set([
  'technical-account-rejected',
  'token-refused',
  'api-not-subscribed',
  'proxy-authentication-failed'
])

export function createLanes(options: { names: string[]; now: () => Date; timeScale: number }): Lanes {
  const lanes = new Map(
    options.names.map((name) => [name, { failures: 0, until: 0, reason: undefined as string | undefined, detail: '' }])
  )
  const time = () => options.now().getTime()
  const get = (name: string) => {
    const lane = lanes.get(name)
    if (lane === undefined) throw new RangeError(`no lane ${name}`)
    return lane
  }
  return {
    open: (name) => get(name).reason === undefined,
    restMs: (name) => (get(name).reason === undefined ? 0 : Math.max(0, get(name).until - time())),
    failed(name, evidence, detail) {
      const lane = get(name)
      // Calls that were under way together fail together: one step, not one each.
      if (lane.reason !== undefined && lane.until > time()) return
      const doubled = Math.min(firstPauseMs * 2 ** lane.failures, longestPauseMs)
      const pause = credentials.has(evidence.problem) ? Math.max(doubled, credentialPauseMs) : doubled
      lane.failures++
      lane.until = time() + Math.max(pause / options.timeScale, evidence.retryAfterMs ?? 0)
      lane.reason = evidence.problem
      lane.detail = detail
    },
    succeeded(name) {
      const lane = get(name)
      lane.failures = 0
      lane.reason = undefined
    },
    due: () => [...lanes].filter(([, lane]) => lane.reason !== undefined && lane.until <= time()).map(([name]) => name),
    view: () =>
      [...lanes].map(([name, lane]) => ({
        lane: name,
        ...(lane.reason === undefined
          ? { state: 'open' as const }
          : {
              state: 'paused' as const,
              reason: lane.reason,
              detail: lane.detail,
              until: new Date(lane.until).toISOString()
            })
      }))
  }
}
