import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { Identity } from './identity.ts'

export interface Trust {
  /** Shows our client certificate, where there is one. */
  mutual: () => SecureContext
  /** The same authorities without it: for proxies and the token. */
  plain: () => SecureContext
  /** Whether this certificate is one of those added to the system's. */
  isExtra: (certificate: Buffer) => boolean
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g
const squeeze = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, '')

export function splitPem(text: string): string[] {
  return text.match(block) ?? []
}

/** Node's own roots and the system's, read once in a process. */
const usualAuthorities = once(
  () => new Map([...getCACertificates('bundled'), ...getCACertificates('system')].map((pem) => [squeeze(pem), pem]))
)

/**
 * `ca` replaces the roots, so they are all listed; parsing them costs some 15 ms, hence once for each identity and never
 * for a connection (network brief, sections 1 and 5.4). Key and certificates as PEM: from a `pfx` the authorities inside
 * would become trusted for servers (section 5.2).
 */
export function createTrust(identity: Identity | undefined, extraCa: string | undefined): Trust {
  const lists = once(() => {
    const usual = usualAuthorities()
    const given = [...splitPem(extraCa ?? ''), ...getCACertificates('extra')]
    const extra = new Map(given.map((pem) => [squeeze(pem), pem] as const).filter(([key]) => !usual.has(key)))
    return { extra, common: { ca: [...usual.values(), ...extra.values()], minVersion: 'TLSv1.2' as const } }
  })
  const plain = once(() => createSecureContext(lists().common))
  const mutual = once(() =>
    identity === undefined
      ? plain()
      : createSecureContext({ ...lists().common, key: identity.key, cert: identity.chain })
  )
  return { plain, mutual, isExtra: (certificate) => lists().extra.has(certificate.toString('base64')) }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
