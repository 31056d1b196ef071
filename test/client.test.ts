import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Client, createClient, GatewayProblem, GatewayUnreachable } from 'chorus-pro-gateway/client'
import t, { type Test } from 'tap'
import { apiKey, buildGateway, dataInvoice, goodInvoice } from './helpers/gateway.ts'
import { makePdf } from './helpers/pdf.ts'

// The client as a user of the package imports it.

const content = new Uint8Array(makePdf())
const file = { name: 'facture.pdf', content }

t.test('it sends, follows and lists invoices', async (t) => {
  const g = await buildGateway(t)
  const client = createClient({ baseUrl: `${g.url}/`, key: apiKey })
  const numbers: string[] = []
  for (let count = 0; count < 3; count += 1) {
    const invoice = goodInvoice()
    numbers.push(invoice.number)
    const attachments = [{ name: 'annexe.pdf', content: new Blob([content]) }]
    const sent = await client.send(invoice, { file, attachments, idempotencyKey: `key-${count}` })
    t.match(sent, { status: 201, replayed: false, idempotencyKey: `key-${count}` })
    t.equal(sent.invoice.documents.length, 2)
    const again = await client.send(invoice, { file, attachments, idempotencyKey: `key-${count}` })
    t.match(again, { status: 200, replayed: true, invoice: { id: sent.invoice.id } })
    const read = await client.get('/v1/invoices/{id}', { params: { id: sent.invoice.id } })
    t.equal(read.number, invoice.number)
    const [document] = read.documents
    const bytes = await client.get('/v1/invoices/{id}/documents/{document}', {
      params: { id: read.id, document: document?.id ?? '' }
    })
    t.equal(bytes.size, content.length)
    t.type((await client.post('/v1/invoices/{id}/refresh', { params: { id: read.id } })).submission.state, 'string')
  }
  const listed: string[] = []
  for await (const invoice of client.each('/v1/invoices', { query: { limit: 2 } })) listed.push(invoice.number ?? '')
  t.same(listed, numbers.reverse(), 'every page, newest first')
  const data = await client.send(dataInvoice(), { wait: 0 })
  t.equal(data.status, 202)
  t.match(data.idempotencyKey, /^[0-9a-f]{32}$/)
})

t.test('a refusal is an error with the problem in it', async (t) => {
  const g = await buildGateway(t)
  const client = createClient({ baseUrl: g.url, key: apiKey })
  const work = client.send(goodInvoice({ buyer: { siret: '99999999999999' } }), { file, idempotencyKey: 'mine' })
  const error = await work.catch((thrown: unknown) => thrown)
  if (!(error instanceof GatewayProblem)) throw new Error('a GatewayProblem was expected')
  t.match(error, { status: 422, code: 'recipient-unknown', idempotencyKey: 'mine' })
  t.equal(error.problem.errors?.[0]?.pointer, '/buyer/siret')
  const stranger = createClient({ baseUrl: g.url, key: 'nobody' })
  await t.rejects(stranger.get('/v1/invoices'), { name: 'GatewayProblem', code: 'unauthenticated', status: 401 })
})

/** A gateway that does as it is told, and every Idempotency-Key that came. */
async function scripted(t: Test, listener: (count: number, ...rest: Parameters<RequestListener>) => void) {
  const keys: unknown[] = []
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      keys.push(request.headers['idempotency-key'])
      listener(keys.length, request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { keys, client: createClient({ baseUrl: url, tries: 3 }) }
}

const problem = (code: string, status: number, more: object = {}) =>
  JSON.stringify({ code, status, title: code, retryable: true, owner: 'platform', retryAfter: 0, ...more })

t.test('an invoice is repeated on 503 and on a broken connection alone, always with the same key', async (t) => {
  const { keys, client } = await scripted(t, (count, request, response) => {
    if (count === 1) return void request.socket.destroy()
    const json = { 'content-type': 'application/problem+json' }
    if (count === 2) return void response.writeHead(503, json).end(problem('upstream-unavailable', 503))
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"inv_1"}')
  })
  const sent = await client.send(goodInvoice(), { file })
  t.equal(sent.status, 201)
  t.same(keys, Array(3).fill(sent.idempotencyKey))

  for (const [status, code, more] of [
    [502, 'proxy-unreachable', {}],
    [503, 'technical-account-rejected', { retryable: false }],
    [422, 'deposit-refused', {}],
    [409, 'duplicate-invoice', {}]
  ] as const) {
    const refusing = await scripted(t, (_count, _request, response) => {
      response.writeHead(status, { 'content-type': 'application/problem+json' }).end(problem(code, status, more))
    })
    await t.rejects(refusing.client.send(goodInvoice(), { file }), { code, status })
    t.equal(refusing.keys.length, 1, `${status} ${code} is final`)
  }
})

t.test('an action is sent once, a question again', async (t) => {
  const { keys, client } = await scripted(t, (_count, request) => void request.socket.destroy())
  const decide = client.post('/v1/validations/{id}/decision', { params: { id: '77' }, body: { decision: 'accept' } })
  await t.rejects(decide, { name: 'GatewayUnreachable' })
  t.equal(keys.length, 1)
  const error = await client.get('/v1/invoices').catch((thrown: unknown) => thrown)
  t.equal(error instanceof GatewayUnreachable, true)
  t.equal(keys.length, 4)
})

t.test('the caller may end a call, also between two tries', async (t) => {
  const { keys, client } = await scripted(t, (_count, _request, response) => {
    response
      .writeHead(503, { 'content-type': 'application/problem+json' })
      .end(problem('maintenance', 503, { retryAfter: 60 }))
  })
  const controller = new AbortController()
  const work = client.get('/v1/invoices', { signal: controller.signal })
  setTimeout(() => controller.abort(new Error('enough')), 200)
  await t.rejects(work, { message: 'enough' })
  t.equal(keys.length, 1)
})

t.test('something else than the gateway is told apart', async (t) => {
  const { client } = await scripted(t, (_count, _request, response) => {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>nginx</h1>')
  })
  await t.rejects(client.get('/v1/invoices'), { code: 'no-problem', status: 404, message: /something in between/ })
})

t.test('it is plain JavaScript, as an installed package must be', async (t) => {
  const home = t.testdir()
  const installed = join(home, 'node_modules/chorus-pro-gateway')
  cpSync('client', join(installed, 'client'), { recursive: true })
  cpSync('package.json', join(installed, 'package.json'))
  const script = "const { createClient } = await import('chorus-pro-gateway/client'); console.log(typeof createClient)"
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: home })
  t.equal((await run).stdout.trim(), 'function')
})

/** Never run: the compiler checks that paths, parameters and answers are typed. */
export async function typed(client: Client): Promise<void> {
  const page = await client.get('/v1/validations', { query: { status: 'awaiting_validation_1', limit: 10 } })
  page.items[0]?.totals.payable?.startsWith('1')
  // @ts-expect-error -- there is no such path
  await client.get('/v1/nothing')
  // @ts-expect-error -- the id is missing
  await client.get('/v1/invoices/{id}')
  // @ts-expect-error -- a limit is a number
  await client.get('/v1/invoices', { query: { limit: 'ten' } })
  // @ts-expect-error -- no such decision
  await client.post('/v1/validations/{id}/decision', { params: { id: '1' }, body: { decision: 'perhaps' } })
  // @ts-expect-error -- an invoice has no such member
  await client.send({ numero: 'FA-1' })
}
