import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { invoiceExamples, multipartExample } from '../schemas/examples.ts'
import { InvoiceInput, InvoiceJson } from '../schemas/invoice.ts'
import { ref } from '../schemas/ref.ts'
import { problems, submissionProblems, transitionProblem } from '../schemas/responses.ts'
import {
  DocumentParams,
  Invoice,
  InvoiceList,
  InvoiceParams,
  InvoiceQuery,
  Timeline,
  Validation
} from '../schemas/submission.ts'
import type { presentInvoice as Present, presentTimeline as PresentTimeline } from '../src/invoices/present.ts'
import type { ReadySubmission, Submissions } from '../src/invoices/submission.ts'
import { ProblemError } from '../src/problem.ts'
import type { DocumentStore, Store, StoredInvoice } from '../src/store/store.ts'

export interface InvoiceRoutesOptions {
  submissions: Submissions
  store: Pick<Store, 'list' | 'timeline'>
  documents: Pick<DocumentStore, 'open'>
  present: typeof Present
  presentTimeline: typeof PresentTimeline
}

const Headers = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      description:
        'Names this request: a repeat with the same key is answered with the same invoice. Needed where there is no invoice number.'
    })
  ),
  prefer: Type.Optional(
    Type.String({
      maxLength: 100,
      description:
        '`wait=N`: wait up to N seconds for Chorus Pro (20 when absent, 60 at most). `respond-async`: do not wait.'
    })
  )
})

const submissionBody = {
  content: {
    'multipart/form-data': { schema: multipartExample(InvoiceInput) },
    'application/json': { schema: { ...ref(InvoiceJson) }, examples: invoiceExamples }
  }
} as const

const located = {
  location: { type: 'string', description: 'Address of the invoice.' },
  'idempotency-replayed': { type: 'string', description: '`true` when the invoice was here already.' }
}

export const invoiceRoutes: FastifyPluginAsyncTypebox<InvoiceRoutesOptions> = async (app, options) => {
  const { submissions, store, documents, present, presentTimeline } = options

  const owned = async (request: {
    params: { id: string }
    caller: FastifyRequest['caller']
  }): Promise<StoredInvoice> => {
    const invoice = await submissions.find(request.params.id, request.caller.id)
    if (invoice === undefined) throw new ProblemError('not-found', { detail: 'There is no such invoice.' })
    return invoice
  }

  app.post(
    '',
    {
      config: { scope: 'invoices:submit' },
      schema: {
        operationId: 'submitInvoice',
        tags: ['invoices'],
        summary: 'Send an invoice to Chorus Pro',
        description:
          'A PDF with the invoice’s fields, a Factur-X, UBL or CII file, or fields alone. In a form, the fields are either one part `invoice` (JSON, as text, typed part or file) or flat text fields such as `buyer.siret` and `totals.payable`. Parts may come in any order.',
        consumes: ['multipart/form-data', 'application/json'],
        headers: Headers,
        body: submissionBody,
        response: {
          201: { description: 'Chorus Pro holds it.', headers: located, ...jsonOf(Invoice) },
          202: {
            description: 'Safe here and not finished: it goes on by itself; read it again later.',
            headers: located,
            ...jsonOf(Invoice)
          },
          200: { description: 'Seen before: the same invoice as it stands now.', headers: located, ...jsonOf(Invoice) },
          ...submissionProblems
        }
      }
    },
    async (request, reply) => {
      const form = await request.readSubmissionForm()
      const idempotencyKey = request.headers['idempotency-key']
      const { kind, invoice } = await submissions.submit(form as ReadySubmission, request.caller, {
        waitMs: waitOf(request.headers.prefer),
        released: () => request.releaseBudget(),
        ...(idempotencyKey !== undefined && { idempotencyKey })
      })
      reply.header('location', `/v1/invoices/${invoice.id}`)
      if (kind === 'replayed') reply.header('idempotency-replayed', 'true')
      return reply.status(kind === 'created' ? 201 : kind === 'accepted' ? 202 : 200).send(present(invoice))
    }
  )

  app.post(
    '/validate',
    {
      config: { scope: 'invoices:submit' },
      schema: {
        operationId: 'validateInvoice',
        tags: ['invoices'],
        summary: 'Check an invoice without keeping or sending anything',
        consumes: ['multipart/form-data', 'application/json'],
        body: submissionBody,
        response: {
          200: { description: 'The verdict, every error and warning at once, and the plan.', ...jsonOf(Validation) },
          ...submissionProblems
        }
      }
    },
    async (request) => {
      const form = await request.readSubmissionForm()
      const { errors, warnings, plan, document } = await submissions.validate(form as ReadySubmission, request.caller)
      return {
        verdict: errors.length === 0 ? ('valid' as const) : ('invalid' as const),
        errors,
        warnings,
        plan: {
          mode: plan.mode,
          reason: plan.reason,
          steps: plan.steps,
          ...(plan.syntax !== undefined && { syntax: plan.syntax }),
          ...(document !== undefined &&
            form.file !== undefined && {
              document: {
                kind: document.kind,
                signed: document.signed,
                encrypted: document.encrypted,
                size: form.file.size,
                sha256: form.file.sha256,
                ...(document.facturX?.profile !== undefined && { profile: document.facturX.profile })
              }
            })
        }
      }
    }
  )

  app.get(
    '',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'listInvoices',
        tags: ['invoices'],
        summary: 'Your invoices, newest first',
        querystring: InvoiceQuery,
        response: { 200: { description: 'One page.', ...jsonOf(InvoiceList) }, ...problems }
      }
    },
    async ({ query, caller }) => {
      const { limit = 50, cursor, seller, buyer, status, ...filter } = query
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
        throw new ProblemError('malformed-request', {
          detail: 'The cursor belongs to another list. Start again without it.',
          errors: [
            {
              pointer: '/cursor',
              rule: 'malformed-request',
              message: 'The cursor belongs to another list.',
              messageFr: 'Le curseur appartient à une autre liste.',
              fix: 'Start again without a cursor.'
            }
          ]
        })
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

function jsonOf<S extends Parameters<typeof ref>[0]>(schema: S) {
  return { content: { 'application/json': { schema: ref(schema) } } }
}

/** RFC 7240; milliseconds. */
function waitOf(prefer: string | undefined): number {
  if (prefer === undefined) return 20_000
  if (/(^|[,;]\s*)respond-async\b/i.test(prefer)) return 0
  const seconds = /(?:^|[,;]\s*)wait\s*=\s*"?(\d{1,6})/i.exec(prefer)?.[1]
  return seconds === undefined ? 20_000 : Math.min(Number(seconds), 60) * 1000
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
