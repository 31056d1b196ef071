import multipart, { type Multipart, type MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ByteBudget } from '../byte-budget.ts'
import type { Config } from '../config.ts'
import { ProblemError } from '../problem.ts'
import type { DocumentStore, IncomingDocument } from '../store/store.ts'
import { JsonFault, parseStrictJson } from '../strict-json.ts'
import { unflatten } from './flat-form.ts'

export interface ReceivedFile {
  name: string
  mediaType: string
  size: number
  sha256: string
  incoming: IncomingDocument
  /** The invoice's own file, within the byte budget; attachments go to disk as they come. */
  bytes?: Buffer
}

export interface SubmissionForm {
  /** Not checked yet, but for its JSON. */
  invoice: unknown
  file?: ReceivedFile
  attachments: ReceivedFile[]
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Reads the body, whatever its shape. Nothing of it is kept unless somebody does. Throws ProblemError or JsonFault. */
    readSubmissionForm(): Promise<SubmissionForm>
    /** Gives the byte budget back early: the file's bytes are no longer in memory. */
    releaseBudget(): void
  }
}

export interface SubmissionFormOptions {
  documents: Pick<DocumentStore, 'receive'>
  budget: ByteBudget
  limits: Config['limits']
}

const invoiceMaxBytes = 1024 * 1024
const overhead = 64 * 1024

/** Reads submissions: multipart in every shape that clients make, or JSON with the file inside. */
export const submissionForm = fp<SubmissionFormOptions>(
  async (app, { documents, budget, limits }) => {
    await app.register(multipart, {
      throwFileSizeLimit: true,
      // A typed part is read as it stands: the parser's own JSON reading would hide duplicate members.
      isPartAFile: (_name, type, file) =>
        file !== undefined || type === 'application/octet-stream' || type === 'application/json',
      limits: {
        fileSize: limits.documentMaxBytes,
        files: limits.attachmentsMax + 2,
        fields: 500,
        parts: limits.attachmentsMax + 502,
        fieldSize: invoiceMaxBytes,
        fieldNameSize: 100,
        headerPairs: 20
      }
    })
    // The body stays unread until there is room for it.
    app.addContentTypeParser('application/json', (_request, _payload, done) => done(null, undefined))
    const releases = new WeakMap<FastifyRequest, () => void>()

    app.decorateRequest('releaseBudget', function (this: FastifyRequest) {
      releases.get(this)?.()
    })

    app.decorateRequest('readSubmissionForm', async function (this: FastifyRequest) {
      const length = Number(this.headers['content-length'] ?? Number.NaN)
      const encoding = this.headers['content-encoding']
      if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
        throw new ProblemError('unsupported-media-type', {
          detail: 'Send the body as it is, without Content-Encoding.'
        })
      }
      const isJson = !this.isMultipart()
      const most = isJson
        ? Math.ceil(limits.documentMaxBytes * 1.4) + invoiceMaxBytes
        : limits.invoiceMaxBytes + invoiceMaxBytes
      if (length > most) {
        throw new ProblemError('file-too-large', {
          detail: `The request has ${length} bytes; at most ${most} are taken${isJson ? ' as JSON, send large files as multipart' : ''}.`
        })
      }
      const largest = limits.documentMaxBytes + overhead
      // JSON holds the text and the decoded file at once.
      const weight = isJson
        ? Number.isNaN(length)
          ? largest * 2.4
          : length * 1.75
        : Math.min(length || largest, largest)
      const gone = new AbortController()
      const onClose = () => gone.abort(new ProblemError('malformed-request', { detail: 'The connection closed.' }))
      this.raw.socket.once('close', onClose)
      const release = await budget.acquire(Math.ceil(weight), gone.signal)
      this.raw.socket.removeListener('close', onClose)
      releases.set(this, release)
      const stall = watchStalls(this, limits.uploadIdleTimeoutMs)
      try {
        return await Promise.race([
          isJson ? readJson(this, length, most, documents) : readMultipart(this, documents, limits),
          stall.stalled
        ])
      } finally {
        stall.stop()
      }
    })
    app.addHook('onResponse', async (request) => releases.get(request)?.())
    app.addHook('onRequestAbort', async (request) => releases.get(request)?.())
  },
  { name: 'submission-form' }
)

/** A peer that sends nothing for so long holds memory that others wait for. */
function watchStalls(request: FastifyRequest, idleMs: number) {
  let timer: NodeJS.Timeout | undefined
  let giveUp: (reason: Error) => void
  const stalled = new Promise<never>((_resolve, reject) => {
    giveUp = reject
  })
  stalled.catch(() => {})
  const restart = () => {
    clearTimeout(timer)
    timer = setTimeout(
      () =>
        giveUp(
          new ProblemError('malformed-request', {
            detail: `The upload stood still for ${Math.round(idleMs / 1000)} s.`
          })
        ),
      idleMs
    )
  }
  const onAborted = () =>
    giveUp(new ProblemError('malformed-request', { detail: 'The connection closed during the upload.' }))
  restart()
  request.raw.on('data', restart)
  request.raw.once('aborted', onAborted)
  return {
    stalled,
    stop: () => {
      clearTimeout(timer)
      request.raw.off('data', restart)
      request.raw.off('aborted', onAborted)
    }
  }
}

async function readJson(
  request: FastifyRequest,
  length: number,
  most: number,
  documents: Pick<DocumentStore, 'receive'>
): Promise<SubmissionForm> {
  const chunks: Buffer[] = []
  const whole = Number.isNaN(length) ? undefined : Buffer.allocUnsafeSlow(length)
  let size = 0
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    if (size + chunk.length > (whole?.length ?? most))
      throw new ProblemError('file-too-large', { detail: 'The body is too large.' })
    if (whole === undefined) chunks.push(chunk)
    else chunk.copy(whole, size)
    size += chunk.length
  }
  const body = whole === undefined ? Buffer.concat(chunks) : whole.subarray(0, size)
  if (size === 0) throw new ProblemError('malformed-request', { detail: 'The body is empty.' })
  const { value, binary } = parseStrictJson(body, ['file', 'contentBase64'])
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { invoice: value, attachments: [] }
  const { file, ...invoice } = value as { file?: { name?: unknown } }
  if (file === undefined || binary === undefined) return { invoice: value, attachments: [] }
  const extra = Object.keys(file).find((name) => name !== 'name' && name !== 'contentBase64')
  if (extra !== undefined) throw new JsonFault(`The member "${extra}" is not known here.`, `/file/${extra}`)
  const incoming = await documents.receive()
  try {
    await incoming.write(binary)
    const facts = await incoming.end()
    const name = cleanName(typeof file.name === 'string' ? file.name : undefined, 'invoice.pdf')
    return {
      invoice,
      file: { name, mediaType: 'application/octet-stream', incoming, bytes: binary, ...facts },
      attachments: []
    }
  } catch (error) {
    await incoming.discard()
    throw error
  }
}

async function readMultipart(
  request: FastifyRequest,
  documents: Pick<DocumentStore, 'receive'>,
  limits: Config['limits']
): Promise<SubmissionForm> {
  const received: IncomingDocument[] = []
  const fields: [string, string][] = []
  const form: SubmissionForm = { invoice: undefined, attachments: [] }
  const length = Number(request.headers['content-length'] ?? limits.documentMaxBytes)
  try {
    for await (const part of request.parts()) {
      refuseEncoded(part)
      if (part.type === 'field' && part.fieldname !== 'invoice') {
        if (part.fieldnameTruncated || part.valueTruncated) throw tooLargeField(part.fieldname)
        fields.push([part.fieldname, String(part.value)])
      } else if (part.fieldname === 'invoice') {
        if (form.invoice !== undefined) throw twice('invoice')
        form.invoice = parseStrictJson(part.type === 'field' ? fieldText(part) : await readSmall(part)).value
      } else if (part.type === 'file' && part.fieldname === 'file') {
        if (form.file !== undefined) throw twice('file')
        form.file = await readFile(part, documents, received, Math.min(length, limits.documentMaxBytes))
      } else if (part.type === 'file' && part.fieldname === 'attachments') {
        form.attachments.push(await readFile(part, documents, received))
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
  if (form.invoice === undefined && form.file === undefined && fields.length === 0) {
    throw new ProblemError('malformed-request', { detail: 'The form holds neither a file nor an invoice.' })
  }
  form.invoice ??= unflatten(fields)
  return form
}

async function readFile(
  part: MultipartFile,
  documents: Pick<DocumentStore, 'receive'>,
  received: IncomingDocument[],
  keepUpTo?: number
): Promise<ReceivedFile> {
  const incoming = await documents.receive()
  received.push(incoming)
  // One buffer of the largest possible size: pages that are never written cost nothing.
  const whole = keepUpTo === undefined ? undefined : Buffer.allocUnsafeSlow(keepUpTo)
  let size = 0
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    whole?.set(chunk, size)
    size += chunk.length
    const written = incoming.write(chunk)
    if (written !== undefined) await written
  }
  const facts = await incoming.end()
  return {
    name: cleanName(part.filename, part.fieldname === 'file' ? 'invoice.pdf' : 'attachment'),
    mediaType: part.mimetype,
    incoming,
    ...facts,
    ...(whole !== undefined && { bytes: whole.subarray(0, size) })
  }
}

/** The last step of the path, without control characters or direction overrides. Length is for the checks to judge. */
function cleanName(name: string | undefined, fallback: string): string {
  const last = (name ?? '').split(/[\\/]/).pop() ?? ''
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}"]/gu, '')
    .normalize('NFC')
    .trim()
  return clean === '' || /^\.+$/.test(clean) ? fallback : clean.slice(0, 300)
}

function fieldText(part: Exclude<Multipart, MultipartFile>): Buffer {
  if (part.valueTruncated) throw tooLargeField('invoice')
  return Buffer.from(String(part.value), 'utf8')
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

function refuseEncoded(part: Multipart): void {
  if (part.encoding !== undefined && !['7bit', '8bit', 'binary'].includes(part.encoding.toLowerCase())) {
    throw new ProblemError('malformed-request', {
      detail: `The part "${part.fieldname}" says Content-Transfer-Encoding: ${part.encoding.slice(0, 20)}; send the bytes as they are.`
    })
  }
}

const twice = (name: string) =>
  new ProblemError('malformed-request', { detail: `The part "${name}" is there more than once; keep one.` })

const tooLargeField = (name: string) =>
  new ProblemError('file-too-large', {
    detail: `The field "${name.slice(0, 80)}" is larger than ${invoiceMaxBytes} bytes.`
  })

const unknownPart = (name: string) =>
  new ProblemError('malformed-request', {
    detail: `The file part "${name.slice(0, 80)}" is not known: use "file" for the invoice, "attachments" for others, "invoice" for the JSON.`,
    errors: [
      {
        pointer: `/${name.slice(0, 80)}`,
        rule: 'malformed-request',
        message: 'This file part is not known.',
        messageFr: 'Cette pièce n’est pas connue.',
        fix: 'Name it file, attachments or invoice.'
      }
    ]
  })

/** What the multipart parser says of a body that is no multipart is for the log, not for the caller. */
function asProblem(error: unknown): unknown {
  if (error instanceof ProblemError || error instanceof JsonFault) return error
  if (error instanceof Error && error.name === 'StoreUnavailable') return error
  if (typeof (error as { code?: unknown }).code === 'string' && /^FST_/.test((error as { code: string }).code))
    return error
  return new ProblemError(
    'malformed-request',
    { detail: 'The multipart body is damaged or cut short.' },
    { cause: error as Error }
  )
}
