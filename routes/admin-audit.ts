import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AuditPage, AuditQuery, AuditVerdict, VerificationQuery } from '../schemas/audit.ts'
import { adminProblems, jsonOf } from '../schemas/responses.ts'
import type { Store } from '../src/store/store.ts'

/** What happened, on the administration port. Nobody writes here. */
export const adminAuditRoutes: FastifyPluginAsyncTypebox<{ store: Pick<Store, 'listAudit' | 'verifyAudit'> }> = async (
  app,
  { store }
) => {
  app.get(
    '',
    {
      schema: {
        operationId: 'listAudit',
        tags: ['audit'],
        summary: 'Refusals, keys, decisions, lanes, configuration; newest first',
        querystring: AuditQuery,
        response: { 200: { description: 'One page.', ...jsonOf(AuditPage) }, ...adminProblems }
      }
    },
    async ({ query: { limit = 100, before, invoice, ...filter } }) => {
      const items = await store.listAudit(
        { ...filter, ...(invoice !== undefined && { invoiceId: invoice }) },
        { limit, ...(before !== undefined && { before }) }
      )
      const last = items.at(-1)
      return { items, ...(items.length === limit && last !== undefined && last.seq > 1 && { nextBefore: last.seq }) }
    }
  )

  app.get(
    '/verification',
    {
      schema: {
        operationId: 'verifyAudit',
        tags: ['audit'],
        summary: 'Whether a row was edited, removed, moved or put in; reads all of it',
        querystring: VerificationQuery,
        response: { 200: { description: 'The verdict.', ...jsonOf(AuditVerdict) }, ...adminProblems }
      }
    },
    async ({ query: { checkpoint } }) => {
      const [seq = '', seal = ''] = checkpoint?.split(':') ?? []
      const verdict = await store.verifyAudit(checkpoint === undefined ? undefined : { seq: Number(seq), seal })
      return {
        sound: verdict.findings.length === 0,
        rows: verdict.rows,
        checkpoint: `${verdict.head.seq}:${verdict.head.seal}`,
        findings: verdict.findings
      }
    }
  )
}
