import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { Identity } from './identity.ts'

export interface Trust {
  /** Shows our client certificate, where there is one. */
  mutual: SecureContext
  /** The same authorities without it: for proxies and the token. */
  plain: SecureContext
  /** Whether this certificate is one of those added to the system's. */
  isExtra: (certificate: Buffer) => boolean
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g
const squeeze = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, '')

export function splitPem(text: string): string[] {
  return text.match(block) ?? []
}

/**
 * `ca` replaces the roots, so they are all listed; parsing them costs some 15 ms, hence once for each identity and never
 * for a connection (network brief, sections 1 and 5.4). Key and certificates as PEM: from a `pfx` the authorities inside
 * would become trusted for servers (section 5.2).
 */
export function createTrust(identity: Identity | undefined, extraCa: string | undefined): Trust {
  const usual = new Set([...getCACertificates('bundled'), ...getCACertificates('system')].map(squeeze))
  const added = [...splitPem(extraCa ?? ''), ...getCACertificates('extra')].filter((pem) => !usual.has(squeeze(pem)))
  const extra = new Set(added.map(squeeze))
  const authorities = new Map(
    [...getCACertificates('bundled'), ...getCACertificates('system'), ...added].map((pem) => [squeeze(pem), pem])
  )
  const common = { ca: [...authorities.values()], minVersion: 'TLSv1.2' as const }
  const plain = createSecureContext(common)
  return {
    plain,
    mutual:
      identity === undefined ? plain : createSecureContext({ ...common, key: identity.key, cert: identity.chain }),
    isExtra: (certificate) => extra.has(certificate.toString('base64'))
  }
}
