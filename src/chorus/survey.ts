import { lookup } from 'node:dns/promises'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectSecure, type TLSSocket } from 'node:tls'
import { ConnectError, codeOf, fromSocketError, readAlert } from './connect-error.ts'
import { type Identity, IdentityError, readIdentity } from './identity.ts'
import { isExempt } from './no-proxy.ts'
import { type Finding, type RoadHop, roadHops, Stop, type Walk } from './road.ts'
import type { ChorusSettings } from './settings.ts'
import { judgeClient, judgeServer } from './survey-certificates.ts'
import { createTrust, type Trust } from './trust.ts'
import { openTunnel, type Proxy, readProxyUrl, whenReady } from './tunnel.ts'

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

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : codeOf(error)
