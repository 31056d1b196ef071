import type { IncomingHttpHeaders } from 'node:http'
import type { Tokens } from './accounts.ts'
import type { Answer } from './answer.ts'
import type { LedgerBook } from './ledger.ts'
import type { Settings } from './settings.ts'

/** OAuth2 client_credentials of PISTE (authentication.md 2.2). */
export function createTokenEndpoint(parts: {
  clients: ReadonlyMap<string, string>
  tokens: Tokens
  ledger: LedgerBook
  settings: () => Settings
  random: () => number
  time?: () => number
}) {
  const { clients, tokens, ledger, settings, random, time = Date.now } = parts
  const error = (status: number, code: string): Answer => ({ status, body: { error: code } })
  let last = Number.NEGATIVE_INFINITY
  return function issue(headers: IncomingHttpHeaders, raw: Buffer): Answer {
    const { tokenFailureRate, tokenLifetimeS, tokenMinIntervalMs } = settings()
    ledger.count().tokens.requested++
    // Calls too close together were seen refused with 401; the body is not recorded.
    const close = time() - last < tokenMinIntervalMs
    last = time()
    if (close) return { status: 401 }
    if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
      return error(400, 'invalid_request')
    const form = new URLSearchParams(raw.toString('utf8'))
    const { id, secret } = readClient(form, headers.authorization)
    // Unknown client and wrong secret look the same, and the same answer comes at random on good ones.
    if (secret === undefined || secret !== clients.get(id ?? '')) return error(400, 'invalid_client')
    if (form.get('grant_type') !== 'client_credentials') return error(400, 'unsupported_grant_type')
    if (random() < tokenFailureRate) return error(400, 'invalid_client')
    ledger.count().tokens.issued++
    return {
      status: 200,
      body: {
        access_token: tokens.issue(tokenLifetimeS),
        token_type: 'Bearer',
        expires_in: tokenLifetimeS,
        scope: 'openid'
      }
    }
  }
}

/**
 * Every client that was read sends both in the form. Whether PISTE takes Basic too is told nowhere; RFC 6749, 2.3.1
 * demands it of a server, and OAuth libraries begin with it.
 */
function readClient(form: URLSearchParams, authorization = ''): { id: string | undefined; secret: string | undefined } {
  const pair = Buffer.from(/^Basic (\S+)$/i.exec(authorization)?.[1] ?? '', 'base64').toString('utf8')
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(pair) ?? []
  return { id: form.get('client_id') ?? id, secret: form.get('client_secret') ?? secret }
}
