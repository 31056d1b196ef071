import type { Readable } from 'node:stream'
import type { UpstreamFile } from './chorus.ts'

/** One request body. `handedOut` turns true when its last bytes are given to the connection, and not before. */
export interface Body {
  length: number
  content: Buffer | AsyncIterable<Buffer>
  /** False proves that the upstream cannot have the whole JSON (network brief, section 6). */
  handedOut: () => boolean
  /** The JSON with the place of the file marked: what a trace may show. */
  preview: string
  close: () => void
}

/** A multiple of 3, so that slices of base64 join; strings beyond 128 kB land in V8's slow space. */
const rawSlice = 48 * 1024
/** A piece of a stream, 64 KiB as files are read, goes out whole. */
const largestSlice = 72 * 1024
const encodedSlice = (rawSlice / 3) * 4
/** A body up to this size goes out in one write: there is nothing between the headers and its end to learn from. */
const oneWrite = 64 * 1024

/** A small JSON, as it is. */
export function jsonBody(value: unknown): Body {
  const json = Buffer.from(JSON.stringify(value))
  return bytesBody(json, json.toString('utf8', 0, 4096))
}

/** Bytes that are in memory. */
export function bytesBody(json: Buffer, preview: string): Body {
  const state = { handedOut: false }
  const common = { length: json.length, handedOut: () => state.handedOut, preview, close: () => {} }
  if (json.length > oneWrite) return { ...common, content: inSlices(json, state) }
  state.handedOut = true
  // A view of its own: the identity of its content names a request.
  return { ...common, content: json.subarray() }
}

async function* inSlices(json: Buffer, state: { handedOut: boolean }): AsyncGenerator<Buffer> {
  const last = json.length - 1
  for (let start = 0; start < last; start += encodedSlice)
    yield json.subarray(start, Math.min(start + encodedSlice, last))
  state.handedOut = true
  yield json.subarray(last)
}

/**
 * A JSON object whose member `name` is the file in base64, on one line, encoded while it is sent.
 * The end of the JSON is a chunk of its own: a large last chunk makes undici drop the connection when the answer is
 * early (network brief, section 2.6), and until it is taken the upstream provably has no whole request.
 */
export function fileBody(members: Record<string, unknown>, name: string, file: UpstreamFile): Body {
  const opening = JSON.stringify(members).slice(0, -1)
  const prefix = Buffer.from(`${opening}${opening === '{' ? '' : ','}${JSON.stringify(name)}:"`)
  const suffix = Buffer.from('"}')
  const state = { handedOut: false, source: undefined as Readable | undefined }
  async function* content(): AsyncGenerator<Buffer> {
    try {
      const source = file.open()
      if (Buffer.isBuffer(source)) {
        checkSize(file.size, source.length)
        yield* encodeBuffer(prefix, source)
      } else {
        state.source = source
        yield* encodeStream(prefix, source, file.size)
      }
    } catch (error) {
      throw new SourceError(error)
    }
    state.handedOut = true
    yield suffix
  }
  return {
    length: prefix.length + 4 * Math.ceil(file.size / 3) + suffix.length,
    content: content(),
    handedOut: () => state.handedOut,
    preview: `${prefix.toString('utf8', 0, 4096)}(${file.size} bytes in base64)"}`,
    close: () => {
      state.source?.destroy()
    }
  }
}

/** The stored document cannot be read, or is not as long as announced: our own fault, and nothing whole has left. */
export class SourceError extends Error {
  constructor(cause: unknown) {
    super(`the stored file cannot be sent: ${reasonOf(cause)}`, { cause })
    this.name = 'SourceError'
  }
}

/** Callers read it: a system's error names folders of ours. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unreadable'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}

/** The document is not what was accepted. */
export class WrongSize extends Error {
  override readonly name = 'WrongSize'
}

function checkSize(announced: number, read: number): void {
  if (read !== announced) throw new WrongSize(`announced with ${announced} bytes, read ${read}`)
}

/**
 * Pieces of 256 KiB in three buffers that take turns, and that the next file takes over: the memory of a few large files
 * would drive one full collection after the other. The connection waits for its drain after a piece that is larger than
 * what it may have waiting, so that this one has left when it asks for the next; a smaller piece has a buffer of its own.
 */
function* encodeBuffer(prefix: Buffer, source: Buffer): Generator<Buffer> {
  const turns: Buffer[] = []
  let head = prefix
  for (let start = 0, turn = 0; start < source.length; start += rawPiece, turn = (turn + 1) % 3) {
    const end = Math.min(start + rawPiece, source.length)
    const length = head.length + encodedLength(end - start)
    if (length <= mayWait || length > turnBytes) yield encode(head, source, start, end)
    else yield encodeInto((turns[turn] ??= spare.pop() ?? Buffer.allocUnsafeSlow(turnBytes)), head, source, start, end)
    head = nothing
  }
  if (source.length === 0) yield prefix
  // Only who was asked to the end knows that every piece has left.
  spare.push(...turns.slice(0, mostSpare - spare.length))
}

/** Of a socket, twice: what a write may leave waiting without saying so. */
const mayWait = 128 * 1024
/** A piece with what stands before the file in the JSON. */
const turnBytes = 260 * 1024
const spare: Buffer[] = []
/** Sixteen connections with a piece each. */
const mostSpare = 16
const rawPiece = 4 * rawSlice
const nothing: Buffer = Buffer.alloc(0)
const encodedLength = (bytes: number) => 4 * Math.ceil(bytes / 3)

const encode = (head: Buffer, source: Buffer, start: number, end: number) =>
  encodeInto(Buffer.allocUnsafe(head.length + encodedLength(end - start)), head, source, start, end)

function encodeInto(piece: Buffer, head: Buffer, source: Buffer, start: number, end: number): Buffer {
  head.copy(piece)
  const encoding = source as Buffer & { base64Slice: (start: number, end: number) => string }
  const writing = piece as Buffer & { latin1Write: (text: string, offset: number) => number }
  let at = head.length
  for (let from = start; from < end; from += largestSlice) {
    at += writing.latin1Write(encoding.base64Slice(from, Math.min(from + largestSlice, end)), at)
  }
  return piece.subarray(0, at)
}

async function* encodeStream(prefix: Buffer, source: Readable, size: number): AsyncGenerator<Buffer> {
  let head = prefix
  let rest: Buffer = nothing
  let read = 0
  try {
    for await (const piece of source as AsyncIterable<Buffer>) {
      read += piece.length
      if (read > size) checkSize(size, read)
      // The bytes left over from the piece before are completed to three and go out in front of this one.
      const wanted = Math.min((3 - (rest.length % 3)) % 3, piece.length)
      rest = Buffer.concat([rest, piece.subarray(0, wanted)])
      const whole = piece.length - wanted - ((piece.length - wanted) % 3)
      if (rest.length === 3) {
        head = Buffer.concat([head, Buffer.from(rest.toString('base64'))])
        rest = nothing
      }
      for (let start = wanted; start < wanted + whole; start += largestSlice) {
        yield encode(head, piece, start, Math.min(start + largestSlice, wanted + whole))
        head = nothing
      }
      rest = Buffer.concat([rest, piece.subarray(wanted + whole)])
    }
    checkSize(size, read)
    if (rest.length > 0 || head.length > 0) yield encode(head, rest, 0, rest.length)
  } finally {
    source.destroy()
  }
}
