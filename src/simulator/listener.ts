import type { Server } from 'node:http'
import type { SecureContextOptions, TlsOptions } from 'node:tls'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Access } from './edge.ts'
import { type Connections, watchConnections } from './sockets.ts'

export interface ListenerParts {
  access: Access
  /** Absent: plain HTTP. */
  tls: (SecureContextOptions & TlsOptions) | undefined
  exchange: (request: FastifyRequest, reply: FastifyReply, access: Access, connection: number) => Promise<void>
  nextConnection: () => number
  connections: Connections
}

/** One way in. Bodies are left alone: the exchange reads them, after the faults that come before reading. */
export function createListener({ access, tls, exchange, nextConnection, connections }: ListenerParts): FastifyInstance {
  const options = { forceCloseConnections: true, keepAliveTimeout: 65_000, exposeHeadRoutes: false } as const
  const app = (tls === undefined ? fastify(options) : fastify({ ...options, https: tls })) as FastifyInstance
  const numberOf = watchConnections(app.server as Server, tls !== undefined, nextConnection, connections)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.all('/*', (request, reply) => exchange(request, reply, access, numberOf(request.raw.socket)))
  return app
}
