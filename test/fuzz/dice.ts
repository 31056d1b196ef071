/** Random numbers that come again with their seed. */
export interface Dice {
  /** From 0 to below n. */
  below(n: number): number
  pick<T>(from: readonly T[]): T
  chance(probability: number): boolean
}

/** mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    below: (n) => Math.floor(next() * n),
    pick: (from) => {
      const one = from[Math.floor(next() * from.length)]
      if (one === undefined) throw new RangeError('nothing to pick from')
      return one
    },
    chance: (probability) => next() < probability
  }
}

/** Some bytes changed, cut out, doubled or put in. */
export function mutate(bytes: Buffer, dice: Dice, words: readonly Buffer[] = []): Buffer {
  let made = Buffer.from(bytes)
  for (let times = 1 + dice.below(4); times > 0; times--) {
    const at = dice.below(made.length + 1)
    const length = 1 + dice.below(dice.chance(0.1) ? made.length || 1 : 16)
    const [before, piece, after] = [made.subarray(0, at), made.subarray(at, at + length), made.subarray(at + length)]
    const random = Buffer.from(Array.from({ length: Math.min(length, 64) }, () => dice.below(256)))
    const word = words.length === 0 ? random : dice.pick(words)
    const kinds = [
      () => [before, random, after],
      () => [before, after],
      () => [before, piece, piece, after],
      () => [before, random, piece, after],
      () => [before, word, after],
      () => [before, word, piece, after],
      () => [before]
    ]
    made = Buffer.concat(dice.pick(kinds)())
  }
  return made
}
