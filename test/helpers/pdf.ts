import { deflateSync } from 'node:zlib'

export type PdfAttachmentInput = {
  name: string
  data: Buffer | string
  /** Only half of its packed bytes are there. */
  damaged?: boolean
  /** Left out of the list of attachments. */
  unlisted?: boolean
}

export type PdfOptions = {
  /** Shown on the page. */
  text?: string
  /** The file is padded to this many bytes, with bytes that do not compress. */
  size?: number
  attachments?: readonly PdfAttachmentInput[]
  /** Pack everything but streams into object streams, with a cross-reference stream. */
  objectStreams?: boolean
  encrypted?: boolean
  /** The signature's filter; `true` is a PAdES one. */
  signed?: boolean | 'adbe.pkcs7.detached' | 'ETSI.CAdES.detached' | 'ETSI.RFC3161'
  pages?: number
  /** What the metadata say of an invoice inside. */
  claim?: { fileName: string; level: string }
  /** Text put into the catalogue, such as an open action. */
  catalog?: string
}

type Part = { body: string; stream?: Buffer }

/** Makes a PDF out of nothing; all of it is ours. */
export function makePdf(options: PdfOptions = {}): Buffer {
  const bare = assemble(parts(options, 0), options)
  if (options.size === undefined || options.size <= bare.length) return bare
  // The length of the padding is itself written in digits, so the first guess may be off by one.
  let padding = options.size - bare.length
  for (let tries = 0; tries < 3; tries++) {
    const made = assemble(parts(options, padding), options)
    if (made.length === options.size) return made
    padding += options.size - made.length
  }
  return assemble(parts(options, padding), options)
}

function parts(options: PdfOptions, padding: number): Part[] {
  const { text = 'Facture FA-2026-0042', pages = 1, attachments = [], signed = false } = options
  const list: Part[] = []
  const add = (body: string, stream?: Buffer): number => list.push(stream === undefined ? { body } : { body, stream })
  add('') // 1: the catalogue, written last
  add('') // 2: the page tree
  add('<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>') // 3
  const content = Buffer.from(`BT /F1 12 Tf 50 750 Td (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`, 'latin1')
  add('', content) // 4
  if (padding > 0) add('/Padding true', noise(padding))
  const kids = Array.from({ length: pages }, () =>
    add('<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>')
  )
  const files = attachments.map(({ name, data, damaged = false, unlisted = false }) => {
    const packed = deflateSync(data)
    const bytes = damaged ? packed.subarray(0, packed.length / 2) : packed
    const file = add('/Type/EmbeddedFile/Subtype/text#2Fxml/Filter/FlateDecode', bytes)
    return {
      name,
      unlisted,
      spec: add(`<</Type/Filespec/F(${name})/UF(${name})/AFRelationship/Data/EF<</F ${file} 0 R>>>>`)
    }
  })
  let catalog = `/Type/Catalog/Pages 2 0 R${options.catalog ?? ''}`
  if (files.length > 0) {
    const listed = files.filter(({ unlisted }) => !unlisted)
    const names = listed.map(({ name, spec }) => `(${spec}-${name}) ${spec} 0 R`).join(' ')
    catalog += `/Names<</EmbeddedFiles<</Names[${names}]>>>>/AF[${files.map(({ spec }) => `${spec} 0 R`).join(' ')}]`
  }
  if (options.claim !== undefined) {
    const { fileName, level } = options.claim
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"><fx:DocumentFileName>${fileName}</fx:DocumentFileName><fx:ConformanceLevel>${level}</fx:ConformanceLevel></rdf:Description></rdf:RDF></x:xmpmeta>`
    catalog += `/Metadata ${add('/Type/Metadata/Subtype/XML', Buffer.from(xmp))} 0 R`
  }
  if (signed !== false) {
    const filter = signed === true ? 'ETSI.CAdES.detached' : signed
    const value = add(`<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/${filter}/ByteRange[0 1 2 3]/Contents<3000>>>`)
    const field = add(`<</FT/Sig/Type/Annot/Subtype/Widget/T(S)/Rect[0 0 0 0]/V ${value} 0 R>>`)
    catalog += `/AcroForm<</SigFlags 3/Fields[${field} 0 R]>>`
  }
  list[0] = { body: `<<${catalog}>>` }
  list[1] = { body: `<</Type/Pages/Count ${pages}/Kids[${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>` }
  return list
}

/** Bytes that do not compress, the same in every run. */
function noise(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let state = 2_463_534_242
  for (let at = 0; at < length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state & 0xff
  }
  return bytes
}

function assemble(list: readonly Part[], options: PdfOptions): Buffer {
  const chunks: Buffer[] = []
  let length = 0
  const put = (chunk: Buffer | string): number => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk
    chunks.push(bytes)
    length += bytes.length
    return length - bytes.length
  }
  put('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n')
  const offsets = new Map<number, number>()
  const packed: { number: number; body: string }[] = []
  for (const [at, { body, stream }] of list.entries()) {
    const number = at + 1
    if (stream !== undefined) {
      offsets.set(number, put(`${number} 0 obj\n<<${body}/Length ${stream.length}>>\nstream\n`))
      put(stream)
      put('\nendstream\nendobj\n')
    } else if (options.objectStreams === true) packed.push({ number, body })
    else offsets.set(number, put(`${number} 0 obj\n${body}\nendobj\n`))
  }
  if (options.objectStreams === true) putPacked(put, offsets, packed, list.length)
  else putTable(put, offsets, list.length, options.encrypted === true)
  return Buffer.concat(chunks)
}

function putTable(
  put: (chunk: string) => number,
  offsets: ReadonlyMap<number, number>,
  count: number,
  encrypted: boolean
) {
  let size = count + 1
  let trailer = ''
  let entries = ''
  for (let number = 1; number <= count; number++) entries += entry(offsets.get(number) ?? 0)
  if (encrypted) {
    const key = '00'.repeat(32)
    entries += entry(put(`${size} 0 obj\n<</Filter/Standard/V 2/R 3/Length 128/P -4/O<${key}>/U<${key}>>>\nendobj\n`))
    trailer = `/Encrypt ${size} 0 R/ID[<${'01'.repeat(16)}><${'01'.repeat(16)}>]`
    size += 1
  }
  const start = put(`xref\n0 ${size}\n0000000000 65535 f \n${entries}`)
  put(`trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n`)
}

function entry(offset: number): string {
  return `${String(offset).padStart(10, '0')} 00000 n \n`
}

function putPacked(
  put: (chunk: Buffer | string) => number,
  offsets: ReadonlyMap<number, number>,
  packed: readonly { number: number; body: string }[],
  count: number
): void {
  let index = ''
  let bodies = ''
  for (const { number, body } of packed) {
    index += `${number} ${bodies.length} `
    bodies += `${body} `
  }
  const stream = deflateSync(Buffer.from(index + bodies, 'latin1'))
  const holder = count + 1
  const holderAt = put(
    `${holder} 0 obj\n<</Type/ObjStm/N ${packed.length}/First ${index.length}/Filter/FlateDecode/Length ${stream.length}>>\nstream\n`
  )
  put(stream)
  put('\nendstream\nendobj\n')
  const rows = Buffer.alloc((count + 3) * 7)
  const row = (number: number, type: number, second: number, third: number): void => {
    rows.writeUInt8(type, number * 7)
    rows.writeUInt32BE(second, number * 7 + 1)
    rows.writeUInt16BE(third, number * 7 + 5)
  }
  row(0, 0, 0, 65_535)
  for (const [number, at] of offsets) row(number, 1, at, 0)
  for (const [at, { number }] of packed.entries()) row(number, 2, holder, at)
  row(holder, 1, holderAt, 0)
  const start = put('')
  row(holder + 1, 1, start, 0)
  const table = deflateSync(rows)
  put(
    `${holder + 1} 0 obj\n<</Type/XRef/Size ${count + 3}/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length ${table.length}>>\nstream\n`
  )
  put(table)
  put(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`)
}

/** Replaces text in a PDF; the new text should be as long as the old, or the table no longer fits. */
export function patchPdf(pdf: Buffer, find: string, replacement: string): Buffer {
  return Buffer.from(
    pdf.toString('latin1').replace(find, () => replacement),
    'latin1'
  )
}

/** One kind of damage each. */
export const brokenPdfs: Readonly<Record<string, () => Buffer>> = {
  'cut in the middle': () => makePdf({ pages: 3 }).subarray(0, 300),
  'header alone': () => Buffer.from('%PDF-1.7\n'),
  'no catalogue': () => patchPdf(makePdf(), '/Type/Catalog/Pages', '/Type/Cabinet/Pagas'),
  'page tree that bites its tail': () => patchPdf(makePdf(), '/Kids[5 0 R]', '/Kids[2 0 R]'),
  'no page at all': () => patchPdf(makePdf(), '/Kids[5 0 R]', '/Kids[     ]')
}

/** Damage that every reader mends. */
export const mendablePdfs: Readonly<Record<string, () => Buffer>> = {
  'startxref that leads nowhere': () => patchPdf(makePdf(), 'startxref\n', 'startxref\n9'),
  'no cross-reference table': () => patchPdf(makePdf(), 'xref\n0', 'xxxx\n0'),
  'no end-of-file mark': () => patchPdf(makePdf(), '%%EOF', '     '),
  'blank lines in front': () => Buffer.concat([Buffer.from('\r\n\r\n'), makePdf()]),
  'a few bytes behind the end': () => Buffer.concat([makePdf(), Buffer.from('\0\0\0junk')])
}
