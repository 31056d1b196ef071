import { Readable } from 'node:stream'
import type { Download } from '../chorus/download.ts'
import { ChorusError } from '../chorus/errors.ts'
import { mostDownloaded } from '../chorus/invoice-common.ts'
import { ProblemError } from '../problem.ts'
import { writeZip, type ZipEntry } from './zip.ts'

/** A file for a caller, as it comes. */
export interface ServedFile {
  name: string
  mediaType: string
  content: Readable
}

/**
 * Ten invoices at most in one call to Chorus Pro (behaviour.md, section 13). Up to ten are its file as it is; more are a
 * ZIP of its files. `name` is without ending. A failure after the first file cuts the answer short.
 */
export async function serveInvoices(
  ids: readonly string[],
  name: string,
  download: (ids: readonly string[]) => Promise<Download>
): Promise<ServedFile> {
  const groups: string[][] = []
  for (let at = 0; at < ids.length; at += mostDownloaded) groups.push(ids.slice(at, at + mostDownloaded))
  const [first = [], ...others] = groups
  const opened = await openFile(await loud(download, first))
  if (others.length === 0) {
    return {
      name: `${name}${opened.ending}`,
      mediaType: opened.mediaType,
      content: streamOf(opened.content, opened.close)
    }
  }
  let current = opened
  let over = false
  const entries = async function* (): AsyncGenerator<ZipEntry> {
    yield { name: `${name}-1${opened.ending}`, content: opened.content }
    for (const [index, group] of others.entries()) {
      current = await openFile(await loud(download, group))
      if (over) return current.close()
      yield { name: `${name}-${index + 2}${current.ending}`, content: current.content }
    }
  }
  const close = () => {
    over = true
    current.close()
  }
  return { name: `${name}.zip`, mediaType: 'application/zip', content: streamOf(writeZip(entries()), close) }
}

/**
 * `close` is called when its reader goes, even before he began: a stream of a generator would wait for the piece under way,
 * which may never come.
 */
function streamOf(bytes: AsyncIterable<Buffer>, close: () => void): Readable {
  const stream = Readable.from(bytes)
  const destroy = stream._destroy.bind(stream)
  stream._destroy = (error, done) => {
    close()
    destroy(error, done)
  }
  return stream
}

async function loud(download: (ids: readonly string[]) => Promise<Download>, ids: readonly string[]) {
  return download(ids).catch((error: unknown) => {
    const tooLarge = error instanceof ChorusError && error.evidence.exchange?.httpStatus === 413
    throw tooLarge
      ? new ProblemError('file-too-large', {
          detail: `Chorus Pro gives 120 MB at most at once: ask for fewer than ${ids.length} invoices, or without attachments.`,
          outcome: 'not_sent'
        })
      : error
  })
}

interface OpenedFile {
  mediaType: string
  ending: string
  content: AsyncGenerator<Buffer>
  close: () => void
}

const kinds: [start: RegExp, mediaType: string, ending: string][] = [
  [/^%PDF/, 'application/pdf', '.pdf'],
  [/^PK/, 'application/zip', '.zip'],
  [/^(\xef\xbb\xbf)?\s*</, 'application/xml', '.xml']
]

/** What it is, is not announced: the first bytes tell. */
async function openFile({ content }: Download): Promise<OpenedFile> {
  const chunks: AsyncIterator<Buffer> = content.iterator()[Symbol.asyncIterator]()
  const head: Buffer[] = []
  let size = 0
  while (size < 16) {
    const next = await chunks.next()
    if (next.done === true) break
    head.push(next.value)
    size += next.value.length
  }
  const start = Buffer.concat(head)
  if (size === 0) throw new ProblemError('upstream-protocol-error', { detail: 'Chorus Pro answered without the file.' })
  const text = start.toString('latin1', 0, 64)
  const [, mediaType, ending] = kinds.find(([pattern]) => pattern.test(text)) ?? [
    '',
    'application/octet-stream',
    '.bin'
  ]
  async function* whole(): AsyncGenerator<Buffer> {
    yield start
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
  }
  return { mediaType, ending, content: whole(), close: () => content.destroy() }
}
