import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { type AccessConfig, readAccess } from './config-access.ts'
import { createSecretFiles, present, type SecretFiles } from './config-files.ts'
import { type AccountConfig, type ConnectionConfig, connectionOf, ofOneConnection } from './connection-config.ts'
import { readConnectionFile } from './connection-file.ts'
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
  /** Age at which the local copy of the recipients' directory is fetched anew; 0: never. */
  directoryCopyHours: number
  auth: 'api-key' | 'none'
  apiKey?: string
  access: AccessConfig
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
  /** In the order of the file; the first is the default. Never empty. */
  connections: ConnectionConfig[]
  /** The first connection with its first account, and what holds for all. */
  chorus: Omit<ConnectionConfig, 'name' | 'accounts'> &
    Pick<AccountConfig, 'login' | 'password'> & { timeoutMs: number; trace: boolean }
  /** Every file that the configuration names: a change of one is a reason to read it all again. */
  files: string[]
  /** Reads it again, files included. Throws ConfigError. */
  again: () => Readonly<Config>
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

type Environment = Record<string, string | undefined>

/** Reads the environment and the files it names. Throws ConfigError. */
export function readConfig(environment: Environment): Readonly<Config> {
  const files = createSecretFiles()
  const { faults } = files
  const warnings: string[] = []
  const raw = readRaw(environment, Object.keys(Settings.properties), files)
  const known = new Set([...Object.keys(Settings.properties), ...secrets.map((name) => `${name}_FILE`)])
  for (const name of Object.keys(environment)) {
    if (/^(CHORUS_PRO|PISTE|GATEWAY|OIDC|ADMIN)_/.test(name) && !known.has(name)) {
      warnings.push(`${name} is not a setting of the gateway`)
    }
  }
  const settings = Value.Default(Settings, raw) as Settings
  const invalid = checkEach(settings, faults)
  // What is not valid counts as not set from here on: the other faults show as well, and each once.
  for (const name of invalid) Object.assign(settings, { [name]: defaults[name] })
  const told = faults.length
  const config = assemble(settings, files)
  const later = faults.splice(told).filter((fault) => !invalid.some((name) => fault.includes(name)))
  faults.push(...later)
  const real = config.connections.some((connection) => connection.environment === 'production')
  const allowed = isOn(settings.SECRET_FILES_ALLOW_READABLE)
  if (!allowed) warnings.push(...files.halfExposed)
  for (const leak of [...leaksOf(environment), ...(allowed ? [] : files.exposed)]) (real ? faults : warnings).push(leak)
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze({ ...config, warnings, files: [...files.paths], again: () => readConfig(environment) })
}

/** Debuggers, copies of the memory, keys of TLS connections, and a reader of HTTP that takes what it should refuse. */
const leakyFlags =
  /--(inspect(-brk|-wait)?(?![\w-])|heapsnapshot-[\w-]+|heap-prof(?![\w-])|abort-on-uncaught-exception|tls-keylog|insecure-http-parser)/g

/** What Node's own variables would give away, whatever the gateway does: refused in production. */
function leaksOf(environment: Environment): string[] {
  const { NODE_TLS_REJECT_UNAUTHORIZED: checks, NODE_DEBUG: debug, NODE_OPTIONS: options = '' } = environment
  const leaks: string[] = []
  for (const [flag = ''] of options.matchAll(leakyFlags)) {
    leaks.push(`${flag} of Node gives away the memory or the traffic of this process`)
  }
  if (checks === '0') leaks.push('NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the checks of TLS in this process')
  if (debug !== undefined && /http|net|tls|undici|stream|\*/i.test(debug)) {
    leaks.push('NODE_DEBUG writes what passes over the network to the error output, secrets too')
  }
  return leaks
}

/** Where the store is, for commands that need nothing else of the configuration. Throws ConfigError. */
export function readStorePlace(environment: Environment): Pick<Config, 'dataDir' | 'database'> {
  const files = createSecretFiles()
  const { faults } = files
  const raw = readRaw(environment, ['DATA_DIR', 'DATABASE_URL', 'DATABASE_ALLOW_UNSAFE'], files)
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

function readRaw(environment: Environment, names: string[], files: SecretFiles): Record<string, string> {
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
    if (raw[name] !== undefined) files.faults.push(`${name} and ${name}_FILE are both set: keep one`)
    const content = files.readText(`${name}_FILE`, path)
    if (content !== undefined) raw[name] = content
  }
  return raw
}

/** The names of those that are not valid. */
function checkEach(settings: Settings, faults: string[]): (keyof Settings)[] {
  const invalid: (keyof Settings)[] = []
  for (const [name, schema] of Object.entries(Settings.properties) as [
    keyof Settings,
    TSchema & { description?: string }
  ][]) {
    if (settings[name] === undefined) continue
    if (Value.Check(schema, settings[name])) continue
    invalid.push(name)
    faults.push(`${name} is not valid: ${expected(schema)}`)
  }
  return invalid
}

function assemble(settings: Settings, files: SecretFiles): Omit<Config, 'warnings' | 'files' | 'again'> {
  const { faults } = files
  const connections = readConnections(settings, files)
  const timeScale = Number(settings.GATEWAY_TIME_SCALE)
  if (!(timeScale > 0)) faults.push('GATEWAY_TIME_SCALE must be above 0')
  if (timeScale !== 1 && connections.some(({ environment }) => environment === 'production')) {
    faults.push('GATEWAY_TIME_SCALE is refused in production')
  }
  for (const name of ['PORT', 'ADMIN_PORT'] as const) {
    if (Number(settings[name]) > 65_535) faults.push(`${name} must be at most 65535`)
  }
  const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(settings.HOST)
  if (settings.GATEWAY_AUTH === 'none' && !loopback) {
    faults.push('GATEWAY_AUTH=none is refused unless HOST is a loopback address')
  }
  const place = storePlace(settings, faults)
  const [first] = connections
  // What is wrong with the connections has been said.
  if (first === undefined) throw new ConfigError(faults)
  const { name: _name, accounts, ...chorus } = first
  return {
    host: settings.HOST,
    port: Number(settings.PORT),
    adminHost: settings.ADMIN_HOST,
    adminPort: Number(settings.ADMIN_PORT),
    ...place,
    restored: settings.GATEWAY_RESTORED,
    retentionDays: Number(settings.RETENTION_DAYS),
    directoryCopyHours: Number(settings.DIRECTORY_COPY_HOURS),
    auth: settings.GATEWAY_AUTH,
    access: readAccess(settings, files),
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
    connections,
    chorus: {
      ...chorus,
      ...present({ login: accounts[0]?.login, password: accounts[0]?.password }),
      timeoutMs: Number(settings.CHORUS_PRO_TIMEOUT_MS),
      trace: isOn(settings.CHORUS_PRO_TRACE)
    }
  }
}

function readConnections(settings: Settings, files: SecretFiles): ConnectionConfig[] {
  if (settings.GATEWAY_CONFIG_FILE === undefined) return [connectionOf(settings, files)]
  for (const name of ofOneConnection) {
    if (settings[name] !== undefined && settings[name] !== defaults[name]) {
      files.faults.push(`${name} and GATEWAY_CONFIG_FILE are both set: it belongs into the file`)
    }
  }
  return readConnectionFile(settings.GATEWAY_CONFIG_FILE, settings, files)
}

const defaults = Value.Default(Settings, {}) as Partial<Settings>

const isOn = (flag: string) => ['1', 'true', 'on'].includes(flag)

function expected(schema: TSchema & { description?: string; enum?: readonly string[]; minLength?: number }): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  return `${schema.description ?? ''}${schema.minLength === undefined ? '' : ` At least ${schema.minLength} characters.`}`
}
