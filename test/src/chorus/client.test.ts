import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import type { SubmissionOrder } from '../../../src/chorus/chorus.ts'
import type { ChorusSettings } from '../../../src/chorus/settings.ts'
import { connectTo, failure, type Harness, listen, makePki, secrets } from './fixtures.ts'

interface Seen {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}
type Reply =
  | { status?: number; headers?: Record<string, string>; body?: unknown }
  | ((response: ServerResponse) => void)
type Script = (seen: Seen, count: number) => Reply | undefined

const tokenAnswer = { access_token: secrets.token, token_type: 'Bearer', expires_in: 3600, scope: 'openid' }

interface Upstream extends Harness {
  seen: Seen[]
  tokens: () => number
  calls: () => Seen[]
  connections: () => number
}

/** A Chorus Pro that answers as the script says; without a word from it, tokens are given and searches find nothing. */
async function upstream(
  t: Test,
  script: Script = () => undefined,
  settings: Partial<ChorusSettings> = {}
): Promise<Upstream> {
  const seen: Seen[] = []
  let connections = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString()
      }
      seen.push(one)
      const usual =
        one.path === '/token' ? { body: tokenAnswer } : { body: { codeRetour: 20000, libelle: 'TRA_MSG_00.015' } }
      reply(response, script(one, seen.filter(({ path }) => path === one.path).length) ?? usual)
    })
  })
  server.on('connection', () => {
    connections += 1
  })
  const url = `http://127.0.0.1:${await listen(t, server)}`
  const harness = connectTo(t, { access: 'piste', apiUrl: `${url}/cpro`, tokenUrl: `${url}/token`, ...settings })
  const isToken = ({ path }: Seen) => path === '/token'
  return {
    ...harness,
    seen,
    tokens: () => seen.filter(isToken).length,
    calls: () => seen.filter((one) => !isToken(one)),
    connections: () => connections
  }
}

function reply(response: ServerResponse, what: Reply): void {
  if (typeof what === 'function') return what(response)
  const text = typeof what.body === 'string' ? what.body : what.body === undefined ? '' : JSON.stringify(what.body)
  response.writeHead(what.status ?? 200, { 'content-type': 'application/json', ...what.headers }).end(text)
}

const bytes = Buffer.alloc(100_000, 'é')
const file = { name: 'f.pdf', size: bytes.length, open: () => bytes }
const order: SubmissionOrder = {
  mode: 'pdf',
  signed: false,
  invoice: {
    number: 'FA-1',
    issueDate: '2026-09-01',
    buyer: { siret: '12345678200051' },
    totals: { payable: '12.50' }
  },
  supplierId: '27000900',
  mainAttachment: { name: 'f.pdf', attachmentId: '9007199254740993' },
  attachments: []
}
const accepted = {
  codeRetour: 0,
  libelle: 'GCU_MSG_01_000',
  identifiantFactureCPP: 8400800,
  numeroFacture: 'FA-1',
  statutFacture: 'DEPOSEE',
  dateDepot: '2026-09-02',
  empreinteCertificatDepot: 'x'
}

t.test('PISTE: the token, the account, the paths', async (t) => {
  const there = await upstream(t, ({ path }) =>
    path.endsWith('/deposer/pdf')
      ? {
          body: '{"codeRetour":0,"libelle":"GCU_MSG_01_000","numeroFacture":"FA-1","montantHtTotal":1000.10,"pieceJointeId":9007199254740993}'
        }
      : path.endsWith('/soumettre')
        ? { body: accepted, headers: { 'x-correlationid': 'Id-0 0' } }
        : undefined
  )
  t.same(await there.chorus.depositPdf(file, 'pades'), {
    attachmentId: '9007199254740993',
    extraction: { number: 'FA-1', totals: { taxExclusive: '1000.10' } }
  })
  t.same(await there.chorus.submit(order), {
    invoiceId: '8400800',
    number: 'FA-1',
    status: { code: 'deposited', raw: 'DEPOSEE' },
    depositDate: '2026-09-02',
    depositFingerprint: 'x',
    exchange: {
      service: 'factures/soumettre',
      httpStatus: 200,
      returnCode: 0,
      label: 'GCU_MSG_01_000',
      correlationId: 'Id-0 0'
    }
  })
  const [token, deposit, submission] = there.seen
  t.same(Object.fromEntries(new URLSearchParams(token?.body)), {
    grant_type: 'client_credentials',
    client_id: secrets.clientId,
    client_secret: secrets.clientSecret,
    scope: 'openid'
  })
  t.match(deposit, {
    method: 'POST',
    path: '/cpro/factures/v1/deposer/pdf',
    headers: {
      authorization: `Bearer ${secrets.token}`,
      'cpro-account': Buffer.from(`${secrets.login}:${secrets.password}`, 'utf8').toString('base64'),
      'content-type': 'application/json;charset=utf-8',
      'accept-encoding': 'identity',
      'content-length': String(deposit?.body.length)
    }
  })
  t.same(JSON.parse(deposit?.body ?? ''), {
    nomFichier: 'f.pdf',
    formatDepot: 'PDF_SIGNE_PADES',
    fichierFacture: bytes.toString('base64')
  })
  t.match(submission?.body, '"pieceJointePrincipaleId":9007199254740993')
  t.equal(submission?.headers['transfer-encoding'], undefined)
})

t.test('the account header can be left out', async (t) => {
  const there = await upstream(t, () => undefined, { sendAccountHeader: false, login: '', password: '' })
  await there.chorus.suppliers()
  t.equal(there.calls()[0]?.headers['cpro-account'], undefined)
})

t.test('what is not configured is named, and nothing is sent', async (t) => {
  const there = await upstream(t, () => undefined, { password: '', clientSecret: '' })
  const error = await failure(t, there.chorus.suppliers())
  t.match(error.evidence, { proof: 'not-sent', problem: 'connection-not-configured', lane: true })
  t.match(error.message, 'PISTE_CLIENT_SECRET, CHORUS_PRO_PASSWORD')
  t.same(there.seen, [])
  t.same(there.chorus.status().missing, ['PISTE_CLIENT_SECRET', 'CHORUS_PRO_PASSWORD'])
})

t.test('a hundred waiting calls want one token; it is renewed early', async (t) => {
  let clock = 0
  const there = await upstream(t, () => undefined, { monotonic: () => clock + performance.now() })
  await Promise.all(Array.from({ length: 100 }, () => there.chorus.suppliers()))
  t.equal(there.tokens(), 1)
  clock += 3200_000
  await there.chorus.suppliers()
  t.equal(there.tokens(), 1)
  clock += 60_000
  await Promise.all([there.chorus.suppliers(), there.chorus.suppliers()])
  t.equal(there.tokens(), 2, 'at nine tenths of its life')
})

t.test('odd tokens', async (t) => {
  for (const [life, used] of [
    ['3600', 3000],
    [-1, 50],
    [0, 50],
    [1e12, 3000],
    [null, 200]
  ] as const) {
    let clock = 0
    const there = await upstream(
      t,
      ({ path }) =>
        path === '/token' ? { body: { access_token: 't', token_type: 'bearer', expires_in: life } } : undefined,
      {
        monotonic: () => clock + performance.now()
      }
    )
    await there.chorus.suppliers()
    clock = used * 1000
    await there.chorus.suppliers()
    t.equal(there.tokens(), 1, `${life} s: still used after ${used} s`)
    clock = 3600_000
    await there.chorus.suppliers()
    t.equal(there.tokens(), 2, `${life} s: never longer than an hour`)
  }
  for (const body of [
    {},
    { access_token: '' },
    { access_token: null },
    { access_token: 'a\r\nb' },
    { ...tokenAnswer, token_type: 'mac' },
    `{"access_token":"${'x'.repeat(1_000_000)}"}`,
    '<html>'
  ]) {
    const there = await upstream(t, ({ path }) => (path === '/token' ? { body } : undefined))
    const error = await failure(t, there.chorus.submit(order))
    t.match(error.evidence, { proof: 'not-sent', problem: 'upstream-protocol-error', lane: true })
    t.same(there.calls(), [], 'no Bearer undefined')
  }
})

t.test('invalid_client at random is tolerated; for good it is the application', async (t) => {
  const refusal = { status: 400, body: { error: 'invalid_client', error_description: secrets.clientSecret } }
  const random = await upstream(t, ({ path }, count) =>
    path === '/token' && count < 3 ? (count === 1 ? refusal : { status: 401 }) : undefined
  )
  await random.chorus.suppliers()
  t.equal(random.tokens(), 3)
  const wrong = await upstream(t, ({ path }) => (path === '/token' ? refusal : undefined))
  const errors = await Promise.all([failure(t, wrong.chorus.suppliers()), failure(t, wrong.chorus.submit(order))])
  for (const error of errors) {
    t.match(error.evidence, { proof: 'not-sent', problem: 'token-refused', lane: true })
    t.match(error.message, /400 invalid_client/)
  }
  t.equal(wrong.tokens(), 3)
  for (const [status, problem] of [
    [429, 'upstream-throttled'],
    [503, 'upstream-unavailable'],
    [302, 'upstream-protocol-error']
  ] as const) {
    const down = await upstream(t, ({ path }) =>
      path === '/token' ? { status, headers: { 'retry-after': '9', location: 'http://x.invalid/' } } : undefined
    )
    const { evidence } = await failure(t, down.chorus.suppliers())
    t.match(evidence, { proof: 'not-sent', problem, lane: true })
    t.equal(evidence.retryAfterMs, status === 302 ? undefined : 9000)
    t.equal(down.tokens(), 1)
  }
})

t.test('a call waits for the token no longer than its own deadline', async (t) => {
  const there = await upstream(t, ({ path }) =>
    path === '/token' ? (response) => void setTimeout(() => reply(response, { body: tokenAnswer }), 300) : undefined
  )
  const [short, long] = await Promise.allSettled([
    there.chorus.submit(order, { deadlineMs: 100 }),
    there.chorus.suppliers()
  ])
  t.match(short, { status: 'rejected', reason: { evidence: { proof: 'not-sent', problem: 'upstream-timeout' } } })
  t.equal(long.status, 'fulfilled')
  t.equal(there.tokens(), 1)
  await sleep(50)
  t.equal(there.calls().length, 1)
})

t.test('a revoked token is fetched once again, whatever the call', async (t) => {
  let token = 'first'
  const there = await upstream(t, ({ path, headers }) => {
    if (path === '/token') return { body: { ...tokenAnswer, access_token: token } }
    if (headers.authorization !== 'Bearer second')
      return { status: 401, headers: { 'www-authenticate': 'Bearer realm="PISTE"' } }
    return path.endsWith('soumettre') ? { body: accepted } : undefined
  })
  const first = there.chorus.suppliers()
  await sleep(5)
  token = 'second'
  await Promise.all([first, there.chorus.submit(order), there.chorus.suppliers()])
  t.equal(there.tokens(), 2)
  t.equal(there.calls().filter(({ path }) => path.endsWith('soumettre')).length <= 2, true)
})

t.test('401 on every call: two tokens in total, then it is the account', async (t) => {
  const there = await upstream(t, ({ path }) =>
    path === '/token' ? undefined : { status: 401, body: { codeRetour: 401, libelle: `Refus ${secrets.password}` } }
  )
  const error = await failure(t, there.chorus.submit(order))
  t.match(error.evidence, {
    proof: 'not-processed',
    problem: 'technical-account-rejected',
    lane: true,
    exchange: { httpStatus: 401 }
  })
  t.equal(there.tokens(), 2)
  t.equal(there.calls().length, 2)
  const unknown = await upstream(t, ({ path }) =>
    path === '/token' ? undefined : { status: 401, headers: { 'www-authenticate': 'Bearer realm="DefaultRealm"' } }
  )
  t.match((await failure(t, unknown.chorus.suppliers())).evidence, { problem: 'api-not-subscribed' })
  t.equal(unknown.tokens(), 1)
})

t.test('redirects are never followed', async (t) => {
  const other = await upstream(t)
  await other.chorus.suppliers()
  const before = other.seen.length
  const target = `http://${other.seen[0]?.headers.host}/stolen`
  for (const status of [301, 302, 307, 308]) {
    const there = await upstream(t, ({ path }) =>
      path === '/token' ? undefined : { status, headers: { location: target } }
    )
    t.match((await failure(t, there.chorus.submit(order))).evidence, {
      proof: 'unknown',
      problem: 'upstream-protocol-error'
    })
    t.equal(there.calls().length, 1)
  }
  t.equal(other.seen.length, before)
})

t.test('answers that are too large, too many, or packed', async (t) => {
  const packed = (times: number) =>
    Array.from({ length: times }).reduce<Buffer>((inside) => gzipSync(inside), Buffer.from(JSON.stringify(accepted)))
  const cases: [string, (response: ServerResponse) => void][] = [
    [
      'announced 2 GB',
      (response) =>
        void response.writeHead(200, { 'content-length': String(2 ** 31) }).write(Buffer.alloc(2_000_000, 32))
    ],
    ['endless chunks', endless],
    [
      'six encodings',
      (response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip, gzip, gzip, gzip, gzip, gzip' }).end(packed(6))
    ],
    [
      '10,000 headers',
      (response) => void response.socket?.write(`HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(10_000)}\r\n`)
    ]
  ]
  for (const [name, act] of cases) {
    const there = await upstream(t, ({ path }) => (path === '/token' ? undefined : act))
    const { evidence } = await failure(t, there.chorus.submit(order))
    t.match(evidence, { proof: 'unknown', problem: 'upstream-protocol-error' }, name)
    t.ok((evidence.excerpt ?? '').length <= 4096, name)
    t.equal(there.calls().length, 1, name)
  }
})

function endless(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

t.test('an answer for another invoice is never taken for ours', async (t) => {
  const there = await upstream(t, ({ path }) =>
    path.endsWith('soumettre') ? { body: { ...accepted, numeroFacture: 'FA-2' } } : undefined
  )
  t.match((await failure(t, there.chorus.submit(order))).evidence, { proof: 'unknown', foreignAnswer: true })
  t.match(there.logged(), 'an answer belonged to another request')
  const before = there.connections()
  await there.chorus.suppliers()
  t.equal(there.connections(), before + 1, 'its connection is not used again')
  const typed = await upstream(t, ({ path }) =>
    path.endsWith('soumettre') ? { body: { ...accepted, numeroFacture: '20260000000000000042' } } : undefined
  )
  t.match(
    await typed.chorus.submit({ ...order, mode: 'data' }),
    { number: '20260000000000000042' },
    'in mode data Chorus Pro makes the number'
  )
})

t.test('an answer nobody asked for, left on the connection, does not become the next one', async (t) => {
  const requests: number[] = []
  let connection = 0
  const ok = (number: string) => {
    const body = JSON.stringify({ ...accepted, numeroFacture: number })
    return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  }
  const server = createTcpServer((socket) => {
    connection += 1
    const mine = connection
    socket.on('data', () => {
      requests.push(mine)
      socket.write(mine === 1 ? ok('FA-1') + ok('FA-666') : ok('FA-1'))
    })
  })
  const url = `http://127.0.0.1:${await listen(t, server)}/service`
  const { chorus } = connectTo(t, { apiUrl: url })
  t.equal((await chorus.submit(order)).number, 'FA-1')
  t.equal((await chorus.submit(order)).number, 'FA-1')
  t.same(requests, [1, 2])
})

/** A raw server: `act` gets the connection once the given number of bytes has come. */
async function raw(t: Test, after: number, act: (socket: Socket) => void) {
  const counts = { connections: 0, bytes: 0 }
  const server = createTcpServer((socket) => {
    counts.connections += 1
    let bytes = 0
    let acted = false
    socket.on('data', (chunk) => {
      bytes += chunk.length
      counts.bytes += chunk.length
      if (acted || bytes < after) return
      acted = true
      act(socket)
    })
  })
  const port = await listen(t, server)
  return { counts, ...connectTo(t, { apiUrl: `http://127.0.0.1:${port}/service`, timeoutMs: 800 }) }
}

t.test('no byte of a file ever leaves with another one', async (t) => {
  const sizes = [98_400, 100_000, 150_000, 196_608, 500_000, 1_000_000]
  /** More than the system's buffers take while the peer does not read. */
  const huge = 12_000_000
  const whole = new Map<string, string>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      // Every so often slow, and now and then too early or gone.
      if (chunks.length % 40 === 1) {
        request.pause()
        setTimeout(() => request.resume(), 50)
      }
      if (
        size > 200_000 &&
        size < 2_000_000 &&
        chunks.length % 17 === 0 &&
        Number(request.headers['content-length']) < 2_000_000
      ) {
        if (chunks.length % 2 === 0) response.writeHead(413).end()
        else request.destroy()
      }
    })
    request.on('end', () => {
      const { nomFichier, fichierFacture } = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>
      whole.set(nomFichier ?? '', fichierFacture ?? '')
      response.setHeader('content-type', 'application/json')
      response.end('{"codeRetour":0,"pieceJointeId":7}')
    })
  })
  const url = `http://127.0.0.1:${await listen(t, server)}`
  const { chorus } = connectTo(t, { apiUrl: `${url}/service` })
  let sent = 0
  const lane = async (number: number) => {
    for (let n = 0; n < (number < 3 ? 3 : 15); n++) {
      const size = number < 3 ? huge : (sizes[(number + n) % sizes.length] ?? 0)
      const name = `${number}-${n}.pdf`
      const bytes = Buffer.alloc(size, `${name} `)
      sent++
      await chorus.depositPdf({ name, size, open: () => bytes }, 'none').catch(() => undefined)
      const arrived = whole.get(name)
      if (arrived !== undefined) t.ok(arrived === bytes.toString('base64'), `${name}, ${size} bytes`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, number) => lane(number)))
  t.ok(whole.size > sent / 2 && whole.size < sent, `${whole.size} of ${sent} arrived whole, the others were broken off`)
})

t.test('what a broken connection proves depends on what had left', async (t) => {
  const large = { name: 'big.pdf', size: 30_000_000, open: () => Buffer.alloc(30_000_000, 1) }
  const early = (status: string) => (socket: Socket) =>
    void socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`)
  const cut = (text: string) => (socket: Socket) => void socket.end(text)
  const half = '{"codeRetour":0,"pieceJo'
  const cases: [string, number, (socket: Socket) => void, typeof file, string, string][] = [
    [
      'closed at the headers of a small body',
      1,
      (socket) => void socket.end(),
      file,
      'unknown',
      'upstream-unavailable'
    ],
    [
      'reset in the middle of a large upload',
      100_000,
      (socket) => void socket.resetAndDestroy(),
      large,
      'not-processed',
      'upstream-unavailable'
    ],
    [
      'stalled in the middle of a large upload',
      100_000,
      (socket) => void socket.pause(),
      large,
      'not-processed',
      'upstream-timeout'
    ],
    ['413 in the middle of a large upload', 100_000, early('413 Too Large'), large, 'refused', 'deposit-refused'],
    [
      '401 in the middle of a large upload',
      100_000,
      early('401 Unauthorized'),
      large,
      'not-processed',
      'technical-account-rejected'
    ],
    [
      '503 in the middle of a large upload',
      100_000,
      early('503 Unavailable'),
      large,
      'not-processed',
      'upstream-unavailable'
    ],
    ['closed after the whole body', 133_300, (socket) => void socket.end(), file, 'unknown', 'upstream-unavailable'],
    [
      'reset after the whole body',
      133_300,
      (socket) => void socket.resetAndDestroy(),
      file,
      'unknown',
      'upstream-unavailable'
    ],
    ['silence after the whole body', 133_300, () => {}, file, 'unknown', 'upstream-timeout'],
    [
      '200 cut, with a length',
      133_300,
      cut(`HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n${half}`),
      file,
      'unknown',
      'upstream-protocol-error'
    ],
    [
      '200 cut, chunked',
      133_300,
      cut(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n18\r\n${half}\r\n`),
      file,
      'unknown',
      'upstream-protocol-error'
    ],
    [
      '200 cut, delimited by the close',
      133_300,
      cut(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${half}`),
      file,
      'unknown',
      'upstream-protocol-error'
    ],
    [
      '200 and a silent body',
      133_300,
      (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n'),
      file,
      'unknown',
      'upstream-timeout'
    ],
    ['not HTTP', 133_300, (socket) => void socket.write('HELLO\r\n\r\n'), file, 'unknown', 'upstream-protocol-error'],
    [
      'an unasked 100 Continue',
      133_300,
      (socket) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
      file,
      'unknown',
      'upstream-unavailable'
    ]
  ]
  for (const [name, after, act, sending, proof, problem] of cases) {
    const there = await raw(t, after, act)
    const { evidence } = await failure(t, there.chorus.depositPdf(sending, 'none'))
    if (name.startsWith('closed at the headers')) t.ok(['unknown', 'not-processed'].includes(evidence.proof), name)
    else t.equal(evidence.proof, proof, name)
    t.equal(evidence.problem, problem, name)
    t.equal(there.counts.connections, 1, `${name}: a write is never repeated`)
  }
})

t.test('a stored file that cannot be read is our fault, and nothing whole has left', async (t) => {
  for (const open of [
    () => Buffer.alloc(5),
    () => Readable.from([Buffer.alloc(5)], { objectMode: false }),
    () => new Readable({ read: (size) => void size, construct: (done) => done(new Error('disk')) })
  ]) {
    const there = await upstream(t)
    const { evidence } = await failure(t, there.chorus.depositPdf({ name: 'f', size: 10, open }, 'none'))
    t.match(evidence, { proof: 'not-processed', problem: 'internal', lane: false })
    t.same(there.calls(), [])
  }
  const stream = new Readable({ read() {} })
  stream.push(Buffer.alloc(100_000))
  const there = await upstream(t)
  const { evidence } = await failure(
    t,
    there.chorus.depositPdf({ name: 'f', size: 200_000, open: () => stream }, 'none', { deadlineMs: 150 })
  )
  t.match(evidence, { proof: 'not-processed', problem: 'upstream-timeout' }, 'a disk that hangs')
  t.equal(stream.destroyed, true)
})

t.test('onSent is said once, by this very request', async (t) => {
  const channel: string[] = []
  const note = (message: unknown) => void channel.push((message as { request: { path: string } }).request.path)
  subscribe('undici:client:sendHeaders', note)
  t.teardown(() => void unsubscribe('undici:client:sendHeaders', note))
  const there = await upstream(t, ({ path }) => (path.endsWith('soumettre') ? { body: accepted } : undefined))
  const sent: string[] = []
  await Promise.all([
    there.chorus.submit(order, { onSent: () => void sent.push('submit') }),
    there.chorus.suppliers({ onSent: () => void sent.push('suppliers') })
  ])
  t.same(sent.sort(), ['submit', 'suppliers'])
  t.equal(channel.filter((path) => path.endsWith('soumettre')).length, 1)
  const stop = new AbortController()
  const slow = await upstream(t, ({ path }) => (path === '/token' ? undefined : () => {}))
  const error = failure(
    t,
    slow.chorus.submit(order, { signal: stop.signal, onSent: () => void setTimeout(() => stop.abort(), 50) })
  )
  t.match(
    (await error).evidence,
    { proof: 'unknown', problem: 'upstream-timeout' },
    'an abort after it left leaves it unknown'
  )
})

t.test('reads are repeated after a broken connection, twice at most; writes never', async (t) => {
  const broken =
    (times: number): Script =>
    ({ path }, count) =>
      path !== '/token' && count <= times ? (response) => void response.socket?.destroy() : undefined
  const twice = await upstream(t, broken(2))
  t.same(await twice.chorus.suppliers(), [])
  t.equal(twice.calls().length, 3)
  const always = await upstream(t, broken(99))
  t.match((await failure(t, always.chorus.suppliers())).evidence, { proof: 'unknown', problem: 'upstream-unavailable' })
  t.equal(always.calls().length, 3)
  const write = await upstream(t, broken(99))
  t.match((await failure(t, write.chorus.submit(order))).evidence, { proof: 'unknown' })
  t.equal(write.calls().length, 1)
})

const row = (id: number) => ({
  identifiantFactureCPP: id,
  numeroFacture: `F${id}`,
  statut: 'DEPOSEE',
  montantAPayer: 10.5,
  dateFacture: '2026-09-01'
})
/** Gives pages of `size`, whatever was asked, out of `total` rows. */
const paged =
  (total: number, size: number, twist: (page: number) => object = () => ({})): Script =>
  ({ path, body }) => {
    if (!path.endsWith('rechercher/fournisseur')) return undefined
    const { rechercheFactureParFournisseur: wish } = JSON.parse(body) as {
      rechercheFactureParFournisseur: { pageResultatDemandee: number }
    }
    const page = wish.pageResultatDemandee
    const listeFactures = Array.from({ length: total }, (_, id) => row(id)).slice((page - 1) * size, page * size)
    const parametresRetour = { pageCourante: page, pages: Math.ceil(total / size), nbResultatsParPage: size, total }
    return { body: { codeRetour: 0, libelle: 'TRA_MSG_00.000', listeFactures, parametresRetour, ...twist(page) } }
  }

t.test('a search reads every page, or says that it did not', async (t) => {
  for (const [total, size] of [
    [0, 10],
    [1, 10],
    [10, 10],
    [23, 10],
    [250, 100]
  ] as const) {
    const there = await upstream(t, paged(total, size))
    const found = await there.chorus.searchIssued({ number: 'F' })
    t.equal(found.length, total)
    t.equal(there.calls().length, Math.max(1, Math.ceil(total / size)))
    t.match(JSON.parse(there.calls()[0]?.body ?? ''), {
      numeroFacture: 'F',
      rechercheFactureParFournisseur: { nbResultatsMaximum: 999_999, pageResultatDemandee: 1, nbResultatsParPage: 100 }
    })
    if (total === 23)
      t.match(found[22], { invoiceId: '22', number: 'F22', totals: { payable: '10.5' }, status: { code: 'deposited' } })
  }
  const doubts: [string, Script][] = [
    ['a row is missing', paged(23, 10, (page) => (page === 3 ? { listeFactures: [row(1)] } : {}))],
    ['a row has no id', paged(1, 10, () => ({ listeFactures: [{ numeroFacture: 'F' }] }))],
    ['a row came twice', paged(23, 10, (page) => (page === 3 ? { listeFactures: [row(1), row(2), row(3)] } : {}))],
    ['the total changed', paged(23, 10, (page) => (page === 2 ? { parametresRetour: { pages: 3, total: 24 } } : {}))],
    ['no total', paged(5, 10, () => ({ parametresRetour: { pages: 1 } }))],
    ['more rows than announced', paged(5, 10, () => ({ parametresRetour: { pages: 1, total: 2 } }))],
    ['an empty page in the middle', paged(23, 10, (page) => (page === 2 ? { listeFactures: null } : {}))],
    ['HTML', ({ path }) => (path === '/token' ? undefined : { body: '<html>' })],
    [
      'another 20000',
      ({ path }) => (path === '/token' ? undefined : { body: { codeRetour: 20000, libelle: 'GDP_MSG_11.008' } })
    ],
    ['503', ({ path }) => (path === '/token' ? undefined : { status: 503, body: '<html>' })]
  ]
  for (const [name, script] of doubts) {
    const there = await upstream(t, script)
    await failure(t, there.chorus.searchIssued({ number: 'F' }))
    t.pass(name)
  }
  let readings = 0
  const busy = paged(23, 10, (page) => {
    if (page === 1) readings++
    return page === 2 && readings < 3 ? { parametresRetour: { pages: 3, total: 24 } } : {}
  })
  const moving = await upstream(t, busy)
  t.equal((await moving.chorus.searchIssued({})).length, 23, 'what moves while it is read is read again, as a whole')
  t.equal(moving.calls().length, 2 + 2 + 3)
  const restless = await upstream(
    t,
    paged(23, 10, (page) => (page === 2 ? { parametresRetour: { pages: 3, total: 24 } } : {}))
  )
  await failure(t, restless.chorus.searchIssued({}))
  t.equal(restless.calls().length, 4 * 2, 'but not for ever')
  const filter = { supplierId: '7', buyerId: '25784152', payableFrom: '10.49', payableTo: '10.51' }
  const narrow = await upstream(t, paged(0, 10))
  await narrow.chorus.searchIssued({ ...filter, depositedFrom: '2026-09-01' })
  t.match(narrow.calls()[0]?.body, /"idFournisseur":7,/)
  t.match(JSON.parse(narrow.calls()[0]?.body ?? ''), {
    listeDestinataire: [{ idDestinataire: 25784152 }],
    montantApayerMin: 10.49,
    montantApayerMax: 10.51,
    periodeDateDepotDu: '2026-09-01'
  })
  const bare = await upstream(
    t,
    paged(1, 10, () => ({ listeFactures: row(7), parametresRetour: undefined, total: 1, pages: 1 }))
  )
  t.match(
    await bare.chorus.searchIssued({ flowNumber: 'CPP1' }),
    [{ invoiceId: '7' }],
    'a list of one as an object, the counters at the root'
  )
})

t.test('the directory', async (t) => {
  const there = await upstream(t, ({ path, body }) => {
    const asked = !body.startsWith('{') ? {} : (JSON.parse(body) as Record<string, unknown>)
    if (path.endsWith('structures/v1/rechercher')) {
      return {
        body: {
          codeRetour: 0,
          libelle: 'x',
          listeStructures: [
            {
              idStructureCPP: 25783752,
              identifiantStructure: '12345678200051',
              statut: 'ACTIVE',
              designationStructure: 'D'
            },
            { idStructureCPP: 1, identifiantStructure: 12887, statut: 'INACTIVE' }
          ]
        }
      }
    }
    if (path.endsWith('structures/v1/consulter')) {
      return {
        body: {
          codeRetour: 0,
          informationGenerales: {
            idStructureCPP: asked['idStructureCPP'],
            identifiantStructure: '12345678200051',
            raisonSocialeStructure: 'D'
          },
          parametres: { gestionNumeroEJOuCodeService: true }
        }
      }
    }
    if (path.endsWith('rechercher/services')) {
      const page = (asked['parametresRechercherServicesStructure'] as { pageResultatDemandee: number })
        .pageResultatDemandee
      return {
        body: {
          codeRetour: 0,
          listeServices: [{ idService: page, codeService: `S${page}`, estActif: page === 1 }],
          parametresRetour: { pages: 2, total: 2 }
        }
      }
    }
    if (path.endsWith('consulter/service')) {
      return {
        body: {
          codeRetour: 0,
          informationsGenerales: { codeService: 'S1', nomService: 'Un' },
          parametres: { numeroEngagement: true, dateFinValidite: '2020-12-31T00:00:00+01:00' }
        }
      }
    }
    if (path.endsWith('actives/fournisseur')) {
      return {
        body: {
          codeRetour: 0,
          listeStructures: [
            { idStructureCPP: '90071992547409931', identifiant: '93125027408770', designationStructure: 'F' }
          ],
          total: 7
        }
      }
    }
    if (path.endsWith('coordbanc/valides'))
      return {
        body: {
          codeRetour: 0,
          listeCoordonneeBancaire: [{ idCoordonneeBancaire: 144050, nomCoordonneeBancaire: 'IBAN' }]
        }
      }
    if (path.endsWith('health-check')) return { body: { statusCode: 'OK', statusCodeValue: 200 } }
    return undefined
  })
  const { chorus } = there
  t.same(await chorus.findStructures('12345678200051'), [
    { structureId: '25783752', siret: '12345678200051', name: 'D', active: true }
  ])
  t.same(await chorus.findStructures('00000000012887'), [{ structureId: '1', siret: '00000000012887', active: false }])
  t.match(await chorus.structure('9'), {
    structureId: '9',
    requirements: { serviceOrCommitment: true, serviceCode: false }
  })
  t.same(await chorus.services('9'), [
    { serviceId: '1', code: 'S1', active: true },
    { serviceId: '2', code: 'S2', active: false }
  ])
  t.same(await chorus.service('9', '1'), {
    serviceId: '1',
    code: 'S1',
    name: 'Un',
    active: false,
    commitmentNumberRequired: true,
    until: '2020-12-30T23:00:00.000Z'
  })
  t.same(await chorus.suppliers(), [{ structureId: '90071992547409931', siret: '93125027408770', name: 'F' }])
  t.same(await chorus.bankAccounts('9'), [{ bankAccountId: '144050', label: 'IBAN' }])
  await chorus.ping()
  t.match(there.calls().at(-1), { method: 'GET', path: '/cpro/transverses/v1/health-check' })
  t.match(there.chorus.status(), { lastSuccessAt: /Z$/, connections: { resumed: 0 } })
})

t.test('a structure that was found is there, whatever number of rows was announced', async (t) => {
  const body = (total: number, ...rows: object[]) => ({
    codeRetour: 0,
    listeStructures: rows,
    parametresRetour: { pages: 1, total }
  })
  const state = { idStructureCPP: 5, identifiantStructure: '11000201100044', statut: 'ACTIVE' }
  const other = { idStructureCPP: 6, identifiantStructure: '12345678200051', statut: 'ACTIVE' }
  const rightly = await upstream(t, ({ path }) => (path === '/token' ? undefined : { body: body(2, state) }))
  t.match(await rightly.chorus.findStructures('11000201100044'), [{ structureId: '5' }])
  t.equal(rightly.calls().length, 1)
  const wrongly = await upstream(t, ({ path, body: asked }) =>
    path === '/token' ? undefined : { body: body(2, ...(asked.includes('parametres') ? [] : [other])) }
  )
  await failure(t, wrongly.chorus.findStructures('11000201100044'))
})

t.test('an answer in the older French charset keeps its accents, announced or not', async (t) => {
  const text = JSON.stringify({ codeRetour: 20001, libelle: 'Pièce jointe refusée à l’étude' }).replace('’', ' ')
  for (const type of ['application/json;charset=ISO-8859-1', 'application/json']) {
    const there = await upstream(t, ({ path }) =>
      path === '/token'
        ? undefined
        : (response) => void response.writeHead(200, { 'content-type': type }).end(Buffer.from(text, 'latin1'))
    )
    const { evidence } = await failure(t, there.chorus.submit(order))
    t.match(evidence, { exchange: { label: 'Pièce jointe refusée à l étude' } })
  }
})

t.test('flows and histories', async (t) => {
  const there = await upstream(t, ({ path, body }) => {
    if (path.endsWith('deposer/flux'))
      return { body: { codeRetour: 0, libelle: 'GCU_MSG_01_000', numeroFluxDepot: 'CPP1', dateDepot: '2026-09-02' } }
    if (path.endsWith('consulterCRDetaille')) {
      return body.includes('NEW')
        ? { body: { codeRetour: 20001, libelle: 'POQ_MSG_01.003 - Flux introuvable.' } }
        : body.includes('BAD')
          ? { body: { codeRetour: 20001, libelle: 'GDP_MSG_01.001' } }
          : { body: { codeRetour: 0, etatCourantDepotFlux: 'IN_INTEGRE' } }
    }
    if (!path.endsWith('historique')) return undefined
    const page = (JSON.parse(body) as { paramRechercheHistoStatuts: { pageResultatDemandeeListeHistoStatut: number } })
      .paramRechercheHistoStatuts.pageResultatDemandeeListeHistoStatut
    return {
      body: {
        codeRetour: 0,
        historiquesDesStatuts: {
          histoStatut: [
            {
              histoStatutId: 3 - page,
              histoStatutCode: page === 1 ? 'REJETEE' : 'DEPOSEE',
              histoStatutDatePassage: `2026-09-0${3 - page} 10:00`,
              histoStatutUtilisateurNom: 'DUPONT'
            }
          ],
          pagesHistoStatut: 2
        },
        historiquesDesActionsUtilisateurs: { histoAction: { histoActionCode: 'TELECHARGEMENT_FACTURE' } }
      }
    }
  })
  t.match(await there.chorus.depositFlow(file, { syntax: 'IN_DP_E2_CII_FACTURX', signed: false }), {
    flowNumber: 'CPP1',
    depositDate: '2026-09-02',
    exchange: { httpStatus: 200 }
  })
  t.match(JSON.parse(there.calls()[0]?.body ?? ''), {
    syntaxeFlux: 'IN_DP_E2_CII_FACTURX',
    avecSignature: false,
    nomFichier: 'f.pdf'
  })
  t.equal(await there.chorus.flowReport('NEW'), undefined)
  t.match(await there.chorus.flowReport('CPP1'), { state: 'integrated', rawState: 'IN_INTEGRE' })
  t.match((await failure(t, there.chorus.flowReport('BAD'))).evidence, { proof: 'refused' })
  const history = await there.chorus.history('90071992547409931')
  t.same(
    history.statuses.map(({ code }) => code),
    ['deposited', 'rejected']
  )
  t.same(history.actions, [{ code: 'TELECHARGEMENT_FACTURE' }], 'not twice, though its page was asked for twice')
  t.notMatch(JSON.stringify(history), 'DUPONT')
  t.match(there.calls().at(-1)?.body, '"idFacture":90071992547409931')
  const attached = await upstream(t, ({ path }) =>
    path.endsWith('ajouter/fichier') ? { body: { codeRetour: 0, pieceJointeId: 5 } } : undefined
  )
  t.same(await attached.chorus.addFile({ ...file, name: 'bon.PDF' }), { attachmentId: '5' })
  t.match(JSON.parse(attached.calls()[0]?.body ?? ''), {
    pieceJointeNom: 'bon.PDF',
    pieceJointeTypeMime: 'application/pdf',
    pieceJointeExtension: 'PDF',
    pieceJointeFichier: bytes.toString('base64')
  })
})

t.test('calls in a row share a connection, over TLS too', async (t) => {
  const { root, server: own, client, middle } = makePki()
  let connections = 0
  const server = createHttpsServer(
    { cert: own.cert, key: own.key, ca: root.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      request.resume().on('end', () => reply(response, { body: { codeRetour: 0, pieceJointeId: 1 } }))
    }
  )
  server.on('secureConnection', () => {
    connections += 1
  })
  const url = `https://localhost:${await listen(t, server)}/service`
  const { chorus } = connectTo(t, {
    apiUrl: url,
    extraCa: root.cert,
    certificate: { cert: client.cert + middle.cert, key: client.key },
    trace: false
  })
  for (let call = 0; call < 200; call += 1)
    await chorus.depositPdf({ ...file, size: 20_000, open: () => bytes.subarray(0, 20_000) }, 'none')
  t.ok(connections <= 2, `${connections} connections`)
  await Promise.all(Array.from({ length: 40 }, () => chorus.depositPdf(file, 'none')))
  t.ok(connections <= 16, `${connections} connections, never more than allowed`)
})

t.test('the trace shows each exchange, without secrets and without the file', async (t) => {
  const there = await upstream(t, ({ path, body }) =>
    path === '/token' ? undefined : { status: 403, body, headers: { 'x-correlationid': 'Id-7 0', 'set-cookie': 'a=b' } }
  )
  const error = await failure(t, there.chorus.depositPdf(file, 'none'))
  const text = there.logged()
  t.match(text, 'upstream exchange')
  t.match(text, '/cpro/factures/v1/deposer/pdf')
  t.match(text, 'Id-7 0')
  t.match(text, '(100000 bytes in base64)')
  t.notMatch(text, bytes.toString('base64').slice(0, 120))
  t.notMatch(text, 'set-cookie')
  t.notMatch(`${error.message}${JSON.stringify(error.evidence)}`, bytes.toString('base64').slice(0, 120))
  const quiet = await upstream(t, () => undefined, { trace: false })
  await quiet.chorus.suppliers()
  t.equal(quiet.logged(), '')
})

t.test('closing lets what is under way finish, or ends it at its deadline', async (t) => {
  const held: ServerResponse[] = []
  const slow: Script = ({ path }) => (path.endsWith('soumettre') ? (response) => void held.push(response) : undefined)
  const there = await upstream(t, slow)
  const submitted = there.chorus.submit(order)
  while (held.length === 0) await sleep(10)
  const closed = there.chorus.close()
  await sleep(20)
  if (held[0]) reply(held[0], { body: accepted })
  t.equal((await submitted).number, 'FA-1')
  await closed
  const { evidence } = await failure(t, there.chorus.submit(order))
  t.match(evidence, { proof: 'not-sent' })

  const stuck = await upstream(t, slow)
  const error = failure(t, stuck.chorus.submit(order))
  while (held.length === 1) await sleep(10)
  await stuck.chorus.close(50)
  t.match((await error).evidence, { proof: 'unknown', problem: 'upstream-unavailable' })
})

t.test('a keep-alive connection that the other side has closed costs nothing', async (t) => {
  const requests: string[] = []
  const server = createServer({ keepAliveTimeout: 100 }, (request, response) => {
    requests.push(request.url ?? '')
    request.resume().on('end', () => reply(response, { body: accepted }))
  })
  const { chorus } = connectTo(t, { apiUrl: `http://127.0.0.1:${await listen(t, server)}/service` })
  await chorus.submit(order)
  await sleep(300)
  await chorus.submit(order)
  t.equal(requests.length, 2)
})

t.test('another way can take over under load without a failed call', async (t) => {
  const settings = { timeScale: 1 }
  const first = await upstream(
    t,
    ({ path }) => (path === '/token' ? undefined : { body: { codeRetour: 0, pieceJointeId: 1 } }),
    settings
  )
  const ways = [first.chorus]
  const url = `http://${(await first.chorus.ping(), first.seen[0]?.headers.host)}`
  let calls = 0
  let busy = true
  const work = Array.from({ length: 8 }, async () => {
    while (busy) {
      await ways.at(-1)?.depositPdf(file, 'none')
      calls += 1
    }
  })
  for (let swap = 0; swap < 4; swap += 1) {
    await sleep(60)
    const old = ways.at(-1)
    ways.push(connectTo(t, { access: 'piste', apiUrl: `${url}/cpro`, tokenUrl: `${url}/token` }).chorus)
    await old?.close()
  }
  busy = false
  await t.resolves(Promise.all(work))
  t.ok(calls > 20, `${calls} calls`)
})
