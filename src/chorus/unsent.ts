import type { ConnectError, ConnectReason } from './connect-error.ts'
import type { UpstreamProblem } from './errors.ts'

const problems: Record<ConnectReason, UpstreamProblem> = {
  'name-unknown': 'upstream-unavailable',
  unreachable: 'upstream-unavailable',
  closed: 'upstream-unavailable',
  timeout: 'upstream-unavailable',
  closing: 'upstream-unavailable',
  'server-untrusted': 'tls-handshake-failed',
  'tls-protocol': 'tls-handshake-failed',
  'certificate-refused': 'client-certificate-rejected',
  'certificate-expired': 'client-certificate-expired',
  'certificate-swallowed': 'client-certificate-rejected',
  'proxy-unreachable': 'proxy-unreachable',
  'proxy-refused': 'proxy-unreachable',
  'proxy-credentials': 'proxy-authentication-failed'
}

/** No connection came about: whatever is sent next over the same way fails alike. */
export function describeConnectError(error: ConnectError): {
  problem: UpstreamProblem
  message: string
  lane: boolean
} {
  return { problem: problems[error.reason], message: error.message, lane: error.reason !== 'closing' }
}
