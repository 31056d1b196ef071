import { type Static, Type } from 'typebox'
import { IsoDate, ServiceCode, Siret } from './identifiers.ts'
import { PlatformId, PlatformParty, PlatformStatus, summary } from './platform-invoice.ts'

/** What the documents that Chorus Pro lists have in common: validations, payment requests, works invoices. */

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
  sellerServiceCode: Type.Optional(
    Type.Unsafe<string>({ ...ServiceCode, description: 'Service of the seller; needs `seller`.' })
  ),
  buyer: Type.Optional(Siret),
  buyerServiceCode: Type.Optional(
    Type.Unsafe<string>({ ...ServiceCode, description: 'Service of the buyer; needs `buyer`.' })
  ),
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

/** For searches that take them. */
export const sirenFilter = {
  sellerSiren: Type.Optional(Type.Boolean({ description: 'With `seller`: every establishment of its SIREN.' })),
  buyerSiren: Type.Optional(Type.Boolean({ description: 'With `buyer`: every establishment of its SIREN.' }))
}

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

const { totals, upstream, ...others } = summary
const party = Type.Optional(PlatformParty)

/** What a document of every kind may carry; even its status is missing from rows of works documents. */
export const documentMembers = {
  id: PlatformId,
  number: others.number,
  requestType: others.requestType,
  typeCode: others.typeCode,
  worksType: others.worksType,
  businessProcess: others.businessProcess,
  issueDate: others.issueDate,
  depositDate: others.depositDate,
  currency: others.currency,
  totals,
  status: Type.Optional(PlatformStatus),
  seller: party,
  buyer: party,
  contractReference: others.contractReference,
  commitmentNumber: others.commitmentNumber,
  precedingInvoice: others.precedingInvoice,
  upstream
}

export const worksMembers = { projectManager: party, worksOwner: party }

/** What came of an action, as Chorus Pro answered it. */
export const actionMembers = {
  id: PlatformId,
  number: Type.Optional(Type.String()),
  status: Type.Optional(PlatformStatus),
  at: Type.Optional(Type.String({ description: 'When it was recorded: a time, or a day.' }))
}
