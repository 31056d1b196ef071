import { LRUCache } from 'lru-cache'

/** What one process remembers of an invoice that it searches for. */
interface Look {
  attempts: number
  /** The monotonic clock at the first look, and what was proven to have passed by then. */
  atMs: number
  provenMs: number
}

const looks = new LRUCache<string, Look>({ max: 20_000 })

/**
 * Milliseconds that have certainly passed since the last attempt: what the ledger was told before (`provenMs`), or what
 * this process saw pass on a clock that nobody sets. A time of day that jumps ahead makes no horizon pass (reliability
 * brief, 2.2 case 60); time in which no process ran does not count.
 */
export function watchedMs(
  id: string,
  attempts: number,
  provenMs: number,
  monotonicMs: number = performance.now()
): number {
  const known = looks.get(id)
  const look = known?.attempts === attempts ? known : { attempts, atMs: monotonicMs, provenMs }
  if (look !== known) looks.set(id, look)
  return Math.max(provenMs, look.provenMs + monotonicMs - look.atMs)
}
