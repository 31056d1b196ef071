import type { UsageStore } from '../store/usage.ts'

/** When this limit lets somebody in again. */
export interface Used {
  endsAt: number
}

export interface ShareOptions {
  what: { caller: string; kind: string; windowMs: number; limit: number }
  /** What other replicas, or a later start, share the limit through; absent: the limit is this process's alone. */
  usage?: UsageStore
  /** Requests that go through before anything is asked, in each window. */
  free: number
  now: () => number
}

interface Window {
  endsAt: number
  used: number
  /** How far `used` may go. */
  share: number
  /** Whether the store knows of what was free. */
  told: boolean
  empty: boolean
  asking?: Promise<void> | undefined
}

export interface Share {
  /** Undefined: go on. A promise only where the store has to be waited for, which is rare. */
  take(): Used | undefined | Promise<Used | undefined>
  /** What was taken from the store and not used is given back. */
  close(): Promise<void>
}

/**
 * A limit over a window of time. Replicas take blocks of it from the store, and the next one before the last is used
 * up: a request waits for the store about never, and writes to it a fortieth of a time. What two replicas hold back in
 * blocks, or let through before they ask, is less than a fifth of the limit (reliability brief, H1).
 */
export function createShare({ what, usage, free, now }: ShareOptions): Share {
  const { windowMs, limit } = what
  const block = Math.max(1, Math.floor(limit / 40))
  let window: Window | undefined

  function current(): Window {
    const time = now()
    if (window === undefined || time >= window.endsAt) {
      const share = usage === undefined ? limit : Math.min(free, limit)
      window = {
        endsAt: time - (time % windowMs) + windowMs,
        used: 0,
        share,
        told: usage === undefined || share === 0,
        empty: usage === undefined
      }
    }
    return window
  }

  async function ask(from: UsageStore, asked: Window): Promise<void> {
    const before = asked.told ? 0 : asked.share
    const wanted = before + block
    try {
      const { taken } = await from.takeUsage(what, wanted)
      asked.told = true
      asked.share += Math.max(0, taken - before)
      asked.empty = taken < wanted
    } catch {
      // Without the store nothing is accepted anyway; reading goes on, held by this replica's own count.
      asked.share = limit
      asked.empty = true
    } finally {
      asked.asking = undefined
    }
  }

  function take(): Used | undefined | Promise<Used | undefined> {
    const here = current()
    if (here.used < here.share) {
      here.used++
      if (usage !== undefined && !here.empty && here.share - here.used <= block / 2) here.asking ??= ask(usage, here)
      return undefined
    }
    if (here.empty || usage === undefined) return { endsAt: here.endsAt }
    here.asking ??= ask(usage, here)
    return here.asking.then(take)
  }

  return {
    take,
    async close() {
      await window?.asking
      if (usage === undefined || window === undefined || !window.told || now() >= window.endsAt) return
      const left = window.share - window.used
      if (left > 0) await usage.takeUsage(what, -left).catch(() => undefined)
    }
  }
}
