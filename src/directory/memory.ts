import { LRUCache } from 'lru-cache'

/** Answers remembered for a while, one question in flight per key. */
export interface Memory<T> {
  /** Undefined when the thing does not exist. Throws what the question threw, unless an older answer is still known. */
  get(key: string): Promise<T | undefined>
  /** What is known, however old. */
  peek(key: string): T | undefined
  drop(key: string): void
  clear(): void
}

export interface MemoryOptions<T> {
  fetch(key: string): Promise<T | undefined>
  now: () => number
  /** Milliseconds for which an answer counts as fresh; what is not there is asked again sooner. */
  freshMs: number
  missingMs: number
}

/** When the question cannot be answered any more, what was known goes on counting, however old. */
export function createMemory<T>({ fetch, now, freshMs, missingMs }: MemoryOptions<T>): Memory<T> {
  const known = new LRUCache<string, { found: T | undefined; until: number }>({ max: 5_000 })
  const asking = new Map<string, Promise<T | undefined>>()

  const ask = async (key: string): Promise<T | undefined> => {
    try {
      const found = await fetch(key)
      const missing = found === undefined || (Array.isArray(found) && found.length === 0)
      known.set(key, { found, until: now() + (missing ? missingMs : freshMs) })
      return found
    } catch (error) {
      const old = known.get(key)
      if (old === undefined) throw error
      old.until = now() + missingMs
      return old.found
    } finally {
      asking.delete(key)
    }
  }

  return {
    get(key) {
      const answer = known.get(key)
      if (answer !== undefined && answer.until > now()) return Promise.resolve(answer.found)
      const asked = asking.get(key) ?? ask(key)
      asking.set(key, asked)
      return asked
    },
    peek: (key) => known.peek(key)?.found,
    drop: (key) => void known.delete(key),
    clear: () => known.clear()
  }
}
