import { spawn } from 'node:child_process'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import { connect, createServer as createTcpServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import t, { type Test } from 'tap'
import type { ChorusClient } from '../../../src/chorus/client.ts'
import type { Evidence } from '../../../src/chorus/errors.ts'
import { readIdentity } from '../../../src/chorus/identity.ts'
import type { ChorusSettings } from '../../../src/chorus/settings.ts'
import { freePort } from '../../helpers/free-port.ts'
import { connectTo, failure, hasOpenssl, issue, leaks, listen, makePki, secrets } from './fixtures.ts'

const pki = makePki()
const { root, middle, server: own, client } = pki
const certificate = { cert: client.cert + middle.cert, key: client.key }
const noResult = '{"codeRetour":20000,"libelle":"TRA_MSG_00.015"}'
const pdf = (size: number) => ({ name: 'f.pdf', size, open: () => Buffer.alloc(size, 1) })

interface Origin {
  url: string
  port: number
  requests: { url: string; headers: IncomingMessage['headers'] }[]
}

const answer = (request: IncomingMessage, response: ServerResponse) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(noResult))
}

async function origin(t: Test, options: ServerOptions | undefined = {}, handle = answer): Promise<Origin> {
  const requests: Origin['requests'] = []
  const note = (request: IncomingMessage, response: ServerResponse) => {
    requests.push({ url: request.url ?? '', headers: request.headers })
    handle(request, response)
  }
  const tls = { cert: own.cert, key: own.key, ca: root.cert, requestCert: true, rejectUnauthorized: true, ...options }
  const server = createHttpsServer(tls, note)
  const port = await listen(t, server)
  return { url: `https://localhost:${port}/service`, port, requests }
}

/** A proxy that does with a CONNECT what it is told to; `seen` holds the heads it got. */
async function proxy(t: Test, act: (socket: Socket, head: string) => void, onAccept?: (socket: Socket) => void) {
  const seen: string[] = []
  const accepted = { count: 0 }
  const server = createTcpServer((socket) => {
    accepted.count += 1
    socket.on('error', () => {})
    onAccept?.(socket)
    let head = ''
    const read = (chunk: Buffer) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      socket.off('data', read)
      seen.push(head)
      act(socket, head)
    }
    socket.on('data', read)
  })
  const port = await listen(t, server)
  return {
    url: `http://proxyuser:${encodeURIComponent(secrets.proxyPassword)}@127.0.0.1:${port}`,
    port,
    seen,
    accepted
  }
}

const tunnel = (socket: Socket, head: string) => {
  const port = Number(/^CONNECT [^:]+:(\d+) /.exec(head)?.[1])
  const upstream = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n')
    socket.pipe(upstream).pipe(socket)
  })
  upstream.on('error', () => socket.destroy())
  socket.on('close', () => upstream.destroy())
}

const say = (text: string) => (socket: Socket) => void socket.write(text)

t.test('a client certificate, the chain included, opens the way', async (t) => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const there = await origin(t, { minVersion: version, maxVersion: version })
    const { chorus } = connectTo(t, { apiUrl: there.url, certificate, extraCa: root.cert })
    t.same(await chorus.suppliers(), [])
    const [request] = there.requests
    t.equal(request?.url, '/service/transverses/recuperer/structures/actives/fournisseur')
    t.equal(
      request?.headers.authorization,
      `Basic ${Buffer.from(`${secrets.login}:${secrets.password}`).toString('base64')}`
    )
    t.equal(request?.headers['cpro-account'], undefined)
    t.equal(request?.headers['accept-encoding'], 'identity')
    t.equal(chorus.status().connections.opened, 1)
    t.match(chorus.status().certificate, { siren: '356000000', issuer: /Test Intermediate/ })
    t.notMatch(JSON.stringify(chorus.status()), 'PRIVATE KEY')
  }
})

t.test('what is wrong with the other side’s TLS is told before a byte of HTTP', async (t) => {
  const stranger = issue('Stranger Root', { ca: true })
  const names = { names: ['localhost'] }
  const cases: [string, ServerOptions, Evidence['problem'], RegExp][] = [
    [
      'unknown authority',
      { ...signed(issue('localhost', { by: stranger, ...names })) },
      'tls-handshake-failed',
      /not valid.*CHORUS_PRO_CA_FILE/
    ],
    ['self-signed', { ...signed(issue('localhost', names)) }, 'tls-handshake-failed', /not valid \(DEPTH_ZERO/],
    [
      'wrong name',
      { ...signed(issue('other', { by: root, names: ['other.test'] })) },
      'tls-handshake-failed',
      /ERR_TLS_CERT_ALTNAME_INVALID/
    ],
    [
      'expired',
      { ...signed(issue('localhost', { by: root, ...names, days: [-9, -1] })) },
      'tls-handshake-failed',
      /CERT_HAS_EXPIRED/
    ],
    [
      'TLS 1.1',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'tls-handshake-failed',
      /No TLS connection/
    ]
  ]
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  t.teardown(() => {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
  })
  for (const [name, options, problem, message] of cases) {
    const there = await origin(t, options)
    const { chorus } = connectTo(t, { apiUrl: there.url, certificate, extraCa: root.cert })
    const error = await failure(t, chorus.suppliers())
    t.match(error.evidence, { proof: 'not-sent', problem, lane: true }, name)
    t.match(error.message, message, name)
    t.equal(there.requests.length, 0, name)
  }
  const plain = await listen(t, createHttpServer(answer))
  const error = await failure(
    t,
    connectTo(t, { apiUrl: `https://localhost:${plain}/service`, certificate }).chorus.suppliers()
  )
  t.match(error.evidence, { proof: 'not-sent', problem: 'tls-handshake-failed' })
  t.match(error.message, /does not speak TLS/)
})

const signed = ({ cert, key }: { cert: string; key: string }): ServerOptions => ({ cert, key })

t.test('nobody there, no such name, or silence', async (t) => {
  const silent = await listen(t, createTcpServer())
  const closedPort = await freePort()
  for (const [apiUrl, message] of [
    [`https://localhost:${closedPort}/service`, /ECONNREFUSED/],
    ['https://no-such-host.invalid/service', /cannot be resolved/],
    [`https://localhost:${silent}/service`, /within 1000 ms/]
  ] as const) {
    const error = await failure(t, connectTo(t, { apiUrl, certificate }).chorus.suppliers())
    t.match(error.evidence, { proof: 'not-sent', problem: 'upstream-unavailable', lane: true })
    t.match(error.message, message)
  }
})

const skip = hasOpenssl() ? false : 'openssl is not on this machine'
t.test(
  'our certificate refused: TLS 1.2 tells during the handshake, TLS 1.3 after our request',
  { skip },
  async (t) => {
    const other = issue('Other Root', { ca: true })
    const folder = t.testdir({
      'server.pem': own.cert,
      'server.key': own.key,
      'other.pem': other.cert,
      'root.pem': root.cert
    })
    const cases = [
      ['-tls1_2', 100, 'other.pem', 'client-certificate-rejected', ['not-sent']],
      ['-tls1_3', 100, 'other.pem', 'client-certificate-rejected', ['not-processed']],
      ['-tls1_3', 8_000_000, 'other.pem', 'client-certificate-rejected', ['not-processed']]
    ] as const
    for (const [version, size, ca, problem, proofs] of cases) {
      const port = await freePort()
      const args = [
        's_server',
        '-accept',
        String(port),
        '-cert',
        'server.pem',
        '-key',
        'server.key',
        '-CAfile',
        ca,
        '-no-CApath',
        '-no-CAstore'
      ]
      const child = spawn('openssl', [...args, '-Verify', '3', '-verify_return_error', '-quiet', version], {
        cwd: folder,
        stdio: 'ignore'
      })
      t.teardown(() => void child.kill())
      await untilOpen(port)
      const apiUrl = `https://localhost:${port}/service`
      const { chorus } = connectTo(t, { apiUrl, certificate, extraCa: root.cert })
      for (let turn = 0; turn < 5; turn += 1) {
        const error = await failure(t, chorus.depositPdf(pdf(size), 'none'))
        t.match(error.evidence, { problem, lane: true }, `${version} ${size}`)
        t.ok((proofs as readonly string[]).includes(error.evidence.proof), error.evidence.proof)
        t.match(error.message, /refuses our client certificate/)
      }
    }
  }
)

t.test('our certificate refused without a word: the likeliest cause is named, and proves nothing', async (t) => {
  const other = issue('Other Root', { ca: true })
  // Node's server looks at the certificate when the handshake is done, as its side sees it, and closes without an alert.
  const failureOf = async (version: 'TLSv1.2' | 'TLSv1.3', ask: (chorus: ChorusClient) => Promise<unknown>) => {
    const there = await origin(t, { ca: other.cert, minVersion: version, maxVersion: version })
    const { chorus } = connectTo(t, { apiUrl: there.url, certificate, extraCa: root.cert })
    const error = await failure(t, ask(chorus))
    t.equal(there.requests.length, 0)
    return error
  }
  const deposit = (size: number) => (chorus: ChorusClient) => chorus.depositPdf(pdf(size), 'none')
  for (const [size, proof] of [
    [100, 'unknown'],
    [8_000_000, 'not-processed']
  ] as const) {
    const error = await failureOf('TLSv1.3', deposit(size))
    t.match(error.evidence, { problem: 'client-certificate-rejected', lane: true, likely: true, proof })
    t.match(error.message, /most likely it refuses the certificate/)
  }
  const call = { operation: 'factures/soumettre', version: 'v1', method: 'POST', query: '', read: false, once: true }
  const passed = await failureOf('TLSv1.3', (chorus) => chorus.pass({ ...call, body: Buffer.from('{}') }))
  t.match(
    passed.evidence,
    { problem: 'client-certificate-rejected', likely: true },
    'so it is for a call passed through'
  )
  const early = await failureOf('TLSv1.2', deposit(100))
  t.match(early.evidence, { problem: 'upstream-unavailable', lane: true, proof: 'not-sent' })
  t.match(early.message, /during the TLS handshake .* it may refuse our client certificate/)
})

t.test('a connection that is lost is no matter of certificates where the next one stays open', async (t) => {
  const there = await origin(t, {}, (request) => void request.resume().on('end', () => request.socket.destroy()))
  const { chorus } = connectTo(t, { apiUrl: there.url, certificate, extraCa: root.cert })
  const error = await failure(t, chorus.depositPdf(pdf(100), 'none'))
  t.match(error.evidence, { problem: 'upstream-unavailable', proof: 'unknown' })
  t.notOk(error.evidence.likely)
})

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await sleep(50)
  }
}

t.test('an expired certificate is told without a connection, and the start goes on', async (t) => {
  const there = await origin(t)
  const old = issue('Old', { by: middle, days: [-30, -2] })
  const { chorus } = connectTo(t, {
    apiUrl: there.url,
    certificate: { cert: old.cert, key: old.key },
    extraCa: root.cert
  })
  const error = await failure(t, chorus.suppliers())
  t.match(error.evidence, { proof: 'not-sent', problem: 'client-certificate-expired', lane: true })
  t.match(error.message, /expired on \d{4}-\d{2}-\d{2}/)
  t.equal(chorus.status().connections.opened, 0)
  const early = connectTo(t, {
    apiUrl: there.url,
    certificate,
    extraCa: root.cert,
    now: () => readIdentity(certificate).notBefore.getTime() - 1000
  })
  t.match((await failure(t, early.chorus.suppliers())).evidence, {
    proof: 'not-sent',
    problem: 'client-certificate-rejected'
  })
})

t.test('a proxy on CONNECT: every failure has its name, within the connect time, and is tried once', async (t) => {
  const there = await origin(t)
  const ntlm =
    'HTTP/1.1 407 Denied\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n'
  const cases: [string, (socket: Socket) => void, Evidence['problem'], RegExp][] = [
    [
      '407 Basic',
      say('HTTP/1.1 407 Denied\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n'),
      'proxy-authentication-failed',
      /refuses the user name or the password/
    ],
    ['407 NTLM only', say(ntlm), 'proxy-authentication-failed', /offers only NTLM, Negotiate/],
    ['401 of tinyproxy', say('HTTP/1.0 401 Unauthorized\r\n\r\n'), 'proxy-authentication-failed', /refuses/],
    ['403', say('HTTP/1.1 403 Forbidden\r\n\r\n<html>'), 'proxy-unreachable', /403 .*must allow CONNECT to localhost:/],
    ['502', say('HTTP/1.1 502 Bad Gateway\r\n\r\n'), 'proxy-unreachable', /502/],
    [
      '503 of squid',
      say('HTTP/1.1 503 Service Unavailable\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n\r\n'),
      'proxy-unreachable',
      /503 .*ERR_DNS_FAIL/
    ],
    ['302', say('HTTP/1.1 302 Found\r\nLocation: https://login.test/\r\n\r\n'), 'proxy-unreachable', /302/],
    ['not HTTP', say('SSH-2.0-OpenSSH\r\n\r\n'), 'proxy-unreachable', /not answer CONNECT/],
    ['endless head', say(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}`), 'proxy-unreachable', /not answer CONNECT/],
    [
      'its own page under 200',
      say('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>blocked'),
      'proxy-unreachable',
      /page of its own/
    ],
    ['closes', (socket) => void socket.end(), 'proxy-unreachable', /closed the connection/],
    ['resets', (socket) => void socket.resetAndDestroy(), 'proxy-unreachable', /closed the connection/],
    ['silent', () => {}, 'proxy-unreachable', /within 1000 ms/],
    ['slow drip', drip, 'proxy-unreachable', /within 1000 ms/],
    [
      '200 then closes',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'),
      'upstream-unavailable',
      /closed the connection during the TLS handshake through the proxy/
    ],
    [
      '200 then garbage',
      later('HTTP/1.1 200 OK\r\n\r\n', '<html>blocked</html>'),
      'tls-handshake-failed',
      /does not speak TLS/
    ],
    ['200 then silence', say('HTTP/1.1 200 OK\r\n\r\n'), 'proxy-unreachable', /within 1000 ms/]
  ]
  const check = async ([name, act, problem, message]: (typeof cases)[number]) => {
    const via = await proxy(t, act)
    const { chorus } = connectTo(t, { apiUrl: there.url, certificate, extraCa: root.cert, proxyUrl: via.url })
    const start = Date.now()
    const error = await failure(t, chorus.suppliers())
    t.match(error.evidence, { proof: 'not-sent', problem, lane: true }, name)
    t.match(error.message, message, name)
    t.ok(Date.now() - start < 2500, `${name}: in time`)
    t.equal(via.accepted.count, 1, `${name}: once`)
    await sleep(100)
    t.equal(via.accepted.count, 1, `${name}: no loop`)
  }
  // A few at a time: every one of them reads all authorities anew.
  for (let start = 0; start < cases.length; start += 3) await Promise.all(cases.slice(start, start + 3).map(check))
  const closing = await proxy(
    t,
    () => {},
    (socket) => void socket.destroy()
  )
  const error = await failure(
    t,
    connectTo(t, { apiUrl: there.url, certificate, proxyUrl: closing.url }).chorus.suppliers()
  )
  t.match(error.evidence, { proof: 'not-sent', problem: 'proxy-unreachable' })
  const open = await proxy(t, say('HTTP/1.1 407 Denied\r\nProxy-Authenticate: Basic\r\n\r\n'))
  const nobody = connectTo(t, { apiUrl: there.url, certificate, proxyUrl: `http://127.0.0.1:${open.port}` })
  t.match((await failure(t, nobody.chorus.suppliers())).message, /wants a user name and a password/)
  t.notMatch(open.seen[0], /proxy-authorization/i)
  t.equal(there.requests.length, 0)
})

function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write('X'), 50)
  socket.on('close', () => clearInterval(timer))
}

const later = (first: string, second: string) => (socket: Socket) => {
  socket.write(first)
  setTimeout(() => socket.write(second), 50)
}

t.test('through a proxy with Basic; its credentials stay with it; one tunnel serves many calls', async (t) => {
  const there = await origin(t)
  const via = await proxy(t, tunnel)
  const { chorus } = connectTo(t, { apiUrl: there.url, certificate, extraCa: root.cert, proxyUrl: via.url })
  for (let call = 0; call < 5; call += 1) await chorus.suppliers()
  t.equal(via.seen.length, 1)
  const authorization = Buffer.from(`proxyuser:${secrets.proxyPassword}`).toString('base64')
  t.match(
    via.seen[0],
    `CONNECT localhost:${there.port} HTTP/1.1\r\nHost: localhost:${there.port}\r\nProxy-Authorization: Basic ${authorization}`
  )
  t.same(
    there.requests.filter(({ headers }) => 'proxy-authorization' in headers),
    []
  )
  t.equal(chorus.status().proxy, `127.0.0.1:${via.port}`)
  t.same(leaks(JSON.stringify(chorus.status())), [])

  const exempt = connectTo(t, {
    apiUrl: there.url,
    certificate,
    extraCa: root.cert,
    proxyUrl: via.url,
    noProxy: 'localhost'
  })
  await exempt.chorus.suppliers()
  t.equal(via.seen.length, 1, 'NO_PROXY goes straight')
})

t.test('an https proxy', async (t) => {
  const there = await origin(t)
  const seen: string[] = []
  const server = createTlsServer({ cert: own.cert, key: own.key }, (socket) => {
    socket.on('error', () => {})
    socket.once('data', (chunk: Buffer) => {
      seen.push(chunk.toString())
      tunnel(socket, chunk.toString())
    })
  })
  const port = await listen(t, server)
  const settings = { apiUrl: there.url, certificate, proxyUrl: `https://localhost:${port}` }
  await connectTo(t, { ...settings, extraCa: root.cert }).chorus.suppliers()
  t.equal(seen.length, 1)
  const error = await failure(t, connectTo(t, settings).chorus.suppliers())
  t.match(error.evidence, { proof: 'not-sent', problem: 'proxy-unreachable' })
  t.match(error.message, /shows no valid certificate/)
})

t.test('a proxy that opens TLS swallows the client certificate: told before anything is sent', async (t) => {
  const corporate = issue('Corp TLS Inspection CA', { ca: true })
  const inspector = issue('localhost', { by: corporate, names: ['localhost'] })
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const requests: string[] = []
    const options = { ...signed(inspector), minVersion: version, maxVersion: version }
    const inside = createHttpsServer(options, (request, response) => {
      requests.push(request.url ?? '')
      answer(request, response)
    })
    const insidePort = await listen(t, inside)
    const via = await proxy(t, (socket) => tunnel(socket, `CONNECT localhost:${insidePort} `))
    const settings: Partial<ChorusSettings> & { apiUrl: string } = {
      apiUrl: 'https://localhost:5443/service',
      extraCa: corporate.cert,
      proxyUrl: via.url
    }
    const error = await failure(t, connectTo(t, { ...settings, certificate }).chorus.depositPdf(pdf(10), 'none'))
    t.match(error.evidence, { proof: 'not-sent', problem: 'client-certificate-rejected', lane: true })
    t.match(
      error.message,
      new RegExp(
        `127.0.0.1:${via.port} \\(certificate issued by Corp TLS Inspection CA\\) opens the TLS connection.*exempted`
      )
    )
    t.same(requests, [])

    const direct = connectTo(t, {
      apiUrl: `https://localhost:${insidePort}/service`,
      extraCa: corporate.cert,
      certificate
    })
    await direct.chorus.suppliers()
    t.match(direct.logged(), 'did not ask for the client certificate', 'without a proxy it is a warning')
  }
})

t.test('a request given up before it left is never sent afterwards', async (t) => {
  const there = await origin(t)
  const waiting: (() => void)[] = []
  let ready = false
  const via = await proxy(
    t,
    (socket, head) => void (ready ? tunnel(socket, head) : waiting.push(() => tunnel(socket, head)))
  )
  const settings = { apiUrl: there.url, certificate, extraCa: root.cert, proxyUrl: via.url }
  const { chorus } = connectTo(t, { ...settings, connectTimeoutMs: 3000 })
  const stop = new AbortController()
  let left = 0
  const onSent = () => {
    left += 1
  }
  const [late, aborted] = [
    failure(t, chorus.depositPdf(pdf(10), 'none', { deadlineMs: 200, onSent })),
    failure(t, chorus.depositPdf(pdf(10), 'none', { signal: stop.signal, onSent }))
  ]
  setTimeout(() => stop.abort(), 100)
  for (const error of await Promise.all([late, aborted]))
    t.match(error.evidence, { proof: 'not-sent', problem: 'upstream-timeout', lane: false })
  ready = true
  for (const go of waiting) go()
  await sleep(400)
  t.equal(there.requests.length, 0, 'the tunnel came up, and nothing went through')
  t.equal(left, 0)
  await chorus.suppliers({ onSent })
  t.equal(there.requests.length, 1, 'the next call goes through')
  t.equal(left, 1)
})

t.test('a request that waits behind a busy connection ends at its deadline, unsent', async (t) => {
  const held: ServerResponse[] = []
  const there = await origin(t, {}, (request, response) => void request.resume().on('end', () => held.push(response)))
  const { chorus } = connectTo(t, { apiUrl: there.url, certificate, extraCa: root.cert, connections: 1 })
  const first = chorus.suppliers()
  while (held.length === 0) await sleep(10)
  const error = await failure(t, chorus.depositPdf(pdf(10), 'none', { deadlineMs: 150 }))
  t.match(error.evidence, { proof: 'not-sent', problem: 'upstream-timeout' })
  held[0]?.setHeader('content-type', 'application/json').end(noResult)
  await first
  await sleep(150)
  t.equal(there.requests.length, 1)
})

t.test('closing ends a connection that is still being made', async (t) => {
  const via = await proxy(t, () => {})
  const { chorus } = connectTo(t, {
    apiUrl: 'https://localhost:1/service',
    certificate,
    proxyUrl: via.url,
    connectTimeoutMs: 60_000,
    timeoutMs: 300
  })
  const error = failure(t, chorus.suppliers({ deadlineMs: 20_000 }))
  while (via.seen.length === 0) await sleep(10)
  await chorus.close(100)
  t.equal((await error).evidence.proof, 'not-sent')
  t.equal((await failure(t, chorus.suppliers())).evidence.proof, 'not-sent', 'and nothing is sent any more')
})
