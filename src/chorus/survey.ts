import { lookup } from 'node:dns/promises'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectSecure, type TLSSocket } from 'node:tls'
import { chainOf, nameOf } from './connect.ts'
import { ConnectError, codeOf, fromSocketError, readAlert } from './connect-error.ts'
import { type Identity, IdentityError, readIdentity } from './identity.ts'
import { isExempt } from './no-proxy.ts'
import type { ChorusSettings } from './settings.ts'
import { createTrust, type Trust } from './trust.ts'
import { openTunnel, type Proxy, readProxyUrl, whenReady } from './tunnel.ts'

/** The way to the first byte of HTTP, in its order. */
export const roadHops = [
  'dns',
  'proxy',
  'proxy-authentication',
  'connect',
  'connection',
  'tls',
  'server-certificate',
  'client-certificate'
] as const
export type RoadHop = (typeof roadHops)[number]

export interface Finding {
  hop: RoadHop
  state: 'green' | 'red' | 'skipped'
  detail: string
  /** Red because somebody in between opens the TLS connection. */
  intercepted?: true
}

/** Ends the walk at this hop. */
class Stop extends Error {
  readonly hop: RoadHop
  readonly intercepted: boolean
  constructor(hop: RoadHop, message: string, intercepted = false) {
    super(message)
    this.hop = hop
    this.intercepted = intercepted
  }
}

interface Walk {
  settings: ChorusSettings
  target: { hostname: string; port: number; tls: boolean }
  signal: AbortSignal
  green: (hop: RoadHop, detail: string) => void
  skip: (hop: RoadHop, detail: string) => void
}

/**
 * Goes hop by hop from this machine to the API's TLS, sends no byte of HTTP to it, and says where it ends. Never throws for
 * what it finds.
 */
export async function surveyRoad(settings: ChorusSettings): Promise<Finding[]> {
  const found = new Map<RoadHop, Finding>()
  const note = (finding: Finding) => void found.set(finding.hop, finding)
  const api = new URL(settings.apiUrl)
  const tls = api.protocol === 'https:'
  const hostname = api.hostname.replace(/^\[|\]$/g, '')
  const walk: Walk = {
    settings,
    target: { hostname, port: Number(api.port) || (tls ? 443 : 80), tls },
    signal: AbortSignal.timeout(settings.connectTimeoutMs),
    green: (hop, detail) => note({ hop, state: 'green', detail }),
    skip: (hop, detail) => note({ hop, state: 'skipped', detail })
  }
  let socket: Socket | undefined
  try {
    const identity = identityOf(settings)
    const known = identity instanceof IdentityError ? undefined : identity
    const trust = createTrust(known, settings.extraCa)
    const proxy = proxyOf(settings, hostname, walk.target.port)
    socket = await reach(walk, proxy, trust)
    if (!tls) {
      for (const hop of ['tls', 'server-certificate', 'client-certificate'] as const)
        walk.skip(hop, 'The address is http.')
    } else {
      const secure = await shake(walk, socket, trust, proxy)
      socket = secure
      judgeServer(walk, secure, trust, proxy)
      await judgeClient(walk, secure, identity, trust, proxy)
    }
  } catch (error) {
    const stop = error instanceof Stop ? error : new Stop('connection', (error as Error).message)
    note({ hop: stop.hop, state: 'red', detail: stop.message, ...(stop.intercepted && { intercepted: true }) })
    for (const hop of roadHops) if (!found.has(hop)) walk.skip(hop, `Not reached: ${stop.hop} fails.`)
  } finally {
    socket?.destroy()
  }
  return roadHops.flatMap((hop) => found.get(hop) ?? [])
}

function identityOf({ access, certificate }: ChorusSettings): Identity | IdentityError | undefined {
  if (access !== 'certificate' || certificate === undefined) return undefined
  try {
    return readIdentity(certificate)
  } catch (error) {
    if (error instanceof IdentityError) return error
    throw error
  }
}

function proxyOf({ proxyUrl, noProxy }: ChorusSettings, hostname: string, port: number): Proxy | undefined {
  if (proxyUrl === undefined || isExempt(noProxy, hostname, port)) return undefined
  try {
    return readProxyUrl(proxyUrl)
  } catch (error) {
    throw new Stop('proxy', (error as Error).message)
  }
}

/** The name, and a TCP connection or a tunnel to the API. */
async function reach(walk: Walk, proxy: Proxy | undefined, trust: Trust): Promise<Socket> {
  const { target, signal } = walk
  const { hostname: host, port } = proxy ?? target
  const found = await lookup(host).catch((error: unknown) => {
    throw new Stop(
      'dns',
      `The name ${host}${proxy === undefined ? '' : ' of the proxy'} cannot be resolved (${codeOf(error)})`
    )
  })
  walk.green(
    'dns',
    `${host} is ${found.address}${proxy === undefined ? '' : '; the name of Chorus Pro is the proxy’s affair'}`
  )
  const hop = proxy === undefined ? 'connection' : 'proxy'
  const straight = await whenReady(connectPlain({ host, port, noDelay: true }), 'connect', signal).catch(
    (error: unknown) => {
      throw new Stop(hop, `${host}:${port} cannot be reached (${reasonOf(error)})`)
    }
  )
  walk.green(hop, `${host}:${port} accepts a connection`)
  if (proxy === undefined) {
    for (const none of ['proxy', 'proxy-authentication', 'connect'] as const)
      walk.skip(none, 'There is no proxy for this host.')
    return straight
  }
  straight.destroy()
  walk.skip('connection', 'The proxy connects to Chorus Pro.')
  try {
    const tunnel = await openTunnel(proxy, target, trust.plain, signal)
    const who = proxy.authorization === undefined ? 'None was asked for.' : 'User and password are accepted.'
    walk.green('proxy-authentication', who)
    walk.green('connect', `${proxy.label} opens a tunnel to ${target.hostname}:${target.port}`)
    return tunnel
  } catch (error) {
    const reason = error instanceof ConnectError ? error.reason : undefined
    const message =
      error instanceof ConnectError ? error.message : `The proxy ${proxy.label} does not answer CONNECT in time`
    if (reason === 'proxy-credentials') throw new Stop('proxy-authentication', message)
    if (reason === 'proxy-unreachable' && proxy.secure) throw new Stop('proxy', message)
    if (reason === 'proxy-refused') walk.green('proxy-authentication', 'Not refused.')
    throw new Stop('connect', message)
  }
}

/** A handshake that takes any certificate, to see which one is shown. */
async function shake(walk: Walk, socket: Socket, trust: Trust, proxy: Proxy | undefined): Promise<TLSSocket> {
  const { hostname } = walk.target
  const secure = connectSecure({
    socket,
    host: hostname,
    servername: isIP(hostname) === 0 ? hostname : '',
    secureContext: trust.mutual(),
    // Judged right below, before anything is sent.
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1']
  })
  try {
    await whenReady(secure, 'secureConnect', walk.signal)
  } catch (error) {
    socket.destroy()
    const alert = walk.settings.access === 'certificate' ? readAlert(codeOf(error)) : undefined
    const via = proxy === undefined ? '' : ` through the proxy ${proxy.label}`
    const mutual = walk.settings.access === 'certificate'
    const { message } = fromSocketError(error, { host: hostname, tls: true, mutual, via })
    if (alert === undefined) throw new Stop('tls', message)
    walk.green('tls', 'The handshake began.')
    walk.skip('server-certificate', 'The handshake ended before it could be judged.')
    throw new Stop('client-certificate', message)
  }
  walk.green('tls', `${secure.getProtocol() ?? 'TLS'}, ${secure.getCipher().name}`)
  return secure
}

const unknownAuthority = /SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/

function judgeServer(walk: Walk, secure: TLSSocket, trust: Trust, proxy: Proxy | undefined): void {
  const { hostname } = walk.target
  const chain = chainOf(secure)
  const issuer = nameOf(chain[0]?.issuer)
  if (!secure.authorized) {
    const code = codeOf(secure.authorizationError)
    const why = code === 'no code' ? String(secure.authorizationError) : code
    if (!unknownAuthority.test(why)) {
      throw new Stop(
        'server-certificate',
        `The certificate of ${hostname}, issued by "${issuer}", is not valid (${why})`
      )
    }
    const who = proxy === undefined ? 'somebody on the way' : `the proxy ${proxy.label}`
    throw new Stop(
      'server-certificate',
      `What answers for ${hostname} shows a certificate of "${issuer}", whom this machine does not know (${why}): most likely ${who} opens TLS connections to look inside`,
      true
    )
  }
  const until = new Date(chain[0]?.valid_to ?? '').toISOString().slice(0, 10)
  const added = chain.some((certificate) => trust.isExtra(certificate.raw))
  const note = added ? '; trusted through the CA file, which an intercepting proxy needs as well' : ''
  walk.green('server-certificate', `Issued by "${issuer}", valid until ${until}${note}`)
}

/** What a server says unasked after the handshake, it says within this time. */
const afterwordMs = 700

async function judgeClient(
  walk: Walk,
  secure: TLSSocket,
  identity: Identity | IdentityError | undefined,
  trust: Trust,
  proxy: Proxy | undefined
): Promise<void> {
  const { hostname } = walk.target
  if (walk.settings.access !== 'certificate') return walk.skip('client-certificate', 'PISTE needs none.')
  if (identity === undefined) throw new Stop('client-certificate', 'No client certificate is configured')
  if (identity instanceof IdentityError) throw new Stop('client-certificate', identity.message)
  const now = (walk.settings.now ?? Date.now)()
  const day = (date: Date) => date.toISOString().slice(0, 10)
  if (now > identity.notAfter.getTime())
    throw new Stop('client-certificate', `Our client certificate expired on ${day(identity.notAfter)}`)
  if (now < identity.notBefore.getTime())
    throw new Stop('client-certificate', `Our client certificate is not valid before ${day(identity.notBefore)}`)
  const asked = secure.isSessionReused() || secure.getSharedSigalgs().length > 0
  const chain = chainOf(secure)
  if (!asked && proxy !== undefined && chain.some((certificate) => trust.isExtra(certificate.raw))) {
    throw new Stop(
      'client-certificate',
      `The proxy ${proxy.label} opens the TLS connection (its certificate is issued by "${nameOf(chain[0]?.issuer)}"): a client certificate cannot pass it`,
      true
    )
  }
  const code = await afterword(secure)
  if (code !== undefined)
    throw new Stop('client-certificate', `${hostname} hangs up when it sees our client certificate (${code})`)
  const whole = identity.hasIssuer
    ? ''
    : '; the certificate that issued it is not in the file, and some servers ask for it'
  walk.green(
    'client-certificate',
    `${identity.subject}, until ${day(identity.notAfter)}${asked ? '' : '; it was not asked for'}${whole}`
  )
}

/** With TLS 1.3 a server refuses our certificate after the handshake. Undefined: it stays calm. */
async function afterword(secure: TLSSocket): Promise<string | undefined> {
  let alert: string | undefined
  secure.on('error', (error) => {
    alert = codeOf(error)
  })
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), afterwordMs)
    secure.once('close', () => {
      clearTimeout(timer)
      resolve(alert ?? 'closed')
    })
    secure.resume()
  })
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : codeOf(error)
