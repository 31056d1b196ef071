import { createHash, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { callerScopes } from '../../schemas/scopes.ts'
import { createNetworks } from '../networks.ts'
import type { ApiKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { type Caller, connectionsOf, NotLetIn } from './caller.ts'

const digest = (text: string) => createHash('sha256').update(text).digest()
const nobody = digest('')
/** A revoked key stops working within this time, on every replica. */
const cacheMs = 2_000
/** Keys that nobody made must not push out those that are in use. */
const sizes = { known: 1_000, unknown: 1_000 }

interface Known {
  key: ApiKey
  digest: Buffer
  caller: Caller
  from: ((address: string) => boolean) | undefined
  until: number
}

export interface KeysOptions {
  keys: Pick<Store, 'findKey'>
  /** The one key of small set-ups (`GATEWAY_API_KEY`). */
  singleKey?: string
  now: () => Date
}

/** One that may do all that a caller may. */
export const everything: Caller = { id: 'default', scopes: new Set(callerScopes), sellers: [], connections: [] }

/**
 * Who shows this key. As much work for a wrong one as for a right one, and the same answer whatever is wrong with it;
 * throws NotLetIn.
 */
export function createKeyCheck({
  keys,
  singleKey,
  now
}: KeysOptions): (token: string, address: string) => Promise<Caller> {
  const known = new LRUCache<string, Known>({ max: sizes.known })
  const unknown = new LRUCache<string, number>({ max: sizes.unknown })
  const single = singleKey === undefined ? undefined : digest(singleKey)

  async function lookUp(id: string, time: number): Promise<Known | undefined> {
    const cached = known.get(id)
    if (cached !== undefined && cached.until > time) return cached
    if ((unknown.get(id) ?? 0) > time) return undefined
    const key = await keys.findKey(id)
    if (key === undefined) {
      known.delete(id)
      unknown.set(id, time + cacheMs)
      return undefined
    }
    const found = {
      key,
      digest: Buffer.from(key.digest, 'hex'),
      caller: callerOf(key),
      from: key.networks === undefined ? undefined : createNetworks(key.networks),
      until: time + cacheMs
    }
    known.set(id, found)
    return found
  }

  return async (token, address) => {
    if (single !== undefined && timingSafeEqual(digest(token), single)) return everything
    const [, id, secret = 'nobody'] = /^cpg_([0-9a-z]{8,40})_([A-Za-z0-9_-]{20,200})$/.exec(token) ?? []
    const time = now()
    const found = id === undefined ? undefined : await lookUp(id, time.getTime())
    const same = timingSafeEqual(digest(secret), found?.digest ?? nobody)
    if (found === undefined) throw new NotLetIn('unknown key')
    const { key, caller, from } = found
    if (!same) throw new NotLetIn('wrong secret', key.id)
    if (key.revokedAt !== undefined) throw new NotLetIn('revoked', key.id)
    if (key.expiresAt !== undefined && key.expiresAt <= time.toISOString()) throw new NotLetIn('expired', key.id)
    if (from?.(address) === false) throw new NotLetIn('another network', key.id)
    return caller
  }
}

function callerOf(key: ApiKey): Caller {
  const { operations, ratePerMinute, requestsPerDay } = key
  return {
    id: key.caller ?? key.id,
    scopes: new Set(key.scopes),
    sellers: key.sellers,
    connections: connectionsOf(key.scopes),
    ...(operations !== undefined && { operations }),
    ...(ratePerMinute !== undefined && { ratePerMinute }),
    ...(requestsPerDay !== undefined && { requestsPerDay })
  }
}
