export interface Clock {
  /** Milliseconds on the simulated clock: statuses, flows and search lag follow it. */
  now: () => number
  /** Real time plus what was advanced by hand, never sped up: tokens live by it, because their holder's clock is real. */
  steady: () => number
  /** How long a simulated span lasts in real milliseconds. */
  real: (span: number) => number
  advance: (ms: number) => void
  setSpeed: (factor: number) => void
  speed: () => number
  reset: () => void
}

export function createClock({ speed, time = Date.now }: { speed: number; time?: () => number }): Clock {
  let factor = speed
  let base = time()
  let since = base
  let advanced = 0
  const now = (): number => base + (time() - since) * factor
  const rebase = (shift: number): void => {
    base = now() + shift
    since = time()
  }
  return {
    now,
    steady: () => time() + advanced,
    real: (span) => span / factor,
    advance(ms) {
      rebase(ms)
      advanced += ms
    },
    setSpeed(next) {
      if (!(next > 0)) throw new RangeError('speed must be above 0')
      rebase(0)
      factor = next
    },
    speed: () => factor,
    reset() {
      base = time()
      since = base
      advanced = 0
      factor = speed
    }
  }
}
