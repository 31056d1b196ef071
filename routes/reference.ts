import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { CodeList, CodeListIndex, CodeListParams, CodeListQuery } from '../schemas/reference.ts'
import { jsonOf, problems } from '../schemas/responses.ts'
import type { Resources } from '../src/chorus/resources.ts'
import type { Directory } from '../src/directory/directory.ts'

export interface ReferenceRoutesOptions {
  directory: (request: FastifyRequest) => Pick<Directory, 'codeList'>
  resources: (request: FastifyRequest) => Pick<Resources, 'codeLists'>
}

/** Codes and what they mean. */
export const referenceRoutes: FastifyPluginAsyncTypebox<ReferenceRoutesOptions> = async (app, options) => {
  const { directory, resources } = options

  app.get(
    '',
    {
      config: { scope: 'directory:read' },
      schema: {
        operationId: 'listCodeLists',
        tags: ['reference'],
        summary: 'Which lists of codes there are',
        description: 'Each can be read by its name.',
        response: { 200: { description: 'All of them.', ...jsonOf(CodeListIndex) }, ...problems }
      }
    },
    async (request) => {
      const items = resources(request).codeLists.summaries
      return { items, total: items.length }
    }
  )

  app.get(
    '/:name',
    {
      config: { scope: 'directory:read' },
      schema: {
        operationId: 'getCodeList',
        tags: ['reference'],
        summary: 'A list of codes with their labels',
        description:
          'As Chorus Pro told at `asOf`, remembered for a day. Labels are in the language that is asked for where Chorus Pro knows it.',
        params: CodeListParams,
        querystring: CodeListQuery,
        response: { 200: { description: 'The whole list.', ...jsonOf(CodeList) }, ...problems }
      }
    },
    async (request) => {
      const { name } = request.params
      const { language = 'fr', for: about } = request.query
      const narrowed = about === undefined ? {} : { for: about }
      const answer = await directory(request).codeList({ name, language, ...narrowed })
      const title = resources(request).codeLists.summaries.find((one) => one.name === name)?.title ?? name
      return { name, title, language, ...narrowed, ...answer }
    }
  )
}
