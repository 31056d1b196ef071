import { createHash } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { everyScope } from '../../schemas/scopes.ts'
import type { TokensConfig } from '../config-access.ts'
import { type Caller, connectionsOf, NotLetIn } from './caller.ts'
import { createKeySet, type KeySetOptions } from './key-set.ts'

/** Signatures by a private key alone: with a shared secret, who can check a token could make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const clockToleranceS = 30
/** A token that was checked is taken for checked so long; a key that its issuer withdraws counts until then. */
const checkedMs = 60_000

export interface TokenCheckParts extends Omit<KeySetOptions, 'read'> {
  /** Reads the key set of an issuer that publishes it; rejects when it cannot. */
  readUrl: (url: string) => Promise<unknown>
}

/** Who shows this token of the company's own issuer. Throws NotLetIn, or `token-keys-unavailable`. */
export function createTokenCheck(
  config: TokensConfig,
  { readUrl, ...parts }: TokenCheckParts
): (token: string) => Promise<Caller> {
  const { keys: published } = config
  const read = async (): Promise<unknown> =>
    'json' in published ? (JSON.parse(published.json) as unknown) : await readUrl(published.url)
  const keys = createKeySet({ ...parts, read })
  const checked = new LRUCache<string, { caller: Caller; until: number }>({ max: 1_000 })

  return async (token) => {
    const time = parts.now()
    const digest = createHash('sha256').update(token).digest('base64')
    const known = checked.get(digest)
    if (known !== undefined && known.until > time) return known.caller
    const { payload } = await jwtVerify(token, keys, {
      algorithms,
      issuer: config.issuer,
      audience: config.audience,
      clockTolerance: clockToleranceS,
      currentDate: new Date(time),
      requiredClaims: ['exp', config.callerClaim]
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? new NotLetIn(`token: ${reasonOf(error)}`) : error
    })
    const caller = callerOf(payload, config)
    checked.set(digest, { caller, until: Math.min(time + checkedMs, ((payload.exp ?? 0) + clockToleranceS) * 1000) })
    return caller
  }
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed) return `claim ${error.claim}`
  return error.code.replace(/^ERR_/, '').toLowerCase()
}

function callerOf(payload: JWTPayload, { callerClaim, scopesClaim, sellersClaim }: Omit<TokensConfig, 'keys'>): Caller {
  const name = payload[callerClaim]
  if (typeof name !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(name)) throw new NotLetIn(`token: claim ${callerClaim}`)
  const claimed = listOf(payload[scopesClaim])
  const scopes = claimed.filter((scope) => (everyScope as readonly string[]).includes(scope))
  const sellers = sellersClaim === undefined ? [] : listOf(payload[sellersClaim])
  // A limit that is meant and not there must not turn into no limit.
  if (sellersClaim !== undefined && (sellers.length === 0 || !sellers.every((seller) => /^\d{14}$/.test(seller)))) {
    throw new NotLetIn(`token: claim ${sellersClaim}`)
  }
  // No id of a key has a colon.
  return { id: `oidc:${name}`, scopes: new Set(scopes), sellers, connections: connectionsOf(claimed) }
}

/** A list, or one text with blanks in between, as RFC 8693 writes scopes. */
function listOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(/\s+/).filter((part) => part !== '')
  return Array.isArray(claim) ? claim.filter((part) => typeof part === 'string') : []
}
