import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../problem.ts'
import type { ApiKey, Store } from '../store/store.ts'

export const callerScopes = [
  'invoices:submit',
  'invoices:read',
  'received:read',
  'received:process',
  'directory:read',
  'events:read',
  'webhooks:manage',
  'chorus:raw'
] as const
export type Scope = (typeof callerScopes)[number] | 'operator'

/** Who asks, as far as routes may know. */
export interface Caller {
  id: string
  scopes: ReadonlySet<string>
  /** Empty: every seller. */
  sellers: readonly string[]
  /** Operations of Chorus Pro that may be called as they are: `factures/soumettre`, or `structures/*`; absent: all. */
  operations?: readonly string[]
  /** Connections that the key is bound to; empty: those of the default connection's environment. */
  connections: readonly string[]
  /** The one that this request names. */
  connection?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
  interface FastifyContextConfig {
    /** The right a route demands; without it the route is public. */
    scope?: Scope
  }
}

export interface AuthenticationOptions {
  mode: 'api-key' | 'none'
  /** The one key of small set-ups (`GATEWAY_API_KEY`). */
  singleKey?: string
  keys: Pick<Store, 'findKey'>
  now: () => Date
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const nobody = digest('')
/** A revoked key stops working within this time, on every replica. */
const cacheMs = 2_000

/** Checks the key of every route that names a scope, and of every address below /v1 whether it exists or not. */
export const authentication = fp<AuthenticationOptions>(
  async (app, { mode, singleKey, keys, now }) => {
    const cache = new Map<string, { key: ApiKey | undefined; until: number }>()
    const single = singleKey === undefined ? undefined : digest(singleKey)
    const everything: Caller = { id: 'default', scopes: new Set(callerScopes), sellers: [], connections: [] }

    const lookUp = async (id: string) => {
      const cached = cache.get(id)
      if (cached !== undefined && cached.until > now().getTime()) return cached.key
      const key = await keys.findKey(id)
      if (cache.size > 1_000) cache.clear()
      cache.set(id, { key, until: now().getTime() + cacheMs })
      return key
    }

    const identify = async (request: FastifyRequest): Promise<Caller> => {
      if (mode === 'none') return everything
      const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1]
      if (token === undefined) throw unauthenticated()
      if (single !== undefined && timingSafeEqual(digest(token), single)) return everything
      const parts = /^cpg_([0-9a-z]{8,40})_([A-Za-z0-9_-]{20,200})$/.exec(token)
      const key = parts?.[1] === undefined ? undefined : await lookUp(parts[1])
      const expected = key === undefined ? nobody : Buffer.from(key.digest, 'hex')
      const same = timingSafeEqual(digest(parts?.[2] ?? 'nobody'), expected)
      const time = now().toISOString()
      if (key === undefined || !same || key.revokedAt !== undefined || (key.expiresAt ?? '9') <= time)
        throw unauthenticated()
      return {
        id: key.caller ?? key.id,
        scopes: new Set(key.scopes),
        sellers: key.sellers,
        connections: connectionsOf(key.scopes),
        ...(key.operations !== undefined && { operations: key.operations })
      }
    }

    app.decorateRequest('caller')
    app.addHook('onRequest', async (request) => {
      const { scope } = request.routeOptions.config
      if (scope === undefined && !(request.is404 && /^\/(v1|cpro|service|service-qualif)(\/|$)/.test(request.url)))
        return
      const caller = await identify(request)
      const wish = request.headers['chorus-connection']
      request.caller = typeof wish === 'string' ? { ...caller, connection: wish } : caller
      if (scope !== undefined && !request.caller.scopes.has(scope)) {
        throw new ProblemError('insufficient-scope', { detail: `This needs a key with the scope ${scope}.` })
      }
    })
  },
  { name: 'authentication', dependencies: ['problem-details'] }
)

/** A key is bound to a connection by a right of the form `connection:name`. */
const connectionsOf = (scopes: readonly string[]): string[] =>
  scopes.flatMap((scope) => (scope.startsWith('connection:') ? [scope.slice('connection:'.length)] : []))

const unauthenticated = () =>
  new ProblemError('unauthenticated', { detail: 'Send a valid key in the header: Authorization: Bearer cpg_…' })
