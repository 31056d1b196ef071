import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../schemas/ref.ts'
import { Resolution } from '../schemas/resolution.ts'
import { problems, submissionProblems, transitionProblem } from '../schemas/responses.ts'
import { Invoice, InvoiceParams } from '../schemas/submission.ts'
import type { PresentInvoice } from '../src/invoices/present.ts'
import type { Submissions } from '../src/invoices/submission.ts'

export interface ResolutionRoutesOptions {
  submissions: Pick<Submissions, 'resolve'>
  present: PresentInvoice
}

export const resolutionRoutes: FastifyPluginAsyncTypebox<ResolutionRoutesOptions> = async (
  app,
  { submissions, present }
) => {
  app.post(
    '/:id/resolution',
    {
      config: { scope: 'operator' },
      schema: {
        operationId: 'resolveInvoice',
        tags: ['invoices'],
        summary: 'Decide about a held invoice (operators)',
        description:
          'For an invoice whose outcome the gateway could not clear up by itself: `submission.heldReason` says why. Look it up on the portal first.',
        params: InvoiceParams,
        body: ref(Resolution),
        response: {
          200: {
            description: 'As it stands after the decision.',
            content: { 'application/json': { schema: ref(Invoice) } }
          },
          ...problems,
          ...transitionProblem,
          422: submissionProblems[422]
        }
      }
    },
    async ({ params, body, caller }) => present(await submissions.resolve(params.id, body, caller.id))
  )
}
