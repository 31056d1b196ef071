import { failpoint } from '../failpoint.ts'
import { readAnswer, readRetryAfter } from './answer.ts'
import type { ExchangeFacts } from './call.ts'
import { ChorusError, type UpstreamProblem } from './errors.ts'
import { type JsonObject, readInteger, readText } from './json.ts'
import { describeSilence } from './silence.ts'

export interface TokenParts {
  /** One request to the token endpoint. */
  ask: () => Promise<ExchangeFacts>
  host: string
  /** Milliseconds, never set back. */
  monotonic: () => number
  now: () => number
  /** Waits, shortened by the time scale. */
  pause: (ms: number) => Promise<void>
}

/** What several askers share: never two requests for the token of one application at the same time. */
export interface TokenState {
  held?: { token: string; until: number } | undefined
  fetching?: Promise<string> | undefined
}

export interface TokenSource {
  /** Rejects with a ChorusError: the call that wanted it was not sent. */
  get: () => Promise<string>
  /** Forgets the token that was refused. A newer one, fetched meanwhile, stays. */
  forget: (stale: string) => void
  /** Milliseconds for which the token in hand will still be used. */
  remainingMs: () => number | undefined
}

/** Growing, from 1 s: `invalid_client` comes at random for good credentials, and so does 401 (authentication.md 2.2). */
const pauses = [1000, 2500]

/** One token for any number of waiting calls, and never two requests for one at the same time. */
export function createTokenSource(parts: TokenParts, state: TokenState = {}): TokenSource {
  async function fetchToken(): Promise<string> {
    for (let attempt = 0; ; attempt += 1) {
      failpoint('token')
      const start = parts.monotonic()
      const facts = await parts.ask()
      const answer = readAnswer(facts) ?? {}
      const token = facts.status === 200 && facts.error === undefined ? readToken(answer) : undefined
      if (token !== undefined) {
        state.held = { token, until: start + lifeOf(answer) * 0.9 }
        failpoint('token-read')
        return token
      }
      const wait = pauses[attempt]
      if (!isRefusal(facts) || wait === undefined) throw describe(facts, answer, parts)
      await parts.pause(wait)
    }
  }

  return {
    get: () => {
      if (state.held !== undefined && parts.monotonic() < state.held.until) return Promise.resolve(state.held.token)
      state.held = undefined
      state.fetching ??= fetchToken().finally(() => {
        state.fetching = undefined
      })
      return state.fetching
    },
    forget: (stale) => {
      if (state.held?.token === stale) state.held = undefined
    },
    remainingMs: () =>
      state.held === undefined ? undefined : Math.max(0, Math.round(state.held.until - parts.monotonic()))
  }
}

/** Only what may stand in a header: never `Bearer undefined`, never a line break. */
function readToken(answer: JsonObject): string | undefined {
  const token = readText(answer['access_token'])
  const type = readText(answer['token_type'])?.toLowerCase() ?? 'bearer'
  return token !== undefined && type === 'bearer' && /^[\x21-\x7e]{1,8192}$/.test(token) ? token : undefined
}

/** Seconds, as a number or as text; between a minute and an hour, whatever is announced; five minutes when nothing is. */
function lifeOf(answer: JsonObject): number {
  const seconds = readInteger(answer['expires_in']) ?? 300
  return Math.min(Math.max(seconds, 60), 3600) * 1000
}

const isRefusal = (facts: ExchangeFacts): boolean => facts.status === 400 || facts.status === 401

function describe(facts: ExchangeFacts, answer: JsonObject, parts: TokenParts): ChorusError {
  const status = facts.status
  const retryAfterMs = status === 429 || status === 503 ? readRetryAfter(facts, parts.now()) : undefined
  const fail = (problem: UpstreamProblem, message: string, lane: boolean) =>
    new ChorusError(`PISTE token: ${message}`, {
      proof: 'not-sent',
      problem,
      service: 'token',
      lane,
      ...(status !== undefined && { exchange: { service: 'token', httpStatus: status } }),
      ...(retryAfterMs !== undefined && { retryAfterMs })
    })
  if (status === undefined) {
    const { problem, message, lane } = describeSilence(facts, parts.host)
    return fail(problem, message, lane)
  }
  if (isRefusal(facts) || status === 403) {
    const error = (readText(answer['error']) ?? '').replace(/[^\w-]/g, '').slice(0, 40)
    const text = `the application is refused (${status}${error === '' ? '' : ` ${error}`}): check client id, secret and environment`
    return fail('token-refused', text, true)
  }
  if (status === 429) return fail('upstream-throttled', 'asked to slow down (429)', true)
  if (status >= 500) return fail('upstream-unavailable', `not available (${status})`, true)
  return fail('upstream-protocol-error', `the answer (${status}) holds no usable token`, true)
}
