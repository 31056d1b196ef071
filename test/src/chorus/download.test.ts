import { createHash, randomBytes } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Asker, createAsker } from '../../../src/chorus/asker.ts'
import { createBase64Decoder } from '../../../src/chorus/base64.ts'
import { createConnector } from '../../../src/chorus/connect.ts'
import { createDispatcher } from '../../../src/chorus/dispatcher.ts'
import { createMemberFilter } from '../../../src/chorus/json-member.ts'
import { createRequester } from '../../../src/chorus/request.ts'
import { createTrust } from '../../../src/chorus/trust.ts'
import { failure, listen } from './fixtures.ts'

/** The gateway's way of asking, against a server that answers as the test says. */
async function asking(
  t: Test,
  answer: (response: ServerResponse, count: number) => void,
  { timeoutMs = 3000 }: { timeoutMs?: number } = {}
): Promise<Asker> {
  let count = 0
  const server = createServer((request, response) => {
    response.on('error', () => {})
    request.resume().on('end', () => {
      count += 1
      answer(response, count)
    })
  })
  const apiUrl = `http://127.0.0.1:${await listen(t, server)}/service`
  const log = { warn() {}, info() {}, debug() {} }
  const settings = {
    environment: 'simulator',
    access: 'certificate',
    apiUrl,
    timeoutMs,
    connectTimeoutMs: 1000,
    log
  } as const
  const connector = createConnector({
    trust: createTrust(undefined, undefined),
    proxy: undefined,
    noProxy: undefined,
    timeoutMs: 1000,
    now: Date.now,
    warn() {}
  })
  const upstream = createDispatcher(connector, settings)
  t.teardown(() => upstream.close(100))
  const { request } = createRequester({
    settings,
    upstream,
    connector,
    trace() {},
    scrub: (text) => text,
    monotonic: () => performance.now(),
    now: Date.now,
    pause: () => sleep(1)
  })
  return createAsker(request)
}

const member = 'fichierResultat'
const download = (asker: Asker, call?: { signal?: AbortSignal; deadlineMs?: number }) =>
  asker.download('factures/telecharger/groupe', {}, member, call)
const json = (response: ServerResponse, body: string, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
const small = randomBytes(1000)
const large = randomBytes(3_000_000)

t.test('a file is read wherever it stands in its answer, however it is written', async (t) => {
  const b64 = small.toString('base64')
  const answers: [string, string, Buffer][] = [
    ['last', `{"codeRetour":0,"libelle":"ok","fichierResultat":"${b64}"}`, small],
    ['first', `{"fichierResultat":"${b64}","codeRetour":0,"libelle":"ok"}`, small],
    ['between', `\ufeff {\n "codeRetour" : 0 ,\n "fichierResultat" :\n "${b64}" ,\n "libelle" : "ok" }\n`, small],
    [
      'with escaped slashes',
      `{"codeRetour":0,"libelle":"ok","fichierResultat":"${b64.replaceAll('/', '\\/')}"}`,
      small
    ],
    [
      'with line breaks, written out or not',
      `{"codeRetour":0,"libelle":"ok","fichierResultat":"${b64.replace(/(.{76})/g, '$1\\r\\n').replace(/(.{300})/g, '$1\r\n')}"}`,
      small
    ],
    ['with code points', `{"codeRetour":0,"libelle":"ok","fichierResultat":"\\u0041QQ\\u003d"}`, Buffer.from([1, 4])],
    ['null', '{"codeRetour":0,"libelle":"ok","fichierResultat":null}', Buffer.alloc(0)],
    ['empty', '{"codeRetour":0,"libelle":"ok","fichierResultat":""}', Buffer.alloc(0)],
    ['absent', '{"codeRetour":0,"libelle":"ok"}', Buffer.alloc(0)],
    [
      'beside others of that name',
      `{"codeRetour":0,"libelle":"ok","detail":[{"fichierResultat":"no"},"fichierResultat",{"a":"\\"}"}],"f\\u0069chierResultat":"${b64}"}`,
      small
    ]
  ]
  const asker = await asking(t, (response, count) => json(response, answers[count - 1]?.[1] ?? ''))
  for (const [name, , expected] of answers) {
    const { facts, content, exchange } = await download(asker)
    t.ok(expected.equals(await buffer(content)), name)
    t.match(facts, { codeRetour: '0', libelle: 'ok' })
    t.notOk(member in facts, 'the file is no fact')
    t.match(exchange, { service: 'factures/telecharger/groupe', httpStatus: 200, returnCode: 0, label: 'ok' })
  }
})

t.test('an answer without codeRetour counts when it holds the file', async (t) => {
  const asker = await asking(t, (response) => json(response, `{"fichierResultat":"${small.toString('base64')}"}`))
  t.ok(small.equals(await buffer((await download(asker)).content)))
})

t.test('a large file is given out while it comes; what stands behind it is a fact at its end', async (t) => {
  let finish = () => {}
  const asker = await asking(t, (response) => {
    const text = large.toString('base64')
    response.write(`{"codeRetour":0,"fichierResultat":"${text.slice(0, 2_000_000)}`)
    finish = () => void response.end(`${text.slice(2_000_000)}","libelle":"ok","identifiant":90071992547409931}`)
  })
  const { facts, content, exchange } = await download(asker)
  t.match(exchange, { httpStatus: 200, returnCode: 0 })
  finish()
  t.ok(large.equals(await buffer(content)))
  t.same(facts, { codeRetour: '0', libelle: 'ok', identifiant: '90071992547409931' })
})

t.test('a refusal is an error, and nothing of its file is given out', async (t) => {
  const text = large.toString('base64')
  const answers = [
    '{"codeRetour":20000,"libelle":"GDP_MSG_11.008"}',
    `{"codeRetour":20000,"libelle":"GDP_MSG_11.008","fichierResultat":"${text}"}`,
    `{"fichierResultat":"${small.toString('base64')}","codeRetour":20000,"libelle":"GDP_MSG_11.008"}`
  ]
  const asker = await asking(t, (response, count) => json(response, answers[count - 1] ?? ''))
  for (const _ of answers) {
    const { evidence } = await failure(t, download(asker))
    t.match(evidence, { proof: 'refused', problem: 'deposit-refused', exchange: { returnCode: 20000 } })
  }
})

t.test('a refusal behind a large file ends the file with the error', async (t) => {
  const asker = await asking(t, (response) =>
    json(response, `{"fichierResultat":"${large.toString('base64')}","codeRetour":20000,"libelle":"GDP_MSG_11.008"}`)
  )
  const { content } = await download(asker)
  const { evidence } = await failure(t, buffer(content))
  t.match(evidence, { proof: 'refused', exchange: { returnCode: 20000 } })
})

t.test('answers that are none, or not whole, are errors', async (t) => {
  const html = '<html><body>502 Bad Gateway</body></html>'
  const whole = `{"codeRetour":0,"fichierResultat":"${large.toString('base64')}"}`
  const answers: [string, (response: ServerResponse) => void, string][] = [
    ['a page under 200', (response) => json(response, html), 'upstream-protocol-error'],
    ['a page under 502', (response) => json(response, html, 502), 'upstream-unavailable'],
    ['a list', (response) => json(response, '[{"fichierResultat":"QUJD"}]'), 'upstream-protocol-error'],
    [
      'not base64',
      (response) => json(response, '{"codeRetour":0,"fichierResultat":"QU*D"}'),
      'upstream-protocol-error'
    ],
    [
      'half a letter',
      (response) => json(response, '{"codeRetour":0,"fichierResultat":"QUJDR"}'),
      'upstream-protocol-error'
    ],
    [
      'an object',
      (response) => json(response, '{"codeRetour":0,"fichierResultat":{"a":1}}'),
      'upstream-protocol-error'
    ],
    [
      'twice',
      (response) => json(response, '{"codeRetour":0,"fichierResultat":"QUJD","fichierResultat":"QUJD"}'),
      'upstream-protocol-error'
    ],
    ['cut without notice', (response) => json(response, whole.slice(0, 100_000)), 'upstream-protocol-error'],
    [
      'cut behind the file',
      (response) => json(response, '{"codeRetour":0,"fichierResultat":"QUJD"'),
      'upstream-protocol-error'
    ],
    ['413', (response) => json(response, '', 413), 'deposit-refused']
  ]
  const asker = await asking(t, (response, count) => answers[count - 1]?.[1](response))
  for (const [name, , problem] of answers) {
    t.equal((await failure(t, download(asker))).evidence.problem, problem, name)
  }
})

t.test('an answer that is cut, or stands still, fails: never a file that is too short', async (t) => {
  const text = large.toString('base64')
  const start = (response: ServerResponse) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length + 100) })
      .write(`{"codeRetour":0,"fichierResultat":"${text.slice(0, 3_000_000)}`)
  await t.test('cut', async (t) => {
    const asker = await asking(t, (response) => {
      start(response)
      setTimeout(() => response.destroy(), 100)
    })
    const { content } = await download(asker)
    t.equal((await failure(t, buffer(content))).evidence.problem, 'upstream-protocol-error')
  })
  await t.test('silent', async (t) => {
    const asker = await asking(t, (response) => void start(response), { timeoutMs: 300 })
    const { content } = await download(asker)
    t.equal((await failure(t, buffer(content))).evidence.problem, 'upstream-timeout')
  })
  await t.test('slow, but never silent', async (t) => {
    const asker = await asking(
      t,
      (response) => {
        let at = 3_000_000
        start(response)
        const timer = setInterval(() => {
          response.write(text.slice(at, at + 200_000))
          at += 200_000
          if (at < text.length) return
          clearInterval(timer)
          response.end(`"}${' '.repeat(100 - `{"codeRetour":0,"fichierResultat":""}`.length)}`)
        }, 100)
      },
      { timeoutMs: 350 }
    )
    const { content } = await download(asker)
    t.ok(large.equals(await buffer(content)), 'longer than the deadline in all')
  })
})

t.test('a hundred megabytes pass in little memory, at the pace of their reader', async (t) => {
  const piece = randomBytes(3 * 64 * 1024)
  const pieces = 540
  const text = piece.toString('base64')
  let written = 0
  const asker = await asking(t, (response) => {
    response.write('{"codeRetour":0,"fichierResultat":"')
    const more = () => {
      while (written < pieces) {
        written += 1
        if (!response.write(text)) return void response.once('drain', more)
      }
      response.end('","libelle":"ok"}')
    }
    more()
  })
  const { content, facts } = await download(asker)
  await sleep(300)
  t.ok(written < 60, `${written} of ${pieces} pieces were sent while nobody read`)
  const before = process.memoryUsage.rss()
  let most = 0
  let size = 0
  const hash = createHash('sha256')
  for await (const chunk of content as AsyncIterable<Buffer>) {
    hash.update(chunk)
    size += chunk.length
    most = Math.max(most, process.memoryUsage.rss() - before)
  }
  const expected = createHash('sha256')
  for (let at = 0; at < pieces; at += 1) expected.update(piece)
  t.equal(size, pieces * piece.length)
  t.equal(hash.digest('hex'), expected.digest('hex'))
  t.equal(facts['libelle'], 'ok')
  t.ok(most < 80 * 1024 * 1024, `${Math.round(most / 1024 / 1024)} MiB more at most`)
})

t.test('a reader who goes away ends the exchange', async (t) => {
  const closed = Promise.withResolvers<void>()
  const text = large.toString('base64')
  const asker = await asking(t, (response) => {
    response.on('close', () => closed.resolve())
    response.write(`{"codeRetour":0,"fichierResultat":"${text}`)
  })
  const leave = async (content: Readable) => {
    for await (const _ of content) break
  }
  await leave((await download(asker)).content)
  await closed.promise
  t.pass('the connection ended')
})

t.test('the caller’s signal ends a download that has begun', async (t) => {
  const asker = await asking(
    t,
    (response) => void response.write(`{"codeRetour":0,"fichierResultat":"${large.toString('base64')}`)
  )
  const controller = new AbortController()
  const { content } = await download(asker, { signal: controller.signal })
  controller.abort()
  await failure(t, buffer(content))
})

t.test('a broken connection is tried again as long as nothing has come', async (t) => {
  const asker = await asking(t, (response, count) =>
    count === 1 ? void response.destroy() : json(response, `{"codeRetour":0,"fichierResultat":"QUJD"}`)
  )
  t.equal((await buffer((await download(asker)).content)).toString(), 'ABC')
})

t.test('cut at any byte, the member and the rest come out the same', async (t) => {
  const source = '{"a":{"x":"\\"y\\\\"},"x":"QU\\/J\\u0044\\r\\nRA==","b":[1,"x",{"x":"z"}],"c":"é"}'
  const whole = Buffer.from(source)
  for (let cut = 1; cut < whole.length; cut += 1) {
    let text = ''
    let ends = 0
    const { take } = createMemberFilter({
      name: 'x',
      text: (piece) => {
        text += piece
      },
      end: () => {
        ends += 1
      }
    })
    const rest = Buffer.concat([take(whole.subarray(0, cut)), take(whole.subarray(cut))]).toString()
    if (text !== 'QU/JD\r\nRA==' || ends !== 1 || rest !== source.replace(/"QU[^"]*"/, '""')) {
      t.fail(`cut at ${cut}`, { text, ends, rest })
    }
  }
  const decoder = createBase64Decoder()
  const pieces = ['Q', 'UJ', '', 'DRA', '=', '\n', '=']
  t.equal(Buffer.concat([...pieces.map((piece) => decoder.push(piece)), decoder.end()]).toString(), 'ABCD')
  for (const wrong of [['QUJD='], ['QQ==', 'QQ=='], ['QQ===='], ['Q'], ['Q-_=']]) {
    t.throws(() => {
      const each = createBase64Decoder()
      for (const piece of wrong) each.push(piece)
      each.end()
    }, wrong.join())
  }
})
