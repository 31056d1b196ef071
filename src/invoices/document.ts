import { bareFacts, type DocumentFacts, type DocumentProblem, refused, refusedXml } from './document-facts.ts'
import { pdfFacts } from './document-pdf.ts'
import { createDocumentPool, type DocumentPool, WorkerFailure } from './document-pool.ts'
import { sniff } from './document-sniff.ts'
import { xmlFacts } from './document-xml.ts'
import { readXml, XmlRefusal } from './xml-invoice.ts'

export type { DocumentFacts, DocumentKind, DocumentProblem, FlowSyntax } from './document-facts.ts'

export type DocumentInspector = {
  /** What a file really is, by its content. What is wrong with it is part of the facts; it throws only once closed. */
  inspect(bytes: Buffer): Promise<DocumentFacts>
  /** The text of a PDF, pages in order; undefined when it cannot be opened. */
  text(bytes: Buffer): Promise<string | undefined>
  close(): Promise<void>
}

/** XML above this size is read in a worker thread: some 3 ms of work that nobody else should wait for. */
const largeXml = 64 * 1024

/**
 * Plain PDFs are judged where they are, in a fraction of a millisecond; what has to be opened is opened by `workers`
 * threads, started when first needed, that get `timeoutMs` for a document.
 */
export function createDocumentInspector({
  timeoutMs = 2000,
  workers = 1
}: {
  timeoutMs?: number
  workers?: number
} = {}): DocumentInspector {
  const pool = createDocumentPool({ timeoutMs, workers })
  return {
    inspect: (bytes) => inspect(bytes, pool),
    async text(bytes) {
      try {
        return await pool.run('text', bytes)
      } catch (error) {
        if (error instanceof WorkerFailure && error.reason !== 'closed') return undefined
        throw error
      }
    },
    close: () => pool.close()
  }
}

async function inspect(bytes: Buffer, pool: DocumentPool): Promise<DocumentFacts> {
  const sniffed = sniff(bytes)
  switch (sniffed.format) {
    case 'pdf':
      return pdfFacts(bytes, pool)
    case 'xml':
      return inspectXml(bytes, pool)
    case 'empty':
      return refused('unknown', 'application/octet-stream', empty)
    case 'mixed':
      return refused('unknown', 'application/octet-stream', { ...mixed, ...sniffed })
    case 'other':
      return refused('unknown', sniffed.mediaType, {
        problem: 'unsupported-file-type',
        rule: 'file-type',
        message: `The file is ${sniffed.label}, not an invoice that Chorus Pro takes.`,
        messageFr: `Le fichier est ${sniffed.labelFr}, et non une facture acceptée par Chorus Pro.`,
        fix: 'Send a PDF, a Factur-X PDF, UBL 2.1 or CII D16B as the file itself, not packed or encoded.'
      })
  }
}

async function inspectXml(bytes: Buffer, pool: DocumentPool): Promise<DocumentFacts> {
  const unread = bareFacts('xml-other', 'application/xml', '', '')
  try {
    if (bytes.length <= largeXml) return xmlFacts(readXml(bytes))
    const outcome = await pool.run('xml', bytes)
    if ('reading' in outcome) return xmlFacts(outcome.reading)
    return refused(unread.kind, unread.mediaType, refusedXml(outcome.refusal))
  } catch (error) {
    if (error instanceof XmlRefusal) return refused(unread.kind, unread.mediaType, refusedXml(error))
    if (error instanceof WorkerFailure && error.reason !== 'closed')
      return refused(unread.kind, unread.mediaType, slowXml)
    throw error
  }
}

const empty: DocumentProblem = {
  problem: 'unreadable-file',
  rule: 'file-empty',
  message: 'The file is empty.',
  messageFr: 'Le fichier est vide.',
  fix: 'Check that the file was written and closed before it is sent.'
}

const mixed = {
  problem: 'unsupported-file-type',
  rule: 'file-ambiguous',
  fix: 'Send the PDF alone: it has to begin with %PDF- and hold nothing but the PDF.'
} as const

const slowXml: DocumentProblem = {
  problem: 'unreadable-file',
  rule: 'xml-limits',
  message: 'The XML takes too long to read.',
  messageFr: 'La lecture du XML prend trop de temps.',
  fix: 'Send the invoice as the standard writes it, without generated padding.'
}
