/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Random {
  /** In [0, 1). */
  number(): number
  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (low: number, high: number) => low + Math.floor(number() * (high - low + 1))
  return {
    number,
    integer,
    chance: probability => number() < probability,
    pick: items => items[integer(0, items.length - 1)]!,
  }
}

/** KILL_SEED, or a new one; printed, so that a failure can be run again. */
export function seedOfTest(): number {
  const given = process.env.KILL_SEED
  const seed = given === undefined ? Math.floor(Math.random() * 1_000_000) : Number(given)
  console.log(`KILL_SEED=${seed}`)
  return seed
}
