import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Key, KeyInput, KeyList, KeyParams, NewKey, Rotation } from '../schemas/key.ts'
import { ref } from '../schemas/ref.ts'
import { adminProblems, jsonOf, transitionProblem } from '../schemas/responses.ts'
import type { KeyAdministration } from '../src/callers/administration.ts'

/** Keys of callers, on the administration port. */
export const adminKeyRoutes: FastifyPluginAsyncTypebox<{ keys: KeyAdministration }> = async (app, { keys }) => {
  const by = ({ ip }: { ip: string }) => ({ actor: 'admin', origin: ip })

  app.get(
    '',
    {
      schema: {
        operationId: 'listKeys',
        tags: ['keys'],
        summary: 'Every key, without its secret',
        response: { 200: { description: 'Oldest first.', ...jsonOf(KeyList) }, ...adminProblems }
      }
    },
    async () => ({ items: await keys.list() })
  )

  app.post(
    '',
    {
      schema: {
        operationId: 'createKey',
        tags: ['keys'],
        summary: 'Make a key; it is told this once',
        body: ref(KeyInput),
        response: { 201: { description: 'To be handed to the caller.', ...jsonOf(NewKey) }, ...adminProblems }
      }
    },
    async (request, reply) => {
      const made = await keys.create(request.body, by(request))
      return reply.status(201).header('location', `/admin/keys/${made.id}`).send(made)
    }
  )

  app.get(
    '/:id',
    {
      schema: {
        operationId: 'getKey',
        tags: ['keys'],
        summary: 'One key, without its secret',
        params: KeyParams,
        response: { 200: { description: 'The key.', ...jsonOf(Key) }, ...adminProblems }
      }
    },
    async ({ params }) => await keys.find(params.id)
  )

  app.post(
    '/:id/rotation',
    {
      schema: {
        operationId: 'rotateKey',
        tags: ['keys'],
        summary: 'A new key for the same caller; the old one goes on for a while',
        params: KeyParams,
        body: ref(Rotation),
        response: {
          201: { description: 'The new key.', ...jsonOf(NewKey) },
          ...adminProblems,
          ...transitionProblem
        }
      }
    },
    async (request, reply) => {
      const made = await keys.rotate(request.params.id, request.body, by(request))
      return reply.status(201).header('location', `/admin/keys/${made.id}`).send(made)
    }
  )

  app.post(
    '/:id/revocation',
    {
      schema: {
        operationId: 'revokeKey',
        tags: ['keys'],
        summary: 'End a key for good, on every replica within seconds',
        params: KeyParams,
        response: { 200: { description: 'As it is now.', ...jsonOf(Key) }, ...adminProblems }
      }
    },
    async (request) => await keys.revoke(request.params.id, by(request))
  )
}
