import { type Static, Type } from 'typebox'
import { documentFilter, documentMembers, sirenFilter, statusPeriod, typeFilter } from './document-parts.ts'
import { pageOf, paging } from './paging.ts'
import { text } from './texts.ts'

const closed = { additionalProperties: false } as const

export const PaymentRequest = Type.Object(
  {
    ...documentMembers,
    archived: Type.Optional(Type.Boolean({ description: 'It is in the archive.' })),
    billingFile: Type.Optional(
      Type.Object(
        { id: text('Chorus Pro’s own id.'), number: text('Its number.') },
        { description: 'Works.', ...closed }
      )
    ),
    paymentOrderNumber: text('Payment order number given by the recipient.'),
    court: Type.Optional(
      Type.Object(
        { code: text('Code.'), name: text('Name.'), highCourt: text('High court.') },
        { description: 'Court fee statements.', ...closed }
      )
    )
  },
  { $id: 'PaymentRequest', description: 'A payment request of any kind, live or archived.', ...closed }
)
export type PaymentRequest = Static<typeof PaymentRequest>

export const PaymentRequestPage = Type.Object(pageOf(PaymentRequest, '').properties, {
  $id: 'PaymentRequestPage',
  description: 'One page, by id.',
  ...closed
})

export const PaymentRequestFilter = Type.Object(
  {
    role: Type.Optional(
      Type.Enum(['seller', 'project_manager', 'works_owner', 'validator', 'buyer'], {
        description: 'As whom you search; `seller` when absent.'
      })
    ),
    ...documentFilter,
    ...sirenFilter,
    ...typeFilter,
    ...statusPeriod,
    precedingInvoice: Type.Optional(Type.String({ maxLength: 50, description: 'The invoice it corrects (BT-25).' })),
    billingFileNumber: Type.Optional(Type.String({ maxLength: 50, description: 'Number of the works billing file.' })),
    paymentOrderNumber: Type.Optional(Type.String({ maxLength: 50 })),
    archived: Type.Optional(Type.Boolean({ description: 'Search the archive instead of the live base.' }))
  },
  closed
)
export type PaymentRequestFilter = Static<typeof PaymentRequestFilter>

export const PaymentRequestQuery = Type.Object({ ...PaymentRequestFilter.properties, ...paging }, closed)
