import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { waysOutRoutes } from '../routes/ways-out.ts'
import type { Parts } from './compose.ts'
import { toCalendar } from './connections/calendar.ts'
import { problemDetails } from './plugins/problem-details.ts'

/** The administration listener: metrics and the state of the ways out, never on the public port. */
export async function createAdmin(parts: Parts, logger: FastifyBaseLogger) {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 30_000,
    bodyLimit: 64 * 1024
  })
  await app.register(problemDetails)
  app.get('/metrics', async (_request, reply) => reply.type(parts.metrics.contentType).send(await parts.metrics.text()))
  app.get('/status', async () => ({
    version: parts.version,
    lanes: parts.lanes.view(),
    invoices: await parts.store.counts(),
    chorusPro: parts.connections.all[0].chorus.status(),
    connections: parts.connections.all.map(({ lane, chorus }) => ({ lane, ...chorus.status() }))
  }))
  // For whoever has mended a password or a certificate: the ways out that wait are tried at once, with a harmless call.
  app.post<{ Querystring: { lane?: string } }>('/lanes/retry', async ({ query }) => {
    const tried = parts.lanes.retry(query.lane)
    parts.worker.wake()
    return { tried, lanes: parts.lanes.view() }
  })
  await app.register(waysOutRoutes, {
    prefix: '/admin',
    expiries: parts.expiries,
    calendar: () => toCalendar(parts.expiries(), parts.now()),
    renewal: parts.renewal
  })
  app.get('/health/live', async () => ({ status: 'alive' }))
  return app
}
