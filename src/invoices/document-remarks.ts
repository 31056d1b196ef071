import { type DocumentFacts, type DocumentRemark, facturXName } from './document-facts.ts'
import type { PdfParse } from './document-worker.ts'

/** The profiles that Factur-X metadata name; XRechnung and others are written under several names. */
const levels = ['MINIMUM', 'BASICWL', 'BASIC', 'EN16931', 'EXTENDED']

/** Where a PDF says something of itself that its attachments do not bear out. */
export function remarksOn(
  { facturX }: DocumentFacts,
  { claim, attachmentsFault }: Extract<PdfParse, { outcome: 'opened' }>
): DocumentRemark[] {
  if (attachmentsFault !== undefined) return [faulty(attachmentsFault)]
  if (facturX === undefined) return claim.fileName?.toLowerCase() === facturXName ? [missing] : []
  const claimed = plainLevel(claim.level)
  const written = plainLevel(facturX.profile)
  const differ = levels.includes(claimed) && levels.includes(written) && claimed !== written
  return differ ? [otherLevel(claim.level ?? '', facturX.profile ?? '')] : []
}

const plainLevel = (level = '') => level.toUpperCase().replace(/[\s_-]/g, '')

const faulty = (reason: string): DocumentRemark => ({
  problem: 'unreadable-file',
  rule: 'pdf-attachments-damaged',
  message: `The pages can be opened, but not the files attached to the PDF: ${reason}`,
  messageFr: `Les pages s’ouvrent, mais pas les fichiers joints au PDF : ${reason}`,
  fix: 'If it should be a Factur-X, produce it anew: without its XML it is taken for a plain PDF.'
})

const missing: DocumentRemark = {
  problem: 'document-mismatch',
  rule: 'facturx-missing',
  message: 'The metadata (XMP) call this PDF a Factur-X, but its list of attached files does not lead to factur-x.xml.',
  messageFr:
    'Les métadonnées (XMP) annoncent un Factur-X, mais la liste des fichiers joints ne mène à aucun factur-x.xml.',
  fix: 'Name factur-x.xml in /Names /EmbeddedFiles of the PDF, not in /AF alone; as it is, this is taken for a plain PDF.'
}

const otherLevel = (claimed: string, written: string): DocumentRemark => ({
  problem: 'document-mismatch',
  rule: 'facturx-profile',
  message: `The metadata (XMP) say profile ${claimed}, the XML says ${written}. What the XML says was used.`,
  messageFr: `Les métadonnées (XMP) annoncent le profil ${claimed}, le XML ${written}. Celui du XML a été retenu.`,
  fix: 'Write the same profile in fx:ConformanceLevel and in the guideline of the XML (BT-24).'
})
