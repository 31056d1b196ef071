import type { ChorusSettings } from '../chorus/settings.ts'
import type { Config } from '../config.ts'
import type { AccountConfig, ConnectionConfig } from '../connection-config.ts'

/** A technical account of a connection, and how Chorus Pro is reached with it. Holds secrets: never logged. */
export interface WaySettings {
  connection: Pick<ConnectionConfig, 'name' | 'environment' | 'clientSecretExpires'>
  account: Pick<AccountConfig, 'route' | 'sellers' | 'bankAccounts' | 'formerly' | 'passwordExpires'>
  chorus: ChorusSettings
}

/** Where the embedded simulator can be reached, and with what. */
export type Upstream = Pick<
  ChorusSettings,
  'apiUrl' | 'tokenUrl' | 'login' | 'password' | 'clientId' | 'clientSecret' | 'certificate' | 'extraCa'
>

/** One application, one token for all its accounts. */
export type Tokens = NonNullable<ChorusSettings['tokens']>

/** Every account of the configuration, in its order. `upstream` stands in for what the default connection lacks. */
export function waysOf(
  config: Readonly<Config>,
  log: ChorusSettings['log'],
  upstream?: Upstream,
  tokens: Tokens = new Map()
): WaySettings[] {
  return config.connections.flatMap((connection, index) => {
    const { certificate: files } = connection
    const shared = { tokens, ...(files !== undefined && { certificate: certificateOf(files) }) }
    return connection.accounts.map((account) => ({
      connection,
      account,
      chorus: { ...shared, ...settingsOf(config, connection, account, log, index === 0 ? upstream : undefined) }
    }))
  })
}

function settingsOf(
  { chorus: { timeoutMs, trace }, timeScale }: Readonly<Config>,
  connection: ConnectionConfig,
  { login, password }: AccountConfig,
  log: ChorusSettings['log'],
  upstream: Upstream | undefined
): ChorusSettings {
  const { environment, access, tokenUrl, clientId, clientSecret, extraCa, proxyUrl, noProxy } = connection
  const apiUrl = upstream?.apiUrl ?? connection.apiUrl
  if (apiUrl === undefined) throw new Error('no address of Chorus Pro')
  return {
    environment,
    access,
    timeoutMs,
    trace,
    timeScale,
    log,
    connectTimeoutMs: Math.min(15_000, timeoutMs),
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
    ...(login !== undefined && { login }),
    ...(password !== undefined && { password }),
    ...(extraCa !== undefined && { extraCa }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    ...(noProxy !== undefined && { noProxy }),
    ...(connection.sendAccountHeader !== undefined && { sendAccountHeader: connection.sendAccountHeader }),
    ...upstream,
    apiUrl
  }
}

/** PEM by its first line, whatever the name; everything else is taken for PKCS#12. */
function certificateOf({
  file,
  key,
  passphrase
}: NonNullable<ConnectionConfig['certificate']>): NonNullable<ChorusSettings['certificate']> {
  const secret = passphrase === undefined ? {} : { passphrase }
  const text = file.toString('latin1')
  if (!text.includes('-----BEGIN')) return { pkcs12: file, ...secret }
  return { cert: file.toString('utf8'), key: (key ?? file).toString('utf8'), ...secret }
}
