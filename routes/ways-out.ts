import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { adminProblems, jsonOf } from '../schemas/responses.ts'
import { Examination, ExaminationQuery, type Expiry, ExpiryList, RenewalState } from '../schemas/ways-out.ts'

export interface WaysOutOptions {
  expiries: () => Expiry[]
  calendar: () => string
  renewal: { now(): Promise<void>; view(): RenewalState }
  doctor: (only?: string) => Promise<Examination>
}

/** What operators ask about certificates, passwords and the way out. On the administration port alone. */
export const waysOutRoutes: FastifyPluginAsyncTypebox<WaysOutOptions> = async (
  app,
  { expiries, calendar, renewal, doctor }
) => {
  // A calendar shows no token; dates are no secret.
  const open = { config: { open: true as const } }
  const tags = ['ways out']

  app.get(
    '/expiries',
    {
      ...open,
      schema: {
        operationId: 'listExpiries',
        tags,
        summary: 'When certificates, technical passwords and PISTE secrets end',
        response: { 200: { description: 'All that is known.', ...jsonOf(ExpiryList) }, ...adminProblems }
      }
    },
    async () => ({ items: expiries() })
  )

  app.get(
    '/expiries.ics',
    {
      ...open,
      schema: {
        operationId: 'getExpiryCalendar',
        tags,
        summary: 'The same as a calendar to subscribe to, with alarms',
        response: {
          200: { description: 'iCalendar.', content: { 'text/calendar': { schema: { type: 'string' } } } },
          ...adminProblems
        }
      }
    },
    async (_request, reply) => reply.type('text/calendar; charset=utf-8').send(calendar())
  )

  const state = { 200: { description: 'As it stands now.', ...jsonOf(RenewalState) }, ...adminProblems }
  app.get(
    '/renewal',
    {
      schema: {
        operationId: 'getRenewal',
        tags,
        summary: 'Whether each account uses the credentials that the files hold',
        response: state
      }
    },
    async () => renewal.view()
  )

  app.post(
    '/renewal',
    {
      schema: {
        operationId: 'renew',
        tags,
        summary: 'Read the configuration and its files again now, and try what has changed',
        response: state
      }
    },
    async () => {
      await renewal.now()
      return renewal.view()
    }
  )

  app.post(
    '/doctor',
    {
      schema: {
        operationId: 'examine',
        tags,
        summary: 'Walk hop by hop to Chorus Pro with what the configuration says now; nothing is sent but questions',
        description: 'The answer holds no secret, no login and no whole SIRET: it may be handed to whoever helps.',
        querystring: ExaminationQuery,
        response: { 200: { description: 'Every hop of every account.', ...jsonOf(Examination) }, ...adminProblems }
      }
    },
    async ({ query }) => doctor(query.connection)
  )
}
