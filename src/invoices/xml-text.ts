/** Why an XML file cannot be used; `line` and `column` count from 1. */
export class XmlRefusal extends Error {
  readonly rule: string
  readonly messageFr: string
  readonly fix: string
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(
    rule: string,
    texts: { message: string; messageFr: string; fix: string },
    place?: { line: number; column: number }
  ) {
    super(texts.message)
    this.name = 'XmlRefusal'
    this.rule = rule
    this.messageFr = texts.messageFr
    this.fix = texts.fix
    this.line = place?.line
    this.column = place?.column
  }
}

/**
 * The encodings that a company's software writes. What TextDecoder knows beyond them (the multi-byte ones that
 * shift between alphabets) hides markup from anyone who reads bytes, so it is refused like UTF-7.
 */
const accepted = /^(utf-?8|us-ascii|ascii|iso[-_]?8859-?\d{1,2}|latin-?\d|l\d|windows-125\d|cp125\d|utf-16(le|be)?)$/i

/** The text of an XML file, by its byte-order mark and its declared encoding. */
export function decodeXml(bytes: Uint8Array): string {
  const mark = byteOrderMark(bytes)
  const declared = declaredEncoding(bytes, mark)
  if (declared !== undefined && !accepted.test(declared)) throw encodingRefused(declared, 'is not accepted')
  const wide = /^utf-16/i
  if (mark !== undefined && declared !== undefined && wide.test(mark) !== wide.test(declared)) {
    throw encodingRefused(declared, `does not agree with the bytes, which are ${mark.toUpperCase()}`)
  }
  if (mark === undefined && declared !== undefined && wide.test(declared)) {
    throw encodingRefused(declared, 'does not agree with the bytes, which hold one byte per character')
  }
  const encoding = mark ?? canonical(declared ?? 'utf-8')
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    if (declared === undefined)
      throw encodingRefused(encoding, 'is what XML means without a declaration, but the bytes are none', error)
    throw encodingRefused(declared, 'does not agree with the bytes of the file', error)
  }
}

/** `utf-8`, `utf-16le` or `utf-16be` when the first bytes say so, with or without a mark. */
export function byteOrderMark(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0 && c === 0x3f && d === 0)) return 'utf-16le'
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c && c === 0 && d === 0x3f)) return 'utf-16be'
  return undefined
}

function declaredEncoding(bytes: Uint8Array, mark: string | undefined): string | undefined {
  const head = new TextDecoder(mark ?? 'latin1').decode(bytes.subarray(0, 400))
  return /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']{1,40})["']/.exec(head)?.[1]
}

/** The spellings that other parsers accept and TextDecoder does not. */
function canonical(label: string): string {
  return label.toLowerCase().replace(/^iso[-_]?8859-?/, 'iso-8859-')
}

function encodingRefused(encoding: string, why: string, cause?: unknown): XmlRefusal {
  const refusal = new XmlRefusal('xml-encoding', {
    message: `The XML encoding "${encoding}" ${why}.`,
    messageFr: `L’encodage XML « ${encoding} » ne convient pas ou ne correspond pas au contenu du fichier.`,
    fix: 'Write the file in UTF-8 and declare encoding="UTF-8".'
  })
  if (cause !== undefined) refusal.cause = cause
  return refusal
}
