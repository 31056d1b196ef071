import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { DocumentFormatParams, DocumentsQuery } from '../schemas/issued-invoice.ts'
import { pageOf } from '../schemas/paging.ts'
import { PlatformChange, PlatformDocuments, PlatformHistory } from '../schemas/platform-answers.ts'
import { PlatformParams } from '../schemas/platform-invoice.ts'
import {
  Acknowledged,
  Acknowledgement,
  AllowedStatuses,
  PickUp,
  PickUpRequest,
  ReceivedInvoice,
  ReceivedInvoiceDetail,
  ReceivedInvoiceQuery,
  ReceivedToProcessQuery,
  StatusChange
} from '../schemas/received-invoice.ts'
import { ref } from '../schemas/ref.ts'
import {
  changeProblems,
  downloadProblems,
  fileAnswer,
  jsonOf,
  problems,
  transitionProblem
} from '../schemas/responses.ts'
import type { PickUps } from '../src/portal/pick-up.ts'
import type { Received } from '../src/portal/received.ts'
import type { SetStatus } from '../src/portal/received-changes.ts'
import type { Visit } from '../src/portal/visit.ts'
import { idsOf, sendFile } from './served-file.ts'

export interface ReceivedInvoiceRoutesOptions {
  received: Received
  setStatus: SetStatus
  pickUps: PickUps
  visit: (request: FastifyRequest) => Visit
}

const tags = ['received-invoices']
const reading = { scope: 'received:read' } as const
const processing = { scope: 'received:process' } as const
const onePage = {
  description: 'One page.',
  content: { 'application/json': { schema: pageOf(ReceivedInvoice, 'One page.') } }
} as const

/** Invoices that our structures received. */
export const receivedInvoiceRoutes: FastifyPluginAsyncTypebox<ReceivedInvoiceRoutesOptions> = async (
  app,
  { received, setStatus, pickUps, visit }
) => {
  app.get(
    '',
    {
      config: reading,
      schema: {
        operationId: 'searchReceivedInvoices',
        tags,
        summary: 'Search the invoices that your structures received',
        description:
          'Straight from Chorus Pro (rechercher/recipiendaire), newest deposit first unless `sort` says otherwise. Follow `nextCursor` to the end; a page in between may be empty. A key that is limited to SIRETs sees what these structures received.',
        querystring: ReceivedInvoiceQuery,
        response: { 200: onePage, ...problems }
      }
    },
    async (request) => received.search(visit(request), request.query)
  )

  app.get(
    '/to-process',
    {
      config: reading,
      schema: {
        operationId: 'listReceivedInvoicesToProcess',
        tags,
        summary: 'Received invoices that wait for the recipient',
        description: 'Those whose status lets the recipient act (rechercher/atraiter/recipiendaire).',
        querystring: ReceivedToProcessQuery,
        response: { 200: onePage, ...problems }
      }
    },
    async (request) => received.toProcess(visit(request), request.query)
  )

  app.get(
    '/documents',
    {
      config: reading,
      schema: {
        operationId: 'downloadReceivedInvoices',
        tags,
        summary: 'Download several received invoices at once',
        description:
          'Up to ten come as Chorus Pro makes them; more are split into several calls and come as a ZIP of those files. Chorus Pro marks them as downloaded; the gateway’s pick-up still hands them out until they are acknowledged.',
        querystring: DocumentsQuery,
        response: { 200: fileAnswer, ...downloadProblems }
      }
    },
    async (request, reply) =>
      sendFile(reply, await received.download(visit(request), idsOf(request.query.id), request.query.format))
  )

  app.post(
    '/pick-up',
    {
      config: processing,
      schema: {
        operationId: 'pickUpReceivedInvoices',
        tags,
        summary: 'Take new invoices, one caller at a time',
        description:
          'Invoices that nobody downloaded yet, oldest first, each leased to you. Download them, keep them, then acknowledge each with its lease. What is not acknowledged comes again when its lease ends, to you or another: nothing is lost when somebody dies in between. `deliveries` says when you may have it already.',
        body: ref(PickUpRequest),
        response: {
          200: { description: 'At most `limit`; none when there is nothing new.', ...jsonOf(PickUp) },
          ...problems
        }
      }
    },
    async (request) => pickUps.pickUp(visit(request), request.body)
  )

  app.post(
    '/:id/acknowledgement',
    {
      config: processing,
      schema: {
        operationId: 'acknowledgeReceivedInvoice',
        tags,
        summary: 'You have it for good: it is not handed out again',
        description:
          'Ends the lease that the pick-up gave. 409 when the lease had ended and the invoice was handed out again.',
        params: PlatformParams,
        body: ref(Acknowledgement),
        response: {
          200: { description: 'Kept; a repeat is answered alike.', ...jsonOf(Acknowledged) },
          ...problems,
          ...transitionProblem
        }
      }
    },
    async (request) => pickUps.acknowledge(visit(request), request.params.id, request.body)
  )

  app.get(
    '/:id',
    {
      config: reading,
      schema: {
        operationId: 'getReceivedInvoice',
        tags,
        summary: 'One received invoice with its lines, taxes and attachments',
        description:
          'Everything that Chorus Pro shows its recipient (consulter/recipiendaire), every page of every list.',
        params: PlatformParams,
        response: { 200: { description: 'The invoice.', ...jsonOf(ReceivedInvoiceDetail) }, ...problems }
      }
    },
    async (request) => received.find(visit(request), request.params.id)
  )

  app.get(
    '/:id/history',
    {
      config: reading,
      schema: {
        operationId: 'getReceivedInvoiceHistory',
        tags,
        summary: 'Statuses, events and actions of a received invoice',
        description:
          'Every page of all three, oldest first. The reason of a suspension or rejection is the `comment` of its status.',
        params: PlatformParams,
        response: { 200: { description: 'Oldest first, each whole.', ...jsonOf(PlatformHistory) }, ...problems }
      }
    },
    async (request) => received.history(visit(request), request.params.id)
  )

  app.get(
    '/:id/documents',
    {
      config: reading,
      schema: {
        operationId: 'listReceivedInvoiceDocuments',
        tags,
        summary: 'What there is of a received invoice to download',
        description: 'Its attachments by name, and the forms in which Chorus Pro gives the whole.',
        params: PlatformParams,
        response: { 200: { description: 'Attachments and addresses.', ...jsonOf(PlatformDocuments) }, ...problems }
      }
    },
    async (request) => received.documents(visit(request), request.params.id)
  )

  app.get(
    '/:id/documents/:format',
    {
      config: reading,
      schema: {
        operationId: 'downloadReceivedInvoice',
        tags,
        summary: 'Download a received invoice as PDF, archive or pivot XML',
        description:
          'Chorus Pro marks it as downloaded; the gateway’s pick-up still hands it out until it is acknowledged.',
        params: DocumentFormatParams,
        response: { 200: fileAnswer, ...downloadProblems }
      }
    },
    async (request, reply) =>
      sendFile(reply, await received.download(visit(request), [request.params.id], request.params.format))
  )

  app.get(
    '/:id/allowed-statuses',
    {
      config: reading,
      schema: {
        operationId: 'getAllowedStatuses',
        tags,
        summary: 'Statuses that you may set now',
        description: 'As Chorus Pro allows them from the present status, and which of them need a reason.',
        params: PlatformParams,
        response: { 200: { description: 'From its present status.', ...jsonOf(AllowedStatuses) }, ...problems }
      }
    },
    async (request) => received.allowedStatuses(visit(request), request.params.id)
  )

  app.post(
    '/:id/status',
    {
      config: processing,
      schema: {
        operationId: 'setReceivedInvoiceStatus',
        tags,
        summary: 'Move a received invoice to another status',
        description:
          'The status is read first: 409 says which one it is and what is allowed from there. `suspended` and `rejected` need a reason. When the answer of Chorus Pro is lost, the problem says `outcome: unknown`; a repeat reads the status before it does anything.',
        params: PlatformParams,
        body: ref(StatusChange),
        response: { 200: { description: 'Chorus Pro did it.', ...jsonOf(PlatformChange) }, ...changeProblems }
      }
    },
    async (request) => setStatus(visit(request), request.params.id, request.body)
  )
}
