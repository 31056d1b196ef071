import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Siret } from '../schemas/identifiers.ts'
import { ref } from '../schemas/ref.ts'
import { problems } from '../schemas/responses.ts'
import { Organization } from '../schemas/submission.ts'
import type { Directory } from '../src/directory/directory.ts'
import { ProblemError } from '../src/problem.ts'

export const directoryRoutes: FastifyPluginAsyncTypebox<{
  directory: (request: FastifyRequest) => Pick<Directory, 'organization'>
}> = async (app, { directory }) => {
  app.get(
    '/organizations/:siret',
    {
      config: { scope: 'directory:read' },
      schema: {
        operationId: 'getOrganization',
        tags: ['directory'],
        summary: 'A recipient and what it demands on an invoice',
        params: Type.Object({ siret: Siret }, { additionalProperties: false }),
        response: {
          200: {
            description: 'As Chorus Pro said at `asOf`.',
            content: { 'application/json': { schema: ref(Organization) } }
          },
          ...problems
        }
      }
    },
    async (request) => {
      const { params } = request
      const found = await directory(request).organization(params.siret)
      if (found === undefined)
        throw new ProblemError('not-found', { detail: `Chorus Pro knows no structure ${params.siret}.` })
      const { siret, name, active, requirements, asOf } = found
      return { siret, active, requirements, asOf, ...(name !== undefined && { name }) }
    }
  )
}
