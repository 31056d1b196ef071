import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  BankAccountList,
  Organization,
  OrganizationList,
  OrganizationParams,
  OrganizationQuery,
  OrganizationService,
  OrganizationSourceQuery,
  OwnOrganizationQuery,
  ServiceList,
  ServiceParams,
  ServiceQuery
} from '../schemas/directory.ts'
import { jsonOf, problems } from '../schemas/responses.ts'
import type { Directory } from '../src/directory/directory.ts'
import { decodePage, encodePage } from '../src/page-cursor.ts'
import { ProblemError } from '../src/problem.ts'

export interface DirectoryRoutesOptions {
  directory: (request: FastifyRequest) => Directory
}

const scoped = { config: { scope: 'directory:read' } } as const

/** Recipients, their services and demands; our own structures. */
export const directoryRoutes: FastifyPluginAsyncTypebox<DirectoryRoutesOptions> = async (app, { directory }) => {
  app.get(
    '/organizations',
    {
      ...scoped,
      schema: {
        operationId: 'listOrganizations',
        tags: ['directory'],
        summary: 'Find recipients by name, place or identifier',
        description:
          'Filters count together; words may stand in any order. While Chorus Pro is away the local copy of the recipients’ directory answers, and says so.',
        querystring: OrganizationQuery,
        response: { 200: { description: 'One page.', ...jsonOf(OrganizationList) }, ...problems }
      }
    },
    async (request) => {
      const { limit, cursor, source, siret, ...rest } = request.query
      const filter = { ...rest, ...(siret !== undefined && { identifier: siret, identifierType: 'siret' }) }
      const others = Object.keys(filter).filter((name) => !['q', 'identifier', 'identifierType'].includes(name))
      if (filter.q !== undefined && others.length > 0) throw notWithWords(others)
      const list = { resource: 'organizations', source, ...filter }
      const page = await directory(request).search(filter, decodePage(list, cursor, limit), source)
      const origin = { asOf: page.asOf, source: page.source }
      return {
        items: page.items.map((item) => ({ ...item, ...origin })),
        ...(page.next !== undefined && { nextCursor: encodePage(list, page.next) }),
        ...(page.total !== undefined && { total: page.total }),
        ...origin
      }
    }
  )

  app.get(
    '/own-organizations',
    {
      ...scoped,
      schema: {
        operationId: 'listOwnOrganizations',
        tags: ['directory'],
        summary: 'The structures that our account may act for',
        description: 'All of them in one page. A key that is limited to sellers sees its own.',
        querystring: OwnOrganizationQuery,
        response: { 200: { description: 'All of them.', ...jsonOf(OrganizationList) }, ...problems }
      }
    },
    async (request) => {
      const { sellers } = request.caller
      const { items, asOf } = await directory(request).own(request.query.role ?? 'supplier')
      const seen = items.filter(({ siret = '' }) => sellers.length === 0 || sellers.includes(siret))
      const origin = { asOf, source: 'chorus-pro' as const }
      return { items: seen.map((item) => ({ ...item, ...origin })), total: seen.length, ...origin }
    }
  )

  app.get(
    '/organizations/:siret',
    {
      ...scoped,
      schema: {
        operationId: 'getOrganization',
        tags: ['directory'],
        summary: 'A recipient and what it demands on an invoice',
        description:
          '`requirements` decides which of service code and commitment number an invoice must carry; `asOf` says how old the answer is.',
        params: OrganizationParams,
        querystring: OrganizationSourceQuery,
        response: { 200: { description: 'As it was at `asOf`.', ...jsonOf(Organization) }, ...problems }
      }
    },
    async (request) => {
      const found = await directory(request).organization(request.params.siret, request.query.source)
      if (found === undefined) throw unknownOrganization(request.params.siret, request.query.source)
      const { structureId, isPublic, ...organization } = found
      return {
        ...organization,
        ...(isPublic !== undefined && { kind: isPublic ? ('public' as const) : ('private' as const) }),
        upstream: structureId === undefined ? {} : { structureId }
      }
    }
  )

  app.get(
    '/organizations/:siret/services',
    {
      ...scoped,
      schema: {
        operationId: 'listServices',
        tags: ['directory'],
        summary: 'The services of a recipient',
        description:
          'In the order of their codes, inactive ones included. FACTURES_PUBLIQUES is reserved for invoices between public bodies.',
        params: OrganizationParams,
        querystring: ServiceQuery,
        response: { 200: { description: 'One page.', ...jsonOf(ServiceList) }, ...problems }
      }
    },
    async (request) => {
      const { limit, cursor, name, active } = request.query
      const list = { resource: 'services', siret: request.params.siret, name, active }
      const { page, size, seen } = decodePage(list, cursor, limit)
      const all = await directory(request).services(await structureOf(request))
      const wanted = name?.toLowerCase()
      const found = all.filter(
        (one) =>
          (active === undefined || one.active === active) &&
          (wanted === undefined || `${one.code}\n${one.name ?? ''}`.toLowerCase().includes(wanted))
      )
      const items = found.slice(seen, seen + size).map(({ serviceId, ...one }) => ({ ...one, upstream: { serviceId } }))
      const after = seen + items.length
      return {
        items,
        ...(after < found.length && { nextCursor: encodePage(list, { page: page + 1, size, seen: after }) }),
        total: found.length
      }
    }
  )

  app.get(
    '/organizations/:siret/services/:code',
    {
      ...scoped,
      schema: {
        operationId: 'getService',
        tags: ['directory'],
        summary: 'A service and what it demands',
        description: 'A service may demand a commitment number of its own.',
        params: ServiceParams,
        response: { 200: { description: 'The service.', ...jsonOf(OrganizationService) }, ...problems }
      }
    },
    async (request) => {
      const { siret, code } = request.params
      const found = await directory(request).service(await structureOf(request), code)
      if (found === undefined) throw new ProblemError('not-found', { detail: `${siret} has no service ${code}.` })
      const { serviceId, commitmentNumberRequired, ...service } = found
      return { ...service, requirements: { commitmentNumber: commitmentNumberRequired }, upstream: { serviceId } }
    }
  )

  app.get(
    '/organizations/:siret/bank-accounts',
    {
      ...scoped,
      schema: {
        operationId: 'listBankAccounts',
        tags: ['directory'],
        summary: 'The bank accounts of a structure of ours',
        description:
          'Chorus Pro tells their labels, never their IBAN. `payment.bankAccount` of an invoice takes a label.',
        params: OrganizationParams,
        response: { 200: { description: 'All of them.', ...jsonOf(BankAccountList) }, ...problems }
      }
    },
    async (request) => {
      const { siret } = request.params
      const { sellers } = request.caller
      const part = directory(request)
      const seller = sellers.length > 0 && !sellers.includes(siret) ? undefined : await part.seller(siret)
      if (seller === undefined) {
        throw new ProblemError('not-found', { detail: `Our account is attached to no structure ${siret}.` })
      }
      const accounts = await part.bankAccounts(seller.structureId)
      const items = accounts.map(({ bankAccountId, ...one }) => ({ ...one, upstream: { bankAccountId } }))
      return { items, total: items.length }
    }
  )

  /** Services are asked for by id, which the local copy does not have. */
  async function structureOf(request: FastifyRequest<{ Params: { siret: string } }>): Promise<string> {
    const part = directory(request)
    const { siret } = request.params
    const found = await part.organization(siret)
    const id = found?.structureId ?? (await part.organization(siret, 'chorus-pro'))?.structureId
    if (id === undefined) throw unknownOrganization(siret)
    return id
  }
}

const unknownOrganization = (siret: string, source = 'chorus-pro') =>
  new ProblemError('not-found', {
    detail:
      source === 'chorus-pro'
        ? `Chorus Pro knows no structure ${siret}.`
        : `The local copy lists no structure ${siret}; Chorus Pro may know it all the same.`
  })

const notWithWords = (names: string[]) =>
  new ProblemError('malformed-request', {
    detail: `q goes with no other filter (found ${names.join(', ')}).`,
    errors: names.map((name) => ({
      pointer: `/${name}`,
      rule: 'malformed-request',
      message: 'This filter does not go with q.',
      messageFr: 'Ce filtre ne se combine pas avec q.',
      fix: 'Leave q out and use name, town and postalCode, or leave this filter out.'
    }))
  })
