import { StoreUnavailable } from './errors.ts'

const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26
/** Extended codes of IOERR that a full disk or a spent quota gives: write, fsync, truncate, shared memory size. */
const ioWithoutRoom = new Set([778, 1034, 1546, 4874])
const unusable = new Set([BUSY, LOCKED, READONLY, IOERR, CORRUPT, CANTOPEN, NOTADB])

function codeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code : undefined
}

export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined && ((code & 0xff) === BUSY || (code & 0xff) === LOCKED)
}

/** The store's own trouble; undefined for a fault of the statement or of the data. */
export function asUnavailable(error: unknown): StoreUnavailable | undefined {
  if (error instanceof StoreUnavailable) return error
  const code = codeOf(error)
  if (code === undefined) return undefined
  if ((code & 0xff) === FULL || ioWithoutRoom.has(code)) return new StoreUnavailable('full', { cause: error })
  return unusable.has(code & 0xff) ? new StoreUnavailable('unavailable', { cause: error }) : undefined
}

/**
 * After a failed COMMIT. Without room the frame that ends the transaction was never written, and a lock stops it before
 * anything is; after any other error, a failed sync above all, that frame may be found at the next start
 * (reliability brief, 2.2 case 4).
 */
export function asCommitFailure(error: unknown): StoreUnavailable {
  const code = codeOf(error)
  if (code !== undefined && (code & 0xff) === FULL) return new StoreUnavailable('full', { cause: error })
  return new StoreUnavailable(isBusy(error) ? 'unavailable' : 'commit-unknown', { cause: error })
}
