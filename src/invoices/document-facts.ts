import type { XmlInvoice } from './xml-model.ts'

/** The name under which Factur-X attaches its XML; compared without case. */
export const facturXName = 'factur-x.xml'

export type DocumentKind =
  | 'pdf'
  | 'factur-x'
  | 'ubl-invoice'
  | 'ubl-credit-note'
  | 'cii'
  /** Well-formed XML that is none of the above; `syntax` is set where Chorus Pro takes it all the same. */
  | 'xml-other'
  | 'unknown'

/** Chorus Pro's codes for the syntax of a flow, those that we can tell by content. */
export type FlowSyntax =
  | 'IN_DP_E1_UBL_INVOICE'
  | 'IN_DP_E1_CII_16B'
  | 'IN_DP_E2_UBL_INVOICE_MIN'
  | 'IN_DP_E2_CII_MIN_16B'
  | 'IN_DP_E2_CII_FACTURX'
  | 'IN_DP_E2_CPP_FACTURE_MIN'

export type DocumentProblem = {
  problem: 'unsupported-file-type' | 'unreadable-file' | 'pdf-encrypted'
  /** The finer reason, such as `xml_dtd_forbidden` or `pdf-damaged`. */
  rule: string
  message: string
  messageFr: string
  fix: string
  line?: number
  column?: number
}

/** Something odd that does not stand in the way. */
export type DocumentRemark = Omit<DocumentProblem, 'problem'> & { problem: 'unreadable-file' | 'document-mismatch' }

export type DocumentFacts = {
  kind: DocumentKind
  /** By content, whatever the caller declared. */
  mediaType: string
  /** False when nobody could open it. */
  readable: boolean
  encrypted: boolean
  /** True for a PDF with a signature in it (PAdES, or the PKCS#7 that PAdES grew from); time stamps alone do not count. */
  signed: boolean
  /** What a PDF could do by itself: names such as `JavaScript` or `Launch`; packed parts are not searched. */
  activeContent: string[]
  /** How we know: bytes alone (`scan`), opened in full (`parse`). */
  examined: 'scan' | 'parse'
  pages?: number
  /** Files inside, by name and size in bytes. */
  attachments: { name: string; size: number }[]
  facturX?: { profile: string | undefined; xmlName: string; xml: Buffer }
  /** What the XML says: the file itself, the Factur-X part, or an invoice attached under another name. */
  invoice?: XmlInvoice
  /** How a flow deposit has to name it; absent where only a PDF deposit is possible. */
  syntax?: FlowSyntax
  /** Why it was taken for what `kind` says, for people. */
  explanation: string
  explanationFr: string
  /** Why it cannot be sent. With `readable` true it is the XML inside a PDF that is at fault, not the PDF. */
  problem?: DocumentProblem
  remarks: DocumentRemark[]
}

/** What is common to all facts, to be completed. */
export function bareFacts(kind: DocumentKind, mediaType: string, explanation: string, explanationFr: string) {
  return {
    kind,
    mediaType,
    readable: true,
    encrypted: false,
    signed: false,
    activeContent: [],
    examined: 'scan',
    attachments: [],
    remarks: [],
    explanation,
    explanationFr
  } satisfies DocumentFacts
}

/** Facts about something that cannot be sent at all. */
export function refused(kind: DocumentKind, mediaType: string, problem: DocumentProblem): DocumentFacts {
  return { ...bareFacts(kind, mediaType, problem.message, problem.messageFr), readable: false, problem }
}

/** An XmlRefusal, or what is left of one that came from the worker thread. */
export type XmlFaultText = {
  rule: string
  message: string
  messageFr: string
  fix: string
  line?: number | undefined
  column?: number | undefined
}

export function refusedXml(refusal: XmlFaultText, inside?: string): DocumentProblem {
  const { rule, message, messageFr, fix, line, column } = refusal
  const place = line === undefined || column === undefined ? {} : { line, column }
  const prefix = inside === undefined ? '' : `${inside}: `
  return {
    problem: 'unreadable-file',
    rule,
    message: prefix + message,
    messageFr: prefix + messageFr,
    fix,
    ...place
  }
}

/** A header value that stands twice. Two readers could take different ones, so the file is refused. */
export function duplicated({ faults }: XmlInvoice, inside?: string): DocumentProblem | undefined {
  const [first] = faults
  if (first === undefined) return undefined
  const prefix = inside === undefined ? '' : `${inside}: `
  return {
    problem: 'unreadable-file',
    rule: first.rule,
    message: `${prefix}${first.term} is given more than once (element ${first.element}, line ${first.line}).`,
    messageFr: `${prefix}${first.term} est indiqué plusieurs fois (élément ${first.element}, ligne ${first.line}).`,
    fix: 'Keep one of the two elements.',
    line: first.line
  }
}
