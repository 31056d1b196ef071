import { apiKey, type TestGateway } from '../helpers/gateway.ts'
import { createDice, mutate } from './dice.ts'
import { judge, speak } from './multipart.ts'
import type { Watch } from './watch.ts'

const key = `Authorization: Bearer ${apiKey}`
const heads = [
  `GET /v1/invoices HTTP/1.1\r\nHost: x\r\n${key}\r\nConnection: close\r\n\r\n`,
  `POST /v1/invoices/validate HTTP/1.1\r\nHost: x\r\n${key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
  `GET /v1/invoices?limit=2&state=received HTTP/1.1\r\nHost: x\r\n${key}\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  `POST /v1/invoices HTTP/1.1\r\nHost: x\r\n${key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`
].map((text) => Buffer.from(text))

const words = [
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: xchunked\r\n',
  'Host: y\r\n',
  'Expect: 100-continue\r\n',
  'Upgrade: h2c\r\nConnection: Upgrade\r\n',
  'Connection: authorization\r\n',
  ' folded: 1\r\n',
  'X_Forwarded_For: 10.0.0.1\r\n',
  '%00',
  '%c0%ae',
  '//',
  ';x=1',
  'http://evil.example/',
  '\n',
  '\0',
  '0\r\n\r\n',
  'ffffffffffffffff\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'A'.repeat(20_000)
].map((word) => Buffer.from(word))

/** Requests whose lines and framing are not what they should be. Returns how many were sent. */
export async function fuzzSockets(
  g: TestGateway,
  watch: Watch,
  { seed, until, atLeast }: { seed: number; until: number; atLeast: number }
): Promise<number> {
  let sent = 0
  while (sent < atLeast || Date.now() < until) {
    const batch = Array.from({ length: 50 }, async (_, index) => {
      const dice = createDice(seed + sent + index)
      const bytes = mutate(dice.pick(heads), dice, words)
      const started = performance.now()
      judge(watch, `socket seed ${seed + sent + index}`, await speak(g, [bytes]), performance.now() - started)
    })
    await Promise.all(batch)
    sent += batch.length
  }
  return sent
}
