import { LRUCache } from 'lru-cache'
import { ProblemError } from '../problem.ts'
import type { UsageStore } from '../store/usage.ts'
import type { Caller } from './caller.ts'
import { createShare, type Share, type Used } from './share.ts'

export interface Limits {
  /** Counts one request. Throws `rate-limited` or `quota-exceeded`, or rejects; a promise only rarely. */
  caller(caller: Caller): void | Promise<void>
  /** Counts one request of nobody in particular. */
  address(address: string): void
  /** Counts one wrong key. Throws `rate-limited` when there were too many. */
  wrongKey(address: string): void
  close(): Promise<void>
}

export interface LimitsOptions {
  usage: UsageStore
  /** Several replicas share the store, and so the limits. */
  shared: boolean
  now: () => Date
  /** Requests a minute of each caller that has no limit of its own; 0: no limit. */
  ratePerMinute: number
  /** Wrong keys a minute from one address; 0: no limit. */
  wrongKeysPerMinute: number
}

const minuteMs = 60_000
const dayMs = 86_400_000
const addressesAtMost = 10_000

/** Whoever asks more than allowed is told when to come back; nobody else notices. */
export function createLimits({ usage, shared, now, ratePerMinute, wrongKeysPerMinute }: LimitsOptions): Limits {
  const time = () => now().getTime()
  const shares = new LRUCache<string, { limit: number; share: Share }>({
    max: addressesAtMost,
    dispose: ({ share }) => void share.close()
  })

  function share(caller: string, kind: 'minute' | 'day' | 'address' | 'wrong', limit: number): Share {
    const key = `${kind} ${caller}`
    const known = shares.get(key)
    if (known?.limit === limit) return known.share
    const windowMs = kind === 'day' ? dayMs : minuteMs
    // A day's count outlives the process; a minute's does not matter where there is one process alone.
    const common = kind === 'day' || (kind === 'minute' && shared)
    const made = createShare({
      what: { caller, kind, windowMs, limit },
      ...(common && { usage }),
      free: kind === 'minute' ? Math.floor(limit / 20) : 0,
      now: time
    })
    shares.set(key, { limit, share: made })
    return made
  }

  const refused = ({ endsAt }: Used, code: 'rate-limited' | 'quota-exceeded', detail: string) =>
    new ProblemError(code, { detail, retryAfter: Math.max(1, Math.ceil((endsAt - time()) / 1000)) })

  function settle(
    outcome: ReturnType<Share['take']>,
    code: 'rate-limited' | 'quota-exceeded',
    detail: string
  ): void | Promise<void> {
    if (outcome === undefined) return
    if (!(outcome instanceof Promise)) throw refused(outcome, code, detail)
    return outcome.then((used) => {
      if (used !== undefined) throw refused(used, code, detail)
    })
  }

  return {
    caller({ id, ratePerMinute: own, requestsPerDay }) {
      const rate = own ?? ratePerMinute
      const first =
        rate === 0
          ? undefined
          : settle(share(id, 'minute', rate).take(), 'rate-limited', `More than ${rate} requests a minute.`)
      if (requestsPerDay === undefined) return first
      const day = () =>
        settle(
          share(id, 'day', requestsPerDay).take(),
          'quota-exceeded',
          `More than ${requestsPerDay} requests today (UTC).`
        )
      return first === undefined ? day() : first.then(day)
    },
    address(address) {
      if (ratePerMinute === 0) return
      void settle(
        share(neighbours(address), 'address', ratePerMinute).take(),
        'rate-limited',
        `More than ${ratePerMinute} requests a minute.`
      )
    },
    wrongKey(address) {
      if (wrongKeysPerMinute === 0) return
      void settle(
        share(neighbours(address), 'wrong', wrongKeysPerMinute).take(),
        'rate-limited',
        'Too many wrong keys from this address. A right one is let in all the same.'
      )
    },
    async close() {
      await Promise.all([...shares.values()].map(({ share }) => share.close()))
    }
  }
}

/** Whoever has one IPv6 address has 2^64 of them. */
const neighbours = (address: string) =>
  address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address
