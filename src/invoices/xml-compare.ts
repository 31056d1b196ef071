import { sameDecimal } from './decimal.ts'

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
    else for (const [at, one] of given.entries()) compare(one, read[at], `${pointer}/${at}`, name, found)
  } else if (isObject(given) && isObject(read)) {
    for (const [member, value] of Object.entries(given)) {
      const below = `${pointer}/${member}`
      if (Object.hasOwn(read, member) && below !== '/note') compare(value, read[member], below, member, found)
    }
  } else if (typeof given === 'string' && typeof read === 'string') {
    if (!agree(name, clean(given), clean(read))) found.push({ pointer, given, read })
  }
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
