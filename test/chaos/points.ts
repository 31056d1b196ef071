import { type FailpointName, type Failure, failpoints } from '../../src/failpoint.ts'
import type { Random } from './seed.ts'
import type { Armed } from './site.ts'

/** One place and what happens there. */
export type Point = { name: FailpointName } & Failure

/** When a point is passed: while it works, at a start that finds work, or while it stops with work in hand. */
export type Phase = 'run' | 'recovery' | 'stop' | 'crowded stop'

/** Each of these is passed by every call: told apart by what is called. */
const perCall: FailpointName[] = ['headers-sent', 'body-sent', 'answer-started', 'answer-read']
const calls = ['soumettre', 'deposer/flux', 'deposer/pdf']

const phases: Partial<Record<FailpointName, Phase>> = {
  recover: 'recovery',
  shutdown: 'stop',
  'store-close': 'stop',
  release: 'crowded stop'
}

/** PostgreSQL keeps the documents itself. */
export const onlyEmbedded = (scenario: Scenario) =>
  scenario.armed.some((points) => points.some(({ name }) => name.startsWith('document-')))

export const phaseOf = ({ name }: Point): Phase => phases[name] ?? 'run'

export function allPoints(failure: Failure): Point[] {
  const points = failpoints.flatMap((name): Point[] =>
    perCall.includes(name) ? calls.map((match) => ({ name, match, ...failure })) : [{ name, ...failure }]
  )
  // The request has left, the answer is on its way.
  const later = [1, 3, 6].map((ms): Point => ({ name: 'body-sent', match: 'soumettre', kind: 'kill', ms }))
  return failure.kind === 'kill' ? [...points, ...later] : points
}

/** One run of the matrix: what is armed at each start. */
export interface Scenario {
  name: string
  phase: Phase
  /** At the first start, at the first restart, at the second… */
  armed: Armed[]
  /** The point that has to fire for the run to mean anything. */
  wanted: number
}

const label = ({ name, match, ms, skip, kind }: Point) =>
  [name, match, skip !== undefined && `#${skip}`, kind === 'kill' && ms !== undefined && `+${ms} ms`]
    .filter((part) => typeof part === 'string')
    .join(' ')

/** Something to recover from. */
const primer: Point = { name: 'attempt-started', kind: 'kill' }

export const singles = (failure: Failure): Scenario[] =>
  allPoints(failure).map((point) => {
    const phase = phaseOf(point)
    const armed = phase === 'recovery' ? [[primer], [point]] : [[point]]
    return { name: label(point), phase, armed, wanted: armed.length - 1 }
  })

/** A crash in the run, another in its recovery. */
export function pairs(failure: Failure, random: Random, sample: number | undefined): Scenario[] {
  const points = allPoints(failure)
  const all = points
    .filter((point) => phaseOf(point) !== 'recovery')
    .flatMap((first) =>
      points.map(
        (second): Scenario => ({
          name: `${label(first)} → ${label(second)}`,
          phase: phaseOf(first),
          armed: [[first], [second]],
          wanted: 0
        })
      )
    )
  if (sample === undefined) return all
  const order = all.map((scenario) => ({ scenario, at: random.next() })).toSorted((a, b) => a.at - b.at)
  return order.slice(0, sample).map(({ scenario }) => scenario)
}

/** Before and after the n-th commit, whatever it writes. */
export const commits = (failure: Failure, most: number): Scenario[] =>
  Array.from({ length: most }, (_, skip) => skip).flatMap((skip) =>
    (['commit', 'committed'] as const).map((name): Scenario => {
      const point: Point = { name, ...failure, skip }
      return { name: label(point), phase: 'run', armed: [[point]], wanted: 0 }
    })
  )
