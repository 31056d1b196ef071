export type ConnectReason =
  | 'name-unknown'
  | 'unreachable'
  | 'closed'
  | 'timeout'
  | 'server-untrusted'
  | 'tls-protocol'
  | 'certificate-refused'
  | 'certificate-expired'
  | 'certificate-swallowed'
  | 'proxy-unreachable'
  | 'proxy-credentials'
  | 'proxy-refused'
  | 'closing'

/**
 * No connection, so nothing was sent. Its code is never UND_ERR_SOCKET: undici takes that one for "try again", which
 * makes an endless loop of connections (network brief, section 4.3).
 */
export class ConnectError extends Error {
  readonly code = 'CHORUS_CONNECT'
  readonly reason: ConnectReason
  /** The status with which the proxy answered CONNECT. */
  readonly proxyStatus: number | undefined
  constructor(reason: ConnectReason, message: string, proxyStatus?: number) {
    super(message)
    this.name = 'ConnectError'
    this.reason = reason
    this.proxyStatus = proxyStatus
  }
}

export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'no code'
}

/** Prefixes differ by Node version: `SSLV3_`, `TLSV1_`, `TLSV13_`, `SSL/TLS_` (network brief, section 6.1). */
const certificateAlert =
  /ALERT_(CERTIFICATE_(EXPIRED|REQUIRED|UNKNOWN|REVOKED)|UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|HANDSHAKE_FAILURE)$/

/** What an alert says of our client certificate; undefined when it is about something else. */
export function readAlert(code: string): 'certificate-refused' | 'certificate-expired' | undefined {
  if (!certificateAlert.test(code)) return undefined
  return code.endsWith('CERTIFICATE_EXPIRED') ? 'certificate-expired' : 'certificate-refused'
}

const alertRemedies = {
  'certificate-expired':
    'says that our client certificate has expired: renew it, and declare the new one on the portal',
  'certificate-refused':
    'refuses our client certificate: check that it is the one declared on the portal, with its intermediate certificates'
}

export function describeAlert(reason: keyof typeof alertRemedies, host: string, code: string): string {
  return `${host} ${alertRemedies[reason]} (${code})`
}

export function describeShut(host: string): string {
  return (
    `${host} closes the connection as soon as it has seen our client certificate, before any request, and says nothing: ` +
    'most likely it refuses the certificate; check that it is the one declared on the portal, with its intermediate certificates'
  )
}

/** A failure of the TCP connection or of the TLS handshake with the target. */
export function fromSocketError(
  error: unknown,
  where: { host: string; tls: boolean; mutual: boolean; via: string }
): ConnectError {
  const code = codeOf(error)
  const { host, via } = where
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ConnectError('name-unknown', `The name ${host} cannot be resolved (${code})`)
  }
  if (!where.tls) return new ConnectError('unreachable', `${host} cannot be reached${via} (${code})`)
  const alert = where.mutual ? readAlert(code) : undefined
  if (alert !== undefined) return new ConnectError(alert, describeAlert(alert, host, code))
  if (/^(E[A-Z]+|no code)$/.test(code) && code !== 'EPROTO') {
    const hint = where.mutual ? '; it may refuse our client certificate' : ''
    return new ConnectError('closed', `${host} closed the connection during the TLS handshake${via} (${code})${hint}`)
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    const hint = code.includes('WRONG_VERSION') ? ': what answers there does not speak TLS' : ''
    return new ConnectError('tls-protocol', `No TLS connection to ${host}${via} (${code})${hint}`)
  }
  const remedy = /SELF_SIGNED|UNABLE_TO/.test(code)
    ? '; if an inspecting proxy or a private authority is on the way, name its certificate in CHORUS_PRO_CA_FILE'
    : ''
  return new ConnectError('server-untrusted', `The certificate of ${host}${via} is not valid (${code})${remedy}`)
}
