import type { InvoiceInput } from '../../schemas/invoice.ts'
import type { FieldError } from '../../schemas/problem.ts'
import type { Extraction } from '../chorus/chorus.ts'
import { sameDecimal } from './decimal.ts'

/** What `soumettre` cannot do without in mode `pdf`, with the business terms. */
const needed = [
  ['/number', 'BT-1'],
  ['/issueDate', 'BT-2'],
  ['/buyer/siret', 'BT-47'],
  ['/totals/taxExclusive', 'BT-109'],
  ['/totals/tax', 'BT-110'],
  ['/totals/taxInclusive', 'BT-112'],
  ['/totals/payable', 'BT-115']
] as const

/** Fills what the caller left out with what Chorus Pro read, when he asked for it; tells what is still missing then. */
export function completeFromExtraction(
  content: InvoiceInput,
  read: Extraction
): { content: InvoiceInput; missing: FieldError[] } {
  if (content.completeFromDocument !== true) return { content, missing: [] }
  const { number, issueDate, buyerSiret, buyerServiceCode, currency, typeCode, commitmentNumber, totals } = read
  const buyer = {
    ...(buyerSiret !== undefined && { siret: buyerSiret }),
    ...(buyerServiceCode !== undefined && { serviceCode: buyerServiceCode }),
    ...content.buyer
  }
  const type: Pick<InvoiceInput, 'typeCode'> = typeCode === '380' || typeCode === '381' ? { typeCode } : {}
  const completed: InvoiceInput = {
    ...(number !== undefined && { number }),
    ...(issueDate !== undefined && { issueDate }),
    ...(currency !== undefined && { currency }),
    ...(commitmentNumber !== undefined && { commitmentNumber }),
    ...type,
    ...content,
    buyer,
    totals: { ...totals, ...content.totals }
  }
  const missing = needed.flatMap(([pointer, term]) =>
    at(completed, pointer) === undefined ? [notRead(pointer, term)] : []
  )
  return { content: completed, missing }
}

/** Where the caller's fields and what Chorus Pro read differ. The caller's stand; a reading by OCR may be wrong. */
export function extractionWarnings(content: InvoiceInput, read: Extraction): FieldError[] {
  const pairs: [pointer: string, term: string, read: string | undefined][] = [
    ['/number', 'BT-1', read.number],
    ['/issueDate', 'BT-2', read.issueDate],
    ['/buyer/siret', 'BT-47', read.buyerSiret],
    ['/buyer/serviceCode', 'BT-10', read.buyerServiceCode],
    ['/seller/siret', 'BT-30', read.sellerSiret],
    ['/currency', 'BT-5', read.currency],
    ['/commitmentNumber', 'BT-13', read.commitmentNumber],
    ['/totals/taxExclusive', 'BT-109', read.totals?.taxExclusive],
    ['/totals/tax', 'BT-110', read.totals?.tax],
    ['/totals/taxInclusive', 'BT-112', read.totals?.taxInclusive],
    ['/totals/payable', 'BT-115', read.totals?.payable]
  ]
  return pairs.flatMap(([pointer, term, value]) => {
    const given = at(content, pointer)
    if (value === undefined || given === undefined || given.trim() === value.trim()) return []
    if (pointer.startsWith('/totals/') && sameDecimal(given, value)) return []
    return [
      {
        pointer,
        term,
        rule: 'document-mismatch',
        message: `Chorus Pro read "${value.slice(0, 80)}" in the PDF, you sent "${given.slice(0, 80)}". Yours was used.`,
        messageFr: `Chorus Pro a lu « ${value.slice(0, 80)} » dans le PDF, vous avez envoyé « ${given.slice(0, 80)} ». Votre valeur a été retenue.`,
        fix: 'Compare the PDF with the fields. Text recognition can be wrong.'
      }
    ]
  })
}

function at(content: InvoiceInput, pointer: string): string | undefined {
  let value: unknown = content
  for (const step of pointer.slice(1).split('/')) value = (value as Record<string, unknown> | undefined)?.[step]
  return typeof value === 'string' ? value : undefined
}

const notRead = (pointer: string, term: string): FieldError => ({
  pointer,
  term,
  rule: 'validation-failed',
  message: 'This was left out, and Chorus Pro could not read it in the PDF.',
  messageFr: 'Cette donnée manque et Chorus Pro ne l’a pas lue dans le PDF.',
  fix: 'Cancel this invoice and send it again with the field.'
})
