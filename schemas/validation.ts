import { type Static, Type } from 'typebox'
import {
  actionMembers,
  DocumentParty,
  documentFilter,
  documentMembers,
  documentStatus,
  typeFilter,
  UpstreamId
} from './document-parts.ts'
import { Siret } from './identifiers.ts'
import { pageOf, paging } from './paging.ts'
import { UpstreamAnswer } from './problem.ts'
import { ref } from './ref.ts'

const closed = { additionalProperties: false } as const
const text = Type.Optional(Type.String())
const party = Type.Optional(ref(DocumentParty))

const members = {
  ...documentMembers,
  seller: party,
  buyer: party,
  validator: party,
  projectManager: party,
  worksOwner: party
}

export const ValidatorInvoice = Type.Object(members, {
  $id: 'ValidatorInvoice',
  description: 'An invoice as its validator sees it in a list.',
  ...closed
})
export type ValidatorInvoice = Static<typeof ValidatorInvoice>

const rowsOf = <P extends Parameters<typeof Type.Object>[0]>(properties: P, description: string) =>
  Type.Array(Type.Object(properties, closed), { description })

const { validator: _validator, ...shared } = members
const related = Type.Optional(Type.Object({ id: text, number: text, businessProcess: text }, closed))

export const ValidatorInvoiceDetail = Type.Object(
  {
    ...shared,
    validators: Type.Array(ref(DocumentParty), { description: 'Those who have to approve it, in order.' }),
    rejectionHandled: Type.Optional(Type.Boolean({ description: 'The seller has acknowledged the rejection.' })),
    vatRegime: Type.Optional(Type.String({ description: '`on_debits`, `on_receipts`, `exempt`, `no_vat`.' })),
    exemptionReason: text,
    payment: Type.Optional(
      Type.Object(
        {
          meansCode: Type.Optional(Type.String({ description: 'BT-81, UNTDID 4461, where it has one.' })),
          orderNumber: Type.Optional(Type.String({ description: 'Payment order number given by the recipient.' }))
        },
        closed
      )
    ),
    dueDate: text,
    createdAt: text,
    note: text,
    lines: rowsOf(
      {
        number: text,
        id: text,
        name: text,
        quantity: text,
        unitCode: text,
        netPrice: text,
        allowance: text,
        netAmount: text,
        tax: text,
        grossAmount: text,
        vat: Type.Object({ rate: text, code: text }, closed)
      },
      'Every line (BG-25).'
    ),
    vatBreakdown: rowsOf({ rate: text, code: text, label: text, taxable: text, tax: text }, 'Every VAT rate (BG-23).'),
    mainAttachmentId: text,
    attachments: rowsOf(
      { attachmentId: text, name: text, typeCode: text, typeLabel: text, line: text, extension: text },
      'Every attachment (BG-24).'
    ),
    previousDocument: related,
    nextDocument: related,
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

export const ValidationParams = Type.Object({ id: UpstreamId }, closed)

export const ValidationFilter = Type.Object({ ...documentFilter, ...typeFilter }, closed)
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
  { items: Type.Array(Type.Pick(documentStatus, ['code', 'raw'])) },
  { $id: 'VisibleStatuses', description: 'The statuses in which a validator sees an invoice.', ...closed }
)
export type VisibleStatuses = Static<typeof VisibleStatuses>
