import { type Static, Type } from 'typebox'

const digits = (description: string, fallback?: string) =>
  Type.String({ pattern: '^[0-9]{1,15}$', description, ...(fallback !== undefined && { default: fallback }) })
const url = (description: string) => Type.String({ pattern: '^https?://[^\\s]+$', description })
const file = (description: string) => Type.String({ minLength: 1, description })
const day = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `${description} As 2027-03-01.` })
const flag = (description: string) =>
  Type.Enum(['0', '1', 'true', 'false', 'on', 'off'], { description, default: 'off' })

/** Every environment variable that the gateway reads. Those named in `secrets` may come from a file named by `…_FILE`. */
export const Settings = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', minLength: 1, description: 'Public listener: address.' }),
  PORT: digits('Public listener: port.', '3000'),
  ADMIN_HOST: Type.String({ default: '127.0.0.1', minLength: 1, description: 'Administration listener: address.' }),
  ADMIN_PORT: digits('Administration listener: port. /metrics is here.', '3001'),
  DATA_DIR: file('Folder of the embedded store.'),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      description: 'postgres://user:password@host:5432/name: the store that several replicas share.'
    })
  ),
  DATABASE_ALLOW_UNSAFE: flag('Take a database that may lose what it confirmed (fsync or synchronous_commit off).'),
  CHORUS_PRO_ENVIRONMENT: Type.Enum(['simulator', 'qualification', 'production'], {
    default: 'simulator',
    description: 'Which Chorus Pro. `simulator` without an API URL starts one inside the process.'
  }),
  CHORUS_PRO_ACCESS: Type.Optional(Type.Enum(['piste', 'certificate'], { description: 'How we authenticate.' })),
  CHORUS_PRO_API_URL: Type.Optional(url('What stands before the domain in the API’s addresses.')),
  CHORUS_PRO_TOKEN_URL: Type.Optional(url('OAuth2 token endpoint of PISTE.')),
  CHORUS_PRO_LOGIN: Type.Optional(
    Type.String({ minLength: 1, description: 'Technical account: login, suffix included.' })
  ),
  CHORUS_PRO_PASSWORD: Type.Optional(Type.String({ minLength: 1, description: 'Technical account: password.' })),
  CHORUS_PRO_PASSWORD_EXPIRES: Type.Optional(day('Last day of the password, to be warned in time.')),
  PISTE_CLIENT_ID: Type.Optional(Type.String({ minLength: 1, description: 'PISTE application: client id.' })),
  PISTE_CLIENT_SECRET: Type.Optional(Type.String({ minLength: 1, description: 'PISTE application: secret.' })),
  PISTE_CLIENT_SECRET_EXPIRES: Type.Optional(day('Last day of the PISTE secret, to be warned in time.')),
  CHORUS_PRO_CERTIFICATE_FILE: Type.Optional(file('Client certificate: .p12, .pfx or PEM.')),
  CHORUS_PRO_CERTIFICATE_KEY_FILE: Type.Optional(file('Private key, for a PEM certificate.')),
  CHORUS_PRO_CERTIFICATE_PASSPHRASE: Type.Optional(
    Type.String({ description: 'Passphrase of the certificate or key.' })
  ),
  CHORUS_PRO_CA_FILE: Type.Optional(file('PEM authorities trusted beside the system’s.')),
  CHORUS_PRO_PROXY_URL: Type.Optional(url('Proxy; HTTPS_PROXY when absent.')),
  CHORUS_PRO_TIMEOUT_MS: digits('Deadline of one call, milliseconds.', '120000'),
  HTTPS_PROXY: Type.Optional(Type.String({ description: 'Proxy, as other programs read it.' })),
  NO_PROXY: Type.Optional(Type.String({ description: 'Hosts that are reached without the proxy.' })),
  GATEWAY_CONFIG_FILE: Type.Optional(file('JSON: several connections, each with its accounts.')),
  GATEWAY_AUTH: Type.Enum(['api-key', 'none'], { default: 'api-key', description: '`none` only on a loopback HOST.' }),
  GATEWAY_API_KEY: Type.Optional(
    Type.String({ minLength: 16, pattern: '^[\\x21-\\x7e]+$', description: 'One key with all caller scopes.' })
  ),
  ADMIN_TOKEN: Type.Optional(
    Type.String({
      minLength: 16,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'What administration asks for, as a bearer.'
    })
  ),
  TRUSTED_PROXIES: Type.Optional(
    Type.String({ minLength: 1, description: 'Proxies before us whose X-Forwarded-For is believed: 10.0.0.0/8,…' })
  ),
  OIDC_ISSUER: Type.Optional(url('Company tokens (JWT) beside keys: who issues them.')),
  OIDC_AUDIENCE: Type.Optional(
    Type.String({ minLength: 1, description: 'What these tokens are for: our name there.' })
  ),
  OIDC_JWKS_URL: Type.Optional(url('Where the issuer’s public keys are.')),
  OIDC_JWKS_FILE: Type.Optional(file('The issuer’s public keys as a file, instead.')),
  OIDC_CALLER_CLAIM: Type.String({ minLength: 1, default: 'sub', description: 'The claim that names the caller.' }),
  OIDC_SCOPES_CLAIM: Type.String({ minLength: 1, default: 'scope', description: 'The claim with its rights.' }),
  OIDC_SELLERS_CLAIM: Type.Optional(
    Type.String({ minLength: 1, description: 'The claim with its seller SIRETs; every seller when absent.' })
  ),
  GATEWAY_RESTORED: Type.Enum(['auto', 'on', 'off'], {
    default: 'auto',
    description: 'The ledger is an older copy: search before anything is sent. For one start.'
  }),
  RETENTION_DAYS: digits('Days that a finished invoice keeps its documents and texts; 0: for ever.', '90'),
  DIRECTORY_COPY_HOURS: digits(
    'Hours after which the local copy of the recipients’ directory is fetched anew; 0: no copy is fetched.',
    '24'
  ),
  GATEWAY_TIME_SCALE: Type.String({
    pattern: '^[0-9]+(\\.[0-9]+)?$',
    default: '1',
    description: 'Divides every internal waiting time, for tests.'
  }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    description: 'How much is logged.'
  }),
  SECRET_FILES_ALLOW_READABLE: flag('Secrets may stand in files that every user of this machine can read.'),
  CHORUS_PRO_TRACE: flag('Log each upstream exchange; secrets, files and what people wrote cut out.'),
  DOCUMENT_MAX_BYTES: digits('Largest file, bytes.', String(10 * 1024 * 1024)),
  INVOICE_MAX_BYTES: digits('Largest invoice with its attachments, bytes.', String(120 * 1024 * 1024)),
  ATTACHMENTS_MAX: digits('Most attachments of one invoice.', '50'),
  UPLOAD_BUDGET_BYTES: digits(
    'Bytes of uploads in memory at once; more wait in the network.',
    String(96 * 1024 * 1024)
  ),
  UPLOAD_IDLE_TIMEOUT_MS: digits('An upload that stalls for so long is dropped, milliseconds.', '20000'),
  RATE_LIMIT_PER_MINUTE: digits('Requests of one caller a minute; 0: no limit.', '6000'),
  WRONG_KEYS_PER_MINUTE: digits('Wrong keys from one address a minute before it is told to stop; 0: no limit.', '40')
})
export type Settings = Static<typeof Settings>

/** Those that may come from a file named by `…_FILE`. */
export const secrets = [
  'DATABASE_URL',
  'CHORUS_PRO_LOGIN',
  'PISTE_CLIENT_ID',
  'CHORUS_PRO_PASSWORD',
  'PISTE_CLIENT_SECRET',
  'CHORUS_PRO_CERTIFICATE_PASSPHRASE',
  'CHORUS_PRO_PROXY_URL',
  'GATEWAY_API_KEY',
  'ADMIN_TOKEN'
] as const
