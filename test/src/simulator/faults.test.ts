import { mkdtempSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Body, type Client, pdf, start, token } from './client.ts'

const submitOnly = 'factures/soumettre'

/** Did the platform take the number? */
const held = ({ simulator }: Client, number: string): boolean =>
  simulator.control.invoices().some((one) => one.number === number)
const last = ({ simulator }: Client) => simulator.control.ledger().arrivals.at(-1)

t.test('answers that are lost: the invoice is in, or it is not, and the ledger knows', async (t) => {
  const client = await start(t)
  const { simulator, submit } = client
  const cases: [string, Body, boolean, string][] = [
    ['accepted, answer dropped', { kind: 'drop-answer' }, true, 'dropped'],
    ['dropped before', { kind: 'drop-before' }, false, 'dropped'],
    ['reset before', { kind: 'reset' }, false, 'reset'],
    ['reset after', { kind: 'reset', processed: true }, true, 'reset'],
    ['cut', { kind: 'cut', at: 25 }, true, 'cut'],
    ['cut at once', { kind: 'cut', at: 0 }, true, 'cut'],
    ['cut in chunks', { kind: 'cut', framing: 'chunked' }, true, 'cut']
  ]
  for (const [label, rule, accepted, answer] of cases) {
    const number = `N-${label.replaceAll(/[^a-z]/g, '').slice(0, 15)}`
    simulator.control.setFaults([{ operation: submitOnly, ...rule } as never])
    await t.rejects(submit(number), label)
    t.equal(held(client, number), accepted, label)
    t.match(
      last(client),
      { operation: submitOnly, number, processed: accepted, accepted, answer, fault: rule.kind },
      label
    )
  }
  simulator.control.setFaults([{ operation: submitOnly, kind: 'cut', at: 25, framing: 'close' }])
  const half = await submit('N-close')
  t.match(half, { status: 200, text: /^.{25}$/ }, 'a close-delimited answer is cut without an error')
  t.ok(held(client, 'N-close'))
})

t.test('answers that are not the service’s', async (t) => {
  const client = await start(t)
  const { simulator, call } = client
  const cases: [Body, Body][] = [
    [{ kind: 'maintenance' }, { status: 503, headers: { 'content-type': /html/ }, text: /<html/ }],
    [
      { kind: 'throttle', retryAfterS: 7 },
      { status: 429, headers: { 'retry-after': '7' } }
    ],
    [
      { kind: 'throttle', dated: true },
      { status: 429, headers: { 'retry-after': / GMT$/ } }
    ],
    [{ kind: 'unauthorized' }, { status: 401, headers: { 'www-authenticate': 'Bearer realm="PISTE"' } }],
    [{ kind: 'expired-password' }, { status: 401 }],
    [{ kind: 'forbidden' }, { status: 403, text: '{}' }],
    [
      { kind: 'forbidden', shape: 'none' },
      { status: 403, text: '' }
    ],
    [
      { kind: 'forbidden', shape: 'echo' },
      { status: 403, body: { codeLangue: 'fr' } }
    ],
    [
      { kind: 'status', status: 502 },
      { status: 502, text: '' }
    ],
    [
      { kind: 'status', status: 500, body: { codeRetour: 0 }, headers: { 'x-a': 'b' } },
      { status: 500, body: { codeRetour: 0 }, headers: { 'x-a': 'b' } }
    ],
    [
      { kind: 'error-code', codeRetour: 20042 },
      { status: 200, body: { codeRetour: 20042 } }
    ],
    [{ kind: 'html' }, { status: 200, headers: { 'content-type': /html/ } }],
    [{ kind: 'empty-object' }, { status: 200, text: '{}' }],
    [{ kind: 'empty' }, { status: 200, text: '' }],
    [{ kind: 'not-json' }, { status: 200, text: /"libe$/ }],
    [
      { kind: 'redirect', location: 'https://ailleurs.example/' },
      { status: 307, headers: { location: 'https://ailleurs.example/' } }
    ],
    [
      { kind: 'amend', set: { libelle: 'AUTRE' }, remove: ['listeTauxTva'] },
      { status: 200, text: '{"codeRetour":0,"libelle":"AUTRE"}' }
    ]
  ]
  for (const [rule, expected] of cases) {
    simulator.control.setFaults([{ operation: 'transverses/recuperer/tauxtva', ...rule } as never])
    t.match(await call('transverses/recuperer/tauxtva', { codeLangue: 'fr' }), expected, JSON.stringify(rule))
    t.match((await call('transverses/recuperer/tauxtva')).body, { codeRetour: 0 }, 'once only')
  }
  simulator.control.setFaults([{ operation: '.*', kind: 'huge', bytes: 2_000_000 }])
  t.ok((await call('transverses/recuperer/tauxtva')).text.length > 2_000_000)
})

t.test('a 504 may come with or without the work done; a wrong echo always with', async (t) => {
  const client = await start(t)
  const { simulator, submit } = client
  simulator.control.setFaults([{ operation: submitOnly, kind: 'status', status: 504 }])
  t.equal((await submit('G-1')).status, 504)
  t.equal(held(client, 'G-1'), false)
  simulator.control.setFaults([{ operation: submitOnly, kind: 'status', status: 504, processed: true }])
  t.equal((await submit('G-2')).status, 504)
  t.equal(held(client, 'G-2'), true)
  simulator.control.setFaults([{ operation: submitOnly, kind: 'wrong-echo', echo: 'G-9' }])
  t.equal((await submit('G-3')).body.numeroFacture, 'G-9')
  t.equal(held(client, 'G-3'), true)
})

t.test('rules choose: how often, after how many, for which number, with what chance', async (t) => {
  const client = await start(t)
  const { simulator, call, submit } = client
  const statuses = async (count: number): Promise<number[]> => {
    const seen: number[] = []
    for (let index = 0; index < count; index++) seen.push((await call('transverses/recuperer/tauxtva')).status)
    return seen
  }
  const fault = { operation: 'transverses/.*', kind: 'status', status: 500 } as const
  simulator.control.setFaults([{ ...fault, times: 2, after: 1 }])
  t.strictSame(await statuses(4), [200, 500, 500, 200])
  simulator.control.setFaults([{ ...fault, times: 'always' }])
  t.strictSame(await statuses(3), [500, 500, 500])
  t.match(simulator.control.faults(), [{ hits: 3, left: 'always' }])
  simulator.control.setFaults([{ ...fault, times: 'always', probability: 0 }])
  t.strictSame(await statuses(2), [200, 200])
  simulator.control.clearFaults()
  simulator.control.setFaults([{ operation: submitOnly, kind: 'maintenance', number: '^B' }])
  t.equal((await submit('A-1')).status, 200)
  t.equal((await submit('B-1')).status, 503)
  t.equal((await submit('B-1')).status, 200)
})

t.test('slow before reading, before working, before answering', async (t) => {
  const { simulator, call } = await start(t)
  for (const when of ['reading', 'processing', 'answering'] as const) {
    simulator.control.setFaults([{ operation: '.*', kind: 'slow', delayMs: 120, when }])
    const begun = performance.now()
    t.equal((await call('transverses/recuperer/tauxtva')).status, 200)
    t.ok(performance.now() - begun >= 115, when)
  }
})

t.test('an unasked second answer follows on the same connection', async (t) => {
  const { simulator, account } = await start(t, { ports: { plain: 0 } })
  simulator.control.setFaults([{ operation: '.*', kind: 'extra-answer' }])
  const { port } = new URL(simulator.plainUrl as string)
  const socket = connect(Number(port), '127.0.0.1')
  const request = `POST /service/transverses/recuperer/typedp HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${account()}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`
  socket.write(request)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  await new Promise((resolve) => setTimeout(resolve, 150))
  socket.destroy()
  t.equal(text.split('HTTP/1.1 200').length - 1, 2)
  t.match(text, /INTRUS/)
})

t.test('token faults: down, without a token, strange lifetimes, revoked in mid-run', async (t) => {
  const client = await start(t)
  const { simulator, send } = client
  simulator.control.setFaults([{ operation: 'token', kind: 'status', status: 503 }])
  t.equal(await token(client), undefined)
  simulator.control.setFaults([
    { operation: 'token', kind: 'amend', remove: ['access_token'], set: { expires_in: -1 } }
  ])
  t.equal(await token(client), undefined)
  simulator.control.setFaults([{ operation: 'token', kind: 'invalid-client' }])
  t.equal(await token(client), undefined)
  const bearer = await token(client)
  t.equal(bearer.length, 54)
  simulator.control.setFaults([{ operation: 'structures/.*', kind: 'revoked-token' }])
  const ask = () =>
    send(`${simulator.pisteUrl}/structures/v1/rechercher`, {
      headers: {
        authorization: `Bearer ${bearer}`,
        'cpro-account': client.account(),
        'content-type': 'application/json'
      },
      body: '{}'
    })
  t.equal((await ask()).status, 401)
  t.equal((await ask()).status, 401, 'and it stays revoked')
})

t.test('the ledger file has every line before its answer', async (t) => {
  const ledgerFile = join(mkdtempSync(join(tmpdir(), 'simulator-')), 'ledger.jsonl')
  const { submit, simulator } = await start(t, { ledgerFile })
  await submit('FA-1')
  const lines = readFileSync(ledgerFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Body)
  t.match(lines.at(-2), { kind: 'acceptance', number: 'FA-1', supplier: '99900010200015' })
  t.match(lines.at(-1), {
    kind: 'arrival',
    operation: submitOnly,
    number: 'FA-1',
    processed: true,
    accepted: true,
    answer: 'sent',
    status: 200,
    codeRetour: 0
  })
  t.strictSame(
    JSON.parse(JSON.stringify(simulator.control.ledger().arrivals)),
    lines.filter((line) => line.kind === 'arrival')
  )
  t.match(simulator.control.ledger(lines.at(-2)?.seq).arrivals.length, 0, 'only what came after')
})

t.test('a caller who leaves early is on record', async (t) => {
  const client = await start(t, { ports: { plain: 0 } })
  const { simulator, account } = client
  const { port } = new URL(simulator.plainUrl as string)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST /service/factures/deposer/pdf HTTP/1.1\r\nHost: x\r\nX-Attempt: 7\r\nAuthorization: Basic ${account()}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"fich`
  )
  await new Promise((resolve) => setTimeout(resolve, 60))
  socket.destroy()
  await new Promise((resolve) => setTimeout(resolve, 60))
  t.match(last(client), {
    operation: 'factures/deposer/pdf',
    incomplete: true,
    processed: false,
    answer: 'none',
    headers: { 'x-attempt': '7' }
  })
})

t.test('connections are counted and each arrival tells its own', async (t) => {
  const client = await start(t)
  for (let index = 0; index < 6; index++) await client.call('structures/rechercher')
  const { arrivals, connections } = client.simulator.control.ledger()
  const used = new Set(arrivals.map((arrival) => arrival.connection))
  t.equal(connections.opened, used.size)
  t.ok(used.size < 6, 'they are kept alive')
})

t.test('the control endpoint offers the same over HTTP, and refuses what it does not know', async (t) => {
  const client = await start(t)
  const { simulator, send, submit, call } = client
  const control = (method: string, path: string, body?: unknown) =>
    send(`${simulator.controlUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    })
  t.match((await control('GET', '/')).body, { routes: Array, faultKinds: { 'drop-answer': String }, settings: Object })
  t.equal((await control('POST', '/faults', [{ operation: submitOnly, kind: 'maintenance' }])).status, 200)
  t.equal((await submit('FA-1')).status, 503)
  t.match((await control('GET', '/faults')).body, [{ kind: 'maintenance', hits: 1, left: 0 }])
  t.equal((await control('DELETE', '/faults')).status, 200)
  t.equal((await submit('FA-1')).status, 200)
  for (const wrong of [
    [{ operation: submitOnly, kind: 'drop-awnser' }],
    [{ operation: submitOnly, kind: 'reset', tims: 2 }],
    { kind: 'reset' }
  ]) {
    t.equal((await control('POST', '/faults', wrong)).status, 400, JSON.stringify(wrong))
  }
  t.equal((await control('POST', '/faults', [{ operation: '(', kind: 'reset' }])).status, 400, 'no regular expression')
  t.equal((await control('POST', '/clock', { advanceMs: 60_000 })).status, 200)
  t.match((await control('GET', '/invoices')).body, [
    { number: 'FA-1', status: 'MISE_A_DISPOSITION', supplier: '99900010200015' }
  ])
  t.equal((await control('POST', '/status', { invoice: 'FA-1', status: 'REJETEE', comment: 'Non' })).status, 200)
  t.match((await call('factures/rechercher/fournisseur', { numeroFacture: 'FA-1' })).body.listeFactures, [
    { statut: 'REJETEE', commentaireEtatCourant: 'Non' }
  ])
  t.equal((await control('POST', '/status', { invoice: 'FA-9', status: 'REJETEE' })).status, 404)
  t.match((await control('POST', '/settings', { refusalStatus: 200, searchLagMs: 'forever' })).body, {
    refusalStatus: 200
  })
  t.equal((await submit('FA-1')).status, 200)
  t.equal((await control('POST', '/settings', { refusalStatus: 201 })).status, 400)
  t.equal((await control('POST', '/settings', { refusal: 200 })).status, 400)
  const ledger = (await control('GET', '/ledger')).body
  t.match(ledger, { acceptances: [{ number: 'FA-1' }], tokens: { issued: 0 } })
  t.equal((await control('POST', '/reset')).status, 200)
  t.match((await control('GET', '/ledger')).body, { arrivals: [], acceptances: [] })
  t.match((await control('GET', '/settings')).body, { refusalStatus: 400, searchLagMs: 0 })
  t.equal((await submit('FA-1')).body.codeRetour, 0, 'the number is free again')
})

t.test('sixteen files of 10 MB at once are all taken', async (t) => {
  const { call, simulator } = await start(t)
  const file = Buffer.concat([pdf, Buffer.alloc(10 * 1_048_576 - pdf.length, 0x41)]).toString('base64')
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      call('factures/deposer/pdf', { fichierFacture: file, nomFichier: `${index}.pdf` })
    )
  )
  t.ok(answers.every((answer) => answer.body.codeRetour === 0))
  t.equal(new Set(simulator.control.ledger().arrivals.map((arrival) => arrival.digest)).size, 1)
})
