import type { InvoiceInput } from '../../schemas/invoice.ts'
import { sameDecimal } from './decimal.ts'
import type { InvoiceFields } from './xml-fields.ts'
import type { XmlInvoice } from './xml-model.ts'

export type Mismatch = { pointer: string; given: string; read: string }

/** Members that are amounts, quantities or rates: `1200` and `1200.00` agree. */
const decimals = new Set([
  'taxExclusive',
  'tax',
  'taxInclusive',
  'allowance',
  'payable',
  'rate',
  'taxable',
  'quantity',
  'netPrice',
  'netAmount'
])

/** The credit notes among the codes of BT-3 (UNTDID 1001), the French ones of 2026 included. */
const creditNotes = new Set('81 83 261 262 296 308 381 396 420 458 502 503 532'.split(' '))

/** Where the caller's fields and an XML invoice disagree; `fields` is what the invoice says in our names. */
export function compareWithXml(given: InvoiceInput, xml: XmlInvoice, fields: InvoiceFields): Mismatch[] {
  const { typeCode, ...read } = fields
  const found = compareInvoice(given, { ...read, ...comparableType(given.typeCode, typeCode) })
  for (const role of ['seller', 'buyer'] as const) {
    const siret = given[role]?.siret
    const { siren } = xml[role]
    // Many invoices have the SIREN alone.
    if (siret === undefined || siren === undefined || read[role]?.siret !== undefined) continue
    if (!siret.startsWith(siren)) found.push({ pointer: `/${role}/siret`, given: siret, read: siren })
  }
  return found
}

/** Callers have three codes for what documents have many for: 380 may stand for 384, but never for a credit note. */
function comparableType(given: InvoiceInput['typeCode'], typeCode: string | undefined): { typeCode?: string } {
  if (typeCode === undefined || given === undefined) return {}
  const known = typeCode === '380' || typeCode === '381' || typeCode === '386'
  return known || creditNotes.has(given) !== creditNotes.has(typeCode) ? { typeCode } : {}
}

/**
 * Where the caller's invoice says something else than the document. Only members that both have are compared:
 * what the caller left out, and what the document does not say, are no contradiction. A `note` is a remark of
 * its own beside the document's, and is not compared.
 */
export function compareInvoice(given: object, read: object): Mismatch[] {
  const found: Mismatch[] = []
  compare(given, read, '', '', found)
  return found
}

function compare(given: unknown, read: unknown, pointer: string, name: string, found: Mismatch[]): void {
  if (Array.isArray(given) && Array.isArray(read)) {
    if (given.length !== read.length) found.push({ pointer, given: entries(given), read: entries(read) })
    else {
      const paired = name === 'vatBreakdown' ? byRate(given, read) : read
      for (const [at, one] of given.entries()) compare(one, paired[at], `${pointer}/${at}`, name, found)
    }
  } else if (isObject(given) && isObject(read)) {
    for (const [member, value] of Object.entries(given)) {
      const below = `${pointer}/${member}`
      if (Object.hasOwn(read, member) && below !== '/note') compare(value, read[member], below, member, found)
    }
  } else if (typeof given === 'string' && typeof read === 'string') {
    if (!agree(name, clean(given), clean(read))) found.push({ pointer, given, read })
  }
}

/** VAT groups have no order of their own: each given one is held against the read one with its rate and category. */
function byRate(given: readonly unknown[], read: readonly unknown[]): unknown[] {
  const left = [...read]
  const taken = given.map((one) => {
    const at = left.findIndex((other) => isObject(one) && isObject(other) && sameRate(one, other))
    return at < 0 ? undefined : left.splice(at, 1)[0]
  })
  return taken.map((one) => one ?? left.shift())
}

function sameRate(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  return (['rate', 'categoryCode'] as const).every((member) => {
    const [given, read] = [one[member], other[member]]
    if (typeof given !== 'string' || typeof read !== 'string') return true
    return agree(member, clean(given), clean(read))
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function clean(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

function agree(name: string, given: string, read: string): boolean {
  return given === read || (decimals.has(name) && sameDecimal(given, read))
}

function entries(list: readonly unknown[]): string {
  return list.length === 1 ? '1 entry' : `${list.length} entries`
}
