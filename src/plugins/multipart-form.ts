import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { badValue, ProblemError } from '../problem.ts'
import { spareMemory } from '../spare-memory.ts'
import type { DocumentStore, Facts, IncomingDocument } from '../store/document-store.ts'
import { hasBadText, JsonFault, parseStrictJson } from '../strict-json.ts'
import { largeBytes, ownTurn } from '../turns.ts'
import { unflatten } from './flat-form.ts'
import type { Reading } from './form-reading.ts'
import { cleanName, invoiceMaxBytes, type ReceivedFile, type SubmissionForm } from './received-file.ts'

/** Parts in any order: `invoice` in every shape that clients make it, or flat fields; `file`; `attachments`. */
export async function readMultipart(
  request: FastifyRequest,
  documents: Pick<DocumentStore, 'receive'>,
  limits: Config['limits'],
  reading: Reading
): Promise<SubmissionForm> {
  const { received } = reading
  const fields: [string, string][] = []
  const form: SubmissionForm = { invoice: undefined, attachments: [] }
  const length = Number(request.headers['content-length'] ?? limits.documentMaxBytes)
  try {
    for await (const part of request.parts()) {
      refuseNameless(part)
      refuseEncoded(part)
      // An empty field counts as left out, whatever its name.
      if (part.type === 'field' && part.value === '') continue
      if (part.type === 'field' && part.fieldname !== 'invoice') {
        if (part.fieldnameTruncated || part.valueTruncated) throw tooLargeField(part.fieldname)
        if (isFileField(part.fieldname)) throw fileAsText(part.fieldname)
        fields.push([part.fieldname, textOf(part)])
      } else if (part.fieldname === 'invoice') {
        if (form.invoice !== undefined) throw twice('invoice')
        const json = part.type === 'field' ? fieldText(part) : await readSmall(part)
        if (json.length > largeBytes) await ownTurn()
        form.invoice = parseStrictJson(json).value
      } else if (part.type === 'file' && part.fieldname === 'file') {
        if (form.file !== undefined) throw twice('file')
        const file = await readFile(part, documents, reading, Math.min(length, limits.documentMaxBytes))
        if (isNothing(part, file)) await file.incoming.discard()
        else form.file = file
      } else if (part.type === 'file' && isAttachment(part.fieldname)) {
        const file = await readFile(part, documents, reading)
        if (isNothing(part, file)) await file.incoming.discard()
        else form.attachments.push(file)
      } else {
        throw unknownPart(part.fieldname)
      }
    }
  } catch (error) {
    await Promise.all(received.map((document) => document.discard()))
    throw asProblem(error)
  }
  if (fields.length > 0 && form.invoice !== undefined) {
    await Promise.all(received.map((document) => document.discard()))
    throw new ProblemError('malformed-request', {
      detail: `Send either the part "invoice" or flat fields, not both (found "${fields[0]?.[0]}").`
    })
  }
  if (form.invoice === undefined && form.file === undefined && form.attachments.length === 0 && fields.length === 0) {
    throw new ProblemError('malformed-request', { detail: 'The form holds neither a file nor an invoice.' })
  }
  if (form.invoice === undefined) form.invoice = unflatten(fields)
  return form
}

/** PHP cannot give two parts one name: `attachments[0]`, `attachments[1]` mean the same as `attachments`. */
const isAttachment = (name: string) => /^attachments(\[\d{0,4}\])?$/.test(name)

const isFileField = (name: string) => name === 'file' || isAttachment(name)

/** A part that holds a file, though some clients give it no file name. */
export const isFilePart = (name: string | undefined, type: string | undefined, fileName: string | undefined) =>
  fileName !== undefined ||
  // A typed part is read as it stands: the parser's own JSON reading would hide duplicate members.
  type === 'application/octet-stream' ||
  type === 'application/json' ||
  (name !== undefined && isFileField(name) && type !== undefined && type !== 'text/plain')

/** What browsers send for a file that nobody chose. */
const isNothing = ({ filename }: MultipartFile, { size }: ReceivedFile) => size === 0 && !filename

async function readFile(
  part: MultipartFile,
  documents: Pick<DocumentStore, 'receive'>,
  reading: Reading,
  keepUpTo?: number
): Promise<ReceivedFile> {
  const incoming = await documents.receive()
  reading.received.push(incoming)
  reading.file = part.file
  if (reading.over) part.file.destroy()
  const chunks = part.file as AsyncIterable<Buffer>
  const facts =
    keepUpTo === undefined ? await writeAll(incoming, chunks) : await incoming.fill(await gather(chunks, keepUpTo))
  return {
    name: cleanName(part.filename, part.fieldname === 'file' ? 'invoice.pdf' : 'attachment'),
    mediaType: part.mimetype,
    incoming,
    ...facts
  }
}

async function writeAll(incoming: IncomingDocument, chunks: AsyncIterable<Buffer>): Promise<Facts> {
  for await (const chunk of chunks) {
    const written = incoming.write(chunk)
    if (written !== undefined) await written
  }
  return incoming.end()
}

/** Into one buffer of the largest possible size. */
async function gather(chunks: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const whole = spareMemory.take(most)
  let size = 0
  for await (const chunk of chunks) {
    whole.set(chunk, size)
    size += chunk.length
  }
  return whole.subarray(0, size)
}

function fieldText(part: Exclude<Multipart, MultipartFile>): Buffer {
  if (part.valueTruncated) throw tooLargeField('invoice')
  return Buffer.from(textOf(part), 'utf8')
}

/** The parser puts U+FFFD where bytes are not what the part says they are: what was meant is lost. */
function textOf(part: Exclude<Multipart, MultipartFile>): string {
  const text = String(part.value)
  if (!text.includes('\ufffd') && !(part.fieldname !== 'invoice' && hasBadText(text))) return text
  const name = part.fieldname.slice(0, 80)
  const pointer = part.fieldname === 'invoice' ? '' : `/${name.replaceAll('.', '/')}`
  throw badValue(pointer, {
    detail: `The text of the field "${name}" is not UTF-8, or holds characters that are not allowed.`,
    message: 'This text is not UTF-8, or holds characters that are not allowed (NUL, direction override).',
    messageFr: 'Ce texte n’est pas en UTF-8 ou contient des caractères refusés.',
    fix: 'Send UTF-8, or name the charset in the part: Content-Type: text/plain; charset=ISO-8859-1.'
  })
}

async function readSmall(part: MultipartFile): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > invoiceMaxBytes) throw tooLargeField('invoice')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The parser's types promise a name; a part may come without. */
function refuseNameless({ fieldname }: { fieldname: string | undefined }): void {
  if (fieldname !== undefined) return
  throw new ProblemError('malformed-request', {
    detail: 'A part has no name: write Content-Disposition: form-data; name="…".'
  })
}

function refuseEncoded(part: Multipart): void {
  if (part.encoding !== undefined && !['7bit', '8bit', 'binary'].includes(part.encoding.toLowerCase())) {
    throw new ProblemError('malformed-request', {
      detail: `The part "${part.fieldname}" says Content-Transfer-Encoding: ${part.encoding.slice(0, 20)}; send the bytes as they are.`
    })
  }
}

/** The most frequent slip with curl. */
const fileAsText = (name: string) =>
  badValue(`/${name}`, {
    detail: `The part "${name}" came as text, not as a file. With curl, write -F ${name}=@facture.pdf, with an @.`,
    message: 'This part came as text, not as a file.',
    messageFr: 'Cette pièce est arrivée sous forme de texte et non de fichier.',
    fix: `Send it as a file part: with a file name; with curl -F ${name}=@facture.pdf.`
  })

const twice = (name: string) =>
  new ProblemError('malformed-request', { detail: `The part "${name}" is there more than once; keep one.` })

const tooLargeField = (name: string) =>
  new ProblemError('file-too-large', {
    detail: `The field "${name.slice(0, 80)}" is larger than ${invoiceMaxBytes} bytes.`
  })

const unknownPart = (name: string) =>
  badValue(`/${name.slice(0, 80)}`, {
    detail: `The file part "${name.slice(0, 80)}" is not known: use "file" for the invoice, "attachments" for others, "invoice" for the JSON.`,
    message: 'This file part is not known.',
    messageFr: 'Cette pièce n’est pas connue.',
    fix: 'Name it file, attachments or invoice.'
  })

/** What the multipart parser says of a body that is no multipart is for the log, not for the caller. */
function asProblem(error: unknown): unknown {
  if (error instanceof ProblemError || error instanceof JsonFault) return error
  if (error instanceof Error && error.name === 'StoreUnavailable') return error
  if (typeof (error as { code?: unknown }).code === 'string' && (error as { code: string }).code.startsWith('FST_'))
    return error
  return new ProblemError(
    'malformed-request',
    { detail: 'The multipart body is damaged or cut short: check the boundary, its end, and CRLF as line ends.' },
    { cause: error as Error }
  )
}
