import pg from 'pg'
import { StoreUnavailable } from './errors.ts'

const codeOf = (error: unknown) => (error instanceof pg.DatabaseError ? (error.code ?? '') : undefined)

/** Two transactions stood in each other's way: the one that lost knows more when it runs again. */
const conflicts = new Set(['40001', '40P01', '23505'])
/** Plans that another release's migration, or a pooler in between, made useless: a new connection has none. */
const stalePlans = new Set(['0A000', '26000', '42P05'])
/**
 * Shut down, starting, too many connections, cancelled by a time-out, a lock that does not come, no memory, read-only
 * since a failover, in a transaction that the server gave up, an error of the disk or of the files.
 */
const unavailable = /^(08|53|57|58|XX00[12])|^(25006|25P0[234]|55P03)$/

export const isConflict = (error: unknown) => conflicts.has(codeOf(error) ?? '')
export const isUniqueConflict = (error: unknown) => codeOf(error) === '23505'
export const isStalePlan = (error: unknown) => stalePlans.has(codeOf(error) ?? '')

/** Not the answer of a server: the connection itself is in doubt, whatever the driver calls it. */
export const isConnectionLoss = (error: unknown) =>
  !(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC'

/** A server that only reads will do so until somebody else is asked: a new connection may find the new primary. */
export const isReadOnly = (error: unknown) => codeOf(error) === '25006'

/** The store's own trouble; undefined for a fault of the statement or of the data. `error` comes from the driver. */
export function asUnavailable(error: unknown): StoreUnavailable | undefined {
  if (error instanceof StoreUnavailable) return error
  const code = codeOf(error)
  if (code === '53100') return new StoreUnavailable('full', { cause: error })
  if (code === undefined || isConnectionLoss(error) || unavailable.test(code)) {
    return new StoreUnavailable('unavailable', { cause: error })
  }
  return undefined
}

/**
 * After a failed COMMIT. A conflict or a broken constraint means that nothing was written; anything else may have
 * happened after the server had it on its disk (reliability brief, 0.10).
 */
export function asCommitFailure(error: unknown): StoreUnavailable | undefined {
  const code = codeOf(error)
  if (code !== undefined && /^(23|40|25P02)/.test(code)) return undefined
  return new StoreUnavailable('commit-unknown', { cause: error })
}
