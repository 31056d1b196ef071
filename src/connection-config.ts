import { present, type SecretFiles } from './config-files.ts'
import type { Settings } from './settings.ts'

export type ChorusEnvironment = 'simulator' | 'qualification' | 'production'
export type Access = 'piste' | 'certificate'

/** One way to Chorus Pro with its accounts. Holds secrets: never logged. */
export interface ConnectionConfig {
  name: string
  environment: ChorusEnvironment
  access: Access
  /** Absent: the simulator inside this process. */
  apiUrl?: string
  tokenUrl?: string
  clientId?: string
  clientSecret?: string
  /** The last day of the PISTE secret (ISO date), where the operator has noted it. */
  clientSecretExpires?: string
  certificate?: { file: Buffer; name: string; key?: Buffer; passphrase?: string }
  extraCa?: string
  proxyUrl?: string
  noProxy?: string
  /** False for a connection of type UTILISATEUR_APPLICATION_INTERNE (authentication.md 2.5). */
  sendAccountHeader?: boolean
  accounts: AccountConfig[]
}

/** A technical account. */
export interface AccountConfig {
  /** What invoices remember: `connection/account`, or `default` for the one of the environment variables. */
  route: string
  login?: string
  password?: string
  /** The last day of the password (ISO date). */
  passwordExpires?: string
  /** SIRETs that it sends for; empty: every one that no other account names. */
  sellers: string[]
  /** IBAN without blanks → label or id of the account in Chorus Pro, which never tells IBANs. */
  bankAccounts: Record<string, string>
  /** Names under which its invoices were sent before. */
  formerly: string[]
}

const addresses = {
  piste: {
    qualification: ['https://sandbox-api.piste.gouv.fr/cpro', 'https://sandbox-oauth.piste.gouv.fr/api/oauth/token'],
    production: ['https://api.piste.gouv.fr/cpro', 'https://oauth.piste.gouv.fr/api/oauth/token']
  },
  certificate: {
    qualification: ['https://chorus-pro.gouv.fr:5443/service-qualif', undefined],
    production: ['https://chorus-pro.gouv.fr:5443/service', undefined]
  }
} as const

/** The usual addresses of an environment; none for a simulator. */
export function addressesOf(
  environment: ChorusEnvironment,
  access: Access
): readonly [api: string | undefined, token: string | undefined] {
  return environment === 'simulator' ? [undefined, undefined] : addresses[access][environment]
}

/** 424 days in production (test-dataset.md, section 1); assumed to hold in qualification. */
const passwordDays = 424

/** The last day of a password made on that day. */
export function lastDayOf(since: string): string {
  return new Date(Date.parse(since) + passwordDays * 86_400_000).toISOString().slice(0, 10)
}

/** Whether this is a day of the calendar, as `2027-03-01`. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().slice(0, 10) === text

/** The single connection of the environment variables. What is wrong is added to the faults, by the variable's name. */
export function connectionOf(settings: Settings, files: SecretFiles): ConnectionConfig {
  const { faults } = files
  const environment = settings.CHORUS_PRO_ENVIRONMENT
  const access = settings.CHORUS_PRO_ACCESS ?? (environment === 'simulator' ? 'certificate' : 'piste')
  const [apiUrl, tokenUrl] = addressesOf(environment, access)
  const embedded = environment === 'simulator' && settings.CHORUS_PRO_API_URL === undefined
  if (!embedded) needCredentials(settings, access, faults)
  const api = settings.CHORUS_PRO_API_URL ?? apiUrl
  if (environment !== 'simulator' && api?.startsWith('http://')) {
    faults.push('CHORUS_PRO_API_URL must start with https:// outside the simulator')
  }
  const token = settings.CHORUS_PRO_TOKEN_URL ?? tokenUrl
  if (!embedded && access === 'piste' && token === undefined)
    faults.push('CHORUS_PRO_TOKEN_URL is needed with this API URL')
  const certificateFile = settings.CHORUS_PRO_CERTIFICATE_FILE
  const certificate = files.read('CHORUS_PRO_CERTIFICATE_FILE', certificateFile)
  const key = files.read('CHORUS_PRO_CERTIFICATE_KEY_FILE', settings.CHORUS_PRO_CERTIFICATE_KEY_FILE)
  const extraCa = files.read('CHORUS_PRO_CA_FILE', settings.CHORUS_PRO_CA_FILE)?.toString('utf8')
  if (extraCa !== undefined && !extraCa.includes('BEGIN CERTIFICATE')) {
    faults.push('CHORUS_PRO_CA_FILE holds no PEM certificate (-----BEGIN CERTIFICATE-----)')
  }
  const proxyUrl = settings.CHORUS_PRO_PROXY_URL ?? settings.HTTPS_PROXY
  if (proxyUrl !== undefined && !URL.canParse(proxyUrl)) {
    faults.push(
      'CHORUS_PRO_PROXY_URL (or HTTPS_PROXY) is no URL like http://user:password@proxy:3128; percent-encode special characters'
    )
  }
  for (const name of ['CHORUS_PRO_PASSWORD_EXPIRES', 'PISTE_CLIENT_SECRET_EXPIRES'] as const) {
    const day = settings[name]
    if (day !== undefined && !isDay(day)) faults.push(`${name} is no day of the calendar like 2027-03-01`)
  }
  return {
    name: 'default',
    environment,
    access,
    ...present({
      apiUrl: api?.replace(/\/+$/, ''),
      tokenUrl: token,
      clientId: settings.PISTE_CLIENT_ID,
      clientSecret: settings.PISTE_CLIENT_SECRET,
      clientSecretExpires: settings.PISTE_CLIENT_SECRET_EXPIRES,
      extraCa,
      proxyUrl,
      noProxy: settings.NO_PROXY
    }),
    ...(certificate !== undefined &&
      certificateFile !== undefined && {
        certificate: {
          file: certificate,
          name: certificateFile,
          ...(key !== undefined && { key }),
          ...present({ passphrase: settings.CHORUS_PRO_CERTIFICATE_PASSPHRASE })
        }
      }),
    accounts: [
      {
        route: 'default',
        ...present({
          login: settings.CHORUS_PRO_LOGIN,
          password: settings.CHORUS_PRO_PASSWORD,
          passwordExpires: settings.CHORUS_PRO_PASSWORD_EXPIRES
        }),
        sellers: [],
        bankAccounts: {},
        formerly: []
      }
    ]
  }
}

function needCredentials(settings: Settings, access: Access, faults: string[]): void {
  const needed: (keyof Settings)[] =
    access === 'piste'
      ? ['PISTE_CLIENT_ID', 'PISTE_CLIENT_SECRET', 'CHORUS_PRO_LOGIN', 'CHORUS_PRO_PASSWORD']
      : ['CHORUS_PRO_LOGIN', 'CHORUS_PRO_PASSWORD']
  // Without TLS, which only the simulator knows, a certificate has no use.
  if (access === 'certificate' && settings.CHORUS_PRO_API_URL?.startsWith('http://') !== true) {
    needed.push('CHORUS_PRO_CERTIFICATE_FILE')
  }
  for (const name of needed) {
    if (settings[name] === undefined) faults.push(`${name} is needed with CHORUS_PRO_ACCESS=${access}`)
  }
}

/** What belongs to one connection alone, when a file names several. */
export const ofOneConnection = [
  'CHORUS_PRO_ENVIRONMENT',
  'CHORUS_PRO_ACCESS',
  'CHORUS_PRO_API_URL',
  'CHORUS_PRO_TOKEN_URL',
  'CHORUS_PRO_LOGIN',
  'CHORUS_PRO_PASSWORD',
  'CHORUS_PRO_PASSWORD_EXPIRES',
  'PISTE_CLIENT_ID',
  'PISTE_CLIENT_SECRET',
  'PISTE_CLIENT_SECRET_EXPIRES',
  'CHORUS_PRO_CERTIFICATE_FILE',
  'CHORUS_PRO_CERTIFICATE_KEY_FILE',
  'CHORUS_PRO_CERTIFICATE_PASSPHRASE'
] as const

/** Everything in them that may stand in no log. */
export function secretsOf(connections: ConnectionConfig[]): (string | undefined)[] {
  return connections.flatMap(({ clientId, clientSecret, certificate, proxyUrl, accounts }) => [
    clientId,
    clientSecret,
    certificate?.passphrase,
    passwordOf(proxyUrl),
    ...accounts.flatMap(({ login, password }) => [password, login === undefined ? undefined : `${login}:${password}`])
  ])
}

export function passwordOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { password } = new URL(url)
  try {
    return decodeURIComponent(password) || undefined
  } catch {
    // A lone percent sign, which the proxy takes as it is.
    return password
  }
}
