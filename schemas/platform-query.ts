import { Type } from 'typebox'
import { FilterDate, ServiceCode, Siret } from './identifiers.ts'
import { paging } from './paging.ts'

/** Filters that both sides of a search share. */

const plain = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]+$', description }))
const siret = (description: string) => Type.Optional(Type.Unsafe<string>({ ...Siret, description }))
const day = (description: string) => Type.Optional(Type.Unsafe<string>({ ...FilterDate, description }))
const decimal = (description: string) =>
  Type.Optional(Type.String({ pattern: '^-?[0-9]{1,13}(\\.[0-9]{1,6})?$', description, examples: ['1200.00'] }))
const flag = (description: string) => Type.Optional(Type.Boolean({ description }))

/** A day, or a moment of one. */
const moment = (description: string) =>
  Type.Optional(
    Type.String({
      maxLength: 40,
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9]{2}:?[0-9]{2})?)?$',
      description,
      examples: ['2026-09-01', '2026-09-02T08:10:25Z']
    })
  )

/** Repeated, or with commas: `status=suspended,rejected`. */
export const several = (description: string, examples: string[] = []) =>
  Type.Optional(
    Type.Unsafe<string | string[]>({
      anyOf: [
        { type: 'array', maxItems: 60, items: { type: 'string', minLength: 1, maxLength: 60 } },
        { type: 'string', minLength: 1, maxLength: 2000 }
      ],
      description,
      ...(examples.length > 0 && { examples })
    })
  )

const columns = [
  'number',
  'issueDate',
  'depositDate',
  'type',
  'status',
  'currency',
  'taxExclusive',
  'taxInclusive',
  'payable',
  'sellerSiret',
  'sellerName',
  'buyerSiret',
  'buyerName',
  'buyerServiceCode',
  'commitmentNumber',
  'contractReference'
] as const

/** `-` before the name: largest or newest first. */
export const sortBy = (more: readonly string[] = []) =>
  Type.Optional(
    Type.Enum(
      [...columns, ...more].flatMap((name) => [name, `-${name}`]),
      {
        description: 'Column, with `-` before it for the largest or newest first; `-depositDate` when absent.'
      }
    )
  )

export const commonFilters = {
  number: plain(20, 'Invoice number (BT-1).'),
  status: several('Only in one of these statuses: our names or Chorus Pro’s codes; repeated or with commas.', [
    'suspended,to_reroute'
  ]),
  statusSince: moment(
    'Reached its status at this moment or later. Chorus Pro does not tell its time zone: up to two hours more are included.'
  ),
  statusUntil: moment('Reached its status at this moment or earlier; up to two hours more are included.'),
  issueDateFrom: day('Issue date (BT-2), first day.'),
  issueDateTo: day('Issue date, last day.'),
  depositDateFrom: day('Deposit date, first day.'),
  depositDateTo: day('Deposit date, last day.'),
  taxExclusiveMin: decimal('Least total without VAT (BT-109).'),
  taxExclusiveMax: decimal('Largest total without VAT.'),
  taxInclusiveMin: decimal('Least total with VAT (BT-112).'),
  taxInclusiveMax: decimal('Largest total with VAT.'),
  payableMin: decimal('Least amount due (BT-115).'),
  payableMax: decimal('Largest amount due.'),
  businessProcess: Type.Optional(
    Type.String({ pattern: '^A([1-9]|1[0-9]|2[0-5])$', description: 'Billing framework (BT-23).', examples: ['A1'] })
  ),
  commitmentNumber: plain(50, 'Commitment number (BT-13).'),
  contractReference: plain(50, 'Contract number (BT-12).'),
  validator: siret('SIRET of the validator.'),
  size: flag('Tell the size of each invoice.')
}

export { day, flag, paging, plain, siret }
export const serviceOf = (description: string) => Type.Optional(Type.Unsafe<string>({ ...ServiceCode, description }))
