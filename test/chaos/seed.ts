/** Random numbers that a seed repeats. Each part has a stream of its own, so that one does not disturb the others. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** An integer in [least, most]. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** Until the next of events that come `perMinute` times on average, milliseconds. */
  pauseMs(perMinute: number): number
  fork(name: string): Random
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
    pauseMs: (perMinute) => (-Math.log(1 - next()) * 60_000) / perMinute,
    fork: (name) => createRandom(Buffer.from(name).reduce((sum, byte) => Math.imul(sum, 31) + byte, seed + 1))
  }
}
