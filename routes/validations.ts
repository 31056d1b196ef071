import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { ref } from '../schemas/ref.ts'
import { actionProblems, jsonOf, problems } from '../schemas/responses.ts'
import {
  Decision,
  DecisionInput,
  RefusalReasons,
  ToProcessQuery,
  ValidationParams,
  ValidationQuery,
  ValidatorInvoiceDetail,
  ValidatorInvoicePage,
  VisibleStatuses
} from '../schemas/validation.ts'
import type { Resources } from '../src/chorus/resources.ts'
import { decodePage, toPage } from '../src/page-cursor.ts'

const reading = { scope: 'received:read' } as const
const deciding = { scope: 'received:process' } as const
const tags = ['validations']

/** Invoices that one of our structures has to approve. A key limited to sellers sees those whose validator is one of them. */
export const validationRoutes: FastifyPluginAsyncTypebox<{
  resources: (request: FastifyRequest) => Pick<Resources, 'validations'>
}> = async (app, { resources }) => {
  app.get(
    '',
    {
      config: reading,
      schema: {
        operationId: 'listValidations',
        tags,
        summary: 'Search the invoices that you validate',
        description:
          'Every invoice of which your structures are validator, whatever its status. A key limited to sellers sees those whose validator is one of them; its pages may then hold fewer items than `limit`.',
        querystring: ValidationQuery,
        response: { 200: { description: 'One page, oldest first.', ...jsonOf(ValidatorInvoicePage) }, ...problems }
      }
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query
      const list = { of: 'validations', ...filter }
      const { validations } = resources(request)
      return toPage(list, await validations.list(filter, decodePage(list, cursor, limit), request.caller.sellers))
    }
  )

  app.get(
    '/to-process',
    {
      config: reading,
      schema: {
        operationId: 'listValidationsToProcess',
        tags,
        summary: 'Invoices that wait for your decision',
        description:
          'An invoice leaves this list with its decision: read the list again from its start, rather than further on, after you have decided.',
        querystring: ToProcessQuery,
        response: { 200: { description: 'One page, oldest first.', ...jsonOf(ValidatorInvoicePage) }, ...problems }
      }
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query
      const list = { of: 'validations/to-process', ...filter }
      const { validations } = resources(request)
      return toPage(list, await validations.toProcess(filter, decodePage(list, cursor, limit), request.caller.sellers))
    }
  )

  app.get(
    '/statuses',
    {
      config: reading,
      schema: {
        operationId: 'listValidationStatuses',
        tags,
        summary: 'The statuses in which a validator sees an invoice',
        description: 'As Chorus Pro lists them, with our names; each can be used as filter.',
        response: { 200: { description: 'As Chorus Pro says now.', ...jsonOf(VisibleStatuses) }, ...problems }
      }
    },
    async (request) => resources(request).validations.statuses()
  )

  app.get(
    '/:id',
    {
      config: reading,
      schema: {
        operationId: 'getValidation',
        tags,
        summary: 'One invoice in full, as its validator sees it',
        description: 'With every line, VAT rate and attachment. `decisions` says what may be decided now.',
        params: ValidationParams,
        response: {
          200: { description: 'With every line, VAT rate and attachment.', ...jsonOf(ValidatorInvoiceDetail) },
          ...problems
        }
      }
    },
    async (request) => resources(request).validations.one(request.params.id, request.caller.sellers)
  )

  app.get(
    '/:id/refusal-reasons',
    {
      config: reading,
      schema: {
        operationId: 'listRefusalReasons',
        tags,
        summary: 'Reasons for refusing this invoice',
        description: 'They depend on its invoicing framework.',
        params: ValidationParams,
        response: { 200: { description: 'Codes with their labels.', ...jsonOf(RefusalReasons) }, ...problems }
      }
    },
    async (request) => resources(request).validations.refusalReasons(request.params.id, request.caller.sellers)
  )

  app.post(
    '/:id/decision',
    {
      config: deciding,
      schema: {
        operationId: 'decideValidation',
        tags,
        summary: 'Accept or refuse an invoice as its validator',
        description:
          'Asks Chorus Pro for the status first: outside `awaiting_validation_1` and `awaiting_validation_2` it is 409, a repeated decision too. Sent once and never repeated: when no answer comes, the problem says `outcome: unknown`; read the invoice again to see what came of it.',
        params: ValidationParams,
        body: ref(DecisionInput),
        response: { 200: { description: 'Recorded.', ...jsonOf(Decision) }, ...actionProblems }
      }
    },
    async (request) => resources(request).validations.decide(request.params.id, request.body, request.caller.sellers)
  )
}
