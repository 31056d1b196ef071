import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** Tells a peer that asked first to send its body. Absent where it did not ask. */
    sendContinue?: () => void
  }
  interface FastifyContextConfig {
    /** The route asks for the body itself, when it is ready for it. */
    lateBody?: true
  }
}

/**
 * A body is asked for only once it is known that it will be read (RFC 9110, 10.1.1): Node itself asks before anybody has
 * looked at the key or the length.
 */
export const expectContinue = fp(
  async (app) => {
    app.server.on('checkContinue', (request, response) => app.routing(request, response))
    // What else may be expected is passed over, as RFC 9110 allows.
    app.server.on('checkExpectation', (request, response) => app.routing(request, response))
    app.decorateRequest('sendContinue')
    app.addHook('onRequest', async (request, reply) => {
      if (request.headers.expect?.toLowerCase() !== '100-continue') return
      request.sendContinue = () => {
        if (!reply.raw.headersSent) reply.raw.writeContinue()
      }
    })
    app.addHook('preParsing', async (request) => {
      const { config, bodyLimit } = request.routeOptions
      const tooLarge = bodyLimit !== undefined && Number(request.headers['content-length'] ?? 0) > bodyLimit
      if (config.lateBody !== true && !tooLarge) request.sendContinue?.()
    })
  },
  { name: 'expect-continue' }
)
