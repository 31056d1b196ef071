import { readFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { Settings, secrets } from './settings.ts'

export { Settings } from './settings.ts'

export interface Config {
  host: string
  port: number
  adminHost: string
  adminPort: number
  dataDir: string
  /** PostgreSQL, instead of the folder. */
  database?: { url: string; allowUnsafe: boolean }
  /** Whether the ledger is an older copy of itself; `auto`: as far as it can tell. */
  restored: 'auto' | 'on' | 'off'
  /** How long a finished invoice keeps its documents and texts; 0: for ever. */
  retentionDays: number
  auth: 'api-key' | 'none'
  apiKey?: string
  timeScale: number
  logLevel: string
  /** Names that look like ours and are not: a typing mistake, most often. */
  warnings: string[]
  limits: {
    documentMaxBytes: number
    invoiceMaxBytes: number
    attachmentsMax: number
    uploadBudgetBytes: number
    uploadIdleTimeoutMs: number
    rateLimitPerMinute: number
  }
  chorus: {
    environment: 'simulator' | 'qualification' | 'production'
    access: 'piste' | 'certificate'
    /** Absent: the simulator inside this process. */
    apiUrl?: string
    tokenUrl?: string
    login?: string
    password?: string
    clientId?: string
    clientSecret?: string
    certificate?: { file: Buffer; name: string; key?: Buffer; passphrase?: string }
    extraCa?: string
    proxyUrl?: string
    noProxy?: string
    timeoutMs: number
    trace: boolean
  }
}

/** Every fault of a configuration at once, by the name of the variable and never with its value. */
export class ConfigError extends Error {
  readonly faults: string[]
  constructor(faults: string[]) {
    super(
      `configuration: ${faults.length} fault${faults.length > 1 ? 's' : ''}\n${faults.map((f) => `  - ${f}`).join('\n')}`
    )
    this.name = 'ConfigError'
    this.faults = faults
  }
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

type Environment = Record<string, string | undefined>

/** Reads the environment and the files it names. Throws ConfigError. */
export function readConfig(environment: Environment): Readonly<Config> {
  const faults: string[] = []
  const warnings: string[] = []
  const raw = readRaw(environment, Object.keys(Settings.properties), faults)
  const known = new Set([...Object.keys(Settings.properties), ...secrets.map((name) => `${name}_FILE`)])
  for (const name of Object.keys(environment)) {
    if (/^(CHORUS_PRO|PISTE|GATEWAY)_/.test(name) && !known.has(name)) {
      warnings.push(`${name} is not a setting of the gateway`)
    }
  }
  const settings = Value.Default(Settings, raw) as Settings
  checkEach(settings, faults)
  if (faults.length > 0) throw new ConfigError(faults)
  const config = assemble(settings, faults)
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze({ ...config, warnings })
}

/** Where the store is, for commands that need nothing else of the configuration. Throws ConfigError. */
export function readStorePlace(environment: Environment): Pick<Config, 'dataDir' | 'database'> {
  const faults: string[] = []
  const raw = readRaw(environment, ['DATA_DIR', 'DATABASE_URL', 'DATABASE_ALLOW_UNSAFE'], faults)
  const settings = Value.Default(Settings, raw) as Settings
  checkEach(settings, faults)
  const place = storePlace(settings, faults)
  if (faults.length > 0) throw new ConfigError(faults)
  return place
}

function storePlace(settings: Settings, faults: string[]): Pick<Config, 'dataDir' | 'database'> {
  const { DATA_DIR: dataDir, DATABASE_URL: url, DATABASE_ALLOW_UNSAFE: allowUnsafe } = settings
  if (url === undefined) return { dataDir }
  if (!URL.canParse(url)) faults.push('DATABASE_URL is no URL; percent-encode special characters of user and password')
  return { dataDir, database: { url, allowUnsafe: isOn(allowUnsafe) } }
}

function readRaw(environment: Environment, names: string[], faults: string[]): Record<string, string> {
  const raw: Record<string, string> = {}
  for (const name of names) {
    const value =
      environment[name] ?? (['HTTPS_PROXY', 'NO_PROXY'].includes(name) ? environment[name.toLowerCase()] : undefined)
    if (value !== undefined && value !== '') raw[name] = value
  }
  raw.DATA_DIR ??= './data'
  for (const name of secrets) {
    const path = environment[`${name}_FILE`]
    if (path === undefined || path === '' || !names.includes(name)) continue
    if (raw[name] !== undefined) faults.push(`${name} and ${name}_FILE are both set: keep one`)
    const content = readInto(faults, `${name}_FILE`, path)
    if (content !== undefined) raw[name] = content.toString('utf8').replace(/\r?\n$/, '')
  }
  return raw
}

function checkEach(settings: Settings, faults: string[]): void {
  for (const [name, schema] of Object.entries(Settings.properties) as [
    keyof Settings,
    TSchema & { description?: string }
  ][]) {
    if (settings[name] === undefined) continue
    if (!Value.Check(schema, settings[name])) faults.push(`${name} is not valid: ${expected(schema)}`)
  }
}

function assemble(settings: Settings, faults: string[]): Omit<Config, 'warnings'> {
  const environment = settings.CHORUS_PRO_ENVIRONMENT
  const access = settings.CHORUS_PRO_ACCESS ?? (environment === 'simulator' ? 'certificate' : 'piste')
  const [apiUrl, tokenUrl] = environment === 'simulator' ? [undefined, undefined] : addresses[access][environment]
  const timeScale = Number(settings.GATEWAY_TIME_SCALE)
  if (!(timeScale > 0)) faults.push('GATEWAY_TIME_SCALE must be above 0')
  if (environment === 'production' && timeScale !== 1) faults.push('GATEWAY_TIME_SCALE is refused in production')
  for (const name of ['PORT', 'ADMIN_PORT'] as const) {
    if (Number(settings[name]) > 65_535) faults.push(`${name} must be at most 65535`)
  }
  const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(settings.HOST)
  if (settings.GATEWAY_AUTH === 'none' && !loopback) {
    faults.push('GATEWAY_AUTH=none is refused unless HOST is a loopback address')
  }
  if (settings.GATEWAY_CONFIG_FILE !== undefined) {
    faults.push('GATEWAY_CONFIG_FILE comes with a later version; use the variables of one connection')
  }
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
  const certificate =
    certificateFile === undefined ? undefined : readInto(faults, 'CHORUS_PRO_CERTIFICATE_FILE', certificateFile)
  const keyFile = settings.CHORUS_PRO_CERTIFICATE_KEY_FILE
  const key = keyFile === undefined ? undefined : readInto(faults, 'CHORUS_PRO_CERTIFICATE_KEY_FILE', keyFile)
  const caFile = settings.CHORUS_PRO_CA_FILE
  const extraCa = caFile === undefined ? undefined : readInto(faults, 'CHORUS_PRO_CA_FILE', caFile)?.toString('utf8')
  if (extraCa !== undefined && !extraCa.includes('BEGIN CERTIFICATE')) {
    faults.push('CHORUS_PRO_CA_FILE holds no PEM certificate (-----BEGIN CERTIFICATE-----)')
  }
  const proxyUrl = settings.CHORUS_PRO_PROXY_URL ?? settings.HTTPS_PROXY
  if (proxyUrl !== undefined && !URL.canParse(proxyUrl)) {
    faults.push(
      'CHORUS_PRO_PROXY_URL (or HTTPS_PROXY) is no URL like http://user:password@proxy:3128; percent-encode special characters'
    )
  }
  return {
    host: settings.HOST,
    port: Number(settings.PORT),
    adminHost: settings.ADMIN_HOST,
    adminPort: Number(settings.ADMIN_PORT),
    ...storePlace(settings, faults),
    restored: settings.GATEWAY_RESTORED,
    retentionDays: Number(settings.RETENTION_DAYS),
    auth: settings.GATEWAY_AUTH,
    timeScale,
    logLevel: settings.LOG_LEVEL,
    ...(settings.GATEWAY_API_KEY !== undefined && { apiKey: settings.GATEWAY_API_KEY }),
    limits: {
      documentMaxBytes: Number(settings.DOCUMENT_MAX_BYTES),
      invoiceMaxBytes: Number(settings.INVOICE_MAX_BYTES),
      attachmentsMax: Number(settings.ATTACHMENTS_MAX),
      uploadBudgetBytes: Number(settings.UPLOAD_BUDGET_BYTES),
      uploadIdleTimeoutMs: Number(settings.UPLOAD_IDLE_TIMEOUT_MS),
      rateLimitPerMinute: Number(settings.RATE_LIMIT_PER_MINUTE)
    },
    chorus: {
      environment,
      access,
      timeoutMs: Number(settings.CHORUS_PRO_TIMEOUT_MS),
      trace: isOn(settings.CHORUS_PRO_TRACE),
      ...(api !== undefined && { apiUrl: api.replace(/\/+$/, '') }),
      ...(token !== undefined && { tokenUrl: token }),
      ...(settings.CHORUS_PRO_LOGIN !== undefined && { login: settings.CHORUS_PRO_LOGIN }),
      ...(settings.CHORUS_PRO_PASSWORD !== undefined && { password: settings.CHORUS_PRO_PASSWORD }),
      ...(settings.PISTE_CLIENT_ID !== undefined && { clientId: settings.PISTE_CLIENT_ID }),
      ...(settings.PISTE_CLIENT_SECRET !== undefined && { clientSecret: settings.PISTE_CLIENT_SECRET }),
      ...(certificate !== undefined &&
        certificateFile !== undefined && {
          certificate: {
            file: certificate,
            name: certificateFile,
            ...(key !== undefined && { key }),
            ...(settings.CHORUS_PRO_CERTIFICATE_PASSPHRASE !== undefined && {
              passphrase: settings.CHORUS_PRO_CERTIFICATE_PASSPHRASE
            })
          }
        }),
      ...(extraCa !== undefined && { extraCa }),
      ...(proxyUrl !== undefined && { proxyUrl }),
      ...(settings.NO_PROXY !== undefined && { noProxy: settings.NO_PROXY })
    }
  }
}

const isOn = (flag: string) => ['1', 'true', 'on'].includes(flag)

function needCredentials(settings: Settings, access: 'piste' | 'certificate', faults: string[]): void {
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

function readInto(faults: string[], name: string, path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    faults.push(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
    return undefined
  }
}

function expected(schema: TSchema & { description?: string; enum?: readonly string[]; minLength?: number }): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  return `${schema.description ?? ''}${schema.minLength === undefined ? '' : ` At least ${schema.minLength} characters.`}`
}
