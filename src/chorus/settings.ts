import type { Gate } from './gate.ts'
import type { TokenState } from './token.ts'

/** One way to Chorus Pro, as the configuration describes it. Holds secrets: never logged. */
export interface ChorusSettings {
  /** Asked before every call but probes. */
  gate?: Gate
  environment: 'simulator' | 'qualification' | 'production'
  access: 'piste' | 'certificate'
  /** What stands before the domain: `https://api.piste.gouv.fr/cpro`, `https://chorus-pro.gouv.fr:5443/service`. */
  apiUrl: string
  tokenUrl?: string
  /** The technical account. */
  login?: string
  password?: string
  clientId?: string
  clientSecret?: string
  certificate?: CertificateFiles
  /** PEM, one certificate or several, trusted in addition to the system's roots. */
  extraCa?: string
  /** `http(s)://user:pass@proxy:3128` */
  proxyUrl?: string
  noProxy?: string
  /** Milliseconds for a whole call, the token, the connection and the answer included. */
  timeoutMs: number
  /** Milliseconds for the name, the proxy, the CONNECT and the TLS handshake together. */
  connectTimeoutMs: number
  /** At most this many connections to one host; 16 when absent. */
  connections?: number
  /** Tokens of one application for all its accounts, by a digest of its credentials; one of its own when absent. */
  tokens?: Map<string, TokenState>
  /** Divides every pause of ours, for tests. */
  timeScale?: number
  /** The wall clock, in milliseconds. */
  now?: () => number
  /** A clock that is never set, in milliseconds. */
  monotonic?: () => number
  log: ChorusLog
  /** Logs every exchange, secrets and file content cut. */
  trace?: boolean
  /** False for a connection of type UTILISATEUR_APPLICATION_INTERNE (authentication.md 2.5). */
  sendAccountHeader?: boolean
}

export type CertificateFiles =
  | { pkcs12: Buffer; passphrase?: string }
  | { cert: string; key: string; passphrase?: string }

type LogFunction = (facts: object, message: string) => void
export interface ChorusLog {
  warn: LogFunction
  info: LogFunction
  debug: LogFunction
}

/** What this access mode needs and has not been given, by configuration name. */
export function missingSettings(settings: ChorusSettings): string[] {
  const needs: [string, unknown][] =
    settings.access === 'piste'
      ? [
          ['CHORUS_PRO_TOKEN_URL', settings.tokenUrl],
          ['PISTE_CLIENT_ID', settings.clientId],
          ['PISTE_CLIENT_SECRET', settings.clientSecret]
        ]
      : [['CHORUS_PRO_CERTIFICATE_FILE', settings.certificate ?? (isPlain(settings.apiUrl) ? 'none needed' : '')]]
  if (settings.access === 'certificate' || settings.sendAccountHeader !== false) {
    needs.push(['CHORUS_PRO_LOGIN', settings.login], ['CHORUS_PRO_PASSWORD', settings.password])
  }
  return needs.filter(([, value]) => value === undefined || value === '').map(([name]) => name)
}

/** A certificate has no use without TLS, which only the simulator is reached without. */
const isPlain = (url: string): boolean => url.toLowerCase().startsWith('http:')
