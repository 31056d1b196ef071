import { DeadlineError, type ExchangeFacts } from './call.ts'
import { ConnectError, type ConnectReason, describeAlert, readAlert } from './connect-error.ts'
import type { UpstreamProblem } from './errors.ts'

export interface Silence {
  problem: UpstreamProblem
  message: string
  lane: boolean
}

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
function describeConnectError(error: ConnectError): Silence {
  return { problem: problems[error.reason], message: error.message, lane: error.reason !== 'closing' }
}

/** Names the cause of an exchange without an answer. What it proves is decided elsewhere, by what had left. */
export function describeSilence(facts: ExchangeFacts, host: string): Silence {
  if (facts.error instanceof ConnectError) return describeConnectError(facts.error)
  const reason = facts.alert === undefined ? undefined : readAlert(facts.alert)
  if (reason !== undefined) {
    const problem = reason === 'certificate-expired' ? 'client-certificate-expired' : 'client-certificate-rejected'
    return { problem, message: describeAlert(reason, host, facts.alert ?? ''), lane: true }
  }
  const error = facts.error instanceof Error ? facts.error : new Error('no answer')
  if (error instanceof DeadlineError) {
    const where = facts.sent ? error.message : `${error.message}; nothing was sent`
    return { problem: 'upstream-timeout', message: where, lane: false }
  }
  if (error.name === 'SourceError') return { problem: 'internal', message: error.message, lane: false }
  if (error.name === 'HTTPParserError' || ('code' in error && error.code === 'UND_ERR_HEADERS_OVERFLOW')) {
    return { problem: 'upstream-protocol-error', message: 'what came back is not HTTP', lane: false }
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const message = facts.sent
    ? `${host} closed the connection without an answer (${code})`
    : `nothing was sent to ${host} (${code})`
  return { problem: 'upstream-unavailable', message, lane: false }
}
