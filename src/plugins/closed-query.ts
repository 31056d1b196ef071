import fp from 'fastify-plugin'

/** A parameter that nobody reads is refused everywhere, also where a route takes none. */
export const closedQuery = fp(
  async (app) => {
    app.addHook('onRoute', (route) => {
      if (!route.url.startsWith('/v1/') || route.schema === undefined) return
      route.schema.querystring ??= { type: 'object', properties: {}, additionalProperties: false }
    })
  },
  { name: 'closed-query' }
)
