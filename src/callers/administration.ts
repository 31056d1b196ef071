import type { Key, KeyInput, NewKey, Rotation } from '../../schemas/key.ts'
import { callerScopes } from '../../schemas/scopes.ts'
import { createNetworks } from '../networks.ts'
import { badValue, ProblemError } from '../problem.ts'
import type { ApiKey, By } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { makeKey } from './api-key.ts'
import { connectionsOf } from './caller.ts'

/** Keys, as those who hand them out see them. Every change is audited with who made it. */
export interface KeyAdministration {
  create(input: KeyInput, by: By): Promise<NewKey>
  list(): Promise<Key[]>
  /** Throws `not-found`. */
  find(id: string): Promise<Key>
  /** The same caller under a new key; the old one goes on for a while. Throws `not-found`, `invalid-transition`. */
  rotate(id: string, rotation: Rotation, by: By): Promise<NewKey>
  /** Also for one that was revoked before. Throws `not-found`. */
  revoke(id: string, by: By): Promise<Key>
}

export type KeyStorage = Pick<Store, 'addKey' | 'findKey' | 'listKeys' | 'revokeKey' | 'rotateKey'>
const usualOverlapHours = 24

export function createKeyAdministration({ store, now }: { store: KeyStorage; now: () => Date }): KeyAdministration {
  const keyOf = async (id: string): Promise<ApiKey> => {
    const key = await store.findKey(id)
    if (key === undefined) throw new ProblemError('not-found', { detail: `There is no key ${id}.` })
    return key
  }
  const told = (token: string, key: ApiKey): NewKey => ({ key: token, ...presentKey(key, now()) })

  return {
    async create({ name, scopes = [...callerScopes], sellers = [], connections = [], ...rest }, by) {
      check(rest, now())
      const bound = connections.map((connection) => `connection:${connection}`)
      const { token, key } = makeKey({ name, sellers, ...rest, scopes: [...scopes, ...bound], now: now() })
      await store.addKey(key, by)
      return told(token, key)
    },
    async list() {
      const time = now()
      return (await store.listKeys()).map((key) => presentKey(key, time))
    },
    find: async (id) => presentKey(await keyOf(id), now()),
    async rotate(id, { overlapHours = usualOverlapHours, expiresAt }, by) {
      const time = now()
      const old = await keyOf(id)
      check({ ...(expiresAt !== undefined && { expiresAt }) }, time)
      const { id: _id, digest: _digest, createdAt, revokedAt: _revokedAt, expiresAt: oldEnd, ...facts } = old
      const lifetime = oldEnd === undefined ? undefined : Date.parse(oldEnd) - Date.parse(createdAt)
      const end = expiresAt ?? (lifetime === undefined ? undefined : new Date(time.getTime() + lifetime).toISOString())
      const caller = old.caller ?? old.id
      const { token, key } = makeKey({ ...facts, caller, ...(end !== undefined && { expiresAt: end }), now: time })
      const until = new Date(time.getTime() + overlapHours * 3_600_000).toISOString()
      if (!(await store.rotateKey(id, key, until, by))) {
        throw new ProblemError('invalid-transition', { detail: `The key ${id} has ended: create a new one.` })
      }
      return told(token, key)
    },
    async revoke(id, by) {
      await keyOf(id)
      await store.revokeKey(id, now().toISOString(), by)
      return presentKey(await keyOf(id), now())
    }
  }
}

/** Without its digest. */
export function presentKey({ digest: _digest, scopes, caller, ...key }: ApiKey, now: Date): Key {
  const ended = key.expiresAt !== undefined && key.expiresAt <= now.toISOString()
  return {
    ...key,
    caller: caller ?? key.id,
    prefix: `cpg_${key.id}_`,
    state: key.revokedAt !== undefined ? 'revoked' : ended ? 'expired' : 'active',
    scopes: scopes.filter((scope): scope is Key['scopes'][number] => !scope.startsWith('connection:')),
    connections: connectionsOf(scopes)
  }
}

function check({ networks, expiresAt }: Pick<KeyInput, 'networks' | 'expiresAt'>, now: Date): void {
  if (expiresAt !== undefined && !(Date.parse(expiresAt) > now.getTime() && expiresAt.endsWith('Z'))) {
    throw wrong('/expiresAt', 'It is no time to come, such as 2027-12-31T23:59:59Z.')
  }
  try {
    createNetworks(networks ?? [])
  } catch (error) {
    throw wrong('/networks', (error as Error).message)
  }
}

const wrong = (pointer: string, message: string) =>
  badValue(pointer, { message, messageFr: 'Valeur refusée.', fix: 'Correct this value.' })
