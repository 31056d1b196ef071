import { Type } from 'typebox'

/** A SIRET has 14 digits. Its check digit is never enforced: real public bodies and all test structures break it. */
export const Siret = Type.String({
  pattern: '^[0-9]{14}$',
  description: 'SIRET, 14 digits. Kept as text: leading zeros count.',
  examples: ['12345678200051']
})

export const ServiceCode = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'Service code inside the structure (BT-10 for the buyer).'
})

export const InvoiceId = Type.String({
  pattern: '^inv_[0-9a-f]{32}$',
  description: 'The gateway’s own id of an invoice, given before anything is sent.',
  examples: ['inv_0123456789abcdef0123456789abcdef']
})

export const IsoDate = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  description: 'Calendar date, YYYY-MM-DD.',
  examples: ['2026-09-01']
})

/** In a filter, a day that is not in the calendar finds nothing: it is refused. */
export const FilterDate = Type.Unsafe<string>({ ...IsoDate, format: 'date' })

export const Timestamp = Type.String({ description: 'RFC 3339 time in UTC.', examples: ['2026-09-02T08:10:25.536Z'] })

export const Decimal = Type.String({
  pattern: '^-?[0-9]{1,13}(\\.[0-9]{1,6})?$',
  description: 'Exact decimal as text, at most 19 digits of which 6 after the point. Never a JSON number.',
  examples: ['1200.00']
})

export const Cursor = Type.String({
  maxLength: 200,
  pattern: '^[A-Za-z0-9_-]+$',
  description: 'Opaque position in a list, from `nextCursor` of the page before.'
})
