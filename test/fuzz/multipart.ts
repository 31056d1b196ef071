import { connect } from 'node:net'
import { apiKey, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { createDice, type Dice, mutate } from './dice.ts'
import type { Watch } from './watch.ts'

const words = [
  '\r\n',
  '\n',
  '\r',
  '--b',
  '--b--',
  '\r\n\r\n',
  'Content-Disposition: form-data; name="file"; filename="a.pdf"',
  'Content-Disposition: form-data; name="__proto__"',
  "filename*=UTF-8''%ff%00",
  'Content-Type: multipart/mixed; boundary=b',
  'Content-Transfer-Encoding: base64',
  ': ',
  '\0',
  'x'.repeat(9_000),
  `X: ${'y'.repeat(81_000)}\r\n`
].map((word) => Buffer.from(word))

/** Bodies of a form, mangled, in one piece or several, over a raw socket. Returns how many were sent. */
export async function fuzzMultipart(
  g: TestGateway,
  watch: Watch,
  { seed, until, atLeast }: { seed: number; until: number; atLeast: number }
): Promise<number> {
  const pdf = makePdf()
  let sent = 0
  while (sent < atLeast || Date.now() < until) {
    const batch = Array.from({ length: 50 }, (_, index) => one(g, watch, pdf, seed + sent + index))
    await Promise.all(batch)
    sent += batch.length
  }
  return sent
}

async function one(g: TestGateway, watch: Watch, pdf: Buffer, seed: number): Promise<void> {
  const dice = createDice(seed)
  const boundary = dice.pick(['b', 'b', 'b', '"b"', 'b'.repeat(70), 'b'.repeat(300), "b'()+_,-./:=?", ''])
  const body = mutate(formOf(pdf, dice), dice, words)
  const length = dice.chance(0.8) ? body.length : Math.max(0, body.length + dice.pick([-1, 1, 1_000, -100]))
  const chunked = dice.chance(0.15)
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  const head =
    `POST /v1/invoices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\nPrefer: respond-async\r\n` +
    `Content-Type: multipart/form-data; boundary=${boundary}\r\n${framing}\r\nConnection: close\r\n\r\n`
  const whole = Buffer.concat([Buffer.from(head), chunked ? inChunks(body, dice) : body])
  const cut = dice.below(whole.length)
  const pieces = dice.chance(0.3) ? [whole.subarray(0, cut), whole.subarray(cut)] : [whole]
  const started = performance.now()
  const answer = await speak(g, pieces)
  judge(watch, `multipart seed ${seed}`, answer, performance.now() - started)
}

function formOf(pdf: Buffer, dice: Dice): Buffer {
  const part = (headers: string, content: string | Buffer) =>
    Buffer.concat([Buffer.from(`--b\r\n${headers}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')])
  const parts = [
    part('Content-Disposition: form-data; name="invoice"', JSON.stringify(goodInvoice())),
    part('Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf', pdf),
    part('Content-Disposition: form-data; name="attachments"; filename="b.csv"\r\nContent-Type: text/csv', 'a;b'),
    part('Content-Disposition: form-data; name="buyer.siret"', '12345678200051')
  ]
  const chosen = parts.filter((_, index) => index < 2 || dice.chance(0.3))
  if (dice.chance(0.2)) chosen.reverse()
  return Buffer.concat([...chosen, Buffer.from('--b--\r\n')])
}

function inChunks(body: Buffer, dice: Dice): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const size = 1 + dice.below(4_000)
    const chunk = body.subarray(at, at + size)
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'))
    at += size
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])
}

/** What came back until the connection ended, or nothing more came for two seconds. */
export function speak(g: TestGateway, pieces: Buffer[]): Promise<string> {
  const { hostname, port } = new URL(g.url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.setTimeout(1_500, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', () => resolve(answer))
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((next) => setTimeout(next, 3))
      }
    })()
  })
}

/** No answer is one as well: of a request that never ended. */
export function judge(watch: Watch, what: string, answer: string, ms: number): void {
  if (answer === '') return
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
  if (status === 0) return watch.found(what, `no HTTP: ${answer.slice(0, 100)}`)
  if (status === 100) return judge(watch, what, rest.join('\r\n\r\n'), ms)
  const type = /^content-type: (.*)$/im.exec(head)?.[1] ?? null
  // A second answer on the same connection is judged by itself.
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? Number.NaN)
  const body = rest.join('\r\n\r\n')
  const own = Number.isNaN(length) ? body : body.slice(0, length)
  watch.answered(what, { status, type, body: Buffer.from(own, 'latin1').toString('utf8'), ms })
  if (!Number.isNaN(length) && body.length > length) judge(watch, `${what} (next)`, body.slice(length), ms)
}
