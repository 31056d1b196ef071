import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { failpoint } from '../failpoint.ts'
import type { Body } from './body.ts'
import type { Connector } from './connect.ts'
import type { UpstreamDispatcher } from './dispatcher.ts'

export interface Call {
  url: URL
  method: string
  headers: Record<string, string>
  body?: Body
  /** For the whole of it: waiting for a connection, sending, reading the answer. With a receiver: up to its headers. */
  timeoutMs: number
  /** Most bytes of an answer that are read. */
  maxBytes: number
  signal?: AbortSignal
  onSent?: () => void
  /** Asked for a receiver when the headers are there. Without one the whole answer is kept. */
  receive?: (start: AnswerStart) => Receiver | undefined
}

export interface AnswerStart {
  status: number
  headers: ExchangeFacts['headers']
  flow: AnswerFlow
}

export interface AnswerFlow {
  pause: () => void
  resume: () => void
  /** Ends the exchange. */
  abort: (error: Error) => void
}

/** Takes an answer as it comes, and gives what of each piece is to be kept in the facts. */
export type Receiver = (piece: Buffer) => Buffer

/** What one exchange left behind: the only input of the classifier. */
export interface ExchangeFacts {
  /** The headers of this very request were handed to a connection. */
  sent: boolean
  /** The last bytes of the body were handed out: false proves that the upstream has no whole JSON. */
  bodySent: boolean
  /** First request on its connection. */
  fresh: boolean
  durationMs: number
  error?: unknown
  /** OpenSSL's code for the TLS alert that ended the connection. */
  alert?: string
  status?: number
  headers: Record<string, string | string[] | undefined>
  /** What was kept of the answer. */
  body: Buffer
  /** Bytes of the whole answer; absent when it was kept as a whole. */
  received?: number
  /** Ends the connection that was used. */
  discard?: () => void
}

const nothing: Buffer = Buffer.alloc(0)

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
}
/** Whoever wanted the answer does not want it any more. */
export class AbandonedError extends DeadlineError {}
export class OversizeError extends Error {
  override readonly name = 'OversizeError'
}

/** undici tells nobody but this channel which connection a request uses; the body's identity names the request. */
const waiting = new WeakMap<object, (socket: Socket) => void>()
let listening = false
function listen(): void {
  if (listening) return
  listening = true
  subscribe('undici:client:sendHeaders', (message) => {
    const { request, socket } = message as { request: { body: unknown }; socket: Socket }
    if (typeof request.body === 'object' && request.body !== null) waiting.get(request.body)?.(socket)
  })
  subscribe('undici:request:bodySent', (message) =>
    failpoint('body-sent', (message as { request: { path: string } }).request.path)
  )
}

/**
 * One HTTP exchange. Never throws, never follows a redirect, never repeats. A request given up before it left is never
 * sent afterwards, even if its connection comes up later (reliability brief, 0.4); AbortSignal alone does not settle a
 * request that waits for a connection (network brief, section 4.2).
 */
export function exchange(
  parts: { upstream: UpstreamDispatcher; connector: Connector; monotonic: () => number },
  call: Call
): Promise<ExchangeFacts> {
  listen()
  const { connector, monotonic } = parts
  const { dispatcher, ending } = parts.upstream
  const start = monotonic()
  const facts: ExchangeFacts = {
    sent: false,
    bodySent: false,
    fresh: false,
    durationMs: 0,
    headers: {},
    body: Buffer.alloc(0)
  }
  const chunks: Buffer[] = []
  let received = 0
  let socket: Socket | undefined
  let controller: Dispatcher.DispatchController | undefined
  let ended = false
  let receiver: Receiver | undefined

  return new Promise((resolve) => {
    const end = (error: unknown, turns: number) => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      call.signal?.removeEventListener('abort', onAbort)
      ending.removeEventListener('abort', onEnding)
      call.body?.close()
      if (error !== undefined) facts.error = error
      facts.bodySent = facts.sent && (call.body?.handedOut() ?? true)
      facts.body = Buffer.concat(chunks)
      facts.durationMs = Math.round(monotonic() - start)
      // Later, so that a TLS alert has been noted, and so that undici takes its connection back before the next call.
      const settle = (left: number): void => {
        if (left > 0) {
          setImmediate(settle, left - 1)
          return
        }
        const alert = socket === undefined || error === undefined ? undefined : connector.facts(socket)?.alert
        resolve(alert === undefined ? facts : { ...facts, alert })
      }
      settle(turns)
    }
    const giveUp = (error: Error) => {
      controller?.abort(error)
      end(error, 0)
    }
    const pause = () => controller?.pause()
    const resume = () => {
      if (ended) return
      timer.refresh()
      controller?.resume()
    }
    const pass = (piece: Buffer): Buffer => {
      if (receiver === undefined) return piece
      timer.refresh()
      facts.received = (facts.received ?? 0) + piece.length
      try {
        return receiver(piece)
      } catch (error) {
        giveUp(error instanceof Error ? error : new Error('the answer cannot be read'))
        return nothing
      }
    }
    const onAbort = () => giveUp(new AbandonedError('the wait was ended by the caller'))
    const onEnding = () => giveUp(ending.reason as Error)
    const timer = setTimeout(() => giveUp(new DeadlineError(lateness(call, receiver))), call.timeoutMs)
    if (call.signal?.aborted === true) return onAbort()
    call.signal?.addEventListener('abort', onAbort, { once: true })
    ending.addEventListener('abort', onEnding, { once: true })

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        // A process that stood still comes here before its own timer.
        const late = monotonic() - start > call.timeoutMs
        if (ended || late) return started.abort(new DeadlineError('given up before it was sent'))
        controller = started
        facts.sent = true
        call.onSent?.()
        failpoint('headers-sent', call.url.pathname)
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200) return
        facts.status = status
        failpoint('answer-started', call.url.pathname)
        facts.headers = headers
        receiver = call.receive?.({ status, headers, flow: { pause, resume, abort: giveUp } })
        if (receiver !== undefined) timer.refresh()
      },
      onResponseData(reading, piece) {
        if (ended) return
        const chunk = pass(piece)
        received += chunk.length
        chunks.push(
          received > call.maxBytes ? chunk.subarray(0, Math.max(0, call.maxBytes - (received - chunk.length))) : chunk
        )
        if (received > call.maxBytes)
          reading.abort(new OversizeError(`the answer is larger than ${call.maxBytes} bytes`))
      },
      onResponseEnd: () => {
        failpoint('answer-read', call.url.pathname)
        end(undefined, 2)
      },
      onResponseError: (_controller, error) => end(error, 1)
    }
    if (call.body !== undefined) {
      waiting.set(call.body.content, (used) => {
        socket = used
        const known = connector.facts(used)
        facts.fresh = known?.exchanges === 0
        facts.discard = () => void used.destroy()
        if (known !== undefined) known.exchanges += 1
      })
    }
    try {
      dispatcher.dispatch(
        {
          origin: call.url.origin,
          path: `${call.url.pathname}${call.url.search}`,
          method: call.method as Dispatcher.HttpMethod,
          headers: {
            ...call.headers,
            'accept-encoding': 'identity',
            ...(call.body !== undefined && { 'content-length': String(call.body.length) })
          },
          ...(call.body !== undefined && { body: call.body.content as Buffer })
        },
        handler
      )
    } catch (error) {
      end(error, 0)
    }
  })
}

function lateness({ timeoutMs }: Call, receiver: Receiver | undefined): string {
  const ms = `${Math.round(timeoutMs)} ms`
  return receiver === undefined ? `no answer within ${ms}` : `the answer stood still for ${ms}`
}
