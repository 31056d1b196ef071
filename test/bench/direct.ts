// Chorus Pro without a gateway: undici makes the same calls with bodies that lie ready.
import { drive, serveOrders } from './drive.ts'
import { depositBody, nextNumber } from './payload.ts'
import { createUpstream } from './upstream.ts'

const [port = '0', folder = '.'] = process.argv.slice(2)
const upstream = createUpstream({ port: Number(port), folder })
const bodies = new Map<number, Buffer>()

serveOrders((order) => {
  if (order.kind === 'organization') return drive(order, lookUp)
  const body = bodies.get(order.size) ?? depositBody(order.size)
  bodies.set(order.size, body)
  return drive(order, async () => void (await upstream.deposit(body, nextNumber())))
})

let asked = 20_000_000_000_000
async function lookUp(): Promise<void> {
  const search = { structure: { identifiantStructure: String(asked++), typeIdentifiantStructure: 'SIRET' } }
  const found = await upstream.post('structures/rechercher', Buffer.from(JSON.stringify(search)))
  const idStructureCPP = Number(/"idStructureCPP":(\d+)/.exec(found)?.[1])
  await upstream.post('structures/consulter', Buffer.from(JSON.stringify({ idStructureCPP, codeLangue: 'FR' })))
}
