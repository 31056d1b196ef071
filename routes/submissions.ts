import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { invoiceExamples, multipartExample } from '../schemas/examples.ts'
import { InvoiceInput, InvoiceJson } from '../schemas/invoice.ts'
import { ref } from '../schemas/ref.ts'
import { jsonOf, submissionProblems } from '../schemas/responses.ts'
import { Invoice, Validation } from '../schemas/submission.ts'
import type { ReadySubmission } from '../src/invoices/acceptance.ts'
import type { PresentInvoice } from '../src/invoices/present.ts'
import type { Submissions } from '../src/invoices/submission.ts'

export interface SubmissionRoutesOptions {
  submissions: Pick<Submissions, 'submit' | 'validate'>
  present: PresentInvoice
}

const Headers = Type.Object({
  'chorus-connection': Type.Optional(
    Type.String({
      maxLength: 81,
      description:
        'Which connection, for a key that may use several: its name, or `connection/account`. The seller picks the account otherwise.'
    })
  ),
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

/** Invoices on their way in. Their bodies are read by the gateway itself, under its byte budget. */
export const submissionRoutes: FastifyPluginAsyncTypebox<SubmissionRoutesOptions> = async (
  app,
  { submissions, present }
) => {
  app.post(
    '',
    {
      config: { scope: 'invoices:submit', lateBody: true },
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
      config: { scope: 'invoices:submit', lateBody: true },
      schema: {
        operationId: 'validateInvoice',
        tags: ['invoices'],
        summary: 'Check an invoice without keeping or sending anything',
        description:
          'The same body as for sending. The verdict has every error and warning at once, and how the invoice would be sent.',
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
}

/** RFC 7240; milliseconds. */
function waitOf(prefer: string | undefined): number {
  if (prefer === undefined) return 20_000
  if (/(^|[,;]\s*)respond-async\b/i.test(prefer)) return 0
  const seconds = /(?:^|[,;]\s*)wait\s*=\s*"?(\d{1,6})/i.exec(prefer)?.[1]
  return seconds === undefined ? 20_000 : Math.min(Number(seconds), 60) * 1000
}
