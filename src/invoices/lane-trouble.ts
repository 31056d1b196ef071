import type { Evidence, UpstreamProblem } from '../chorus/errors.ts'

/** What a failed call means for its lane. */
export interface LaneTrouble {
  /** Only a person can mend it. */
  held: boolean
  /** Until the lane is probed, milliseconds at full scale; Infinity: not before somebody says so. */
  pauseMs: number
}

const firstPauseMs = 5_000
const longestPauseMs = 5 * 60_000
/** Before a refusal of credentials is believed: too short a time to be hammering, too long for a whim of the other side. */
const doubtMs = 60_000
const firstLookMs = 10 * 60_000
const longestLookMs = 60 * 60_000

const credentials = new Set<UpstreamProblem>([
  'technical-account-rejected',
  'token-refused',
  'proxy-authentication-failed'
])
/** A person has to mend these as well, and no account suffers when we ask. */
const mendable = new Set<UpstreamProblem>([
  'client-certificate-rejected',
  'client-certificate-expired',
  'api-not-subscribed',
  'connection-not-configured',
  'tls-handshake-failed'
])

/** Doubles with every pause in a row. Milliseconds. */
export const pauseAfterFailures = (failures: number) => Math.min(firstPauseMs * 2 ** failures, longestPauseMs)

/** Undefined when it is the invoice's own affair. */
export function troubleOf(
  { problem, exchange, lane: common, likely }: Evidence,
  lane: { failures: number; reason?: UpstreamProblem }
): LaneTrouble | undefined {
  if (!common) return undefined
  const look = () => Math.min(firstLookMs * 2 ** lane.failures, longestLookMs)
  if (credentials.has(problem)) {
    // Good credentials are refused at random as well (authentication.md, 2.2): the probe after a pause decides.
    if (lane.reason !== problem) return { held: false, pauseMs: doubtMs }
    // The login works, one thing is not allowed: others may be.
    const mayLogIn = problem === 'technical-account-rejected' && exchange?.httpStatus !== 401
    if (mayLogIn) return { held: false, pauseMs: Math.max(doubtMs, pauseAfterFailures(lane.failures)) }
    // Every refused login brings a technical account closer to being locked (reliability brief, 2.2 cases 29 and 31).
    return { held: true, pauseMs: problem === 'technical-account-rejected' ? Number.POSITIVE_INFINITY : look() }
  }
  if (mendable.has(problem) && likely !== true) return { held: true, pauseMs: look() }
  return { held: false, pauseMs: pauseAfterFailures(lane.failures) }
}

/** No proper answer: alone it says nothing about the lane, in a row it does. */
export const isSilence = ({ problem, exchange }: Evidence): boolean =>
  problem === 'upstream-timeout' ||
  problem === 'upstream-unavailable' ||
  (problem === 'upstream-protocol-error' && exchange !== undefined && exchange.returnCode === undefined)
