import type { InvoiceInput } from '../../schemas/invoice.ts'
import type { FieldError } from '../../schemas/problem.ts'
import type { Mode } from '../store/stored-invoice.ts'
import type { DocumentFacts } from './document.ts'
import { compareWithXml, type Mismatch } from './xml-compare.ts'
import { type InvoiceFields, toInvoiceFields } from './xml-fields.ts'

/** How an invoice will go to Chorus Pro, and why. */
export interface Plan {
  mode: Mode
  reason: string
  /** The calls, in order. */
  steps: string[]
  syntax?: string
  signed: boolean
  /** The caller’s fields, completed with what an XML document says in mode `structured`. */
  content: InvoiceInput
  errors: FieldError[]
  warnings: FieldError[]
}

const steps: Record<Mode, string[]> = {
  pdf: ['factures/deposer/pdf', 'transverses/ajouter/fichier', 'factures/soumettre'],
  structured: ['factures/deposer/flux', 'transverses/consulterCRDetaille', 'factures/rechercher/fournisseur'],
  data: ['transverses/ajouter/fichier', 'factures/soumettre']
}

/** Chooses the mode from the file and the caller’s wish; everything that speaks against it becomes an error. */
export function planSubmission(input: InvoiceInput, file: DocumentFacts | undefined, attachments: number): Plan {
  const wish = input.submissionMode ?? 'auto'
  const errors: FieldError[] = []
  const warnings: FieldError[] = []
  const isPdf = file?.kind === 'pdf' || file?.kind === 'factur-x'
  const chosen: Mode =
    wish !== 'auto' ? wish : file === undefined ? 'data' : file.syntax !== undefined ? 'structured' : 'pdf'

  // A file that tries to reach out of itself is never passed on, whatever the mode.
  const hostile = file?.problem?.rule === 'xml_dtd_forbidden'
  const fits = chosen === 'data' || (chosen === 'pdf' && isPdf)
  if (file?.problem !== undefined && (!file.readable || hostile || !fits)) errors.push(fileError(file.problem))
  else if (file?.problem !== undefined) warnings.push(fileError(file.problem))
  else if (chosen === 'pdf' && file !== undefined && !isPdf) {
    errors.push(notPdf(file))
  } else if (chosen === 'structured' && file !== undefined && file.syntax === undefined) {
    errors.push(
      modeError(
        `Mode structured needs Factur-X, UBL or CII. ${file.explanation}`,
        `Le mode structured exige du Factur-X, de l’UBL ou du CII. ${file.explanationFr}`,
        'Use mode pdf or auto, or send a structured file.'
      )
    )
  }
  for (const remark of file?.remarks ?? []) warnings.push(fileError(remark))
  const xml = file?.invoice
  const read = xml === undefined ? undefined : toInvoiceFields(xml)
  const mismatches = xml === undefined || read === undefined ? [] : compareWithXml(input, xml, read)
  if (chosen === 'structured') errors.push(...mismatches.map(contradiction))
  else if (chosen === 'pdf') warnings.push(...mismatches.map(otherInside))
  return {
    mode: chosen,
    reason:
      wish === 'auto'
        ? `auto: ${file?.explanation ?? 'no file, so the fields are handed in as data.'}`
        : 'asked for by submissionMode.',
    steps: steps[chosen].filter((step) => step !== 'transverses/ajouter/fichier' || attachments > 0),
    signed: file?.signed ?? false,
    ...(chosen === 'structured' && file?.syntax !== undefined && { syntax: file.syntax }),
    content: chosen === 'structured' && read !== undefined ? completeFrom(read, input) : input,
    errors,
    warnings
  }
}

const contradiction = ({ pointer, given, read }: Mismatch): FieldError => ({
  pointer,
  rule: 'document-mismatch',
  message: `You sent "${given.slice(0, 100)}", the document says "${read.slice(0, 100)}".`,
  messageFr: `Vous avez envoyé « ${given.slice(0, 100)} », le document dit « ${read.slice(0, 100)} ».`,
  fix: 'Correct one of the two, or leave the field out: it is read from the document.'
})

/** In mode pdf the XML is only an attachment, and the caller's fields are what is handed in. */
const otherInside = ({ pointer, given, read }: Mismatch): FieldError => ({
  pointer,
  rule: 'document-mismatch',
  message: `You sent "${given.slice(0, 100)}", the XML inside the PDF says "${read.slice(0, 100)}". Yours is used.`,
  messageFr: `Vous avez envoyé « ${given.slice(0, 100)} », le XML joint au PDF dit « ${read.slice(0, 100)} ». Votre valeur est retenue.`,
  fix: 'Correct one of the two: recipients may read either.'
})

/** The caller’s members stand; what is left out comes from the document. */
function completeFrom({ typeCode, ...read }: InvoiceFields, input: InvoiceInput): InvoiceInput {
  const known = typeCode === '380' || typeCode === '381' || typeCode === '386' ? ({ typeCode } as const) : {}
  const merged: InvoiceInput = { ...read, ...known, ...input }
  if (read.seller !== undefined || input.seller !== undefined) merged.seller = { ...read.seller, ...input.seller }
  if (read.buyer !== undefined || input.buyer !== undefined) merged.buyer = { ...read.buyer, ...input.buyer }
  if (read.totals !== undefined || input.totals !== undefined) merged.totals = { ...read.totals, ...input.totals }
  return merged
}

const fileError = (problem: NonNullable<DocumentFacts['problem']> | DocumentFacts['remarks'][number]): FieldError => ({
  pointer: '/file',
  rule: problem.problem,
  message: problem.message,
  messageFr: problem.messageFr,
  fix: problem.fix
})

const modeError = (message: string, messageFr: string, fix: string): FieldError => ({
  pointer: '/submissionMode',
  rule: 'validation-failed',
  message,
  messageFr,
  fix
})

const notPdf = ({ explanation, explanationFr }: DocumentFacts): FieldError => ({
  pointer: '/file',
  rule: 'unsupported-file-type',
  message: `Mode pdf needs a PDF. ${explanation}`,
  messageFr: `Le mode pdf exige un PDF. ${explanationFr}`,
  fix: 'Use mode auto or structured for this file, or send a PDF.'
})
