import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { adminProblems, jsonOf } from '../schemas/responses.ts'
import { Status } from '../schemas/status.ts'

export interface StatusPageOptions {
  page: { html: string; css: string; scripts: Record<string, string> }
  status: () => Promise<Status>
}

/** Nothing but its own files and its own figures; in no frame. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * What goes on, to look at, on the administration port. The page itself says nothing and is for everybody; its figures
 * are for who may administer, and the page asks for `ADMIN_TOKEN` where there is one.
 */
export const statusPageRoutes: FastifyPluginAsyncTypebox<StatusPageOptions> = async (app, { page, status }) => {
  const open = { config: { open: true as const }, schema: { hide: true } }
  const guarded = { 'content-security-policy': policy, 'referrer-policy': 'no-referrer' }
  app.get('/', open, async (_request, reply) => reply.headers(guarded).type('text/html; charset=utf-8').send(page.html))
  app.get('/status.css', open, async (_request, reply) => reply.type('text/css; charset=utf-8').send(page.css))
  for (const [name, script] of Object.entries(page.scripts)) {
    app.get(`/${name}`, open, async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script))
  }

  app.get(
    '/admin/status',
    {
      schema: {
        operationId: 'getStatus',
        tags: ['status'],
        summary: 'Queue, ways out, expiries and last errors of this process, now and over the last 24 hours',
        response: { 200: { description: 'As it stands now.', ...jsonOf(Status) }, ...adminProblems }
      }
    },
    async () => await status()
  )
}
