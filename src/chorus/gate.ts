import { ChorusError, type Evidence, type UpstreamProblem } from './errors.ts'

/** Whoever knows whether the way is open, and wants to hear what becomes of the calls. */
export interface Gate {
  /** Why nothing may be sent now. Undefined lets a call go. */
  closed(): { problem: UpstreamProblem; detail: string } | undefined
  answered(): void
  failed(evidence: Evidence, message: string): void
}

/** No call, not even a harmless look-up, is made while the way is closed: it would be refused, and perhaps counted. */
export async function throughGate<T>(
  gate: Gate | undefined,
  service: string,
  call: () => Promise<T>,
  /** False: an answer for whoever asked, that says nothing good of the way. */
  isGood: (answer: T) => boolean = () => true
): Promise<T> {
  const closed = gate?.closed()
  if (closed !== undefined) {
    const { problem, detail } = closed
    throw new ChorusError(`${service}: not sent, the way is closed: ${detail}`, {
      proof: 'not-sent',
      problem,
      service,
      lane: true
    })
  }
  try {
    const answer = await call()
    if (isGood(answer)) gate?.answered()
    return answer
  } catch (error) {
    if (error instanceof ChorusError && error.evidence.abandoned !== true) gate?.failed(error.evidence, error.message)
    throw error
  }
}
