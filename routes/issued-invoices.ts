import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { formFields } from '../schemas/form-fields.ts'
import {
  Completion,
  DocumentFormatParams,
  DocumentsQuery,
  IssuedInvoice,
  IssuedInvoiceDetail,
  IssuedInvoiceQuery,
  IssuedToProcessQuery,
  RejectionAcknowledgement,
  Rerouting,
  ValidatorCorrection
} from '../schemas/issued-invoice.ts'
import { pageOf } from '../schemas/paging.ts'
import { PlatformChange, PlatformDocuments, PlatformHistory } from '../schemas/platform-answers.ts'
import { PlatformParams } from '../schemas/platform-invoice.ts'
import { ref } from '../schemas/ref.ts'
import { changeProblems, downloadProblems, fileAnswer, jsonOf, problems } from '../schemas/responses.ts'
import type { Issued } from '../src/portal/issued.ts'
import type { IssuedChanges } from '../src/portal/issued-changes.ts'
import type { Visit } from '../src/portal/visit.ts'
import { idsOf, sendFile } from './served-file.ts'

export interface IssuedInvoiceRoutesOptions {
  issued: Issued
  visit: (request: FastifyRequest) => Visit
}

const tags = ['issued-invoices']
const config = { scope: 'invoices:read' } as const

/** Invoices of our sellers, also those that did not come through us. */
export const issuedInvoiceRoutes: FastifyPluginAsyncTypebox<IssuedInvoiceRoutesOptions> = async (
  app,
  { issued, visit }
) => {
  app.get(
    '',
    {
      config,
      schema: {
        operationId: 'searchIssuedInvoices',
        tags,
        summary: 'Search the invoices that your sellers issued',
        description:
          'Straight from Chorus Pro (rechercher/fournisseur), newest deposit first unless `sort` says otherwise. Follow `nextCursor` to the end; a page in between may be empty. Codes come in our words, the raw ones in `upstream`.',
        querystring: IssuedInvoiceQuery,
        response: {
          200: {
            description: 'One page.',
            content: { 'application/json': { schema: pageOf(IssuedInvoice, 'One page.') } }
          },
          ...problems
        }
      }
    },
    async (request) => issued.search(visit(request), request.query)
  )

  app.get(
    '/to-process',
    {
      config,
      schema: {
        operationId: 'listIssuedInvoicesToProcess',
        tags,
        summary: 'Issued invoices on which the seller can still act',
        description: 'Those that Chorus Pro lists as to be handled by the supplier (rechercher/atraiter/fournisseur).',
        querystring: IssuedToProcessQuery,
        response: {
          200: {
            description: 'One page.',
            content: { 'application/json': { schema: pageOf(IssuedInvoice, 'One page.') } }
          },
          ...problems
        }
      }
    },
    async (request) => issued.toProcess(visit(request), request.query)
  )

  app.get(
    '/documents',
    {
      config,
      schema: {
        operationId: 'downloadIssuedInvoices',
        tags,
        summary: 'Download several issued invoices at once',
        description:
          'Up to ten come as Chorus Pro makes them: one PDF, or a ZIP with a folder for each, or one pivot XML. More are split into several calls and come as a ZIP of those files.',
        querystring: DocumentsQuery,
        response: { 200: fileAnswer, ...downloadProblems }
      }
    },
    async (request, reply) =>
      sendFile(reply, await issued.download(visit(request), idsOf(request.query.id), request.query.format))
  )

  app.get(
    '/:id',
    {
      config,
      schema: {
        operationId: 'getIssuedInvoice',
        tags,
        summary: 'One issued invoice with its lines, taxes and attachments',
        description: 'Everything that Chorus Pro shows its supplier (consulter/fournisseur), every page of every list.',
        params: PlatformParams,
        response: { 200: { description: 'The invoice.', ...jsonOf(IssuedInvoiceDetail) }, ...problems }
      }
    },
    async (request) => issued.find(visit(request), request.params.id)
  )

  app.get(
    '/:id/history',
    {
      config,
      schema: {
        operationId: 'getIssuedInvoiceHistory',
        tags,
        summary: 'Statuses, events and actions of an issued invoice',
        description:
          'Every page of all three, oldest first. The reason of a suspension or rejection is the `comment` of its status.',
        params: PlatformParams,
        response: { 200: { description: 'Oldest first, each whole.', ...jsonOf(PlatformHistory) }, ...problems }
      }
    },
    async (request) => issued.history(visit(request), request.params.id)
  )

  app.get(
    '/:id/documents',
    {
      config,
      schema: {
        operationId: 'listIssuedInvoiceDocuments',
        tags,
        summary: 'What there is of an issued invoice to download',
        description: 'Its attachments by name, and the forms in which Chorus Pro gives the whole.',
        params: PlatformParams,
        response: { 200: { description: 'Attachments and addresses.', ...jsonOf(PlatformDocuments) }, ...problems }
      }
    },
    async (request) => issued.documents(visit(request), request.params.id)
  )

  app.get(
    '/:id/documents/:format',
    {
      config,
      schema: {
        operationId: 'downloadIssuedInvoice',
        tags,
        summary: 'Download an issued invoice as PDF, archive or pivot XML',
        description: 'Passed through while it comes. The content type is that of the bytes, not of a promise.',
        params: DocumentFormatParams,
        response: { 200: fileAnswer, ...downloadProblems }
      }
    },
    async (request, reply) =>
      sendFile(reply, await issued.download(visit(request), [request.params.id], request.params.format))
  )
}

export interface IssuedInvoiceChangeRoutesOptions {
  issuedChanges: IssuedChanges
  visit: (request: FastifyRequest) => Visit
}

const actions = [
  {
    path: 'completion',
    operationId: 'completeIssuedInvoice',
    summary: 'Answer a suspension with a comment and files',
    description: 'Allowed while the invoice is `suspended`. The files are given to Chorus Pro first, then the answer.',
    body: Completion,
    files: true,
    work: 'complete'
  },
  {
    path: 'rerouting',
    operationId: 'rerouteIssuedInvoice',
    summary: 'Correct recipient, service or references and send it on',
    description: 'Allowed while the invoice is `to_reroute`. What is not corrected goes back as it stands.',
    body: Rerouting,
    files: false,
    work: 'reroute'
  },
  {
    path: 'rejection-acknowledgement',
    operationId: 'acknowledgeRejection',
    summary: 'Mark a rejection as handled',
    description: 'Allowed while the invoice is `rejected`, once. A corrected invoice needs a new number.',
    body: RejectionAcknowledgement,
    files: false,
    work: 'acknowledgeRejection'
  },
  {
    path: 'validator',
    operationId: 'correctValidator',
    summary: 'Name another validator',
    description: 'Allowed while the invoice is `wrong_validator_by_supplier` or `wrong_validator_by_co_contractor`.',
    body: ValidatorCorrection,
    files: false,
    work: 'correctValidator'
  }
] as const

const attachments = {
  type: 'array',
  items: { type: 'string', contentMediaType: 'application/octet-stream', format: 'binary' },
  description: 'Files, at most 10 MB each.'
} as const

/** What a seller does to them: in one form or one JSON, files included. */
export const issuedInvoiceChangeRoutes: FastifyPluginAsyncTypebox<IssuedInvoiceChangeRoutesOptions> = async (
  app,
  { issuedChanges, visit }
) => {
  for (const { path, operationId, summary, description, body, files, work } of actions) {
    const fields = formFields(body.properties)
    const form = files ? { ...fields, attachments } : fields
    app.post(
      `/:id/${path}`,
      {
        config: { scope: 'invoices:submit' },
        schema: {
          operationId,
          tags,
          summary,
          description: `${description} The status is read first: 409 says which one it is. When the answer of Chorus Pro is lost, the problem says \`outcome: unknown\`; a repeat reads the status before it does anything.`,
          consumes: ['multipart/form-data', 'application/json'],
          params: PlatformParams,
          body: {
            content: {
              'multipart/form-data': { schema: { type: 'object', properties: form } },
              'application/json': { schema: ref(body) }
            }
          },
          response: { 200: { description: 'Chorus Pro did it.', ...jsonOf(PlatformChange) }, ...changeProblems }
        }
      },
      async (request) => issuedChanges[work](visit(request), request.params.id, await request.readSubmissionForm())
    )
  }
}
