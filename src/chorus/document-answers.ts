import { ProblemError } from '../problem.ts'
import type { Exchange } from './chorus.ts'
import type { Sirets } from './document-reading.ts'
import { ChorusError } from './errors.ts'

export const notFound = (what: string, upstream?: Exchange) =>
  new ProblemError('not-found', { detail: `There is no such ${what}.`, ...(upstream !== undefined && { upstream }) })

/**
 * A consultation that Chorus Pro refuses is of a document that is not there, or not ours: which code says so is known of
 * one service alone (errors.md, section 3.4). A limited key is not told more than of an id that never was.
 */
export async function refusedIsMissing<T>(what: string, only: Sirets, consult: () => Promise<T>): Promise<T> {
  try {
    return await consult()
  } catch (error) {
    if (!(error instanceof ChorusError) || error.evidence.proof !== 'refused') throw error
    const { exchange } = error.evidence
    if (exchange?.returnCode === undefined || [4, 401].includes(exchange.returnCode)) throw error
    throw notFound(what, only.length === 0 ? exchange : undefined)
  }
}

/** An answer about another document than ours leaves open what was done. */
export function requireEcho({ service, ...exchange }: Exchange, id: string, echoed: string | undefined): void {
  if (echoed === undefined || echoed === id) return
  throw new ChorusError(`${service}: the answer is about ${echoed}, not about ${id}`, {
    proof: 'unknown',
    problem: 'upstream-protocol-error',
    service,
    exchange: { service, ...exchange },
    lane: false,
    foreignAnswer: true
  })
}
