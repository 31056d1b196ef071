import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../problem.ts'
import { spareMemory } from '../spare-memory.ts'
import type { DocumentStore } from '../store/document-store.ts'
import { JsonFault, parseStrictJson } from '../strict-json.ts'
import { largeBytes, ownTurn } from '../turns.ts'
import type { Reading } from './form-reading.ts'
import { cleanName, type SubmissionForm } from './received-file.ts'

/** The invoice object with, perhaps, the file inside; its base64 never becomes text. */
export async function readJson(
  request: FastifyRequest,
  { length, most }: { length: number; most: number },
  documents: Pick<DocumentStore, 'receive'>,
  reading: Reading
): Promise<SubmissionForm> {
  const chunks: Buffer[] = []
  const whole = Number.isNaN(length) ? undefined : spareMemory.take(length)
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
  if (size > largeBytes) await ownTurn()
  const { value, binary } = parseStrictJson(body, ['file', 'contentBase64'])
  // Its text and its file have been taken out: a third of what is held goes back at once.
  if (whole !== undefined && whole.length > largeBytes) spareMemory.giveBack(whole)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { invoice: value, attachments: [] }
  const { file, ...invoice } = value as { file?: unknown }
  if (file === undefined) return { invoice: value, attachments: [] }
  const { name: givenName } = checkFile(file)
  if (binary === undefined) throw noContent()
  const incoming = await documents.receive()
  reading.received.push(incoming)
  try {
    if (reading.over) throw givenUp()
    const facts = await incoming.fill(binary)
    const name = cleanName(givenName, 'invoice.pdf')
    return {
      invoice,
      file: { name, mediaType: 'application/octet-stream', incoming, ...facts },
      attachments: []
    }
  } catch (error) {
    await incoming.discard()
    throw error
  }
}

const example = 'Send "file": {"name": "facture.pdf", "contentBase64": "…"}, or leave it out.'

function checkFile(file: unknown): { name?: string } {
  if (typeof file !== 'object' || file === null || Array.isArray(file))
    throw new JsonFault('/file must be an object.', '/file', '/file doit être un objet.', example)
  const extra = Object.keys(file).find((name) => name !== 'name' && name !== 'contentBase64')
  if (extra !== undefined) {
    const french = `Le champ « ${extra} » n’est pas connu ici.`
    throw new JsonFault(`The member "${extra}" is not known here.`, `/file/${extra}`, french, example)
  }
  const { name } = file as { name?: unknown }
  if (name === undefined) return {}
  if (typeof name !== 'string')
    throw new JsonFault('/file/name must be text.', '/file/name', '/file/name doit être du texte.', example)
  return { name }
}

/** Nobody waits for it any more. */
const givenUp = () => new Error('the upload was given up')

const noContent = () =>
  new JsonFault(
    '/file/contentBase64 is missing or no text.',
    '/file/contentBase64',
    '/file/contentBase64 est absent ou n’est pas du texte.',
    example
  )
