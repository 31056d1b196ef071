import { pathOf } from './address.ts'
import { readExchange } from './answer.ts'
import { classify, type Question } from './attempt.ts'
import { type Body, jsonBody, SourceError } from './body.ts'
import {
  type AnswerFlow,
  type AnswerStart,
  DeadlineError,
  type ExchangeFacts,
  exchange,
  type Receiver
} from './call.ts'
import type { CallOptions, Exchange } from './chorus.ts'
import type { Connector } from './connect.ts'
import { createCredentials, inTime } from './credentials.ts'
import type { UpstreamDispatcher } from './dispatcher.ts'
import { ChorusError } from './errors.ts'
import type { JsonObject } from './json.ts'
import { createNameCause } from './lost-connection.ts'
import { createPassage, type Passage } from './passage.ts'
import type { ChorusSettings } from './settings.ts'
import type { TokenSource } from './token.ts'
import type { Trace } from './trace.ts'

export interface Operation {
  /** Domain and path without version, e.g. `factures/soumettre`. */
  service: string
  /** Made afresh for every attempt; none makes a GET. */
  body?: () => Body
  required?: string[]
  echo?: { member: string; value: string }
  /** Must not happen twice. */
  once?: boolean
  /** An invoice can be sent without it: a check of its recipient, or what follows it afterwards. */
  beside?: boolean
  /** May be repeated after a broken connection. */
  read?: boolean
  anyBody?: boolean
  /** Most bytes of its answer; 1 MiB by default. */
  maxBytes?: number
  /** Member of the answer that holds a file. */
  file?: string
  /** Takes an answer of success as it comes; what it does not take is judged at the end, as always. */
  receive?: (start: SuccessStart) => Receiver
}

export interface SuccessStart {
  flow: AnswerFlow
  /** What the exchange is known to have brought, by as much of the answer as has been read. */
  describe: (answer: JsonObject) => Exchange
}

export interface Answer {
  answer: JsonObject
  exchange: Exchange
}

export interface Requester {
  request: (operation: Operation, options?: CallOptions) => Promise<Answer>
  pass: Passage
  token: TokenSource | undefined
}

interface RequesterParts {
  settings: ChorusSettings
  upstream: UpstreamDispatcher
  connector: Connector
  trace: Trace
  scrub: (text: string) => string
  monotonic: () => number
  now: () => number
  pause: (ms: number) => Promise<void>
}

const maxAnswerBytes = 1024 * 1024
/** Pauses before the second and the third try of a read. */
const readPauses = [250, 750]
/** After a 401, which also comes to those who call too fast (directory.md, section 6). */
const refreshPause = 1000

/** Builds, sends and judges calls: account and token, one renewal of the token, and the repeats that are safe. */
export function createRequester(parts: RequesterParts): Requester {
  const { settings, monotonic } = parts
  const api = new URL(settings.apiUrl)
  const base = api.pathname.replace(/\/+$/, '')
  const send = async (call: Parameters<typeof exchange>[1]): Promise<ExchangeFacts> => {
    const facts = await exchange(parts, call)
    parts.trace(call, facts)
    return facts
  }

  const credentials = createCredentials({ ...parts, send })
  const { token, headersFor } = credentials
  const nameCause = createNameCause(parts)
  const urls = new Map<string, URL>()

  function urlOf(service: string): URL {
    const known = urls.get(service)
    if (known !== undefined) return known
    const url = makeUrl(service)
    urls.set(service, url)
    return url
  }

  function makeUrl(service: string): URL {
    return new URL(`${api.origin}${base}/${pathOf(service, settings.access)}`)
  }

  async function attempt(operation: Operation, options: CallOptions, left: number, bearer: string | undefined) {
    const body = operation.body?.()
    const facts = await send({
      url: urlOf(operation.service),
      method: body === undefined ? 'GET' : 'POST',
      headers: headersFor(bearer, body !== undefined),
      ...(body !== undefined && { body }),
      timeoutMs: left,
      maxBytes: operation.maxBytes ?? maxAnswerBytes,
      ...(options.signal !== undefined && { signal: options.signal }),
      ...(options.onSent !== undefined && { onSent: options.onSent }),
      ...(operation.receive !== undefined && { receive: (start: AnswerStart) => receive(operation, start) })
    })
    const { once, echo, required, anyBody, file, service } = operation
    const question: Question = {
      service,
      access: settings.access,
      host: api.host,
      now: parts.now(),
      scrub: parts.scrub,
      ...(once !== undefined && { once }),
      ...(echo !== undefined && { echo }),
      ...(required !== undefined && { required }),
      ...(anyBody !== undefined && { anyBody }),
      ...(file !== undefined && { file })
    }
    const verdict = classify(facts, question)
    return { facts, verdict: await nameCause(facts, verdict) }
  }

  function receive({ service, receive: begin }: Operation, { status, headers, flow }: AnswerStart) {
    if (status !== 200) return undefined
    const describe = (answer: JsonObject) => readExchange({ status, headers }, { service, scrub: parts.scrub }, answer)
    return begin?.({ flow, describe })
  }

  async function request(operation: Operation, options: CallOptions = {}): Promise<Answer> {
    const total = options.deadlineMs ?? settings.timeoutMs
    const end = monotonic() + total
    let told = false
    const onSent = () => {
      if (!told) options.onSent?.()
      told = true
    }
    let renewed = false
    let repeats = 0
    for (;;) {
      const bearer = await inTime(token?.get(), end - monotonic(), options.signal, operation.service)
      const { facts, verdict } = await attempt(
        operation,
        { ...options, onSent },
        Math.max(1, end - monotonic()),
        bearer
      )
      if (verdict.done) return verdict
      const { evidence } = verdict
      if (evidence.foreignAnswer === true) {
        settings.log.warn({ service: operation.service }, 'an answer belonged to another request')
        facts.discard?.()
      }
      // No other cause: undici's parser errors carry what was received.
      const cause = facts.error instanceof SourceError ? { cause: facts.error.cause } : {}
      const failure = new ChorusError(verdict.message, evidence, cause)
      if (
        evidence.problem === 'technical-account-rejected' &&
        facts.status === 401 &&
        bearer !== undefined &&
        !renewed
      ) {
        // Only because a 401 of the edge is proof that nothing was done (reliability brief, 2.2, case 29).
        renewed = true
        token?.forget(bearer)
        if (end - monotonic() <= refreshPause) throw failure
        await parts.pause(refreshPause)
        continue
      }
      const wait = operation.read === true && isBroken(facts) ? readPauses[repeats] : undefined
      if (wait === undefined || options.signal?.aborted === true || end - monotonic() <= wait) throw failure
      repeats += 1
      await parts.pause(wait)
    }
  }

  return { request, pass: createPassage({ ...parts, send, credentials, nameCause }), token }
}

/** The connection broke after the request had left. One that never came about is not tried again here: the lane waits. */
const isBroken = (facts: ExchangeFacts): boolean =>
  facts.sent && facts.status === undefined && !(facts.error instanceof DeadlineError) && facts.alert === undefined

/** A JSON body made afresh for every attempt. */
export const asJson = (value: unknown) => () => jsonBody(value)
