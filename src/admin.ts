import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { adminAuditRoutes } from '../routes/admin-audit.ts'
import { adminKeyRoutes } from '../routes/admin-keys.ts'
import { statusPageRoutes } from '../routes/status-page.ts'
import { waysOutRoutes } from '../routes/ways-out.ts'
import { AuditPage, AuditRow, AuditVerdict } from '../schemas/audit.ts'
import { Key, KeyInput, KeyList, NewKey, Rotation } from '../schemas/key.ts'
import { FieldError, Problem, UpstreamAnswer } from '../schemas/problem.ts'
import { Status } from '../schemas/status.ts'
import { Examination, ExpiryList, RenewalState } from '../schemas/ways-out.ts'
import { makeBundle } from './connections/bundle.ts'
import { toCalendar } from './connections/calendar.ts'
import type { Parts } from './parts.ts'
import { administration } from './plugins/administration.ts'
import { jsonBody } from './plugins/json-body.ts'
import { problemDetails } from './plugins/problem-details.ts'
import { refusals } from './plugins/refusals.ts'
import { thriftySerializer } from './plugins/serializer.ts'
import { singleHeaders } from './plugins/single-headers.ts'
import { strictValidator } from './plugins/strict-validator.ts'
import { statusPage } from './status/page.ts'

const named = [
  FieldError,
  UpstreamAnswer,
  Problem,
  Key,
  KeyInput,
  KeyList,
  NewKey,
  Rotation,
  AuditRow,
  AuditPage,
  AuditVerdict,
  ExpiryList,
  RenewalState,
  Examination,
  Status
]

/**
 * The administration listener, never on the public port: metrics and the state of the ways out for everybody who reaches
 * it, all else for who may administer. Its contract is on /openapi.json there.
 */
export async function createAdmin(parts: Parts, logger: FastifyBaseLogger) {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 30_000,
    bodyLimit: 64 * 1024,
    schemaController: { compilersFactory: { buildValidator: strictValidator(), buildSerializer: thriftySerializer() } }
  }).withTypeProvider<TypeBoxTypeProvider>()
  const { adminToken } = parts.config.access
  for (const schema of named) app.addSchema(schema)
  await app.register(problemDetails)
  await app.register(refusals, { audit: parts.audit })
  await app.register(singleHeaders)
  await app.register(administration, {
    host: parts.config.adminHost,
    limits: parts.limits,
    ...(adminToken !== undefined && { token: adminToken })
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Chorus Pro gateway: administration', version: parts.version },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: '`ADMIN_TOKEN`' } } },
      security: [{ token: [] }]
    },
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, index) => (schema.$id as string | undefined) ?? `def-${index}`
    }
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })
  const open = { config: { open: true as const }, schema: { hide: true } }
  app.get('/metrics', open, async (_request, reply) =>
    reply.type(parts.metrics.contentType).send(await parts.metrics.text())
  )
  app.get('/status', open, async () => ({
    version: parts.version,
    lanes: parts.lanes.view(),
    invoices: await parts.store.counts(),
    chorusPro: parts.connections.all[0].chorus.status(),
    connections: parts.connections.all.map(({ lane, chorus }) => ({ lane, ...chorus.status() }))
  }))
  // For whoever has mended a password or a certificate: the ways out that wait are tried at once, with a harmless call.
  app.post<{ Querystring: { lane?: string } }>('/lanes/retry', async ({ query, ip }) => {
    const tried = parts.lanes.retry(query.lane)
    const data = { lane: query.lane ?? 'all', tried }
    parts.audit.note({ kind: 'lane-retried', actor: 'admin', origin: ip, data })
    parts.worker.wake()
    return { tried, lanes: parts.lanes.view() }
  })
  await app.register(statusPageRoutes, { page: statusPage, status: parts.status })
  await app.register(waysOutRoutes, {
    prefix: '/admin',
    expiries: parts.expiries,
    calendar: () => toCalendar(parts.expiries(), parts.now()),
    renewal: parts.renewal,
    doctor: (only) =>
      makeBundle({
        read: parts.config.again,
        version: parts.version,
        now: parts.now,
        ...(only !== undefined && { only })
      })
  })
  app.get('/health/live', open, async () => ({ status: 'alive' }))
  app.get('/openapi.json', open, async () => app.swagger())
  await app.register(async (scope) => {
    await scope.register(jsonBody)
    await scope.register(adminKeyRoutes, { prefix: '/admin/keys', keys: parts.keys })
    await scope.register(adminAuditRoutes, { prefix: '/admin/audit', store: parts.store })
  })
  return app
}
