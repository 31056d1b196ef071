import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { DropInDoor } from '../src/drop-in/door.ts'
import { ProblemError } from '../src/problem.ts'

/** Chorus Pro's own addresses, in the style of PISTE and in that of the certificate mode: docs/drop-in.md. */
export const dropInRoutes: FastifyPluginAsync<{ dropIn: DropInDoor }> = async (app, { dropIn }) => {
  for (const url of ['/cpro/*', '/service/*', '/service-qualif/*']) {
    app.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url,
      exposeHeadRoute: false,
      config: { scope: 'chorus:raw', lateBody: true },
      // Other people's contract: it is not ours to describe.
      schema: { hide: true },
      handler: async (request, reply) => {
        const { method, caller, headers } = request
        const [path = '', ...query] = (request.raw.url ?? '').split('?')
        const call = dropIn.admit(caller, { method, path })
        if (call.alternate !== undefined) reply.header('link', `<${call.alternate}>; rel="alternate"`)
        const idempotencyKey = readKey(request)
        const body = await request.readWholeBody()
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        const answer = await dropIn.pass(
          caller,
          { ...call, method },
          {
            query: query.length === 0 ? '' : `?${query.join('?')}`,
            intended: headers['chorus-repeat'] === 'intended',
            signal: gone.signal,
            ...(headers['content-type'] !== undefined && { contentType: headers['content-type'] }),
            ...(headers['content-encoding'] !== undefined && { contentEncoding: headers['content-encoding'] }),
            ...(headers.accept !== undefined && { accept: headers.accept }),
            ...(body !== undefined && { body }),
            ...(idempotencyKey !== undefined && { idempotencyKey })
          }
        )
        if (answer.outcome !== undefined) reply.header('chorus-outcome', answer.outcome)
        if (answer.replayed) reply.header('idempotency-replayed', 'true')
        return reply.status(answer.status).headers(answer.headers).send(answer.body)
      }
    })
  }
}

function readKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new ProblemError('malformed-request', { detail: 'Idempotency-Key takes 1 to 255 visible ASCII characters.' })
}
