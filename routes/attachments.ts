import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  AttachmentFileQuery,
  AttachmentPage,
  AttachmentQuery,
  LinkParams,
  LinkQuery,
  UploadedAttachment
} from '../schemas/attachment.ts'
import { changeProblems, fileAnswer, jsonOf, problems } from '../schemas/responses.ts'
import { decodePage, toPage } from '../src/page-cursor.ts'
import type { StoredFiles } from '../src/portal/stored-files.ts'
import type { Visit } from '../src/portal/visit.ts'
import { sendFile } from './served-file.ts'

export interface AttachmentRoutesOptions {
  storedFiles: StoredFiles
  visit: (request: FastifyRequest) => Visit
}

const tags = ['attachments']

/** Files that Chorus Pro keeps for our account and our organizations. */
export const attachmentRoutes: FastifyPluginAsyncTypebox<AttachmentRoutesOptions> = async (app, options) => {
  const { storedFiles, visit } = options

  app.get(
    '',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'listAttachments',
        tags,
        summary: 'Search the files of our account, or of an organization',
        description:
          'Without `organization` those of our account, which a key that is limited to sellers does not see: it names one of them.',
        querystring: AttachmentQuery,
        response: { 200: { description: 'One page, by name.', ...jsonOf(AttachmentPage) }, ...problems }
      }
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query
      const list = { of: 'attachments', ...filter }
      return toPage(list, await storedFiles.list(visit(request), filter, decodePage(list, cursor, limit)))
    }
  )

  app.get(
    '/file',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'getAttachmentFile',
        tags,
        summary: 'The files themselves',
        description:
          'Chorus Pro gives all files of one owner at once, never a single one. Those of invoices and commitments are with them: /v1/issued-invoices, /v1/received-invoices, /v1/commitments.',
        querystring: AttachmentFileQuery,
        response: { 200: fileAnswer, ...problems }
      }
    },
    async (request, reply) => sendFile(reply, await storedFiles.download(visit(request), request.query))
  )

  app.delete(
    '/:linkId',
    {
      config: { scope: 'invoices:submit' },
      schema: {
        operationId: 'detachAttachment',
        tags,
        summary: 'Cut the tie between a file and what it belongs to',
        description: '`linkId` of the list; `organization` where the file is one of an organization.',
        params: LinkParams,
        querystring: LinkQuery,
        response: { 204: { description: 'It is detached.', type: 'null' }, ...problems, 422: changeProblems[422] }
      }
    },
    async (request, reply) => {
      await storedFiles.detach(visit(request), request.params.linkId, request.query.organization)
      return reply.status(204).send(null)
    }
  )
}

const content = { type: 'string', contentMediaType: 'application/octet-stream', format: 'binary' } as const

export const attachmentUploadRoutes: FastifyPluginAsyncTypebox<AttachmentRoutesOptions> = async (app, options) => {
  const { storedFiles, visit } = options

  app.post(
    '',
    {
      config: { scope: 'invoices:submit' },
      schema: {
        operationId: 'uploadAttachment',
        tags,
        summary: 'Give a file to Chorus Pro',
        description:
          'At most 10 MB, a name of at most 50 characters with one of the extensions of /v1/code-lists/attachment-extensions. Nothing refers to the file yet; invoices sent through the gateway bring their own.',
        consumes: ['multipart/form-data', 'application/json'],
        body: {
          content: {
            'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file: content } } },
            'application/json': {
              schema: Type.Object(
                { file: Type.Object({ name: Type.String(), contentBase64: Type.String() }) },
                { examples: [{ file: { name: 'bon-de-commande.pdf', contentBase64: 'JVBERi0xLjQK' } }] }
              )
            }
          }
        },
        response: { 201: { description: 'Chorus Pro has it.', ...jsonOf(UploadedAttachment) }, ...changeProblems }
      }
    },
    async (request, reply) => {
      const uploaded = await storedFiles.upload(visit(request), await request.readSubmissionForm())
      return reply.status(201).send(uploaded)
    }
  )
}
