import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { createDice, type Dice, mutate } from './dice.ts'

/** A Chorus Pro whose answers are damaged on their way back. */
export interface Spoiler {
  url: string
  /** Where requests are passed on to, over HTTP. */
  target: string
  /** From now on so many of a hundred answers are damaged, as the seed says. */
  damage(percent: number, seed: number): void
  /** Address and body of requests that were done and answered as if they had been refused: nobody can know better. */
  lies: string[]
  /** What was done, for whoever looks into a finding. */
  done: string[]
}

const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }
const deep = (open: string, close: string, times: number) => rawNested(`${open.repeat(times)}1${close.repeat(times)}`)
/** JSON.rawJSON takes no objects: they are put in afterwards. */
const rawNested = (text: string) => `@raw:${text}@`

const weird: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  '',
  ' ',
  'null',
  '0',
  '9007199254740993',
  rawJSON('9007199254740993123456789'),
  rawJSON('1e400'),
  rawJSON('-0'),
  rawJSON('0.0'),
  '\u0000',
  '\ud800',
  '\u2028\u202e',
  '2026-13-45',
  '31/02/2026',
  '<script>alert(1)</script>',
  'a\r\nX-Injected: 1',
  '%PDF-1.7',
  'é'.repeat(70_000),
  [],
  [[]],
  [null],
  ['x', 1, {}],
  {},
  { codeRetour: 0 },
  Array.from({ length: 2_000 }, () => ({})),
  deep('[', ']', 5_000),
  deep('{"a":', '}', 5_000)
]
const words = [
  '\u0000',
  '"codeRetour":0,',
  '{',
  '}',
  ']',
  '"',
  '\\u0000',
  '\\ud83d',
  '\ufeff',
  ',"__proto__":{"polluted":1}',
  'null',
  '1e999'
]
  .map((word) => Buffer.from(word))
  .concat([Buffer.from([0xff, 0xfe]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0xc0, 0x80])])

/** Ends with the test. */
export async function startSpoiler(t: Test): Promise<Spoiler> {
  let percent = 0
  let dice = createDice(0)
  const spoiler: Spoiler = {
    url: '',
    target: '',
    lies: [],
    done: [],
    damage(next, seed) {
      percent = next
      dice = createDice(seed)
    }
  }
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy())
  })
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const sent = Buffer.concat(chunks)
    const harm = dice.below(100) < percent
    const note = (what: string) => void spoiler.done.push(`${request.url} ${what}`)
    if (harm && dice.chance(0.3)) {
      note('nothing done')
      return turnAway(response, dice)
    }
    const { status, type, body } = await forward(spoiler.target, request, sent)
    if (!harm) {
      response.writeHead(status, { 'content-type': type }).end(body)
      return
    }
    const [spoilt, what] = spoil(body, dice)
    note(`${status} ${what}`)
    if (/"codeRetour"\s*:\s*0\b/.test(body.toString()) && tellsRefusal(spoilt))
      spoiler.lies.push(`${request.url} ${sent.toString()}`)
    deliver(response, { status, type, body: spoilt }, dice, note)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  spoiler.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return spoiler
}

interface Answer {
  status: number
  type: string
  body: Buffer
}

async function forward(target: string, { url = '', method = '', headers }: IncomingMessage, body: Buffer) {
  const wanted = ['authorization', 'cpro-account', 'content-type', 'accept']
  const passed = wanted.flatMap((name): [string, string][] => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  const init = { method, headers: passed, ...(method !== 'GET' && { body: new Uint8Array(body) }) }
  const answer = await fetch(`${target}${url}`, init)
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', body: bytes }
}

/** Some number other than 0 stands where the code does. */
const tellsRefusal = (body: Buffer) =>
  [...body.toString().matchAll(/"codeRetour"\s*:\s*"?\s*([+-]?\d[\d.eE+-]*)/g)].some(([, code]) => Number(code) !== 0)

/** Nothing was done: any answer may say so, or say nothing. */
function turnAway(response: ServerResponse, dice: Dice): void {
  const kind = dice.below(5)
  if (kind === 0) return void response.socket?.destroy()
  if (kind === 1) return void response.socket?.end(Buffer.from(Array.from({ length: 200 }, () => dice.below(256))))
  const status = dice.pick([200, 204, 301, 307, 400, 401, 403, 404, 405, 413, 415, 418, 429, 500, 502, 503, 504, 599])
  const type = dice.pick(['application/json', 'text/html', '', 'application/json; charset=utf-16', 'x'])
  const body = dice.pick([
    '',
    '{}',
    'null',
    '[]',
    '<html>Maintenance</html>',
    '{"codeRetour":',
    '"x"',
    '\u0000',
    '{"a":1}'
  ])
  const more: Record<string, string> = dice.pick<Record<string, string>>([
    {},
    { 'retry-after': '-5' },
    { 'retry-after': 'tomorrow' },
    { location: 'http://127.0.0.1:1/' },
    { 'x-correlationid': 'x'.repeat(4_000) },
    { 'www-authenticate': 'Basic realm="DefaultRealm"' }
  ])
  response.writeHead(status, { ...(type !== '' && { 'content-type': type }), ...more })
  response.end(status === 204 ? undefined : body)
}

/** Its JSON, its bytes, or both. */
function spoil(body: Buffer, dice: Dice): [Buffer, string] {
  if (dice.chance(0.25)) return [mutate(body, dice, words), 'bytes']
  if (dice.chance(0.05)) return [body.subarray(0, dice.below(body.length + 1)), 'short']
  try {
    const value = JSON.parse(body.toString(), keepDigits as (key: string, value: unknown) => unknown) as unknown
    const what = Array.from({ length: 1 + dice.below(2) }, () => spoilMember(value, dice)).join(', ')
    return [
      Buffer.from(JSON.stringify(value).replace(/"@raw:(.*?)@"/g, (_, raw: string) => raw.replaceAll('\\', ''))),
      what
    ]
  } catch {
    return [mutate(body, dice, words), 'bytes']
  }
}

const keepDigits = (_key: string, value: unknown, { source }: { source?: string }) =>
  typeof value === 'number' && source !== undefined ? rawJSON(source) : value

function spoilMember(value: unknown, dice: Dice): string {
  const places: [holder: Record<string, unknown>, key: string][] = []
  const visit = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null || 'rawJSON' in holder) return
    for (const [key, inner] of Object.entries(holder)) {
      places.push([holder as Record<string, unknown>, key])
      visit(inner)
    }
  }
  visit(value)
  if (places.length === 0) return 'nothing'
  const [holder, key] = dice.pick(places)
  const kind = dice.below(10)
  if (kind === 0) delete holder[key]
  else if (kind === 1) holder[key] = [holder[key], holder[key]]
  else if (kind === 2) holder[key] = { [key]: holder[key] }
  else holder[key] = dice.pick(weird)
  return `${key} ${kind < 3 ? ['gone', 'twice', 'nested'][kind] : JSON.stringify(holder[key])?.slice(0, 60)}`
}

/** With a status and a framing that may be wrong as well. What was done is never said to be not done. */
function deliver(response: ServerResponse, { status, type, body }: Answer, dice: Dice, note: (what: string) => void) {
  const code = dice.chance(0.1) ? dice.pick([201, 202, 206, 302, 500, 502, 503, 504]) : status
  const said = dice.chance(0.2)
    ? dice.pick(['text/html', 'application/json; charset=utf-16', 'application/xml', 'x'])
    : type
  const head = `HTTP/1.1 ${code} So\r\ncontent-type: ${said}\r\n`
  const framings: (() => void)[] = [
    () => response.socket?.end(Buffer.concat([Buffer.from(`${head}content-length: ${body.length + 9}\r\n\r\n`), body])),
    () =>
      response.socket?.end(Buffer.concat([Buffer.from(`${head}content-length: ${body.length >> 1}\r\n\r\n`), body])),
    () => response.socket?.end(Buffer.concat([Buffer.from(`${head}transfer-encoding: chunked\r\n\r\nfff\r\n`), body])),
    () => response.socket?.end(Buffer.concat([Buffer.from(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n`), body])),
    () => response.socket?.end(Buffer.concat([Buffer.from(`${head}content-encoding: gzip\r\n\r\n`), body])),
    () => response.socket?.end(Buffer.concat([Buffer.from(`${head}connection: close\r\n\r\n`), body])),
    () => response.socket?.end(`${head}content-length: 5\r\ncontent-length: 6\r\n\r\n{"a":1}`),
    () => response.socket?.destroy()
  ]
  if (dice.chance(0.25)) {
    const which = dice.below(framings.length)
    note(`framing ${which}`)
    return framings[which]?.()
  }
  response.writeHead(code, { 'content-type': said, 'content-length': body.length }).end(body)
}
