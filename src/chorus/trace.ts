import { createScrubber } from '../log.ts'
import { readExcerpt } from './answer.ts'
import type { Call, ExchangeFacts } from './call.ts'
import type { ChorusSettings } from './settings.ts'
import { withoutWrittenTexts } from './written-texts.ts'

/** Cuts every secret, in each form in which it travels, and anything that looks like a file in base64. */
export function createUpstreamScrubber(settings: ChorusSettings): (text: string) => string {
  const secrets = secretsOf(settings).filter((secret) => secret !== undefined)
  const cutSecrets = createScrubber([...secrets, ...secrets.map((secret) => Buffer.from(secret).toString('base64'))])
  return (text) => cutSecrets(text).replace(/[A-Za-z0-9+/]{120,}={0,2}/g, (run) => `(${run.length} characters)`)
}

function secretsOf(settings: ChorusSettings): (string | undefined)[] {
  const { login, password, clientId, clientSecret, certificate, proxyUrl } = settings
  const account = login === undefined || password === undefined ? undefined : `${login}:${password}`
  const proxy = proxyUrl !== undefined && URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined
  const proxyPassword = proxy?.password === '' ? undefined : proxy?.password
  const plainProxyPassword = proxyPassword === undefined ? undefined : safeDecode(proxyPassword)
  const proxyPair = proxy === undefined ? undefined : `${safeDecode(proxy.username)}:${plainProxyPassword ?? ''}`
  return [
    account,
    password,
    clientSecret,
    clientId,
    certificate?.passphrase,
    proxyPair,
    proxyPassword,
    plainProxyPassword
  ]
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The only headers that a trace shows. */
const shown = new Set([
  'content-type',
  'content-length',
  'date',
  'retry-after',
  'server',
  'via',
  'www-authenticate',
  'x-correlationid',
  'x-piste-request-id'
])

export type Trace = (call: Call, facts: ExchangeFacts) => void

/** Off by default. Bodies are shown up to 4 KB without what people wrote, the token's never. */
export function createTrace(settings: ChorusSettings, scrub: (text: string) => string): Trace {
  if (settings.trace !== true) return () => {}
  return (call, facts) => {
    const token = call.headers['content-type']?.includes('form-urlencoded') === true
    const headers = Object.fromEntries(Object.entries(facts.headers).filter(([name]) => shown.has(name)))
    settings.log.info(
      {
        upstream: {
          method: call.method,
          host: call.url.host,
          path: call.url.pathname,
          sent: facts.sent,
          requestBytes: call.body?.length ?? 0,
          ...(facts.status !== undefined && { status: facts.status, headers }),
          ...(facts.error instanceof Error && { error: scrub(facts.error.message) }),
          responseBytes: facts.received ?? facts.body.length,
          durationMs: facts.durationMs,
          ...(!token && { request: withoutWrittenTexts(scrub(call.body?.preview ?? '')) }),
          ...(!token && { response: withoutWrittenTexts(readExcerpt(facts.body, scrub)) })
        }
      },
      'upstream exchange'
    )
  }
}
