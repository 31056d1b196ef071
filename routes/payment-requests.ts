import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { PaymentRequestPage, PaymentRequestQuery } from '../schemas/payment-request.ts'
import { jsonOf, problems } from '../schemas/responses.ts'
import type { Resources } from '../src/chorus/resources.ts'
import { decodePage, toPage } from '../src/page-cursor.ts'

/** Payment requests of every kind, in the live base and in the archive. */
export const paymentRequestRoutes: FastifyPluginAsyncTypebox<{
  resources: (request: FastifyRequest) => Pick<Resources, 'paymentRequests'>
}> = async (app, { resources }) => {
  app.get(
    '',
    {
      config: { scope: 'invoices:read' },
      schema: {
        operationId: 'listPaymentRequests',
        tags: ['payment-requests'],
        summary: 'Search payment requests of every kind',
        description:
          'Invoices, works invoices, court fee statements and refund requests, live or archived. Chorus Pro gives this search whole; when it gives fewer rows than it announces, the answer is a problem that asks for a narrower filter. A key limited to sellers sees those of its sellers, or as `role=buyer` those addressed to them. Chorus Pro has declared this search out of order on its qualification platform.',
        querystring: PaymentRequestQuery,
        response: { 200: { description: 'One page, by id.', ...jsonOf(PaymentRequestPage) }, ...problems }
      }
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query
      const list = { of: 'payment-requests', ...filter }
      const { paymentRequests } = resources(request)
      return toPage(list, await paymentRequests.list(filter, decodePage(list, cursor, limit), request.caller.sellers))
    }
  )
}
