import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Live, Ready, type Ready as ReadyState } from '../schemas/health.ts'
import { ref } from '../schemas/ref.ts'

export interface HealthRoutesOptions {
  /** Whether the gateway can take invoices, and how the ways out are. Never asks the outside. */
  readiness: () => Promise<ReadyState>
}

export const healthRoutes: FastifyPluginAsyncTypebox<HealthRoutesOptions> = async (app, { readiness }) => {
  app.get(
    '/live',
    {
      schema: {
        operationId: 'getLiveness',
        tags: ['health'],
        summary: 'The process is alive',
        description: 'It answers, and nothing more: restart the process when it does not.',
        security: [],
        response: { 200: { description: 'Alive.', content: { 'application/json': { schema: ref(Live) } } } }
      }
    },
    async () => ({ status: 'alive' as const })
  )
  app.get(
    '/ready',
    {
      schema: {
        operationId: 'getReadiness',
        tags: ['health'],
        summary: 'The gateway can take invoices',
        description:
          'Trouble on the way to Chorus Pro leaves it ready and `degraded`: invoices are taken and sent later.',
        security: [],
        response: {
          200: { description: 'Ready, perhaps degraded.', content: { 'application/json': { schema: ref(Ready) } } },
          503: { description: 'Not able to take invoices.', content: { 'application/json': { schema: ref(Ready) } } }
        }
      }
    },
    async (_request, reply) => {
      const state = await readiness()
      return reply.status(state.status === 'unavailable' ? 503 : 200).send(state)
    }
  )
}
