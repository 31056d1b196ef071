import { Readable } from 'node:stream'
import { pathOf } from './address.ts'
import { classify, type Question, type Verdict } from './attempt.ts'
import { bytesBody } from './body.ts'
import {
  AbandonedError,
  type AnswerFlow,
  type AnswerStart,
  type Call,
  DeadlineError,
  type ExchangeFacts,
  type Receiver
} from './call.ts'
import type { CallOptions, Exchange } from './chorus.ts'
import { type Credentials, inTime } from './credentials.ts'
import { ChorusError, type Evidence } from './errors.ts'
import type { createNameCause } from './lost-connection.ts'
import type { ChorusSettings } from './settings.ts'

/** A call as somebody else wrote it. */
export interface RawCall {
  /** As PISTE names it: `factures/soumettre`. */
  operation: string
  version: string
  method: string
  /** With its question mark; empty without. */
  query: string
  contentType?: string
  accept?: string
  /** Of the body, when its writer packed it. */
  contentEncoding?: string
  body?: Buffer
  /** Asks only: repeated once or twice when its connection breaks before an answer. */
  read: boolean
  /** Must not happen twice: its answer is read to the end and judged before it is given out. */
  once: boolean
}

/** An answer as it came, byte for byte. */
export interface RawAnswer {
  status: number
  headers: Record<string, string>
  /** Fails with a ChorusError when its answer ends too soon. */
  body: Buffer | Readable
  /** What the call proves; present when it was asked for `once`. */
  proof?: Evidence['proof'] | 'done'
  exchange?: Exchange
}

export type Passage = (call: RawCall, options?: CallOptions) => Promise<RawAnswer>

interface PassageParts {
  settings: ChorusSettings
  send: (call: Call) => Promise<ExchangeFacts>
  credentials: Credentials
  nameCause: ReturnType<typeof createNameCause>
  scrub: (text: string) => string
  monotonic: () => number
  now: () => number
  pause: (ms: number) => Promise<void>
}

/** Answers to what must not happen twice are small; whatever is larger is not one of theirs. */
const mostJudged = 8 * 1024 * 1024
const readAhead = 256 * 1024
const refreshPause = 1000
const repeatPause = 250

/** Of what Chorus Pro says about its answer, what is its caller's business: nothing of the connection, no cookies. */
const passedOn = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-encoding',
  'content-language',
  'allow',
  'retry-after',
  'x-correlationid',
  'x-piste-request-id'
]

/**
 * Takes a call through as it is, with our credentials in place of the caller's. Throws a ChorusError when there is no
 * answer, or one about our credentials; every other answer is given as it came.
 */
export function createPassage(parts: PassageParts): Passage {
  const { settings, credentials, monotonic } = parts
  const api = new URL(settings.apiUrl)
  const base = `${api.origin}${api.pathname.replace(/\/+$/, '')}`

  function headersOf(
    { contentType, contentEncoding, accept, body }: RawCall,
    bearer: string | undefined
  ): Record<string, string> {
    return {
      ...credentials.headersFor(bearer, body !== undefined),
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...(contentEncoding !== undefined && { 'content-encoding': contentEncoding }),
      ...(accept !== undefined && { accept })
    }
  }

  function judge({ operation, once }: RawCall, facts: ExchangeFacts): Verdict {
    const question: Question = {
      service: operation,
      access: settings.access,
      host: api.host,
      now: parts.now(),
      once,
      scrub: parts.scrub
    }
    return classify(facts, question)
  }

  return async function pass(call, options = {}) {
    const end = monotonic() + (options.deadlineMs ?? settings.timeoutMs)
    let renewed = false
    let repeated = false
    for (;;) {
      const left = Math.max(1, end - monotonic())
      const bearer = await inTime(credentials.token?.get(), left, options.signal, call.operation)
      const url = new URL(`${base}/${pathOf(call.operation, settings.access, call.version)}${call.query}`)
      const stream = createAnswerStream()
      const sending = parts.send({
        url,
        method: call.method,
        headers: headersOf(call, bearer),
        ...(call.method !== 'GET' || call.body !== undefined ? { body: bytesBody(call.body ?? nothing, '') } : {}),
        timeoutMs: Math.max(1, end - monotonic()),
        maxBytes: mostJudged,
        ...(options.signal !== undefined && { signal: options.signal }),
        ...(options.onSent !== undefined && { onSent: options.onSent }),
        ...(!call.once && {
          receive: (start: AnswerStart) => (streams(start.status) ? stream.begin(start) : undefined)
        })
      })
      const begun = await Promise.race([stream.begun, sending.then(() => undefined)])
      if (begun !== undefined) {
        sending.then(
          (facts) => stream.end(facts.error === undefined ? undefined : failureOf(judge(call, facts))),
          (error: unknown) => stream.end(error instanceof Error ? error : new Error('no answer'))
        )
        return { status: begun.status, headers: passHeaders(begun.headers), body: stream.content }
      }
      const facts = await sending
      const verdict = await parts.nameCause(facts, judge(call, facts))
      const { status, body } = facts
      if (status !== undefined && facts.error === undefined && !isOurs(status, verdict)) {
        const headers = { ...passHeaders(facts.headers), 'content-length': String(body.length) }
        const exchange = verdict.done ? verdict.exchange : verdict.evidence.exchange
        return { status, headers, body, proof: proofOf(call, status, verdict), ...(exchange && { exchange }) }
      }
      const failure = failureOf(verdict)
      const again =
        facts.status === 401 && bearer !== undefined && !renewed
          ? refreshPause
          : call.read &&
              !repeated &&
              facts.sent &&
              facts.status === undefined &&
              !(facts.error instanceof DeadlineError)
            ? repeatPause
            : undefined
      if (again === undefined || options.signal?.aborted === true || end - monotonic() <= again) throw failure
      if (facts.status === 401 && bearer !== undefined) {
        renewed = true
        credentials.token?.forget(bearer)
      } else repeated = true
      await parts.pause(again)
    }
  }
}

/** Given on while it comes. Among the others are those that are not the caller's business. */
const streams = (status: number): boolean => (status >= 200 && status < 300) || status >= 404

/** About our credentials, or a way that we do not go. */
const isOurs = (status: number, verdict: Verdict): boolean =>
  status === 401 ||
  status === 403 ||
  (status >= 300 && status < 400) ||
  (!verdict.done && verdict.evidence.problem === 'client-certificate-rejected')

/** The API of organisations has no codeRetour: its status says it all (other-domains.json). */
function proofOf({ operation }: RawCall, status: number, verdict: Verdict): NonNullable<RawAnswer['proof']> {
  if (verdict.done) return 'done'
  const plain =
    operation.startsWith('organisations/') && status < 500 && verdict.evidence.exchange?.returnCode === undefined
  return plain ? (status < 300 ? 'done' : 'refused') : verdict.evidence.proof
}

function failureOf(verdict: Verdict): ChorusError {
  if (!verdict.done) return new ChorusError(verdict.message, verdict.evidence)
  throw new TypeError('this is no failure')
}

function passHeaders(headers: ExchangeFacts['headers']): Record<string, string> {
  const entries = passedOn.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]]
  })
  return Object.fromEntries(entries) as Record<string, string>
}

const nothing: Buffer = Buffer.alloc(0)

function createAnswerStream() {
  const begun = Promise.withResolvers<AnswerStart>()
  let flow: AnswerFlow | undefined
  let over = false
  const content = new Readable({
    highWaterMark: readAhead,
    read: () => flow?.resume(),
    destroy(error, done) {
      if (!over) flow?.abort(new AbandonedError('the caller went away'))
      done(error)
    }
  })
  // It may fail before its reader has begun.
  content.on('error', () => {})
  return {
    content,
    begun: begun.promise,
    begin(start: AnswerStart): Receiver {
      flow = start.flow
      begun.resolve(start)
      return (piece) => {
        if (!content.push(piece)) start.flow.pause()
        return nothing
      }
    },
    end(error: Error | undefined) {
      over = true
      if (error === undefined) content.push(null)
      else content.destroy(error)
    }
  }
}
