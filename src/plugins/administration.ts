import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Limits } from '../callers/limits.ts'
import { ProblemError } from '../problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** On the administration port: for everybody who reaches it. Only for reading what is no secret. */
    open?: true
  }
}

export interface AdministrationOptions {
  /** `ADMIN_TOKEN`. */
  token?: string
  /** The address of the listener. */
  host: string
  limits: Pick<Limits, 'wrongKey'>
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const local = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/**
 * Who may administer: whoever has the token; without one, whoever is on this machine. A page in a browser there may not
 * do it in its user's name: it comes under another host's name, or tells its origin.
 */
export const administration = fp<AdministrationOptions>(
  async (app, { token, host, limits }) => {
    const expected = token === undefined ? undefined : digest(token)
    const onlyHere = /^(127(\.\d{1,3}){3}|::1|localhost)$/i.test(host)

    app.addHook('onRequest', async (request) => {
      if (request.routeOptions.config?.open === true || request.is404) return
      if (expected !== undefined) return assertToken(request, expected, limits)
      if (!onlyHere) {
        throw new ProblemError('insufficient-scope', {
          detail: 'The administration port listens for other machines: set ADMIN_TOKEN to use this.',
          owner: 'operator'
        })
      }
      const { host: named = '', origin } = request.headers
      if (!local.test(named) || (origin !== undefined && origin !== `http://${named}`)) {
        throw new ProblemError('insufficient-scope', {
          detail: 'Without ADMIN_TOKEN the administration is used from this machine, and not by pages of others.'
        })
      }
    })
  },
  { name: 'administration', dependencies: ['problem-details', 'refusals'] }
)

function assertToken(request: FastifyRequest, expected: Buffer, limits: Pick<Limits, 'wrongKey'>): void {
  const shown = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1]
  if (shown !== undefined && timingSafeEqual(digest(shown), expected)) return
  request.refusedBecause = { reason: shown === undefined ? 'no admin token' : 'wrong admin token' }
  // Who shows nothing guesses nothing.
  if (shown !== undefined) limits.wrongKey(request.ip)
  throw new ProblemError('unauthenticated', { detail: 'Send ADMIN_TOKEN in the header: Authorization: Bearer …' })
}
