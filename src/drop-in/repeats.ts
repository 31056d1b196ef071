import { createHash } from 'node:crypto'
import { isObject, parseJson, readInteger, readText } from '../chorus/json.ts'
import { ProblemError, type ProblemFacts } from '../problem.ts'
import type { EarlierCall, RawCallFacts, RawCallStore } from '../store/raw-calls.ts'
import type { Proof } from '../store/stored-invoice.ts'

/** A call that must not happen twice, as its caller made it. */
export interface OnceCall {
  caller: string
  /** The account: the same call over another one is another call. */
  lane: string
  operation: string
  /** Method and query. */
  form: string
  body: Buffer
  /** The caller's `Idempotency-Key`. */
  key?: string
  /** The caller says that he means it, whatever became of the one before. */
  intended: boolean
}

export interface Begun {
  /** To be called when it is known what the call proves. */
  end(outcome: { proof: Proof; status?: number; answer?: Buffer }): Promise<void>
}

/** The answer to the same key and body before. */
export interface Replay {
  status: number
  answer: Buffer
}

export interface RepeatGuard {
  /** Durable when it resolves. Throws ProblemError for a repeat that would be blind. */
  begin(call: OnceCall): Promise<Begun | Replay>
}

/** Longer answers are not kept for a replay: none was ever seen. */
const longestAnswer = 64 * 1024

export const repeatHeader = 'Chorus-Repeat: intended'

export interface RepeatGuardOptions {
  calls: Pick<RawCallStore, 'beginRawCall' | 'endRawCall'>
  /** How long the same call counts as a repeat after it was done, milliseconds. One in doubt counts as long as it is kept. */
  horizonMs: number
  /** How long a call may be under way, milliseconds. */
  runsForMs: number
}

/**
 * Refuses to send the same thing twice by mistake. A repeat is free where the first provably did nothing (reliability
 * brief, 2.1); after a success it is refused for a day, and after an unknown outcome until somebody has looked.
 */
export function createRepeatGuard({ calls, horizonMs, runsForMs }: RepeatGuardOptions): RepeatGuard {
  return {
    async begin(call) {
      const facts = factsOf(call)
      const { key, intended } = call
      const begun = await calls.beginRawCall(facts, { runsForMs, horizonMs, keyed: key !== undefined, intended })
      if ('earlier' in begun) return replayOf(call, begun.earlier, facts.digest)
      const { started } = begun
      return {
        end: ({ proof, status, answer }) =>
          calls.endRawCall(facts.fingerprint, started, {
            proof,
            ...(status !== undefined && { status }),
            ...(answer !== undefined && answer.length <= longestAnswer && { answer: answer.toString('utf8') })
          })
      }
    }
  }
}

function factsOf({ caller, lane, operation, form, body, key }: OnceCall): RawCallFacts {
  const digest = createHash('sha256').update(body).digest('hex')
  const same = JSON.stringify([caller, lane, operation, form, key === undefined ? digest : `key ${key}`])
  return { fingerprint: createHash('sha256').update(same).digest('hex'), caller, operation, digest }
}

function replayOf({ operation, key }: OnceCall, earlier: EarlierCall, digest: string): Replay {
  const { proof, startedAt, answer, status } = earlier
  if (key !== undefined && earlier.digest !== digest) {
    throw new ProblemError('idempotency-key-reused', { detail: 'This Idempotency-Key came with another body before.' })
  }
  if (earlier.running) {
    const detail = 'The same call is under way. Wait for its answer, or repeat this later.'
    throw new ProblemError('request-in-progress', { detail, retryAfter: 5 })
  }
  if (key !== undefined && proof === 'done' && status !== undefined && answer !== undefined) {
    return { status, answer: Buffer.from(answer) }
  }
  const remedy = `if it is meant to happen again, repeat it with the header ${repeatHeader}`
  if (proof === 'done') {
    throw new ProblemError('repeat-refused', {
      outcome: 'sent',
      detail: `The same call was made at ${startedAt} and succeeded. Nothing was sent now; ${remedy}. Its answer was: ${(answer ?? '').slice(0, 500)}`,
      ...upstreamOf(operation, earlier)
    })
  }
  throw new ProblemError('repeat-refused', {
    outcome: 'unknown',
    detail:
      `The same call was made at ${startedAt}, and what became of it is not known. Nothing was sent now. ` +
      `Search first (${searchFor(operation)}): if it did not happen, ${remedy.replace('if it is meant to happen again, ', '')}.`,
    ...upstreamOf(operation, earlier)
  })
}

const searchFor = (operation: string): string =>
  operation === 'factures/deposer/flux'
    ? 'factures/rechercher/fournisseur by invoice number; the flow’s own number is not known'
    : operation.startsWith('factures/')
      ? 'factures/rechercher/fournisseur by numeroFacture, factures/consulter/historique'
      : 'with the operation that shows what it changes'

function upstreamOf(service: string, { status, answer }: EarlierCall): Pick<ProblemFacts, 'upstream'> {
  if (status === undefined) return {}
  const { returnCode, label } = readCodes(answer)
  return {
    upstream: {
      service,
      httpStatus: status,
      ...(returnCode !== undefined && { returnCode }),
      ...(label !== undefined && { label })
    }
  }
}

function readCodes(answer: string | undefined): { returnCode?: number | undefined; label?: string | undefined } {
  try {
    const value = parseJson(answer ?? '')
    return isObject(value) ? { returnCode: readInteger(value['codeRetour']), label: readText(value['libelle']) } : {}
  } catch {
    return {}
  }
}
