import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Account, AccountAttachmentPage, AccountAttachmentQuery } from '../schemas/account.ts'
import { Commitment, CommitmentPage, CommitmentParams, CommitmentQuery } from '../schemas/commitment.ts'
import { Flow, FlowParams } from '../schemas/flow.ts'
import { fileAnswer, jsonOf, problems } from '../schemas/responses.ts'
import { decodePage, toPage } from '../src/page-cursor.ts'
import type { Records } from '../src/portal/records.ts'
import type { Visit } from '../src/portal/visit.ts'
import { sendFile } from './served-file.ts'

export interface RecordRoutesOptions {
  records: Records
  visit: (request: FastifyRequest) => Visit
}

const reading = { scope: 'invoices:read' } as const

/** What became of a deposited file. */
export const flowRoutes: FastifyPluginAsyncTypebox<RecordRoutesOptions> = async (app, { records, visit }) => {
  const tags = ['flows']
  app.get(
    '/:number',
    {
      config: reading,
      schema: {
        operationId: 'getFlow',
        tags,
        summary: 'The state of a flow and its errors',
        description:
          'Chorus Pro does not know a flow in the first minutes after its deposit: 404. A key that is limited to sellers sees a flow once its invoices, or their errors, name no other.',
        params: FlowParams,
        response: { 200: { description: 'As Chorus Pro says now.', ...jsonOf(Flow) }, ...problems }
      }
    },
    (request) => records.flow(visit(request), request.params.number)
  )
  app.get(
    '/:number/report',
    {
      config: reading,
      schema: {
        operationId: 'getFlowReport',
        tags,
        summary: 'Chorus Pro’s report on a flow, a PDF',
        description: 'Chorus Pro is known to make none for Factur-X.',
        params: FlowParams,
        response: { 200: fileAnswer, ...problems }
      }
    },
    async (request, reply) => sendFile(reply, await records.flowReport(visit(request), request.params.number))
  )
}

/** Orders of public buyers. */
export const commitmentRoutes: FastifyPluginAsyncTypebox<RecordRoutesOptions> = async (app, { records, visit }) => {
  const tags = ['commitments']
  app.get(
    '',
    {
      config: reading,
      schema: {
        operationId: 'listCommitments',
        tags,
        summary: 'Search the commitments that we may see',
        description:
          'Chorus Pro holds those of the State alone. A key that is limited to several sellers has to name one of them.',
        querystring: CommitmentQuery,
        response: { 200: { description: 'One page, oldest first.', ...jsonOf(CommitmentPage) }, ...problems }
      }
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query
      const list = { of: 'commitments', ...filter }
      return toPage(list, await records.commitments(visit(request), filter, decodePage(list, cursor, limit)))
    }
  )
  app.get(
    '/:number',
    {
      config: reading,
      schema: {
        operationId: 'getCommitment',
        tags,
        summary: 'A commitment and what was invoiced on it',
        description: 'Buyer, seller, lines and the payment requests that name it.',
        params: CommitmentParams,
        response: { 200: { description: 'The commitment.', ...jsonOf(Commitment) }, ...problems }
      }
    },
    (request) => records.commitment(visit(request), request.params.number)
  )
  app.get(
    '/:number/document',
    {
      config: reading,
      schema: {
        operationId: 'getCommitmentDocument',
        tags,
        summary: 'The file of a commitment',
        description: 'As Chorus Pro keeps it; its first bytes tell the type.',
        params: CommitmentParams,
        response: { 200: fileAnswer, ...problems }
      }
    },
    async (request, reply) => sendFile(reply, await records.commitmentDocument(visit(request), request.params.number))
  )
}

/** Our technical account. */
export const accountRoutes: FastifyPluginAsyncTypebox<RecordRoutesOptions> = async (app, { records, visit }) => {
  const tags = ['account']
  app.get(
    '',
    {
      config: { scope: 'directory:read' },
      schema: {
        operationId: 'getAccount',
        tags,
        summary: 'Our technical account: its organizations, the end of its password',
        description:
          'Chorus Pro shows the end of the password with some organizations; else it is that of the configuration. `attachments` is the first page of /v1/account/attachments.',
        response: { 200: { description: 'As Chorus Pro says now.', ...jsonOf(Account) }, ...problems }
      }
    },
    async (request) => {
      const { attachments, ...facts } = await records.account(visit(request))
      return { ...facts, attachments: toPage({ of: 'account' }, attachments) }
    }
  )
  app.get(
    '/attachments',
    {
      config: { scope: 'directory:read' },
      schema: {
        operationId: 'listAccountAttachments',
        tags,
        summary: 'The organizations and services that our account is attached to',
        description:
          'Those with at least one active attachment. A key that is limited to sellers sees its own; its pages may hold fewer items than `limit`.',
        querystring: AccountAttachmentQuery,
        response: { 200: { description: 'One page.', ...jsonOf(AccountAttachmentPage) }, ...problems }
      }
    },
    async (request) => {
      const { limit, cursor } = request.query
      const list = { of: 'account' }
      return toPage(list, await records.accountAttachments(visit(request), decodePage(list, cursor, limit)))
    }
  )
}
