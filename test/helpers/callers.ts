import { makeKey } from '../../src/callers/api-key.ts'
import type { TestGateway } from './gateway.ts'

type Facts = Partial<Omit<Parameters<typeof makeKey>[0], 'now'>>

/** A key with these limits, and the header that shows it. */
export async function addKey(g: TestGateway, facts: Facts = {}) {
  const scopes = ['invoices:submit', 'invoices:read']
  const { token, key } = makeKey({ name: 'test', scopes, sellers: [], now: new Date(), ...facts })
  await g.gateway.parts.store.addKey(key)
  return { id: key.id, token, authorization: `Bearer ${token}` }
}
