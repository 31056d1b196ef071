import type { Exchange } from './chorus.ts'

/**
 * What one attempt proves (reliability brief, section 2.1).
 * `not-sent`: no byte of this request left. `not-processed`: it left, and provably nothing was done.
 * `refused`: Chorus Pro said no, for a business reason. `exists`: it says that it has this number already.
 * `unknown`: anything else; only a search may decide.
 */
export type Proof = 'not-sent' | 'not-processed' | 'refused' | 'exists' | 'unknown'

/** Slugs of `src/problem.ts` that an upstream failure can carry. */
export type UpstreamProblem =
  | 'technical-account-rejected'
  | 'token-refused'
  | 'api-not-subscribed'
  | 'client-certificate-rejected'
  | 'client-certificate-expired'
  | 'connection-not-configured'
  | 'proxy-unreachable'
  | 'proxy-authentication-failed'
  | 'tls-handshake-failed'
  | 'upstream-protocol-error'
  | 'upstream-unavailable'
  | 'upstream-throttled'
  | 'upstream-timeout'
  | 'deposit-refused'
  /** Our own fault: the stored file cannot be read as announced. */
  | 'internal'

export interface Evidence {
  proof: Proof
  problem: UpstreamProblem
  /** The Chorus Pro operation, e.g. `factures/soumettre`. */
  service: string
  /** Present when there was an answer. */
  exchange?: Exchange
  /** Milliseconds that the other side asked us to wait, clamped to 1 s … 1 h. */
  retryAfterMs?: number
  /** True when everything sent over this connection will fail alike: credentials, certificate, proxy, maintenance. */
  lane: boolean
  /** The problem is the likeliest cause, and nobody has told it: it stops nothing for long. */
  likely?: true
  /** Whoever wanted the answer went away: the call says nothing of the way. */
  abandoned?: true
  /** A security event: an answer that belongs to another request (reliability brief, I7). */
  foreignAnswer?: true
  /** The first 4 KB of an answer that could not be read, scrubbed of secrets. */
  excerpt?: string
}

/** Says what happened upstream. Its message may be logged and shown to operators: it holds no secret and no file content. */
export class ChorusError extends Error {
  readonly evidence: Evidence
  constructor(message: string, evidence: Evidence, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ChorusError'
    this.evidence = evidence
  }
}
