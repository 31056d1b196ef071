import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectSecure, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import type { buildConnector } from 'undici'
import { ConnectError, codeOf, fromSocketError } from './connect-error.ts'
import type { Identity } from './identity.ts'
import { isExempt } from './no-proxy.ts'
import type { Trust } from './trust.ts'
import { openTunnel, type Proxy, whenReady } from './tunnel.ts'

export interface ConnectorParts {
  trust: Trust
  /** Shown to this host only. */
  identity?: { host: string; is: Identity }
  proxy?: Proxy | undefined
  noProxy?: string | undefined
  timeoutMs: number
  /** Wall clock, milliseconds: for the dates of the client certificate. */
  now: () => number
  warn: (facts: object, message: string) => void
}

/** What is known of a connection besides what undici tells. */
export interface ConnectionFacts {
  /** The TLS alert, which undici overwrites with UND_ERR_SOCKET (network brief, section 6.1). */
  alert?: string
  exchanges: number
}

/** What the other side does with a connection on which nothing is asked. */
export interface Unasked {
  /** The TLS alert that it sent. */
  alert?: string
  /** It closed the connection, and said nothing. */
  shut?: true
}

export interface Connector {
  connect: buildConnector.connector
  /** Opens a connection, asks nothing, and tells what the other side does: names the cause of a lost alert. */
  probe: (origin: URL, waitMs: number) => Promise<Unasked>
  facts: (socket: object) => ConnectionFacts | undefined
  counts: () => { opened: number; resumed: number }
  /** Ends the attempts that are under way. */
  close: () => void
}

type Target = { hostname: string; port: number; tls: boolean }

/**
 * Opens connections for undici: straight, or through a proxy by a CONNECT of our own. undici's ProxyAgent loses the
 * proxy's status and hangs on a silent one (network brief, section 4).
 */
export function createConnector(parts: ConnectorParts): Connector {
  const known = new WeakMap<object, ConnectionFacts>()
  const sessions = new Map<string, Buffer>()
  const pending = new Set<AbortController>()
  const counts = { opened: 0, resumed: 0 }
  let closed = false

  const isMutual = ({ hostname, port, tls }: Target): boolean => tls && parts.identity?.host === `${hostname}:${port}`
  const contextFor = (target: Target) => (isMutual(target) ? parts.trust.mutual() : parts.trust.plain())

  async function open(target: Target, signal: AbortSignal): Promise<Socket> {
    const { hostname, port } = target
    const mutual = isMutual(target)
    if (mutual) checkDates(parts.identity?.is, parts.now())
    const proxy = isExempt(parts.noProxy, hostname, port) ? undefined : parts.proxy
    const where = {
      host: hostname,
      tls: false,
      mutual,
      via: proxy === undefined ? '' : ` through the proxy ${proxy.label}`
    }
    const tunnel = proxy === undefined ? undefined : await openTunnel(proxy, target, parts.trust.plain, signal)
    try {
      const plain =
        tunnel ?? (await whenReady(connectPlain({ host: hostname, port, noDelay: true }), 'connect', signal))
      plain.setKeepAlive(true, 60_000)
      if (!target.tls) return note(plain)
      where.tls = true
      const secure = await handshake(plain, target, signal)
      if (mutual) checkPassage(secure, target, proxy)
      return secure
    } catch (error) {
      throw error instanceof ConnectError ? error : fromSocketError(error, where)
    }
  }

  function note<S extends Socket>(socket: S): S {
    const facts: ConnectionFacts = { exchanges: 0 }
    known.set(socket, facts)
    socket.on('error', (error) => {
      const code = codeOf(error)
      if (code.startsWith('ERR_SSL_')) facts.alert = code
    })
    counts.opened += 1
    return socket
  }

  async function handshake(plain: Socket, target: Target, signal: AbortSignal): Promise<TLSSocket> {
    const { hostname, port } = target
    const key = `${hostname}:${port}`
    const session = sessions.get(key)
    const socket = connectSecure({
      socket: plain,
      host: hostname,
      servername: isIP(hostname) === 0 ? hostname : '',
      secureContext: contextFor(target),
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
      ...(session !== undefined && { session })
    })
    socket.on('session', (fresh: Buffer) => sessions.set(key, fresh))
    try {
      await whenReady(socket, 'secureConnect', signal)
    } catch (error) {
      plain.destroy()
      sessions.delete(key)
      throw error
    }
    if (socket.isSessionReused()) counts.resumed += 1
    return note(socket)
  }

  /** Without a CertificateRequest nobody has seen our certificate (network brief, section 4.4). */
  function checkPassage(socket: TLSSocket, target: Target, proxy: Proxy | undefined): void {
    if (socket.isSessionReused() || socket.getSharedSigalgs().length > 0) return
    const chain = chainOf(socket)
    const issuer = nameOf(chain[0]?.issuer)
    const facts = { host: target.hostname, issuer, ...(proxy !== undefined && { proxy: proxy.label }) }
    if (proxy === undefined || !chain.some((certificate) => parts.trust.isExtra(certificate.raw))) {
      parts.warn(facts, 'the other side did not ask for the client certificate')
      return
    }
    socket.destroy()
    throw new ConnectError(
      'certificate-swallowed',
      `The proxy ${proxy.label} (certificate issued by ${issuer}) opens the TLS connection: the client certificate cannot pass. ` +
        `Ask for ${target.hostname} to be exempted from inspection, or use the access mode piste`
    )
  }

  function attempt(target: Target): { signal: AbortSignal; done: () => void } {
    // Made on first use: its cost is not the connection's.
    if (target.tls) contextFor(target)
    const controller = new AbortController()
    const late = () => {
      const proxied = parts.proxy !== undefined && !isExempt(parts.noProxy, target.hostname, target.port)
      const who = proxied ? `${target.hostname} through the proxy ${parts.proxy?.label}` : target.hostname
      const text = `No connection to ${who} within ${parts.timeoutMs} ms`
      controller.abort(new ConnectError(proxied ? 'proxy-unreachable' : 'timeout', text))
    }
    const timer = setTimeout(late, parts.timeoutMs)
    pending.add(controller)
    if (closed) controller.abort(new ConnectError('closing', 'The gateway is stopping'))
    return {
      signal: controller.signal,
      done: () => {
        clearTimeout(timer)
        pending.delete(controller)
      }
    }
  }

  function connect(options: buildConnector.Options, give: buildConnector.Callback): void {
    const tls = options.protocol === 'https:'
    const port = Number(options.port) || (tls ? 443 : 80)
    const target = { hostname: options.hostname, port, tls }
    const { signal, done } = attempt(target)
    void open(target, signal)
      .finally(done)
      .then(
        (socket) => queueMicrotask(() => give(null, socket)),
        (error: unknown) =>
          queueMicrotask(() => give(error instanceof Error ? error : new Error('no connection'), null))
      )
  }

  async function probe(origin: URL, waitMs: number): Promise<Unasked> {
    const tls = origin.protocol === 'https:'
    const target = {
      hostname: origin.hostname.replace(/^\[|\]$/g, ''),
      port: Number(origin.port) || (tls ? 443 : 80),
      tls
    }
    const { signal, done } = attempt(target)
    try {
      const socket = await open(target, signal).finally(done)
      let said = false
      socket.on('data', () => (said = true))
      const shut = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(resolve, waitMs, false)
        socket.once('close', () => {
          clearTimeout(timer)
          resolve(!said)
        })
      })
      socket.destroy()
      const alert = known.get(socket)?.alert
      return { ...(alert !== undefined && { alert }), ...(shut && { shut }) }
    } catch {
      return {}
    }
  }

  return {
    connect,
    probe,
    facts: (socket) => known.get(socket),
    counts: () => ({ ...counts }),
    close: () => {
      closed = true
      for (const controller of pending) controller.abort(new ConnectError('closing', 'The gateway is stopping'))
    }
  }
}

function checkDates(identity: Identity | undefined, now: number): void {
  if (identity === undefined) return
  if (now > identity.notAfter.getTime()) {
    const text = `Our client certificate (serial ${identity.serial}) expired on ${identity.notAfter.toISOString().slice(0, 10)}`
    throw new ConnectError('certificate-expired', text)
  }
  if (now < identity.notBefore.getTime()) {
    const text = `Our client certificate (serial ${identity.serial}) is not valid before ${identity.notBefore.toISOString()}`
    throw new ConnectError('certificate-refused', text)
  }
}

export function chainOf(socket: TLSSocket): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = []
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (certificate?.raw !== undefined && !chain.includes(certificate)) {
    chain.push(certificate)
    certificate = certificate.issuerCertificate
  }
  return chain
}

export const nameOf = (name: { CN?: string | string[]; O?: string | string[] } | undefined): string =>
  [name?.CN ?? name?.O ?? 'an unnamed authority']
    .flat()
    .join(' ')
    .replace(/[^\x20-\x7e\u00a0-\u024f]/g, ' ')
    .slice(0, 120)
