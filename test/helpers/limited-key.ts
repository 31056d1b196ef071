import { createHash } from 'node:crypto'
import type { TestGateway } from './gateway.ts'

/** The header of a key with these rights; `sellers` none: it sees everything. */
export async function limitedKey(g: TestGateway, id: string, scopes: string[], sellers: string[] = []) {
  const secret = `${id}-${'x'.repeat(40)}`
  const digest = createHash('sha256').update(secret).digest('hex')
  const createdAt = new Date().toISOString()
  await g.gateway.parts.store.addKey({ id, name: id, digest, scopes, sellers, createdAt })
  return { authorization: `Bearer cpg_${id}_${secret}` }
}
