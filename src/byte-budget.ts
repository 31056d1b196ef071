/**
 * Admits work by the bytes it will hold in memory. What does not fit waits its turn outside, where TCP holds it back;
 * a request that is larger than the whole budget is admitted alone.
 */
export interface ByteBudget {
  /** Resolves with the release function, to be called once. Rejects when the signal ends the wait. */
  acquire(bytes: number, signal?: AbortSignal): Promise<() => void>
  used(): number
  waiting(): number
}

export function createByteBudget(limit: number): ByteBudget {
  let used = 0
  const queue: { bytes: number; admit: () => void }[] = []

  const fits = (bytes: number) => used === 0 || used + bytes <= limit
  const admitNext = () => {
    for (let next = queue[0]; next !== undefined && fits(next.bytes); next = queue[0]) {
      queue.shift()
      next.admit()
    }
  }
  const take = (bytes: number) => {
    used += bytes
    let held = true
    return () => {
      if (!held) return
      held = false
      used -= bytes
      admitNext()
    }
  }

  return {
    used: () => used,
    waiting: () => queue.length,
    acquire(bytes, signal) {
      if (queue.length === 0 && fits(bytes)) return Promise.resolve(take(bytes))
      return new Promise((resolve, reject) => {
        const entry = {
          bytes,
          admit: () => {
            signal?.removeEventListener('abort', leave)
            resolve(take(bytes))
          }
        }
        const leave = () => {
          const at = queue.indexOf(entry)
          if (at >= 0) queue.splice(at, 1)
          reject(signal?.reason as Error)
          admitNext()
        }
        if (signal?.aborted === true) return reject(signal.reason as Error)
        signal?.addEventListener('abort', leave, { once: true })
        queue.push(entry)
      })
    }
  }
}
