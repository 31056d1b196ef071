import { ProblemError } from '../problem.ts'

/** Who asks, as far as routes may know. */
export interface Caller {
  id: string
  scopes: ReadonlySet<string>
  /** Empty: every seller. */
  sellers: readonly string[]
  /** Operations of Chorus Pro that may be called as they are: `factures/soumettre`, or `structures/*`; absent: all. */
  operations?: readonly string[]
  /** Connections that the key is bound to; empty: those of the default connection's environment. */
  connections: readonly string[]
  /** The one that this request names. */
  connection?: string
  /** Requests; absent: what the gateway allows everybody, and no daily quota. */
  ratePerMinute?: number
  requestsPerDay?: number
}

/** A key is bound to a connection by a right of the form `connection:name`. */
export const connectionsOf = (scopes: readonly string[]): string[] =>
  scopes.flatMap((scope) => (scope.startsWith('connection:') ? [scope.slice('connection:'.length)] : []))

/** Nobody is let in. Callers read the same whatever the reason is; the audit keeps it. */
export class NotLetIn extends ProblemError {
  readonly reason: string
  readonly key: string | undefined
  constructor(reason: string, key?: string) {
    super('unauthenticated', { detail: 'Send a valid key in the header: Authorization: Bearer cpg_…' })
    this.name = 'NotLetIn'
    this.reason = reason
    this.key = key
  }
}
