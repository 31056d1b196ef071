import { parentPort } from 'node:worker_threads'
import { extractText, getDocumentProxy } from 'unpdf'
import { readXml, type XmlReading, XmlRefusal } from './xml-invoice.ts'

/**
 * The thread in which untrusted documents are opened in full. It has a heap limit and an empty environment, opens
 * nothing but the bytes it is given, and is terminated when it takes too long (see document-pool.ts).
 */

export type PdfAttachment = { name: string; size: number; xml?: { bytes: Uint8Array; outcome: XmlOutcome } }

/** What the metadata (XMP) say of an invoice inside. */
export type PdfClaim = { fileName?: string; level?: string }

export type PdfParse =
  | {
      outcome: 'opened'
      pages: number
      encrypted: boolean
      attachments: PdfAttachment[]
      /** Why the attachments of a PDF with sound pages could not be read. */
      attachmentsFault?: string
      claim: PdfClaim
    }
  | { outcome: 'password' }
  | { outcome: 'broken'; reason: string }

export type XmlOutcome =
  | { reading: XmlReading }
  | { refusal: { rule: string; message: string; messageFr: string; fix: string; line?: number; column?: number } }

export type Job = { id: number; task: 'pdf' | 'text' | 'xml'; bytes: Uint8Array }
export type JobAnswers = { pdf: PdfParse; text: string; xml: XmlOutcome }
export type Answer = { id: number; result: PdfParse | string | XmlOutcome } | { id: number; failure: string }

/** What one stream may unpack to. Heap limits do not cover typed arrays, and a few kB can unpack to gigabytes. */
const largestArray = 64 * 1024 * 1024
const tooMuch = 'unpacks to more than 64 MiB'

/** An attached XML above this size is no invoice: Chorus Pro takes no file that large. */
const largestXml = 10 * 1024 * 1024
const tooLarge: XmlOutcome = {
  refusal: {
    rule: 'xml-limits',
    message: 'The XML unpacks to more than 10 MB.',
    messageFr: 'Le XML dépasse 10 Mo une fois décompressé.',
    fix: 'Send the invoice as the standard writes it, without generated padding.'
  }
}

const options = { verbosity: 0, useSystemFonts: false, disableFontFace: true, isEvalSupported: false }

if (parentPort !== null) {
  limitArrays()
  const port = parentPort
  port.on('message', (job: Job) => {
    perform(job).then(
      (answer) => port.postMessage(answer, transferables(answer)),
      (error: unknown) => port.postMessage({ id: job.id, failure: reasonOf(error) } satisfies Answer)
    )
  })
  port.postMessage('ready')
}

async function perform({ id, task, bytes }: Job): Promise<Answer> {
  if (task === 'xml') return { id, result: tryXml(bytes) }
  if (task === 'text') {
    const { text } = await extractText(await getDocumentProxy(bytes, options), { mergePages: true })
    return { id, result: text }
  }
  return { id, result: await openPdf(bytes) }
}

function tryXml(bytes: Uint8Array): XmlOutcome {
  try {
    return { reading: readXml(bytes) }
  } catch (error) {
    if (!(error instanceof XmlRefusal)) throw error
    const { rule, message, messageFr, fix, line, column } = error
    const place = line === undefined || column === undefined ? {} : { line, column }
    return { refusal: { rule, message, messageFr, fix, ...place } }
  }
}

async function openPdf(bytes: Uint8Array): Promise<PdfParse> {
  try {
    const pdf = await getDocumentProxy(bytes, options)
    try {
      await pdf.getPage(1)
      if (pdf.numPages > 1) await pdf.getPage(pdf.numPages)
      const { info, metadata } = (await pdf.getMetadata()) as Metadata
      const read = await pdf.getAttachments().then(attached, unreadable)
      return {
        outcome: 'opened',
        pages: pdf.numPages,
        encrypted: typeof info.EncryptFilterName === 'string',
        claim: claimOf([...(metadata ?? [])]),
        ...read
      }
    } finally {
      await pdf.destroy()
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') return { outcome: 'password' }
    return { outcome: 'broken', reason: reasonOf(error) }
  }
}

type Metadata = { info: { EncryptFilterName?: string | null }; metadata: Iterable<[string, unknown]> | null }

const attached = (found: Record<string, { filename: string; content?: Uint8Array }> | null) => ({
  attachments: Object.values(found ?? {}).map(describe)
})

/** Readers show the pages all the same; but what unpacks without end is turned away, whatever its pages are. */
function unreadable(error: unknown): { attachments: []; attachmentsFault: string } {
  if (error instanceof RangeError || reasonOf(error).includes(tooMuch)) throw error
  return { attachments: [], attachmentsFault: reasonOf(error) }
}

function claimOf(entries: readonly (readonly [string, unknown])[]): PdfClaim {
  const value = (ending: RegExp) => entries.find(([name, text]) => ending.test(name) && typeof text === 'string')?.[1]
  const fileName = value(/:documentfilename$/)
  const level = value(/:conformancelevel$/)
  return {
    ...(typeof fileName === 'string' && { fileName: fileName.trim() }),
    ...(typeof level === 'string' && { level: level.trim().slice(0, 40) })
  }
}

function describe({ filename, content }: { filename: string; content?: Uint8Array }): PdfAttachment {
  const name = filename.replaceAll('\0', '').trim()
  const size = content?.length ?? 0
  if (content === undefined || !/\.xml$/i.test(name)) return { name, size }
  return { name, size, xml: { bytes: content.slice(), outcome: size > largestXml ? tooLarge : tryXml(content) } }
}

function transferables(answer: Answer): ArrayBuffer[] {
  if (!('result' in answer) || typeof answer.result === 'string' || !('attachments' in answer.result)) return []
  return answer.result.attachments.flatMap(({ xml }) => (xml === undefined ? [] : [xml.bytes.buffer as ArrayBuffer]))
}

function limitArrays(): void {
  globalThis.Uint8Array = new Proxy(Uint8Array, {
    construct(target, args: unknown[], newTarget) {
      if (typeof args[0] === 'number' && args[0] > largestArray) throw new RangeError(tooMuch)
      return Reflect.construct(target, args, newTarget) as object
    }
  })
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200)
}
