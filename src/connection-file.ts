import { dirname, resolve } from 'node:path'
import { Value } from 'typebox/value'
import { present, type SecretFiles } from './config-files.ts'
import { type AccountConfig, addressesOf, type ConnectionConfig, isDay, lastDayOf } from './connection-config.ts'
import { type AccountEntry, type ConnectionEntry, ConnectionFile } from './connection-schema.ts'
import { isIban, squeezeIban } from './iban.ts'
import type { Settings } from './settings.ts'
import { JsonFault, parseStrictJson } from './strict-json.ts'

/** What the environment lends to every connection that does not say otherwise. */
type Lent = Pick<Settings, 'CHORUS_PRO_CA_FILE' | 'CHORUS_PRO_PROXY_URL' | 'HTTPS_PROXY' | 'NO_PROXY'>

/** Says what is wrong at a place of the file: a JSON pointer, never a value. */
type Blame = (pointer: string, what: string) => void

/** The connections of `GATEWAY_CONFIG_FILE`. Everything wrong is added to the faults, all at once, by JSON pointer. */
export function readConnectionFile(path: string, lent: Lent, files: SecretFiles): ConnectionConfig[] {
  const blame: Blame = (pointer, what) => void files.faults.push(`GATEWAY_CONFIG_FILE ${pointer || '/'} ${what}`)
  const bytes = files.read('GATEWAY_CONFIG_FILE', path)
  if (bytes === undefined) return []
  const content = parse(bytes, blame)
  if (!Value.Check(ConnectionFile, content)) {
    if (content !== undefined) blameShape(content, blame)
    return []
  }
  const folder = dirname(resolve(path))
  const connections = content.connections.map((entry, index) =>
    assemble(entry, { pointer: `/connections/${index}`, folder, lent, files, blame })
  )
  checkNames(connections, blame)
  checkSellers(connections, blame)
  return connections
}

function parse(bytes: Buffer, blame: Blame): unknown {
  try {
    return parseStrictJson(bytes).value
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    blame('', 'is no JSON, or names a member twice')
    return undefined
  }
}

function blameShape(content: unknown, blame: Blame): void {
  const seen = new Set<string>()
  for (const { keyword, instancePath, schemaPath, params } of Value.Errors(ConnectionFile, content)) {
    const say = (pointer: string, what: string) => {
      if (!seen.has(`${pointer} ${what}`)) blame(pointer, what)
      seen.add(`${pointer} ${what}`)
    }
    if (keyword === 'required') {
      for (const name of (params as { requiredProperties: string[] }).requiredProperties)
        say(`${instancePath}/${name}`, 'is missing')
    } else if (keyword === 'boolean') say(instancePath, 'is not known here')
    else if (keyword !== 'additionalProperties') say(instancePath, `is not valid: ${expected(schemaPath, params)}`)
  }
}

/** What the schema says at that place: its own words, or the values that it takes. */
function expected(schemaPath: string, params: unknown): string {
  const { allowedValues, type } = params as { allowedValues?: string[]; type?: string | string[] }
  if (allowedValues !== undefined) return `one of ${allowedValues.join(', ')}`
  let at: unknown = ConnectionFile
  for (const step of schemaPath.replace(/^#\/?/, '').split('/')) {
    at = step === '' ? at : (at as Record<string, unknown> | undefined)?.[decodeURIComponent(step)]
  }
  const { description } = (at ?? {}) as { description?: string }
  return description ?? `expected ${[type ?? 'something else'].flat().join(' or ')}`
}

interface Place {
  pointer: string
  folder: string
  lent: Lent
  files: SecretFiles
  blame: Blame
}

function assemble(entry: ConnectionEntry, place: Place): ConnectionConfig {
  const { pointer, files, blame, lent } = place
  const { environment, access, piste, certificate: identity } = entry
  const [usualApi, usualToken] = addressesOf(environment, access)
  const apiUrl = (entry.apiUrl ?? usualApi)?.replace(/\/+$/, '')
  const tokenUrl = entry.tokenUrl ?? usualToken
  if (apiUrl === undefined) blame(`${pointer}/apiUrl`, 'is missing: a simulator has no usual address')
  if (environment !== 'simulator' && [apiUrl, tokenUrl].some((url) => url?.startsWith('http://'))) {
    blame(`${pointer}/apiUrl`, 'must start with https:// outside the simulator, and tokenUrl too')
  }
  const path = (name: string | undefined) => (name === undefined ? undefined : resolve(place.folder, name))
  const read = (at: string, name: string | undefined) => files.read(`GATEWAY_CONFIG_FILE ${pointer}${at}`, path(name))
  const secret = (at: string, value: string | undefined, file: string | undefined) => {
    if (value !== undefined && file !== undefined)
      blame(`${pointer}${at}`, 'is there twice, with and without File: keep one')
    return value ?? files.readText(`GATEWAY_CONFIG_FILE ${pointer}${at}File`, path(file))
  }
  if (access === 'piste') {
    if (piste === undefined) blame(`${pointer}/piste`, 'is missing: access piste needs it')
    if (tokenUrl === undefined) blame(`${pointer}/tokenUrl`, 'is missing: a simulator has no usual address')
  } else if (identity === undefined && apiUrl?.startsWith('http://') !== true) {
    blame(`${pointer}/certificate`, 'is missing: access certificate needs it')
  }
  const clientId = secret('/piste/clientId', piste?.clientId, piste?.clientIdFile)
  const clientSecret = secret('/piste/clientSecret', piste?.clientSecret, piste?.clientSecretFile)
  if (piste !== undefined && access === 'piste') {
    if (piste.clientId === undefined && piste.clientIdFile === undefined)
      blame(`${pointer}/piste/clientId`, 'is missing')
    if (piste.clientSecret === undefined && piste.clientSecretFile === undefined)
      blame(`${pointer}/piste/clientSecret`, 'is missing')
  }
  checkDay(piste?.secretExpires, `${pointer}/piste/secretExpires`, blame)
  const file = read('/certificate/file', identity?.file)
  const key = read('/certificate/keyFile', identity?.keyFile)
  const passphrase = secret('/certificate/passphrase', identity?.passphrase, identity?.passphraseFile)
  const extraCa =
    entry.caFile === undefined
      ? files.read('CHORUS_PRO_CA_FILE', lent.CHORUS_PRO_CA_FILE)
      : read('/caFile', entry.caFile)
  if (extraCa?.includes('BEGIN CERTIFICATE') === false) blame(`${pointer}/caFile`, 'holds no PEM certificate')
  const ownProxy = secret('/proxyUrl', entry.proxyUrl, entry.proxyUrlFile)
  const proxyUrl = ownProxy === 'none' ? undefined : (ownProxy ?? lent.CHORUS_PRO_PROXY_URL ?? lent.HTTPS_PROXY)
  if (proxyUrl !== undefined && !URL.canParse(proxyUrl)) {
    blame(`${pointer}/proxyUrl`, 'is no URL like http://user:password@proxy:3128; percent-encode special characters')
  }
  return {
    name: entry.name,
    environment,
    access,
    ...present({
      apiUrl,
      tokenUrl,
      clientId,
      clientSecret,
      clientSecretExpires: piste?.secretExpires,
      extraCa: extraCa?.toString('utf8'),
      proxyUrl,
      noProxy: entry.noProxy ?? lent.NO_PROXY,
      sendAccountHeader: entry.accountHeader
    }),
    ...(file !== undefined && {
      certificate: { file, name: identity?.file ?? '', ...present({ key, passphrase }) }
    }),
    accounts: entry.accounts.map((account, index) => {
      const at = `/accounts/${index}`
      const login = secret(`${at}/login`, account.login, account.loginFile)
      const password = secret(`${at}/password`, account.password, account.passwordFile)
      return accountOf(account, { login, password }, entry, `${pointer}${at}`, blame)
    })
  }
}

function accountOf(
  account: AccountEntry,
  secrets: { login: string | undefined; password: string | undefined },
  { name, access, accountHeader }: ConnectionEntry,
  pointer: string,
  blame: Blame
): AccountConfig {
  if (access === 'certificate' || accountHeader !== false) {
    for (const member of ['login', 'password'] as const) {
      if (account[member] === undefined && account[`${member}File`] === undefined)
        blame(`${pointer}/${member}`, 'is missing')
    }
  }
  const { passwordSince, passwordExpires } = account
  checkDay(passwordSince, `${pointer}/passwordSince`, blame)
  checkDay(passwordExpires, `${pointer}/passwordExpires`, blame)
  const bankAccounts = Object.entries(account.bankAccounts ?? {})
  bankAccounts.forEach(([iban], index) => {
    // By its place: the IBAN itself is nobody's business in a log.
    if (!isIban(iban)) blame(`${pointer}/bankAccounts`, `has no IBAN as its member number ${index + 1}`)
  })
  return {
    route: `${name}/${account.name}`,
    ...present({
      ...secrets,
      passwordExpires:
        passwordExpires ?? (passwordSince === undefined || !isDay(passwordSince) ? undefined : lastDayOf(passwordSince))
    }),
    sellers: account.sellers ?? [],
    bankAccounts: Object.fromEntries(bankAccounts.map(([iban, label]) => [squeezeIban(iban), label])),
    formerly: account.formerly ?? []
  }
}

function checkDay(day: string | undefined, pointer: string, blame: Blame): void {
  if (day !== undefined && !isDay(day)) blame(pointer, 'is no day of the calendar')
}

/** A name means one thing: in lanes, in the ledger, and in what callers ask for. */
function checkNames(connections: ConnectionConfig[], blame: Blame): void {
  const names = new Set<string>()
  for (const [index, { name }] of connections.entries()) {
    if (names.has(name)) blame(`/connections/${index}/name`, 'is the name of another connection as well')
    names.add(name)
  }
  const routes = new Set(connections.flatMap(({ accounts }) => accounts.map(({ route }) => route)))
  const taken = new Set<string>()
  for (const [index, { environment, accounts }] of connections.entries()) {
    for (const [place, { route, formerly }] of accounts.entries()) {
      const pointer = `/connections/${index}/accounts/${place}`
      if (taken.has(route)) blame(`${pointer}/name`, 'is the name of another account of this connection as well')
      taken.add(route)
      for (const [at, former] of formerly.entries()) {
        const lane = `${environment}/${former}`
        if (routes.has(former) || taken.has(lane))
          blame(`${pointer}/formerly/${at}`, 'names what another account is, or was')
        taken.add(lane)
      }
    }
  }
}

/** In one environment one account alone sends for a seller: where an invoice went must never be a matter of chance. */
function checkSellers(connections: ConnectionConfig[], blame: Blame): void {
  const taken = new Set<string>()
  for (const [index, { environment, accounts }] of connections.entries()) {
    for (const [place, { sellers }] of accounts.entries()) {
      for (const [at, seller] of sellers.entries()) {
        const key = `${environment} ${seller}`
        if (taken.has(key)) {
          const pointer = `/connections/${index}/accounts/${place}/sellers/${at}`
          blame(pointer, `is served by another account in ${environment} already`)
        }
        taken.add(key)
      }
    }
    const others = accounts.filter(({ sellers }) => sellers.length === 0)
    if (others.length > 1)
      blame(`/connections/${index}/accounts`, 'has two accounts without sellers: which one is meant?')
  }
}
