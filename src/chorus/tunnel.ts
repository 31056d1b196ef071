import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectSecure, type SecureContext } from 'node:tls'
import { failpoint } from '../failpoint.ts'
import { ConnectError, codeOf } from './connect-error.ts'

export interface Proxy {
  /** Host and port without credentials: what messages show. */
  label: string
  hostname: string
  port: number
  secure: boolean
  authorization: string | undefined
}

/** Throws without repeating the URL, which may hold a password. */
export function readProxyUrl(proxyUrl: string): Proxy {
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new TypeError('The proxy URL is not of the form http://user:password@host:port')
  }
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  const user = decode(url.username)
  return {
    label: `${url.hostname}:${port}`,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    secure,
    authorization:
      user === '' ? undefined : `Basic ${Buffer.from(`${user}:${decode(url.password)}`).toString('base64')}`
  }
}

/** A lone percent sign in a password was surely meant as one. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Resolves on `event`; on failure or abort the socket is destroyed for good. */
export function whenReady<S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      signal.removeEventListener('abort', onAbort)
      socket.off(event, onReady).off('error', onError).off('close', onClose)
      act()
    }
    const fail = (error: unknown) => settle(() => reject(destroyed(socket, error)))
    const onReady = () => settle(() => resolve(socket))
    const onError = (error: Error) => fail(error)
    const onClose = () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
    const onAbort = () => fail(signal.reason)
    socket.on('error', () => {})
    socket.once(event, onReady).once('error', onError).once('close', onClose)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

function destroyed(socket: Socket, error: unknown): unknown {
  socket.destroy()
  return error
}

/** A socket to the target through the proxy. Every failure is a ConnectError that names the proxy. */
export async function openTunnel(
  proxy: Proxy,
  target: { hostname: string; port: number },
  trust: () => SecureContext,
  signal: AbortSignal
): Promise<Socket> {
  const socket = await connectToProxy(proxy, trust, signal)
  const authority = `${isIP(target.hostname) === 6 ? `[${target.hostname}]` : target.hostname}:${target.port}`
  const authorization = proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`
  const answer = readHead(socket, proxy, signal)
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`)
  const { head, surplus } = await answer
  const failure = judge(head, surplus, proxy, authority)
  failpoint('tunnel')
  if (failure === undefined) return socket
  socket.destroy()
  throw failure
}

async function connectToProxy(proxy: Proxy, trust: () => SecureContext, signal: AbortSignal): Promise<Socket> {
  const { hostname: host, port } = proxy
  try {
    if (!proxy.secure) return await whenReady(connectPlain({ host, port, noDelay: true }), 'connect', signal)
    const options = {
      host,
      port,
      secureContext: trust(),
      servername: isIP(host) === 0 ? host : '',
      rejectUnauthorized: true
    }
    return await whenReady(connectSecure({ ...options, ALPNProtocols: ['http/1.1'] }), 'secureConnect', signal)
  } catch (error) {
    if (error instanceof ConnectError) throw error
    const code = codeOf(error)
    const what = /CERT|SIGNATURE|SSL|TLS/.test(code) ? 'shows no valid certificate' : 'cannot be reached'
    throw new ConnectError('proxy-unreachable', `The proxy ${proxy.label} ${what} (${code})`)
  }
}

const largestHead = 16 * 1024

function readHead(socket: Socket, proxy: Proxy, signal: AbortSignal): Promise<{ head: string; surplus: Buffer }> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const settle = (act: () => void) => {
      signal.removeEventListener('abort', onAbort)
      socket.off('data', onData).off('error', onEnd).off('end', onEnd).off('close', onEnd)
      socket.pause()
      act()
    }
    const fail = (error: unknown) => settle(() => reject(destroyed(socket, error)))
    const onAbort = () => fail(signal.reason)
    const onEnd = (error?: unknown) =>
      fail(
        new ConnectError(
          'proxy-unreachable',
          `The proxy ${proxy.label} closed the connection instead of opening a tunnel (${error instanceof Error ? codeOf(error) : 'end'})`
        )
      )
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (end >= 0)
        settle(() => resolve({ head: received.toString('latin1', 0, end), surplus: received.subarray(end + 4) }))
      else if (received.length > largestHead) fail(garbage(proxy))
    }
    socket.on('data', onData).once('error', onEnd).once('end', onEnd).once('close', onEnd)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

const garbage = (proxy: Proxy) =>
  new ConnectError('proxy-unreachable', `The proxy ${proxy.label} does not answer CONNECT as an HTTP proxy does`)

function judge(head: string, surplus: Buffer, proxy: Proxy, authority: string): ConnectError | undefined {
  const [first = '', ...fields] = head.split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1] ?? 0)
  if (status < 200) return garbage(proxy)
  const values = (name: string) =>
    fields
      .filter((field) => field.toLowerCase().startsWith(`${name}:`))
      .map((field) => field.slice(name.length + 1).trim())
  if (status === 407 || status === 401) {
    const schemes = values('proxy-authenticate').map((value) => value.split(/\s/)[0] ?? '')
    return new ConnectError('proxy-credentials', describeRefusal(proxy, schemes), status)
  }
  if (status >= 300) {
    const squid = printable(values('x-squid-error')[0] ?? '')
    const hint = status === 403 || status === 405 ? `: it must allow CONNECT to ${authority}` : ''
    const text = `The proxy ${proxy.label} answered ${status} to CONNECT ${authority}${squid === '' ? '' : ` (${squid})`}${hint}`
    return new ConnectError('proxy-refused', text, status)
  }
  // TLS and HTTP servers wait for the client to speak first: this is a page of the proxy's own.
  if (surplus.length > 0) {
    const text = `The proxy ${proxy.label} answered CONNECT with a page of its own instead of a tunnel`
    return new ConnectError('proxy-refused', text, status)
  }
  return undefined
}

function describeRefusal(proxy: Proxy, schemes: string[]): string {
  const offered = printable(schemes.join(', '))
  if (schemes.length > 0 && !schemes.some((scheme) => scheme.toLowerCase() === 'basic')) {
    return `The proxy ${proxy.label} offers only ${offered}; the gateway can do Basic: ask for an exemption, or put a relay that does ${offered} in between`
  }
  return proxy.authorization === undefined
    ? `The proxy ${proxy.label} wants a user name and a password: put them into CHORUS_PRO_PROXY_URL`
    : `The proxy ${proxy.label} refuses the user name or the password of CHORUS_PRO_PROXY_URL`
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, ' ').slice(0, 120)
