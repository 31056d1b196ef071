import type { Examination, ExaminedWay } from '../../schemas/ways-out.ts'
import { IdentityError, readIdentity } from '../chorus/identity.ts'
import type { ChorusSettings } from '../chorus/settings.ts'
import { splitPem } from '../chorus/trust.ts'
import { readProxyUrl } from '../chorus/tunnel.ts'
import { type Config, ConfigError } from '../config.ts'
import { secretsOf } from '../connection-config.ts'
import { createScrubber } from '../log.ts'
import { examineWay } from './doctor.ts'
import { type WaySettings, waysOf } from './ways.ts'

export interface BundleOptions {
  /** Reads the configuration as it is now. Throws ConfigError. */
  read: () => Readonly<Config>
  version: string
  now: () => Date
  /** Hears of every way when it is done, with whole SIRETs, for the operator's own eyes. */
  progress?: (way: ExaminedWay) => void
  /** One connection, or one account as `connection/account`; all when absent. */
  only?: string
}

/** Examines every account, one after the other, and makes the bundle of it. */
export async function makeBundle({ read, version, now, progress, only }: BundleOptions): Promise<Examination> {
  const { node, openssl } = process.versions
  const bundle: Examination = {
    madeAt: now().toISOString(),
    version,
    node,
    openssl,
    platform: `${process.platform} ${process.arch}`,
    faults: [],
    ways: []
  }
  let config: Readonly<Config>
  try {
    config = read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { ...bundle, faults: error.faults }
  }
  const scrub = createScrubber(secretsOf(config.connections))
  // The simulator inside the gateway is no way out.
  const inside = config.connections[0]?.apiUrl === undefined
  for (const way of inside ? [] : waysOf(config, silent)) {
    const { connection, account } = way
    if (only !== undefined && connection.name !== only && account.route !== only) continue
    const seen = { ...describe(way), hops: await examineWay(way) }
    const clean = scrub(JSON.stringify(seen))
    bundle.ways.push(JSON.parse(mask(clean)) as ExaminedWay)
    progress?.(JSON.parse(clean) as ExaminedWay)
  }
  return bundle
}

const silent = { debug() {}, info() {}, warn() {} }

/** A SIRET keeps its last five digits, by which its owner knows it. */
const mask = (text: string) => text.replace(/(?<!\d)\d{9}(?=\d{5}(?!\d))/g, '*********')

function describe({ connection, account, chorus }: WaySettings): Omit<ExaminedWay, 'hops'> {
  const { environment, access, apiUrl, tokenUrl, proxyUrl, noProxy, extraCa } = chorus
  const certificate = access === 'certificate' ? certificateOf(chorus) : undefined
  return {
    lane: `${environment}/${account.route}`,
    environment: connection.environment,
    access,
    api: bare(apiUrl),
    ...(tokenUrl !== undefined && access === 'piste' && { token: bare(tokenUrl) }),
    ...(proxyUrl !== undefined && { proxy: proxyOf(proxyUrl) }),
    ...(noProxy !== undefined && { noProxy }),
    authorities: splitPem(extraCa ?? '').length,
    ...(certificate !== undefined && { certificate }),
    sellers: account.sellers.length
  }
}

function certificateOf({ certificate }: ChorusSettings): ExaminedWay['certificate'] {
  if (certificate === undefined) return undefined
  try {
    const { subject, issuer, serial, notBefore, notAfter, chain } = readIdentity(certificate)
    const dates = { notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() }
    return { subject, issuer, serial, ...dates, chain: splitPem(chain).length }
  } catch (error) {
    if (error instanceof IdentityError) return { unusable: error.message }
    throw error
  }
}

function proxyOf(url: string): string {
  try {
    return readProxyUrl(url).label
  } catch {
    return 'not readable'
  }
}

/** Without user, password and query. */
function bare(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
