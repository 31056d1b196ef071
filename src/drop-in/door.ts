import type { Readable } from 'node:stream'
import { ChorusError } from '../chorus/errors.ts'
import type { RawAnswer, RawCall } from '../chorus/passage.ts'
import type { Connections } from '../connections/connections.ts'
import { type Admitted, admit, type DropInCaller } from './admission.ts'
import type { Begun, RepeatGuard } from './repeats.ts'

export interface DropInAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer | Readable
  /** The same as to an earlier call with this `Idempotency-Key`. */
  replayed: boolean
  /** What became of a call that must not happen twice. */
  outcome?: 'sent' | 'not_sent' | 'unknown'
}

export interface DropInRequest {
  /** With its question mark; empty without. */
  query: string
  contentType?: string
  accept?: string
  contentEncoding?: string
  body?: Buffer
  idempotencyKey?: string
  /** `Chorus-Repeat: intended`. */
  intended: boolean
  /** The caller went away. What must not happen twice goes on all the same, to its noted end. */
  signal?: AbortSignal
}

/** Lets callers speak to Chorus Pro in its own words: only the credentials are ours. */
export interface DropInDoor {
  /** Throws ProblemError unless the caller may make this call. */
  admit(caller: DropInCaller, call: { method: string; path: string }): Admitted
  /** Throws ProblemError and ChorusError; every answer of Chorus Pro that is the caller's business is given as it came. */
  pass(caller: DropInCaller, call: Admitted & { method: string }, request: DropInRequest): Promise<DropInAnswer>
}

export interface DropInParts {
  connections: Pick<Connections, 'allowed'>
  guard: RepeatGuard
  log: { error(facts: object, message: string): void }
}

export function createDropInDoor({ connections, guard, log }: DropInParts): DropInDoor {
  return {
    admit: (caller, call) => admit(connections, caller, call),
    async pass(caller, { operation, version, method, kind, way }, request) {
      const { query, contentType, contentEncoding, accept, body, signal } = request
      const once = kind === 'create' || kind === 'change'
      const call: RawCall = {
        operation,
        version,
        method,
        query,
        read: kind === 'read' || kind === 'download',
        once,
        ...(contentType !== undefined && { contentType }),
        ...(contentEncoding !== undefined && { contentEncoding }),
        ...(accept !== undefined && { accept }),
        ...(body !== undefined && { body })
      }
      if (!once) {
        const { chorus } = way
        return { ...(await chorus.pass(call, signal === undefined ? {} : { signal })), replayed: false }
      }
      const begun = await guard.begin({
        caller: caller.id,
        lane: way.lane,
        operation,
        form: `${method} ${query}`,
        body: body ?? Buffer.alloc(0),
        intended: request.intended,
        ...(request.idempotencyKey !== undefined && { key: request.idempotencyKey })
      })
      if ('answer' in begun) {
        const headers = { 'content-type': 'application/json;charset=utf-8' }
        return { status: begun.status, headers, body: begun.answer, replayed: true, outcome: 'sent' }
      }
      let answer: RawAnswer
      try {
        answer = await way.chorus.pass(call)
      } catch (error) {
        await note(begun, { proof: error instanceof ChorusError ? error.evidence.proof : 'unknown' })
        throw error
      }
      const { status, body: bytes, proof = 'unknown' } = answer
      await note(begun, { proof, status, ...(Buffer.isBuffer(bytes) && { answer: bytes }) })
      return { ...answer, replayed: false, outcome: outcomeOf(proof) }
    }
  }

  /** Without the note a repeat is refused as one in doubt; the caller learns what is known all the same. */
  async function note(begun: Begun, outcome: Parameters<Begun['end']>[0]): Promise<void> {
    await begun.end(outcome).catch((error: unknown) => log.error({ err: error }, 'the end of a call was not noted'))
  }
}

const outcomeOf = (proof: NonNullable<RawAnswer['proof']>): NonNullable<DropInAnswer['outcome']> =>
  proof === 'done' ? 'sent' : proof === 'unknown' || proof === 'exists' ? 'unknown' : 'not_sent'
