import { type Static, Type } from 'typebox'
import { actionMembers, documentFilter, documentMembers, statusPeriod, worksMembers } from './document-parts.ts'
import { ServiceCode, Siret } from './identifiers.ts'
import { pageOf, paging } from './paging.ts'
import { PlatformId, PlatformParams, summary } from './platform-invoice.ts'
import { UpstreamAnswer } from './problem.ts'
import { ref } from './ref.ts'

const closed = { additionalProperties: false } as const
const asItCame = (description: string) => Type.Object({}, { additionalProperties: true, description })

const members = { ...documentMembers, ...worksMembers }

export const WorksInvoice = Type.Object(members, {
  $id: 'WorksInvoice',
  description:
    'A document of a works contract. Of its members public documents show the id and the service codes; the others are there when Chorus Pro gives them.',
  ...closed
})
export type WorksInvoice = Static<typeof WorksInvoice>

export const WorksInvoiceDetail = Type.Object(
  {
    ...members,
    validators: summary.validators,
    original: asItCame('The document with Chorus Pro’s own names, numbers as text: no public source lists its members.')
  },
  { $id: 'WorksInvoiceDetail', ...closed }
)
export type WorksInvoiceDetail = Static<typeof WorksInvoiceDetail>

export const WorksInvoicePage = Type.Object(pageOf(WorksInvoice, '').properties, {
  $id: 'WorksInvoicePage',
  description: 'One page, in Chorus Pro’s order.',
  ...closed
})

export const BillingFile = Type.Object(
  { items: Type.Array(ref(WorksInvoiceDetail), { description: 'Its documents, in Chorus Pro’s order.' }) },
  { $id: 'BillingFile', description: 'The chain of documents that a works document belongs to.', ...closed }
)
export type BillingFile = Static<typeof BillingFile>

export const WorksInvoiceFilter = Type.Object(
  {
    role: Type.Optional(
      Type.Enum(['seller', 'project_manager', 'works_owner', 'validator', 'buyer'], {
        description:
          'As whom you search; `seller` when absent. A key limited to sellers sees the documents in which one of them has this role; with several it names one in the filter of that name.'
      })
    ),
    ...documentFilter,
    ...statusPeriod,
    flowNumber: Type.Optional(Type.String({ maxLength: 60, description: 'The flow that brought it.' })),
    withoutFollowing: Type.Optional(Type.Boolean({ description: 'Only documents that no other follows.' })),
    downloaded: Type.Optional(Type.Boolean({ description: 'Downloaded already, by anybody.' }))
  },
  closed
)
export type WorksInvoiceFilter = Static<typeof WorksInvoiceFilter>

export const WorksInvoiceQuery = Type.Object({ ...WorksInvoiceFilter.properties, ...paging }, closed)
export const WorksToProcessQuery = Type.Object(paging, closed)
export const WorksInvoiceParams = PlatformParams

export const WorksRerouting = Type.Object(
  {
    buyer: Type.Optional(Type.Object({ siret: Siret, serviceCode: Type.Optional(ServiceCode) }, closed)),
    commitmentNumber: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: 'BT-13.' }))
  },
  {
    $id: 'WorksRerouting',
    minProperties: 1,
    ...closed,
    examples: [{ buyer: { siret: '12345678200051', serviceCode: 'TRAVAUX' }, commitmentNumber: 'EJ-2026-14' }]
  }
)
export type WorksRerouting = Static<typeof WorksRerouting>

export const WorksSuspension = Type.Object(
  { comment: Type.Optional(Type.String({ minLength: 1, maxLength: 2000, description: 'What is missing.' })) },
  { $id: 'WorksSuspension', ...closed, examples: [{ comment: 'Il manque le procès-verbal de réception.' }] }
)
export type WorksSuspension = Static<typeof WorksSuspension>

export const WorksChange = Type.Object(
  {
    ...actionMembers,
    previousDocument: Type.Optional(Type.Object({ id: PlatformId }, closed)),
    upstream: ref(UpstreamAnswer)
  },
  { $id: 'WorksChange', description: 'The action as Chorus Pro recorded it.', ...closed }
)
export type WorksChange = Static<typeof WorksChange>
