import { ChorusError, type Evidence } from '../chorus/errors.ts'
import { ProblemError } from '../problem.ts'

/** The same words for what does not exist and for what is not yours. Who may see everything is told what Chorus Pro said. */
export function noSuchInvoice(refusal?: unknown): ProblemError {
  const upstream = refusal instanceof ChorusError ? refusal.evidence.exchange : undefined
  return new ProblemError('not-found', {
    detail: 'There is no such invoice.',
    ...(upstream !== undefined && { upstream })
  })
}

/** Chorus Pro has no code for it (factures.json): a refusal to show one invoice is taken for its absence. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof ChorusError)) return false
  const { proof, problem, exchange } = error.evidence
  if (proof !== 'refused' || exchange?.httpStatus === 413) return false
  return problem === 'deposit-refused' || /GDP_MSG_11[._]00[58]\b/.test(exchange?.label ?? '')
}

/**
 * Something done to one invoice whose status was `before`. Chorus Pro's refusal of a status becomes our 409, a lost answer
 * says that nobody knows; `now` reads the status again, and is only asked after a refusal.
 */
export async function act<T>(
  todo: Todo,
  { before, now }: { before: string; now: () => Promise<string> },
  change: () => Promise<T>
): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    const { evidence } = error
    if (evidence.proof === 'unknown' || evidence.proof === 'exists') throw unknownOutcome(evidence, todo, error)
    if (evidence.proof !== 'refused') throw error
    const label = evidence.exchange?.label ?? ''
    if (/GDP_MSG_11[._]00[58]\b/.test(label)) throw noSuchInvoice()
    const status = await now().catch(() => undefined)
    // Somebody else was quicker, or Chorus Pro knows better than our table (errors.md, section 3.1).
    const aboutStatus = /GDP_MSG_11[._](033|001)\b/.test(label)
    if (aboutStatus || (status !== undefined && status !== before)) throw wrongState(todo, status, evidence)
    throw error
  }
}

export interface Todo {
  /** E.g. `completed`, to say that it cannot be. */
  done: string
  /** Our names of the statuses that allow it; empty: only Chorus Pro knows. */
  from: readonly string[]
}

/** 409 with the present status and those that allow it. */
export function wrongState({ done, from }: Todo, status: string | undefined, evidence?: Evidence): ProblemError {
  const present = status === undefined ? 'Chorus Pro says that its status forbids it' : `It is \`${status}\` now`
  const allowing = from.length === 0 ? '' : `; only ${from.map((name) => `\`${name}\``).join(' or ')} allows it`
  return new ProblemError('invalid-transition', {
    detail: `The invoice cannot be ${done}. ${present}${allowing}.`,
    outcome: 'not_sent',
    ...(evidence !== undefined && { upstream: evidence.exchange ?? { service: evidence.service } })
  })
}

function unknownOutcome(evidence: Evidence, { done }: Todo, cause: ChorusError): ProblemError {
  return new ProblemError(
    evidence.problem,
    {
      detail:
        `The answer was lost: whether the invoice was ${done} is not known. Read it before you repeat this; ` +
        'a repeat looks at its status first and does nothing where that forbids it.',
      outcome: 'unknown',
      upstream: evidence.exchange ?? { service: evidence.service }
    },
    { cause }
  )
}
