import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { ProblemError } from '../problem.ts'

export interface KeySetOptions {
  /** Reads the key set; rejects when it cannot. */
  read: () => Promise<unknown>
  now: () => number
  log: { warn(facts: object, message: string): void }
  /** How old keys may get before they are read again beside the work. */
  freshMs?: number
  /** The shortest time between two readings that an unknown key asks for: anybody may send one. */
  restMs?: number
}

/**
 * The issuer's public keys: read once, again from time to time, and when a token names a key that is not among them.
 * Keys that were read go on while the issuer cannot be reached. Throws `token-keys-unavailable` when there are none.
 */
export function createKeySet(options: KeySetOptions): JWTVerifyGetKey {
  const { read, now, log, freshMs = 600_000, restMs = 30_000 } = options
  let keys: JWTVerifyGetKey | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  async function readNow(): Promise<void> {
    triedAt = now()
    try {
      keys = createLocalJWKSet((await read()) as JSONWebKeySet)
      readAt = now()
    } catch (error) {
      log.warn({ err: error }, 'the keys of company tokens cannot be read')
    } finally {
      reading = undefined
    }
  }
  const refresh = () => (reading ??= readNow())
  const rested = () => now() - triedAt >= restMs

  return async (header, token) => {
    if (keys === undefined && (reading !== undefined || now() - triedAt >= 1_000)) await refresh()
    if (keys === undefined) {
      throw new ProblemError('token-keys-unavailable', {
        detail: 'The keys that company tokens are checked with cannot be read. A key of the gateway still works.',
        retryAfter: 5
      })
    }
    if (now() - readAt > freshMs && rested()) void refresh()
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !rested()) throw error
    }
    await refresh()
    return await keys(header, token)
  }
}
