import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { jsonOf, problems, transitionProblem } from '../schemas/responses.ts'
import { DocumentParams, Invoice, InvoiceList, InvoiceParams, InvoiceQuery, Timeline } from '../schemas/submission.ts'
import type { PresentInvoice, presentTimeline as PresentTimeline } from '../src/invoices/present.ts'
import type { Submissions } from '../src/invoices/submission.ts'
import { foreignCursor } from '../src/page-cursor.ts'
import { badValue, ProblemError } from '../src/problem.ts'
import type { DocumentStore } from '../src/store/document-store.ts'
import type { Store } from '../src/store/store.ts'
import type { StoredInvoice } from '../src/store/stored-invoice.ts'

export interface InvoiceRoutesOptions {
  submissions: Pick<Submissions, 'find' | 'refresh' | 'cancel'>
  store: Pick<Store, 'list' | 'timeline'>
  documents: Pick<DocumentStore, 'open'>
  present: PresentInvoice
  presentTimeline: typeof PresentTimeline
  isStatus: (name: string) => boolean
}

/** Invoices once they are here. */
export const invoiceRoutes: FastifyPluginAsyncTypebox<InvoiceRoutesOptions> = async (app, options) => {
  const { submissions, store, documents, present, presentTimeline, isStatus } = options

  const owned = async (request: {
    params: { id: string }
    caller: FastifyRequest['caller']
  }): Promise<StoredInvoice> => {
    const invoice = await submissions.find(request.params.id, request.caller.id)
    if (invoice === undefined) throw new ProblemError('not-found', { detail: 'There is no such invoice.' })
    return invoice
  }

  app.get(
    '',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'listInvoices',
        tags: ['invoices'],
        summary: 'Your invoices, newest first',
        description:
          'Those that you sent through the gateway, from its own ledger: no call to Chorus Pro. Follow `nextCursor` to the end.',
        querystring: InvoiceQuery,
        response: { 200: { description: 'One page.', ...jsonOf(InvoiceList) }, ...problems }
      }
    },
    async ({ query, caller }) => {
      const { limit = 50, cursor, seller, buyer, status, ...filter } = query
      if (status !== undefined && !isStatus(status)) {
        throw badValue('/status', {
          message: `“${status}” is no status.`,
          messageFr: `« ${status} » n’est pas un statut.`,
          fix: 'Use a name of /v1/code-lists/statuses, or other.'
        })
      }
      try {
        const page = await store.list(
          {
            caller: caller.id,
            ...filter,
            ...(seller !== undefined && { sellerSiret: seller }),
            ...(buyer !== undefined && { buyerSiret: buyer }),
            ...(status !== undefined && { statusCode: status })
          },
          { limit, ...(cursor !== undefined && { cursor }) }
        )
        return {
          items: page.items.map(present),
          ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor })
        }
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        throw foreignCursor()
      }
    }
  )

  app.get(
    '/:id',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'getInvoice',
        tags: ['invoices'],
        summary: 'One invoice as it stands',
        description: '`submission` is the gateway’s side of the story, `status` Chorus Pro’s, as it was last heard.',
        params: InvoiceParams,
        response: { 200: { description: 'The invoice.', ...jsonOf(Invoice) }, ...problems }
      }
    },
    async (request) => present(await owned(request))
  )

  app.get(
    '/:id/timeline',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'getTimeline',
        tags: ['invoices'],
        summary: 'Everything that happened to an invoice',
        description:
          'Changes of state, every attempt and what it proved, and the statuses in Chorus Pro with their comments.',
        params: InvoiceParams,
        response: { 200: { description: 'Oldest first.', ...jsonOf(Timeline) }, ...problems }
      }
    },
    async (request) => presentTimeline(await store.timeline((await owned(request)).id))
  )

  app.get(
    '/:id/documents/:document',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'getDocument',
        tags: ['invoices'],
        summary: 'A file of the invoice, as it was sent',
        description: 'The very bytes. `documents[].href` of the invoice leads here.',
        params: DocumentParams,
        response: {
          200: { description: 'The bytes.', content: { 'application/octet-stream': { schema: Type.Any() } } },
          ...problems
        }
      }
    },
    async (request, reply) => {
      const invoice = await owned(request)
      const document = invoice.documents.find((each) => each.id === request.params.document)
      if (document === undefined) throw new ProblemError('not-found', { detail: 'This invoice has no such document.' })
      return sendFile(reply, document, documents.open(document.sha256))
    }
  )

  app.post(
    '/:id/refresh',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'refreshInvoice',
        tags: ['invoices'],
        summary: 'Ask Chorus Pro for the status now',
        description:
          'The gateway asks by itself, ever more rarely; this asks at once. Without an answer from Chorus Pro it is a problem.',
        params: InvoiceParams,
        response: { 200: { description: 'The invoice, with what is new.', ...jsonOf(Invoice) }, ...problems }
      }
    },
    async (request) => present(await submissions.refresh(await owned(request)))
  )

  app.post(
    '/:id/cancel',
    {
      config: { scope: 'invoices:submit' },
      schema: {
        operationId: 'cancelInvoice',
        tags: ['invoices'],
        summary: 'Withdraw an invoice that was not sent yet',
        description: 'What was sent cannot be withdrawn: 409 `invalid-transition`. Its number is free again.',
        params: InvoiceParams,
        response: {
          200: { description: 'Cancelled; it will not be sent.', ...jsonOf(Invoice) },
          ...problems,
          ...transitionProblem
        }
      }
    },
    async (request) => present(await submissions.cancel(await owned(request)))
  )
}

function sendFile(
  reply: FastifyReply,
  file: { name: string; mediaType: string; size: number },
  stream: NodeJS.ReadableStream
) {
  const ascii = file.name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  return reply
    .header('content-type', file.mediaType)
    .header('content-length', file.size)
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(file.name)}`)
    .send(stream)
}
