import type { History } from '../../schemas/status.ts'
import { createLoop } from '../loop.ts'

export interface StatusHistory {
  start(): void
  stop(): Promise<void>
  /** Something went wrong: counted in the sample of its time. */
  countError(): void
  view(): History
}

export interface StatusHistoryOptions {
  counts(): Promise<{ states: Record<string, number>; due: number }>
  lanes(): { lane: string; state: History['lanes'][string][number] & string }[]
  now: () => Date
  everyMs: number
  /** Older samples go. */
  keep: number
}

interface Sample {
  at: number
  counts: { states: Record<string, number>; due: number } | undefined
  lanes: Map<string, History['lanes'][string][number]>
  errors: number
}

/** How queue and ways out were over the last hours, in memory: a restart begins anew, and each replica has its own. */
export function createStatusHistory({ counts, lanes, now, everyMs, keep }: StatusHistoryOptions): StatusHistory {
  const samples: Sample[] = []
  let errors = 0

  async function take(): Promise<number> {
    const known = await counts().catch(() => undefined)
    const at = Math.round(now().getTime() / 1000)
    samples.push({ at, counts: known, lanes: new Map(lanes().map(({ lane, state }) => [lane, state])), errors })
    errors = 0
    if (samples.length > keep) samples.shift()
    return everyMs
  }

  const loop = createLoop(take, { onError: () => {}, restAfterErrorMs: everyMs })
  const columns = <T>(names: Iterable<string>, cell: (sample: Sample, name: string) => T): Record<string, T[]> =>
    Object.fromEntries([...new Set(names)].map((name) => [name, samples.map((sample) => cell(sample, name))]))

  return {
    start: loop.start,
    stop: loop.stop,
    countError() {
      errors++
    },
    view: () => ({
      everySeconds: everyMs / 1000,
      at: samples.map(({ at }) => at),
      due: samples.map((sample) => sample.counts?.due ?? null),
      errors: samples.map((sample) => sample.errors),
      // A state that nothing is in is not counted by the ledger.
      states: columns(
        samples.flatMap((sample) => Object.keys(sample.counts?.states ?? {})),
        (sample, state) => (sample.counts === undefined ? null : (sample.counts.states[state] ?? 0))
      ),
      lanes: columns(
        samples.flatMap((sample) => [...sample.lanes.keys()]),
        (sample, lane) => sample.lanes.get(lane) ?? null
      )
    })
  }
}
