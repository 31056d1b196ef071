import type { CheckMode } from './checks.ts'
import type { Notes } from './checks-findings.ts'

export type CheckedFile = { name?: string; size: number }

export type CheckedFiles = { file?: CheckedFile; attachments?: readonly CheckedFile[] }

export type FileLimits = { fileBytes: number; totalBytes: number }

/** Chorus Pro's own: 10 MB a file, 120 MB an invoice, a MB being 1024 × 1024 bytes. */
export const chorusLimits: FileLimits = { fileBytes: 10 * 1024 * 1024, totalBytes: 120 * 1024 * 1024 }

/** Endings that Chorus Pro takes for attachments, compared without case (pieceJointeExtension). */
const endings = new Set(
  (
    'bmp gif fax odt ppt tiff xls bz2 gz jpeg p7s rtf txt xml csv gzip jpg pdf svg xhtml xlsx doc htm odp png tgz xlc ' +
    'zip docx html ods pps tif xlm pptx xsd xsl'
  ).split(' ')
)

export function checkFiles(
  { file, attachments = [] }: CheckedFiles,
  mode: CheckMode,
  limits: FileLimits,
  notes: Notes
): void {
  if (mode === 'data' ? file !== undefined : file === undefined) notes.error(mode === 'data' ? fileUnused : fileMissing)
  if (file !== undefined) {
    checkSize('/file', file.size, limits.fileBytes, notes)
    checkName('/file', file.name, 200, notes)
  }
  if (mode === 'structured' && attachments.length > 0) notes.error(attachmentsUnused)
  for (const [at, { name, size }] of attachments.entries()) {
    const pointer = `/attachments/${at}`
    checkSize(pointer, size, limits.fileBytes, notes)
    checkName(pointer, name ?? '', 50, notes)
    checkEnding(pointer, name ?? '', notes)
  }
  const total = attachments.reduce((sum, { size }) => sum + size, file?.size ?? 0)
  if (total > limits.totalBytes) {
    notes.error({
      pointer: '/attachments',
      rule: 'file-too-large',
      detailRule: 'total-size',
      message: `All files together have ${total} bytes; Chorus Pro takes ${limits.totalBytes} an invoice.`,
      messageFr: `L’ensemble des fichiers fait ${total} octets ; Chorus Pro en accepte ${limits.totalBytes} par facture.`,
      fix: 'Leave attachments out or compress them.'
    })
  }
}

function checkSize(pointer: string, size: number, most: number, notes: Notes): void {
  if (size === 0) {
    notes.error({
      pointer,
      detailRule: 'file-empty',
      message: 'The file is empty.',
      messageFr: 'Le fichier est vide.',
      fix: 'Check that the file was written and closed before it is sent.'
    })
  } else if (size > most) {
    notes.error({
      pointer,
      rule: 'file-too-large',
      detailRule: 'file-size',
      message: `The file has ${size} bytes; Chorus Pro takes ${most}.`,
      messageFr: `Le fichier fait ${size} octets ; Chorus Pro en accepte ${most}.`,
      fix: 'Make it smaller: scans at 200 dpi in black and white, or text instead of pictures.'
    })
  }
}

function checkName(pointer: string, name: string | undefined, most: number, notes: Notes): void {
  if (name === undefined) return
  if (name.length > most) {
    notes.error({
      pointer,
      detailRule: 'file-name-long',
      message: `The file name has ${name.length} characters, Chorus Pro takes ${most} with the ending.`,
      messageFr: `Le nom du fichier fait ${name.length} caractères ; Chorus Pro en accepte ${most}, extension comprise.`,
      fix: 'Give it a shorter name.'
    })
  }
  if (/[\p{Cc}\p{Bidi_Control}\\/]/u.test(name)) {
    notes.error({
      pointer,
      detailRule: 'file-name-format',
      message: 'The file name has a folder or invisible characters in it.',
      messageFr: 'Le nom du fichier contient un dossier ou des caractères invisibles.',
      fix: 'Send the bare name, such as "facture.pdf".'
    })
  }
}

function checkEnding(pointer: string, name: string, notes: Notes): void {
  const ending = /[^.]\.([^.]+)$/.exec(name)?.[1]?.toLowerCase()
  if (ending !== undefined && endings.has(ending)) return
  notes.error({
    pointer,
    rule: 'unsupported-file-type',
    detailRule: 'attachment-ending',
    message:
      ending === undefined
        ? 'The name of an attachment needs an ending, such as .pdf.'
        : `Chorus Pro takes no attachment that ends in .${ending.slice(0, 20)}.`,
    messageFr:
      ending === undefined
        ? 'Le nom d’une pièce jointe doit avoir une extension, par exemple .pdf.'
        : `Chorus Pro n’accepte pas les pièces jointes en .${ending.slice(0, 20)}.`,
    fix: `Use one of: ${[...endings].toSorted().join(', ')}.`
  })
}

const fileMissing = {
  pointer: '/file',
  detailRule: 'required',
  message: 'This mode sends a document, and there is none.',
  messageFr: 'Ce mode transmet un document, et il n’y en a pas.',
  fix: 'Add the invoice as file, or choose submissionMode data.'
}

const fileUnused = {
  pointer: '/file',
  detailRule: 'file-unused',
  message: 'In mode data Chorus Pro makes the document itself; the file would not be sent.',
  messageFr: 'En mode data, Chorus Pro compose le document ; le fichier ne serait pas transmis.',
  fix: 'Send it among the attachments, or choose submissionMode pdf.'
}

const attachmentsUnused = {
  pointer: '/attachments',
  detailRule: 'attachments-unused',
  message: 'A flow takes no attachments beside the file; they would not be sent.',
  messageFr: 'Un flux n’admet pas de pièces jointes à côté du fichier ; elles ne seraient pas transmises.',
  fix: 'Embed them in the Factur-X or the XML, or choose submissionMode pdf.'
}
