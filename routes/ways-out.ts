import type { FastifyPluginAsync } from 'fastify'
import type { Bundle } from '../src/connections/bundle.ts'
import type { Expiry } from '../src/connections/expiries.ts'
import type { Renewal } from '../src/connections/renewal.ts'

export interface WaysOutOptions {
  expiries: () => Expiry[]
  calendar: () => string
  renewal: Pick<Renewal, 'now' | 'view'>
  doctor: (only?: string) => Promise<Bundle>
}

/** What operators ask about certificates, passwords and the way out. On the administration port alone. */
export const waysOutRoutes: FastifyPluginAsync<WaysOutOptions> = async (
  app,
  { expiries, calendar, renewal, doctor }
) => {
  // A calendar shows no token; dates are no secret.
  const open = { config: { open: true as const } }
  app.get('/expiries', open, async () => ({ items: expiries() }))
  app.get('/expiries.ics', open, async (_request, reply) => reply.type('text/calendar; charset=utf-8').send(calendar()))
  // What it answers is the support bundle: secrets are not in it.
  app.post<{ Querystring: { connection?: string } }>('/doctor', async ({ query }) => doctor(query.connection))
  app.get('/renewal', async () => renewal.view())
  app.post('/renewal', async () => {
    await renewal.now()
    return renewal.view()
  })
}
