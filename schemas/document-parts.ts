import { type Static, Type } from 'typebox'
import { IsoDate, Siret } from './identifiers.ts'

/** What the documents that Chorus Pro lists have in common: validations, payment requests, works invoices. */

const closed = { additionalProperties: false } as const

export const UpstreamId = Type.String({
  pattern: '^[0-9]{1,19}$',
  description: 'Chorus Pro’s own id of the document. Text: it may exceed 2^53.',
  examples: ['9007199254740993']
})

export const DocumentParty = Type.Object(
  {
    siret: Type.Optional(
      Type.String({ description: 'SIRET, when the party is known by one.', examples: ['12345678200051'] })
    ),
    identifier: Type.Optional(Type.String({ description: 'Its identifier as it came.' })),
    identifierType: Type.Optional(Type.String({ description: 'What kind of identifier, as Chorus Pro names it.' })),
    name: Type.Optional(Type.String()),
    serviceCode: Type.Optional(Type.String()),
    serviceName: Type.Optional(Type.String()),
    validatedAt: Type.Optional(Type.String({ description: 'For a validator: when it decided.' }))
  },
  { $id: 'DocumentParty', description: 'A structure on a document of Chorus Pro.', ...closed }
)
export type DocumentParty = Static<typeof DocumentParty>

const amount = (description: string) => Type.Optional(Type.String({ description, examples: ['1200.00'] }))

export const DocumentTotals = Type.Object(
  {
    taxExclusive: amount('Without VAT (BT-109).'),
    tax: amount('VAT (BT-110).'),
    taxInclusive: amount('With VAT (BT-112).'),
    beforeAllowance: amount('With VAT, before the overall discount.'),
    allowance: amount('Overall discount, with VAT.'),
    allowanceReason: Type.Optional(Type.String({ description: 'Why it is granted.' })),
    payable: amount('To pay (BT-115).')
  },
  { description: 'Amounts as Chorus Pro gave them: exact decimals as text.', ...closed }
)

export const documentStatus = Type.Object(
  {
    code: Type.String({ description: 'Our name; `other` where there is none.', examples: ['awaiting_validation_1'] }),
    raw: Type.String({ description: 'Chorus Pro’s code as it came.', examples: ['A_VALIDER_1'] }),
    since: Type.Optional(Type.String({ description: 'Since when, where Chorus Pro tells.' })),
    comment: Type.Optional(Type.String({ description: 'What was written with it.' }))
  },
  { description: 'Where the document stands.', ...closed }
)

const decimal = Type.Optional(Type.String({ pattern: '^-?[0-9]{1,13}(\\.[0-9]{1,6})?$' }))
const day = Type.Optional(IsoDate)

/** Query members of every search for documents. Bounds are included. */
export const documentFilter = {
  number: Type.Optional(Type.String({ maxLength: 50, description: 'The seller’s number, exactly.' })),
  status: Type.Optional(
    Type.String({
      maxLength: 60,
      pattern: '^[A-Za-z0-9_]+$',
      description: 'Our name of a status, or Chorus Pro’s code.',
      examples: ['awaiting_validation_1']
    })
  ),
  businessProcess: Type.Optional(
    Type.String({ pattern: '^A([1-9]|1[0-9]|2[0-5])$', description: 'Invoicing framework (BT-23).', examples: ['A9'] })
  ),
  seller: Type.Optional(Siret),
  buyer: Type.Optional(Siret),
  validator: Type.Optional(Siret),
  projectManager: Type.Optional(Siret),
  worksOwner: Type.Optional(Siret),
  issueDateFrom: day,
  issueDateTo: day,
  depositDateFrom: day,
  depositDateTo: day,
  taxExclusiveMin: decimal,
  taxExclusiveMax: decimal,
  taxInclusiveMin: decimal,
  taxInclusiveMax: decimal,
  payableMin: decimal,
  payableMax: decimal,
  contractReference: Type.Optional(Type.String({ maxLength: 100, description: 'Contract number (BT-12).' })),
  commitmentNumber: Type.Optional(Type.String({ maxLength: 50, description: 'Commitment number (BT-13).' }))
}

const Filter = Type.Object(documentFilter)
export type DocumentFilter = Static<typeof Filter>

const requestTypes = ['invoice', 'works_invoice', 'court_fee_statement', 'refund_request']

export const typeFilter = {
  requestType: Type.Optional(Type.Enum(requestTypes, { description: 'Kind of payment request.' })),
  typeCode: Type.Optional(
    Type.Enum(['380', '381', '386'], { description: 'Invoice, credit note, prepayment (BT-3).' })
  ),
  worksType: Type.Optional(
    Type.String({
      maxLength: 60,
      pattern: '^[A-Za-z_]+$',
      description: 'Kind of works document: our name or Chorus Pro’s code.',
      examples: ['monthly_statement_draft']
    })
  )
}

const moment = (description: string, example: string) =>
  Type.Optional(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+)?$', description, examples: [example] }))

/** Chorus Pro takes these without time zone; its own is not documented. */
export const statusPeriod = {
  statusSince: moment('Reached its status then or later, in the local time of Chorus Pro.', '2026-09-01'),
  statusUntil: moment('Reached its status then or earlier.', '2026-09-30T23:59:59')
}

const text = (description: string, ...examples: string[]) => Type.Optional(Type.String({ description, examples }))

/** What a document of every kind may carry. */
export const documentMembers = {
  id: UpstreamId,
  number: text('The seller’s number (BT-1).', 'F-2026-118'),
  requestType: text('Kind of payment request; `other` where we have no name for it.', ...requestTypes),
  typeCode: text('Invoice 380, credit note 381, prepayment 386 (BT-3).', '380'),
  worksType: text('Kind of works document.', 'monthly_statement_draft'),
  businessProcess: text('Invoicing framework (BT-23).', 'A9'),
  issueDate: text('Invoice date (BT-2).', '2026-09-01'),
  depositDate: text('The day Chorus Pro received it.', '2026-09-02'),
  currency: text('BT-5.', 'EUR'),
  totals: DocumentTotals,
  status: Type.Optional(documentStatus),
  contractReference: text('Contract number (BT-12).'),
  commitmentNumber: text('Commitment number (BT-13).'),
  precedingInvoice: text('The invoice that this one corrects (BT-25).'),
  upstream: Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Raw codes, by our names: `requestType`, `typeCode`, `worksType`, `businessProcess` …',
    examples: [{ typeCode: 'FACTURE', businessProcess: 'A9_FACTURE_SOUSTRAITANT' }]
  })
}

/** What came of an action, as Chorus Pro answered it. */
export const actionMembers = {
  id: UpstreamId,
  number: Type.Optional(Type.String()),
  status: Type.Optional(documentStatus),
  at: Type.Optional(Type.String({ description: 'When it was recorded: a time, or a day.' }))
}
