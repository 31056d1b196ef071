import fp from 'fastify-plugin'
import type { AuditTrail } from '../audit/trail.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Why the caller was not let in: for the audit, never for the caller. */
    refusedBecause?: { reason: string; key?: string }
  }
}

/** Who asks for what is not there, or by the wrong method, was refused nothing. */
const noRefusal = [404, 405]

/** Every refusal is noted: who, what, from where. */
export const refusals = fp<{ audit: Pick<AuditTrail, 'note'> }>(
  async (app, { audit }) => {
    app.decorateRequest('refusedBecause')
    app.addHook('onResponse', async (request, reply) => {
      const { problem } = request
      if (problem === undefined || reply.statusCode >= 500 || noRefusal.includes(reply.statusCode)) return
      const invoiceId = /\/(inv_[0-9a-f]+)$/.exec(problem.instance ?? '')?.[1]
      audit.note({
        kind: 'refused',
        actor: request.caller?.id ?? 'nobody',
        origin: request.ip,
        ...(invoiceId !== undefined && { invoiceId }),
        data: {
          code: problem.code,
          method: request.method,
          route: request.routeOptions.url ?? 'none',
          ...request.refusedBecause
        }
      })
    })
  },
  { name: 'refusals', dependencies: ['problem-details'] }
)
