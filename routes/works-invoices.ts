import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { ref } from '../schemas/ref.ts'
import { actionProblems, jsonOf, problems } from '../schemas/responses.ts'
import {
  BillingFile,
  WorksChange,
  WorksInvoiceDetail,
  WorksInvoicePage,
  WorksInvoiceParams,
  WorksInvoiceQuery,
  WorksRerouting,
  WorksSuspension,
  WorksToProcessQuery
} from '../schemas/works-invoice.ts'
import type { Resources } from '../src/chorus/resources.ts'
import { decodePage, toPage } from '../src/page-cursor.ts'

const reading = { scope: 'received:read' } as const
const processing = { scope: 'received:process' } as const
const tags = ['works-invoices']
const once =
  'Sent once and never repeated: when no answer comes, the problem says `outcome: unknown`; read the document again to see what came of it.'

/** Documents of works contracts. A key limited to sellers sees those of which it is certain that they are theirs. */
export const worksInvoiceRoutes: FastifyPluginAsyncTypebox<{
  resources: (request: FastifyRequest) => Pick<Resources, 'worksInvoices'>
}> = async (app, { resources }) => {
  app.get(
    '',
    {
      config: reading,
      schema: {
        operationId: 'listWorksInvoices',
        tags,
        summary: 'Search works invoices',
        description: 'The documents in which you have the role, in Chorus Pro’s order.',
        querystring: WorksInvoiceQuery,
        response: { 200: { description: 'One page.', ...jsonOf(WorksInvoicePage) }, ...actionProblems }
      }
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query
      const list = { of: 'works-invoices', ...filter }
      const { worksInvoices } = resources(request)
      return toPage(list, await worksInvoices.list(filter, decodePage(list, cursor, limit), request.caller.sellers))
    }
  )

  app.get(
    '/to-process',
    {
      config: reading,
      schema: {
        operationId: 'listWorksInvoicesToProcess',
        tags,
        summary: 'Works invoices that wait for you',
        description: 'A document leaves this list once it is processed: start again rather than read on after that.',
        querystring: WorksToProcessQuery,
        response: { 200: { description: 'One page.', ...jsonOf(WorksInvoicePage) }, ...problems }
      }
    },
    async (request) => {
      const list = { of: 'works-invoices/to-process' }
      const at = decodePage(list, request.query.cursor, request.query.limit)
      return toPage(list, await resources(request).worksInvoices.toProcess(at, request.caller.sellers))
    }
  )

  app.get(
    '/:id',
    {
      config: reading,
      schema: {
        operationId: 'getWorksInvoice',
        tags,
        summary: 'One works invoice',
        description: 'What can be read of it, and the whole under `original` as Chorus Pro gave it.',
        params: WorksInvoiceParams,
        response: { 200: { description: 'The document.', ...jsonOf(WorksInvoiceDetail) }, ...problems }
      }
    },
    async (request) => resources(request).worksInvoices.one(request.params.id, request.caller.sellers)
  )

  app.get(
    '/:id/billing-file',
    {
      config: reading,
      schema: {
        operationId: 'getBillingFile',
        tags,
        summary: 'The chain of documents that a works invoice belongs to',
        description:
          'From the first statement to the last. A key limited to sellers gets the documents that are certainly theirs.',
        params: WorksInvoiceParams,
        response: { 200: { description: 'Every document of the file.', ...jsonOf(BillingFile) }, ...problems }
      }
    },
    async (request) => resources(request).worksInvoices.billingFile(request.params.id, request.caller.sellers)
  )

  app.post(
    '/:id/rerouting',
    {
      config: processing,
      schema: {
        operationId: 'rerouteWorksInvoice',
        tags,
        summary: 'Correct the recipient, its service or the commitment number',
        description: `For a document that is to be rerouted or names a wrong works owner; in another status it is 409. ${once}`,
        params: WorksInvoiceParams,
        body: ref(WorksRerouting),
        response: { 200: { description: 'Corrected.', ...jsonOf(WorksChange) }, ...actionProblems }
      }
    },
    async (request) => resources(request).worksInvoices.reroute(request.params.id, request.body, request.caller.sellers)
  )

  app.post(
    '/:id/rerouting-request',
    {
      config: processing,
      schema: {
        operationId: 'requestWorksRerouting',
        tags,
        summary: 'Ask for the document before this one to be corrected',
        description: `Its depositor is asked to reroute it, or to correct a wrong works owner. No body. ${once}`,
        params: WorksInvoiceParams,
        response: {
          200: { description: 'Asked; names the document before.', ...jsonOf(WorksChange) },
          ...actionProblems
        }
      }
    },
    async (request) => resources(request).worksInvoices.requestRerouting(request.params.id, request.caller.sellers)
  )

  app.post(
    '/:id/suspension',
    {
      config: processing,
      schema: {
        operationId: 'suspendWorksInvoice',
        tags,
        summary: 'Suspend a works invoice, or ask its author to complete it',
        description: once,
        params: WorksInvoiceParams,
        body: ref(WorksSuspension),
        response: { 200: { description: 'Suspended.', ...jsonOf(WorksChange) }, ...actionProblems }
      }
    },
    async (request) => resources(request).worksInvoices.suspend(request.params.id, request.body, request.caller.sellers)
  )
}
