import { createHash } from 'node:crypto'
import type { Body } from './body.ts'
import type { Call, ExchangeFacts } from './call.ts'
import { ChorusError } from './errors.ts'
import type { ChorusSettings } from './settings.ts'
import { createTokenSource, type TokenSource, type TokenState } from './token.ts'

export interface Credentials {
  /** Only PISTE has one. */
  token: TokenSource | undefined
  headersFor: (bearer: string | undefined, withBody: boolean) => Record<string, string>
}

interface CredentialParts {
  settings: ChorusSettings
  send: (call: Call) => Promise<ExchangeFacts>
  monotonic: () => number
  now: () => number
  pause: (ms: number) => Promise<void>
}

const agentName = 'chorus-pro-gateway'
const maxTokenBytes = 64 * 1024

/** What makes a call ours: the technical account, and the token of PISTE (authentication.md, section 2). */
export function createCredentials({ settings, send, monotonic, now, pause }: CredentialParts): Credentials {
  const account = Buffer.from(`${settings.login ?? ''}:${settings.password ?? ''}`, 'utf8').toString('base64')

  function createPisteToken(): TokenSource {
    const url = new URL(settings.tokenUrl ?? 'https://token.invalid')
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: settings.clientId ?? '',
      client_secret: settings.clientSecret ?? '',
      scope: 'openid'
    })
    const content = Buffer.from(form.toString())
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': agentName
    }
    const timeoutMs = Math.min(settings.timeoutMs, 60_000)
    const ask = () =>
      send({ url, method: 'POST', headers, body: wholeBody(content), timeoutMs, maxBytes: maxTokenBytes })
    const source = { ask, host: url.host, monotonic, now, pause }
    return createTokenSource(source, sharedState(settings.tokens, `${url.href} ${form.toString()}`))
  }

  return {
    token: settings.access === 'piste' ? createPisteToken() : undefined,
    headersFor: (bearer, withBody) => ({
      authorization: bearer === undefined ? `Basic ${account}` : `Bearer ${bearer}`,
      ...(bearer !== undefined && settings.sendAccountHeader !== false && { 'cpro-account': account }),
      ...(withBody && { 'content-type': 'application/json;charset=utf-8' }),
      accept: 'application/json;charset=utf-8',
      'user-agent': agentName
    })
  }
}

function wholeBody(content: Buffer): Body {
  return { length: content.length, content: Buffer.from(content), handedOut: () => true, preview: '', close: () => {} }
}

/** By digest: the credentials themselves are nobody's key. */
function sharedState(tokens: ChorusSettings['tokens'], credentials: string): TokenState {
  const key = createHash('sha256').update(credentials).digest('hex')
  const state = tokens?.get(key) ?? {}
  tokens?.set(key, state)
  return state
}

/** The token is everybody's: one call's deadline ends its own wait only. */
export function inTime(
  token: Promise<string> | undefined,
  ms: number,
  signal: AbortSignal | undefined,
  service: string
): Promise<string | undefined> {
  if (token === undefined) return Promise.resolve(undefined)
  return new Promise<string>((resolve, reject) => {
    const giveUp = (why: { abandoned?: true }) => {
      const evidence = { proof: 'not-sent', problem: 'upstream-timeout', service, lane: false, ...why } as const
      finish(() => reject(new ChorusError(`${service}: no token in time, and nothing was sent`, evidence)))
    }
    const late = () => giveUp({})
    const gone = () => giveUp({ abandoned: true })
    const finish = (act: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', gone)
      act()
    }
    const timer = setTimeout(late, Math.max(0, ms))
    token.then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error instanceof Error ? error : new Error('no token')))
    )
    if (signal?.aborted === true) gone()
    else signal?.addEventListener('abort', gone, { once: true })
  })
}
