import { ciiNamespace } from './cii.ts'
import {
  bareFacts,
  type DocumentFacts,
  type DocumentProblem,
  duplicated,
  facturXName,
  refused,
  refusedXml
} from './document-facts.ts'
import { type DocumentPool, WorkerFailure } from './document-pool.ts'
import { remarksOn } from './document-remarks.ts'
import type { PdfAttachment, PdfParse } from './document-worker.ts'
import { type PdfNames, scanNames } from './pdf-names.ts'
import { countPlainPages } from './pdf-structure.ts'

const mediaType = 'application/pdf'
const active = ['JavaScript', 'Launch', 'RichMedia', 'SubmitForm', 'ImportData', 'GoToE'] as const
const signing = ['adbe.pkcs7.detached', 'adbe.pkcs7.sha1', 'adbe.x509.rsa_sha1', 'ETSI.CAdES.detached'] as const
/** Any of them means that the bytes alone do not tell all. */
const opaque = [
  'Encrypt',
  'ObjStm',
  'XRef',
  'XRefStm',
  'EmbeddedFile',
  'EmbeddedFiles',
  'EF',
  'FileAttachment'
] as const

/**
 * Facts about a PDF. Most are decided by their bytes: nothing packed, attached, encrypted or disguised, and a page
 * tree that holds together. All others are opened in full, in another thread.
 */
export async function pdfFacts(bytes: Buffer, pool: DocumentPool): Promise<DocumentFacts> {
  const names = scanNames(bytes)
  if (!names.disguised && !opaque.some((name) => names.counts.has(name))) {
    const pages = countPlainPages(bytes)
    if (pages !== undefined) return { ...plainPdf(names), examined: 'scan', pages }
  }
  let parse: PdfParse
  try {
    parse = await pool.run('pdf', bytes)
  } catch (error) {
    if (!(error instanceof WorkerFailure) || error.reason === 'closed') throw error
    return damaged(names, error.reason === 'timeout' ? tooSlow : { reason: error.message, reasonFr: error.message })
  }
  if (parse.outcome === 'password' || (parse.outcome === 'opened' && parse.encrypted)) return encryptedPdf(names)
  if (parse.outcome === 'broken') {
    if (names.counts.has('Encrypt')) return encryptedPdf(names)
    return damaged(names, { reason: parse.reason, reasonFr: parse.reason })
  }
  const facts = withAttachments({ ...plainPdf(names), examined: 'parse', pages: parse.pages }, parse.attachments)
  return { ...facts, remarks: remarksOn(facts, parse) }
}

function plainPdf({ counts, disguised }: PdfNames): DocumentFacts {
  const activeContent: string[] = active.filter((name) => counts.has(name))
  if (disguised) activeContent.push('escaped-name')
  return {
    ...bareFacts('pdf', mediaType, 'A PDF without invoice data inside.', 'Un PDF sans données de facture.'),
    signed: counts.has('ByteRange') && signing.some((name) => counts.has(name)),
    activeContent
  }
}

const tooSlow = { reason: 'opening it takes too long', reasonFr: 'son ouverture prend trop de temps' }

function damaged(names: PdfNames, { reason, reasonFr }: { reason: string; reasonFr: string }): DocumentFacts {
  const facts = refused('pdf', mediaType, {
    problem: 'unreadable-file',
    rule: 'pdf-damaged',
    message: `The PDF cannot be opened: ${reason}`,
    messageFr: `Le PDF ne peut pas être ouvert : ${reasonFr}`,
    fix: 'Open it in a PDF reader; if that works, print it to a new PDF and send that one.'
  })
  return { ...facts, signed: plainPdf(names).signed, examined: 'parse' }
}

function encryptedPdf(names: PdfNames): DocumentFacts {
  const facts = refused('pdf', mediaType, {
    problem: 'pdf-encrypted',
    rule: 'pdf-encrypted',
    message: 'The PDF is encrypted (a password, or restrictions on printing or copying); Chorus Pro cannot use it.',
    messageFr:
      'Le PDF est chiffré (mot de passe, ou restrictions d’impression ou de copie) ; Chorus Pro ne peut pas l’utiliser.',
    fix: 'Produce the PDF without password and without restrictions.'
  })
  return { ...facts, encrypted: true, signed: plainPdf(names).signed, examined: 'parse' }
}

/** Names under which XML invoices are attached, the Factur-X name first; compared without case. */
const invoiceNames = [facturXName, 'zugferd-invoice.xml', 'xrechnung.xml']

function withAttachments(facts: DocumentFacts, found: readonly PdfAttachment[]): DocumentFacts {
  const twice = differentInvoices(found)
  const attachments = found.map(({ name, size }) => ({ name, size }))
  const rank = ({ name }: PdfAttachment) => (invoiceNames.indexOf(name.toLowerCase()) + 4) % 4
  for (const { name, xml } of found.toSorted((a, b) => rank(a) - rank(b))) {
    if (xml === undefined) continue
    if (name.toLowerCase() === facturXName)
      return { ...facturXFacts(facts, name, xml), attachments, ...(twice && { problem: several }) }
    const invoice = 'reading' in xml.outcome ? xml.outcome.reading.invoice : undefined
    if (invoice === undefined) continue
    return {
      ...facts,
      attachments,
      invoice,
      explanation: `A PDF with an invoice attached as ${name}: Factur-X calls it factur-x.xml, so this is taken for a plain PDF.`,
      explanationFr: `Un PDF avec une facture jointe nommée ${name} : Factur-X exige factur-x.xml, c’est donc un PDF simple.`
    }
  }
  return { ...facts, attachments }
}

/** Two readers could take different ones. */
function differentInvoices(found: readonly PdfAttachment[]): boolean {
  const [first, ...others] = found.filter(({ name }) => name.toLowerCase() === facturXName)
  const bytes = ({ xml }: PdfAttachment) => Buffer.from(xml?.bytes ?? [])
  return first !== undefined && others.some((other) => !bytes(other).equals(bytes(first)))
}

const several: DocumentProblem = {
  problem: 'unreadable-file',
  rule: 'facturx-twice',
  message: 'Two different files named factur-x.xml are attached to the PDF.',
  messageFr: 'Deux fichiers différents nommés factur-x.xml sont joints au PDF.',
  fix: 'Produce the PDF with one of them; sending the invoice anew must not add to the old file.'
}

function facturXFacts(
  facts: DocumentFacts,
  xmlName: string,
  { bytes, outcome }: NonNullable<PdfAttachment['xml']>
): DocumentFacts {
  const xml = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bare: DocumentFacts = {
    ...facts,
    kind: 'factur-x',
    syntax: 'IN_DP_E2_CII_FACTURX',
    facturX: { profile: undefined, xmlName, xml },
    explanation: `A PDF with ${xmlName} inside: Factur-X.`,
    explanationFr: `Un PDF contenant ${xmlName} : Factur-X.`
  }
  if ('refusal' in outcome) return { ...bare, problem: refusedXml(outcome.refusal, xmlName) }
  const { root, invoice } = outcome.reading
  if (invoice?.namespace !== ciiNamespace) return { ...bare, problem: notCii(xmlName, root) }
  const problem = duplicated(invoice, xmlName)
  return {
    ...bare,
    facturX: { profile: invoice.profile, xmlName, xml },
    invoice,
    ...(problem === undefined ? {} : { problem })
  }
}

function notCii(xmlName: string, root: { name: string; namespace: string }): DocumentProblem {
  const seen = `${root.name} {${root.namespace}}`.slice(0, 150)
  return {
    problem: 'unreadable-file',
    rule: 'facturx-not-cii',
    message: `${xmlName} inside the PDF is no Cross Industry Invoice D16B; its root is ${seen}.`,
    messageFr: `${xmlName} dans le PDF n’est pas un Cross Industry Invoice D16B ; sa racine est ${seen}.`,
    fix: 'Produce the Factur-X anew, or send the PDF without the XML.'
  }
}
