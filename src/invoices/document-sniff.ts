import { byteOrderMark } from './xml-text.ts'

/** What the first bytes (and for archives the last ones) say. */
export type Sniffed =
  | { format: 'pdf' }
  | { format: 'xml' }
  | { format: 'empty' }
  /** A PDF header that is not at the start, or another format hidden in the same file. */
  | { format: 'mixed'; message: string; messageFr: string }
  | { format: 'other'; mediaType: string; label: string; labelFr: string }

const signatures: readonly (readonly [hex: string, mediaType: string, label: string, labelFr: string])[] = [
  ['504b0304', 'application/zip', 'a ZIP archive', 'une archive ZIP'],
  ['504b0506', 'application/zip', 'an empty ZIP archive', 'une archive ZIP vide'],
  ['89504e470d0a1a0a', 'image/png', 'a PNG image', 'une image PNG'],
  ['ffd8ff', 'image/jpeg', 'a JPEG image', 'une image JPEG'],
  ['474946383', 'image/gif', 'a GIF image', 'une image GIF'],
  ['49492a00', 'image/tiff', 'a TIFF image', 'une image TIFF'],
  ['4d4d002a', 'image/tiff', 'a TIFF image', 'une image TIFF'],
  ['4d5a', 'application/vnd.microsoft.portable-executable', 'a Windows program', 'un programme Windows'],
  ['7f454c46', 'application/x-executable', 'a Linux program', 'un programme Linux'],
  ['1f8b', 'application/gzip', 'a gzip archive', 'une archive gzip'],
  ['425a68', 'application/x-bzip2', 'a bzip2 archive', 'une archive bzip2'],
  ['377abcaf271c', 'application/x-7z-compressed', 'a 7z archive', 'une archive 7z'],
  ['526172211a07', 'application/vnd.rar', 'a RAR archive', 'une archive RAR'],
  ['d0cf11e0a1b11ae1', 'application/x-ole-storage', 'an old Office document', 'un ancien document Office'],
  ['7b5c727466', 'application/rtf', 'an RTF document', 'un document RTF'],
  ['25215053', 'application/postscript', 'a PostScript file', 'un fichier PostScript'],
  [
    '3082',
    'application/pkcs7-mime',
    'a binary envelope (p7m or certificate)',
    'une enveloppe binaire (p7m ou certificat)'
  ]
]

const markup = /<(?:!doctype\s+html|html|script|body|svg)\b/i
const html = { mediaType: 'text/html', label: 'an HTML page', labelFr: 'une page HTML' }

/** Tells what a file is by its bytes, never by its name. */
export function sniff(bytes: Buffer): Sniffed {
  if (bytes.length === 0) return { format: 'empty' }
  const head = bytes.toString('latin1', 0, 1100)
  // A byte-order mark or blank lines in front are common and every reader skips them.
  if (/^(?:\u00ef\u00bb\u00bf)?[\s\0]{0,16}%PDF-/.test(head)) return mixedPdf(bytes, head) ?? { format: 'pdf' }
  const found = signatures.find(([hex]) => bytes.toString('hex', 0, 10).startsWith(hex))
  if (found !== undefined) {
    const [, mediaType, label, labelFr] = found
    return mediaType === 'application/zip' ? officeKind(bytes) : { format: 'other', mediaType, label, labelFr }
  }
  if (byteOrderMark(bytes)?.startsWith('utf-16') === true) return { format: 'xml' }
  const start = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart()
  if (start.startsWith('<'))
    return /^<(?:!doctype\s+html|html)\b/i.test(start) ? { format: 'other', ...html } : { format: 'xml' }
  const at = head.indexOf('%PDF-')
  if (at > 0) {
    return {
      format: 'mixed',
      message: `The PDF header stands behind ${at} bytes of something else.`,
      messageFr: `L’en-tête PDF se trouve derrière ${at} octets étrangers.`
    }
  }
  return { format: 'other', ...plain(start) }
}

/** The same bytes could be opened as another format by the next program. */
function mixedPdf(bytes: Buffer, head: string): Sniffed | undefined {
  const tail = bytes.subarray(Math.max(0, bytes.length - 65_600))
  const zip = tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
  const comment = zip < 0 ? 0 : (tail[zip + 20] ?? 0) + (tail[zip + 21] ?? 0) * 256
  if (zip >= 0 && zip + 22 + comment === tail.length) {
    return {
      format: 'mixed',
      message: 'The file is a PDF and a ZIP archive at once.',
      messageFr: 'Le fichier est à la fois un PDF et une archive ZIP.'
    }
  }
  if (markup.test(head) || markup.test(tail.toString('latin1', Math.max(0, tail.lastIndexOf('%%EOF'))))) {
    return {
      format: 'mixed',
      message: 'The file is a PDF and an HTML page at once.',
      messageFr: 'Le fichier est à la fois un PDF et une page HTML.'
    }
  }
  return undefined
}

function officeKind(bytes: Buffer): Sniffed {
  const head = bytes.toString('latin1', 0, 4096)
  const office = /\b(word|xl|ppt)\/|mimetypeapplication\/vnd\.oasis/.exec(head)
  const label = office === null ? 'a ZIP archive' : 'an Office document (a ZIP inside)'
  const labelFr = office === null ? 'une archive ZIP' : 'un document bureautique (ZIP)'
  return { format: 'other', mediaType: 'application/zip', label, labelFr }
}

function plain(start: string) {
  if (start.startsWith('{') || start.startsWith('[')) {
    return { mediaType: 'application/json', label: 'JSON', labelFr: 'du JSON' }
  }
  if (start.startsWith('JVBERi0')) {
    return { mediaType: 'text/plain', label: 'a PDF still in base64', labelFr: 'un PDF encore en base64' }
  }
  if (/^(?:PD94bWw|77u\/PD94)/.test(start)) {
    return { mediaType: 'text/plain', label: 'XML still in base64', labelFr: 'du XML encore en base64' }
  }
  if (/^[\t\n\r\u0020-\u007e\u00a0-\u00ff]*$/.test(start)) {
    return { mediaType: 'text/plain', label: 'plain text', labelFr: 'du texte' }
  }
  return { mediaType: 'application/octet-stream', label: 'of an unknown type', labelFr: 'd’un type inconnu' }
}
