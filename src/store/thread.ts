// The ledger's own thread: its syncs and statements hold up nobody who talks to callers or to Chorus Pro.
import { fdatasync } from 'node:fs'
import { promisify } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'
import { restoreFailpoints } from '../failpoint.ts'
import type { IncomingDocument } from './document-store.ts'
import { openEmbedded } from './embedded.ts'
import { type Files, nodeFiles } from './files.ts'
import {
  carry,
  type Opened,
  type Parcel,
  type Question,
  type Reply,
  type ThreadData,
  type ThreadDocuments
} from './thread-messages.ts'

const port = parentPort
if (port === null) throw new Error('this is a thread of the gateway, not a program')
const { dataDir, armed, clock } = workerData as ThreadData
restoreFailpoints(armed)

/** Here nobody else waits: handing small work to other threads costs more than doing it. Syncs still go on side by side. */
const files: Files = {
  ...nodeFiles,
  createSoon: (path) => Promise.try(nodeFiles.create, path),
  write: (fd, chunks) => Promise.try(writeOut, fd, chunks),
  writeSync: writeOut,
  writeLent: (fd, bytes) => Promise.try(nodeFiles.writeSync, fd, [bytes]),
  sync: promisify(fdatasync)
}

/** Every chunk came in memory of its own, which goes back at once. */
function writeOut(fd: number, chunks: Buffer[]): void {
  nodeFiles.writeSync(fd, chunks)
  for (const { buffer } of chunks) if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}

function serveDocuments({ documents, store }: Awaited<ReturnType<typeof openEmbedded>>): ThreadDocuments {
  const arriving = new Map<number, Promise<IncomingDocument>>()
  const fileOf = (number: number) => {
    const file = arriving.get(number) ?? documents.receive()
    arriving.set(number, file)
    return file
  }
  const unpack = (parcels: Parcel[]) =>
    Promise.all(
      parcels.map((parcel) => {
        if (!('bytes' in parcel)) return fileOf(parcel.file)
        const file = documents.receiveWhole({ bytes: bufferOf(parcel.bytes), sha256: parcel.sha256 })
        arriving.set(parcel.file, file)
        return file
      })
    )
  return {
    async write(number, bytes) {
      await (await fileOf(number)).write(bufferOf(bytes))
    },
    async end(number, bytes) {
      const file = await fileOf(number)
      if (bytes !== undefined) await file.write(bufferOf(bytes))
      return file.end()
    },
    async fill(number, bytes) {
      const file = await fileOf(number)
      return { ...(await file.fill(bufferOf(bytes))), bytes }
    },
    async keep(parcels) {
      await documents.keep(await unpack(parcels))
      for (const { file } of parcels) arriving.delete(file)
    },
    async accept(input, parcels) {
      const result = await store.accept(input, await unpack(parcels))
      for (const { file } of parcels) arriving.delete(file)
      return result
    },
    async discard(number) {
      const file = arriving.get(number)
      arriving.delete(number)
      await (await file)?.discard()
    },
    sweep: () => documents.sweep(),
    removeUnused: (olderThanMs) => documents.removeUnused((some) => store.documentsUsed(some), olderThanMs),
    close: () => documents.close()
  }
}

const bufferOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

let replies: Reply[] = []
let moved: ArrayBuffer[] = []

/** Those that are ready in the same turn travel together. */
function reply(one: Reply, back: ArrayBuffer[] = []): void {
  if (replies.length === 0) setImmediate(send)
  replies.push(one)
  moved.push(...back)
}

function send(): void {
  const [ready, back] = [replies, moved]
  replies = []
  moved = []
  port?.postMessage(ready, back)
}

try {
  const opened = await openEmbedded({
    dataDir,
    files,
    ...(clock !== undefined && { now: () => Number(Atomics.load(clock, 0)) })
  })
  const targets = {
    store: opened.store,
    documents: serveDocuments(opened)
  } as unknown as Record<Question['of'], Record<string, (...args: unknown[]) => unknown>>
  const answer = async ({ number, of, method, args }: Question): Promise<void> => {
    try {
      const value = await targets[of][method]?.(...args)
      // What was lent goes back.
      const back = method === 'fill' ? [(value as { bytes: Uint8Array<ArrayBuffer> }).bytes.buffer] : []
      reply({ number, value }, back)
    } catch (error) {
      reply({ number, error: carry(error) })
    }
  }
  port.on('message', (questions: Question[]) => {
    for (const question of questions) void answer(question)
  })
  port.postMessage({ methods: Object.keys(targets.store) } satisfies Opened)
} catch (error) {
  port.postMessage({ failure: carry(error) } satisfies Opened)
}
