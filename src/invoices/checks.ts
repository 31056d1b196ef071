import type { InvoiceInput } from '../../schemas/invoice.ts'
import { checkAmounts } from './checks-amounts.ts'
import { checkFields, demand } from './checks-fields.ts'
import { type CheckedFiles, checkFiles, chorusLimits, type FileLimits } from './checks-files.ts'
import { createFindings, type Findings } from './checks-findings.ts'
import { checkFramework } from './checks-framework.ts'
import { checkTotals } from './checks-totals.ts'
import type { XmlTotals } from './xml-model.ts'

export { type CheckedFile, type CheckedFiles, chorusLimits, type FileLimits } from './checks-files.ts'
export type { Finding, Findings } from './checks-findings.ts'
export { termOf } from './checks-terms.ts'

export type CheckMode = 'pdf' | 'structured' | 'data'

/** What a caller gave, or what a document says: there any type code may stand. */
export type CheckedInvoice = Omit<InvoiceInput, 'typeCode'> & { typeCode?: string }

export type CheckOptions = {
  mode: CheckMode
  files?: CheckedFiles
  limits?: FileLimits
  /** How far a product may be off because of rounding; 0.01, and never more. */
  tolerance?: string
  /** In mode structured, the totals as the document has them: allowances, prepayment and rounding explain sums. */
  documentTotals?: XmlTotals
}

/**
 * Every rule that can be known before anything is sent and without asking Chorus Pro, all at once. Errors stop the
 * invoice; warnings do not.
 */
export function checkInvoice(given: CheckedInvoice, options: CheckOptions): Findings {
  const { mode, files = {}, limits = chorusLimits, tolerance = '0.01', documentTotals } = options
  const notes = createFindings()
  // Only of a PDF does Chorus Pro read anything for us.
  const invoice = mode === 'pdf' ? given : { ...given, completeFromDocument: false }
  if (mode !== 'data') {
    const number = { en: 'The invoice number', fr: 'Le numéro de facture', example: 'FA-2026-0042' }
    demand(invoice, '/number', invoice.number, number, notes)
    const issued = { en: 'The issue date', fr: 'La date d’émission', example: '2026-09-01' }
    demand(invoice, '/issueDate', invoice.issueDate, issued, notes)
  }
  checkFields(invoice, mode, notes)
  checkFramework(invoice, mode, notes)
  checkAmounts(invoice, mode, notes)
  const totals = { mode, tolerance, ...(documentTotals === undefined ? {} : { documentTotals }) }
  checkTotals(invoice, totals, notes)
  checkFiles(files, mode, limits, notes)
  return notes.found
}
