import type { SecretFiles } from './config-files.ts'
import { createNetworks } from './networks.ts'
import type { Settings } from './settings.ts'

/** Who may call the gateway besides those with a key of its own, and from where. */
export interface AccessConfig {
  /** Whose X-Forwarded-For is believed, as CIDR ranges. */
  trustedProxies: string[]
  /** Wrong keys from one address a minute; 0: no limit. */
  wrongKeysPerMinute: number
  /** What administration asks for. Absent: nothing on a loopback address, and no keys or audit on any other. */
  adminToken?: string
  tokens?: TokensConfig
}

export interface TokensConfig {
  issuer: string
  audience: string
  /** Where the issuer's public keys are: an address, or the text of a file. */
  keys: { url: string } | { json: string }
  callerClaim: string
  scopesClaim: string
  /** Absent: a token may act for every seller. */
  sellersClaim?: string
}

/** Adds what is wrong to the faults of the files. */
export function readAccess(settings: Settings, files: SecretFiles): AccessConfig {
  const { faults } = files
  const trustedProxies = (settings.TRUSTED_PROXIES ?? '').split(/[\s,]+/).filter((range) => range !== '')
  try {
    createNetworks(trustedProxies)
  } catch {
    faults.push('TRUSTED_PROXIES holds what is no address or network like 10.0.0.0/8')
  }
  const tokens = readTokens(settings, files)
  return {
    trustedProxies,
    wrongKeysPerMinute: Number(settings.WRONG_KEYS_PER_MINUTE),
    ...(settings.ADMIN_TOKEN !== undefined && { adminToken: settings.ADMIN_TOKEN }),
    ...(tokens !== undefined && { tokens })
  }
}

function readTokens(settings: Settings, { faults, readText }: SecretFiles): TokensConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URL: url, OIDC_JWKS_FILE: path } = settings
  if ([issuer, audience, url, path].every((each) => each === undefined)) return undefined
  if (issuer === undefined) faults.push('OIDC_ISSUER is needed for company tokens')
  if (audience === undefined) faults.push('OIDC_AUDIENCE is needed: tokens made for somebody else would be taken')
  if ((url === undefined) === (path === undefined)) faults.push('one of OIDC_JWKS_URL and OIDC_JWKS_FILE is needed')
  if (url?.startsWith('http:') && !/^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(url)) {
    faults.push('OIDC_JWKS_URL must start with https://: who could change the keys would let anybody in')
  }
  const json = readText('OIDC_JWKS_FILE', path, 'public')
  if (json !== undefined && !/"keys"\s*:/.test(json)) faults.push('OIDC_JWKS_FILE holds no key set ({"keys": [...]})')
  const keys = url === undefined ? json !== undefined && { json } : { url }
  if (issuer === undefined || audience === undefined || !keys) return undefined
  return {
    issuer,
    audience,
    keys,
    callerClaim: settings.OIDC_CALLER_CLAIM,
    scopesClaim: settings.OIDC_SCOPES_CLAIM,
    ...(settings.OIDC_SELLERS_CLAIM !== undefined && { sellersClaim: settings.OIDC_SELLERS_CLAIM })
  }
}
