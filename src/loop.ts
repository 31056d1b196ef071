/** Does a job again and again, one at a time, until stopped. The job says how long to rest, in milliseconds. */
export interface Loop {
  start(): void
  /** Ends the rest at once. */
  wake(): void
  /** Resolves when the round in hand has ended. */
  stop(): Promise<void>
}

/** A round that throws is reported and tried again after `restAfterErrorMs`. A tenth of jitter keeps replicas apart. */
export function createLoop(
  round: () => Promise<number>,
  options: { onError: (error: unknown) => void; restAfterErrorMs: number; random?: () => number }
): Loop {
  const random = options.random ?? Math.random
  let running: Promise<void> | undefined
  let stopped = false
  let wakeUp: (() => void) | undefined
  let woken = false

  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      if (woken || stopped) return resolve()
      const timer = setTimeout(resolve, ms * (0.95 + random() * 0.1))
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const run = async () => {
    while (!stopped) {
      woken = false
      let ms = options.restAfterErrorMs
      try {
        ms = await round()
      } catch (error) {
        options.onError(error)
      }
      await rest(ms)
      wakeUp = undefined
    }
  }

  return {
    start() {
      running ??= run()
    },
    wake() {
      woken = true
      wakeUp?.()
    },
    async stop() {
      stopped = true
      wakeUp?.()
      await running
    }
  }
}
