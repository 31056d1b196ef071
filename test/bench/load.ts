// The callers: undici, so many requests at once, every answer checked and timed.
import { Agent } from 'undici'
import { drive, type Order, serveOrders } from './drive.ts'
import { createForm, createJson, type Pieces } from './payload.ts'

const [key = ''] = process.argv.slice(2)
const agent = new Agent({ allowH2: false, pipelining: 1, keepAliveTimeout: 30_000 })
const makers = new Map<string, () => Pieces>()

function makerOf({ kind, size }: Order): () => Pieces {
  const name = `${kind} ${size}`
  const known = makers.get(name)
  if (known !== undefined) return known
  const maker = kind === 'json' ? createJson(size) : createForm(size)
  makers.set(name, maker)
  return maker
}

let asked = 30_000_000_000_000

async function read(origin: string): Promise<void> {
  const path = `/v1/directory/organizations/${asked++}`
  const answer = await agent.request({ origin, path, method: 'GET', headers: { authorization: `Bearer ${key}` } })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text.slice(0, 300)}`)
}

async function upload(origin: string, { contentType, length, pieces }: Pieces): Promise<void> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': contentType,
    'content-length': String(length),
    prefer: 'wait=60'
  }
  const body = length < 64 * 1024 ? Buffer.concat(pieces) : pieces[Symbol.iterator]()
  const answer = await agent.request({ origin, path: '/v1/invoices', method: 'POST', headers, body: body as Buffer })
  const text = await answer.body.text()
  if (answer.statusCode !== 201) throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`)
}

serveOrders((order) => {
  const { origin = '' } = order
  if (order.kind === 'organization') return drive(order, () => read(origin))
  const next = makerOf(order)
  return drive(order, () => upload(origin, next()))
})
