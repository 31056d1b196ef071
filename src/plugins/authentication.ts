import fp from 'fastify-plugin'
import type { Scope } from '../../schemas/scopes.ts'
import { type Caller, NotLetIn } from '../callers/caller.ts'
import type { Identify } from '../callers/identify.ts'
import type { Limits } from '../callers/limits.ts'
import { ProblemError } from '../problem.ts'

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
  identify: Identify
  limits: Pick<Limits, 'caller' | 'address' | 'wrongKey'>
}

/** Checks the key of every route that names a scope, and of every address below /v1 whether it exists or not. */
export const authentication = fp<AuthenticationOptions>(
  async (app, { identify, limits }) => {
    app.decorateRequest('caller')
    app.addHook('onRequest', async (request) => {
      const { scope } = request.routeOptions.config
      if (scope === undefined && !(request.is404 && /^\/(v1|cpro|service|service-qualif)([/?]|$)/.test(request.url))) {
        limits.address(request.ip)
        return
      }
      let caller: Caller
      try {
        caller = await identify(request.headers.authorization, request.ip)
      } catch (error) {
        if (error instanceof NotLetIn) {
          request.refusedBecause = { reason: error.reason, ...(error.key !== undefined && { key: error.key }) }
          // Who shows nothing guesses nothing.
          if (error.reason !== 'no key') limits.wrongKey(request.ip)
        }
        throw error
      }
      const wish = request.headers['chorus-connection']
      request.caller = typeof wish === 'string' ? { ...caller, connection: wish } : caller
      // Nearly always at once: a request is not to wait for what need not be waited for.
      const counting = limits.caller(caller)
      if (counting !== undefined) await counting
      if (scope !== undefined && !request.caller.scopes.has(scope)) {
        throw new ProblemError('insufficient-scope', { detail: `This needs a key with the scope ${scope}.` })
      }
    })
  },
  { name: 'authentication', dependencies: ['problem-details', 'refusals'] }
)
