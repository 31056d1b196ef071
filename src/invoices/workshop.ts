import type { Chorus } from '../chorus/chorus.ts'
import type { ChorusError } from '../chorus/errors.ts'
import type { Directory } from '../directory/directory.ts'
import { catalogue, type ProblemCode } from '../problem.ts'
import type { DocumentStore } from '../store/document-store.ts'
import { FenceLost, StoreUnavailable } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { type Job, laneOf, type StoredInvoice, type SubmissionError } from '../store/stored-invoice.ts'
import type { Lanes } from './lanes.ts'
import type { Visibility } from './visibility.ts'

/** One account's means. */
export interface Way {
  chorus: Chorus
  directory: Directory
}

/** What every job on an invoice needs. */
export interface Workshop {
  store: Store
  documents: DocumentStore
  lanes: Lanes
  visibility: Visibility
  /** By the lane of an invoice. Throws ChorusError when the configuration has it no more. */
  way(lane: string): Way
  now: () => Date
  timing: Timing
  log: Log
}

export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** Milliseconds, already divided by the time scale. */
export interface Timing {
  /** How long a job may be in hand. Longer than all its calls together. */
  leaseMs: number
  /** The deadline of one call and three minutes: after that no attempt can still be alive. */
  quietMs: number
  /** Negative searches that are needed, and how long after the attempt they are assumed to have to go on. */
  negatives: number
  horizonMs: { pdf: number; structured: number }
  /** First and longest pause between tries of a job. */
  retryMs: { first: number; longest: number }
  searchMs: { first: number; longest: number }
  flowMs: { first: number; longest: number }
  statusMs: { first: number; longest: number }
}

/** A scale of 50 makes minutes seconds; leases and the quiet period never get shorter than a call. */
export function timings(timeScale: number, callMs: number): Timing {
  const scaled = (ms: number) => Math.max(20, Math.round(ms / timeScale))
  const minutes = (n: number) => scaled(n * 60_000)
  return {
    leaseMs: Math.max(minutes(30), callMs * 3),
    quietMs: scaled(callMs + 180_000),
    negatives: 3,
    horizonMs: { pdf: minutes(30), structured: minutes(24 * 60) },
    retryMs: { first: scaled(2_000), longest: minutes(10) },
    searchMs: { first: scaled(60_000), longest: minutes(30) },
    flowMs: { first: scaled(10_000), longest: minutes(30) },
    statusMs: { first: scaled(60_000), longest: minutes(6 * 60) }
  }
}

/** Nothing is ever put off for longer. */
export const longestRestOf = ({ retryMs, searchMs, flowMs, statusMs }: Timing) =>
  Math.max(...[retryMs, searchMs, flowMs, statusMs].map(({ longest }) => longest))

/** Doubles with every try, up to the longest. */
export const backOff = ({ first, longest }: { first: number; longest: number }, tries: number) =>
  Math.min(first * 2 ** Math.min(tries, 30), longest)

export const after = (workshop: Pick<Workshop, 'now'>, ms: number) => new Date(workshop.now().getTime() + ms)

/** A job in hand. */
export type Held = Pick<Job, 'id' | 'fence' | 'tries'>

/** How long to wait after a failure: the lane knows when it is tried again, and the other side may have asked for more. */
export const pauseAfter = (workshop: Workshop, invoice: StoredInvoice, job: Held, { evidence }: ChorusError) =>
  Math.max(
    evidence.lane ? workshop.lanes.restMs(laneOf(invoice)) : backOff(workshop.timing.retryMs, job.tries),
    evidence.retryAfterMs ?? 0
  )

/** An upstream failure in the words that are kept with the invoice. */
export function toSubmissionError({ evidence, message }: ChorusError): SubmissionError {
  return {
    code: evidence.problem,
    detail: message,
    owner: ownerOf(evidence.problem),
    upstream: evidence.exchange ?? { service: evidence.service }
  }
}

export const ownerOf = (code: ProblemCode) => catalogue[code].owner

/**
 * Notes what an answer from Chorus Pro told us, again and again while the store is away: losing it would turn a known
 * outcome into an unknown one (reliability brief, 2.2 case 36). Resolves to undefined when another holder took over.
 */
export async function insist<T>(workshop: Workshop, write: () => Promise<T>): Promise<T | undefined> {
  const until = performance.now() + workshop.timing.leaseMs
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (error instanceof FenceLost) {
        workshop.log.warn({ err: error }, 'the job was taken over; its answer is left to the reconciliation')
        return undefined
      }
      if (!(error instanceof StoreUnavailable) || performance.now() > until) throw error
      workshop.log.error({ err: error }, 'an outcome cannot be noted; trying again')
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
