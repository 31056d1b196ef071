import { type Static, Type } from 'typebox'
import {
  actionMembers,
  documentFilter,
  documentMembers,
  sirenFilter,
  typeFilter,
  worksMembers
} from './document-parts.ts'
import { Siret } from './identifiers.ts'
import { pageOf, paging } from './paging.ts'
import { detail, PlatformParams, PlatformParty, PlatformStatus, summary } from './platform-invoice.ts'
import { UpstreamAnswer } from './problem.ts'
import { ref } from './ref.ts'

const closed = { additionalProperties: false } as const
const text = Type.Optional(Type.String())

export const ValidatorInvoice = Type.Object(
  { ...documentMembers, validator: Type.Optional(PlatformParty), ...worksMembers },
  { $id: 'ValidatorInvoice', description: 'An invoice as its validator sees it in a list.', ...closed }
)
export type ValidatorInvoice = Static<typeof ValidatorInvoice>

export const ValidatorInvoiceDetail = Type.Object(
  {
    ...summary,
    ...detail,
    ...worksMembers,
    rejectionAcknowledged: Type.Optional(Type.Boolean({ description: 'The rejection was marked as handled.' })),
    decisions: Type.Array(Type.Enum(['accept', 'refuse']), {
      description: 'What `POST …/decision` would take now; empty when the status allows nothing.'
    })
  },
  { $id: 'ValidatorInvoiceDetail', description: 'An invoice in full, as its validator sees it.', ...closed }
)
export type ValidatorInvoiceDetail = Static<typeof ValidatorInvoiceDetail>

export const ValidatorInvoicePage = Type.Object(pageOf(ValidatorInvoice, '').properties, {
  $id: 'ValidatorInvoicePage',
  description: 'One page, oldest first. Keys limited to sellers may get pages with fewer items than `limit`.',
  ...closed
})

export const ValidationParams = PlatformParams

export const ValidationFilter = Type.Object({ ...documentFilter, ...sirenFilter, ...typeFilter }, closed)
export type ValidationFilter = Static<typeof ValidationFilter>

export const ValidationQuery = Type.Object({ ...ValidationFilter.properties, ...paging }, closed)
export const ToProcessQuery = Type.Object({ validator: Type.Optional(Siret), ...paging }, closed)

export const DecisionInput = Type.Object(
  {
    decision: Type.Enum(['accept', 'refuse'], { description: 'Accept or refuse the invoice.' }),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'Needed to refuse: a code of `GET …/refusal-reasons`, or your own words.',
        examples: ['MAUVAIS_VALIDEUR']
      })
    ),
    comment: Type.Optional(Type.String({ minLength: 1, maxLength: 2000, description: 'More about the reason.' })),
    attachmentId: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,19}$', description: 'A file already uploaded to Chorus Pro.' })
    )
  },
  {
    $id: 'DecisionInput',
    ...closed,
    examples: [{ decision: 'refuse', reason: 'MAUVAIS_VALIDEUR', comment: 'Chantier inconnu chez nous.' }]
  }
)
export type DecisionInput = Static<typeof DecisionInput>

export const Decision = Type.Object(
  { ...actionMembers, decision: Type.Enum(['accept', 'refuse']), upstream: ref(UpstreamAnswer) },
  { $id: 'Decision', description: 'The decision as Chorus Pro recorded it.', ...closed }
)
export type Decision = Static<typeof Decision>

export const RefusalReasons = Type.Object(
  { items: Type.Array(Type.Object({ code: Type.String(), id: text, label: text }, closed)) },
  { $id: 'RefusalReasons', description: 'Reasons that Chorus Pro offers for refusing this invoice.', ...closed }
)
export type RefusalReasons = Static<typeof RefusalReasons>

export const VisibleStatuses = Type.Object(
  { items: Type.Array(Type.Pick(PlatformStatus, ['code', 'raw'])) },
  { $id: 'VisibleStatuses', description: 'The statuses in which a validator sees an invoice.', ...closed }
)
export type VisibleStatuses = Static<typeof VisibleStatuses>
