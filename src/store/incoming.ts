import { createHash, type Hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { failpoint } from '../failpoint.ts'
import type { Facts, IncomingDocument } from './document-store.ts'
import { StoreUnavailable } from './errors.ts'
import { type Files, meansNoRoom } from './files.ts'

/** Up to here a file stays in memory until it is kept, and is then written in one go. */
const smallBytes = 256 * 1024
/** Linux caches what is written at once in one block where it can: 10 MB cost 3 ms so, 5 in 256 KiB, 13 in 1 MiB. */
const sliceBytes = 64 * 1024
/** No file has more than this waiting to be written, two chunks aside. */
const unwrittenBytes = 1024 * 1024

/** A small document, all in memory. */
export interface Whole {
  bytes: Buffer
  sha256: string
}

/** The document store's own view of a file on its way in. */
export interface Incoming extends IncomingDocument {
  readonly path: string
  /** All bytes synced under the temporary name; the digest that is to be its name, and the size. */
  store(): Promise<void>
  /** What `end` told. Throws before. */
  facts(): Facts
}

/** `whole` is a document that has ended already, its digest known. */
export function createIncoming({ files, path, whole }: { files: Files; path: string; whole?: Whole }): Incoming {
  const hash = whole === undefined ? createHash('sha256') : undefined
  let size = 0
  let waiting: Buffer[] = whole === undefined ? [] : [whole.bytes]
  let waitingBytes = whole?.bytes.length ?? 0
  let fd: number | undefined
  let writing: Promise<void> | undefined
  let ended: Facts | undefined = whole && { sha256: whole.sha256, size: whole.bytes.length }
  let failure: StoreUnavailable | undefined
  let created = false
  let gone = false

  function create(): number {
    const opened = files.create(path)
    created = true
    return opened
  }

  function take(): Buffer[] {
    const chunks = waiting
    waiting = []
    waitingBytes = 0
    return chunks
  }

  function fail(error: unknown): StoreUnavailable {
    failure ??= new StoreUnavailable(meansNoRoom(error) ? 'full' : 'unavailable', { cause: error })
    remove()
    return failure
  }

  function remove(): void {
    gone = true
    take()
    // A write in flight still owns the descriptor; it comes back here when it ends.
    if (writing !== undefined || !created) return
    created = false
    if (fd !== undefined) files.close(fd)
    fd = undefined
    files.remove(path)
  }

  async function writeOut(): Promise<void> {
    try {
      fd ??= create()
      while (waitingBytes >= smallBytes || (ended !== undefined && waiting.length > 0)) await files.write(fd, take())
      writing = undefined
      if (gone) remove()
    } catch (error) {
      writing = undefined
      fail(error)
    }
  }

  /** Others have their turn in between. */
  async function writeLent(bytes: Buffer, to: Hash): Promise<void> {
    try {
      fd ??= create()
      for (let start = 0; start < bytes.length && !gone; start += sliceBytes) {
        const slice = bytes.subarray(start, start + sliceBytes)
        to.update(slice)
        await files.writeLent(fd, slice)
        if (start % smallBytes === 0) await setImmediate()
      }
      writing = undefined
      if (gone) remove()
    } catch (error) {
      writing = undefined
      fail(error)
    }
  }

  function startWriting(): Promise<void> {
    writing ??= writeOut()
    return writing
  }

  function assertSound(): void {
    if (failure !== undefined) throw failure
    if (gone) throw new Error('the document was discarded')
  }

  function factsNow(): Facts {
    if (ended === undefined) throw new Error('the document has not ended')
    assertSound()
    return ended
  }

  return {
    path,
    async write(chunk) {
      assertSound()
      if (ended !== undefined || hash === undefined) throw new Error('the document has ended')
      hash.update(chunk)
      size += chunk.length
      waiting.push(chunk)
      waitingBytes += chunk.length
      if (waitingBytes < smallBytes) return
      const written = startWriting()
      if (waitingBytes < unwrittenBytes) return
      await written
      assertSound()
    },
    async end() {
      assertSound()
      if (hash !== undefined) ended ??= { sha256: hash.digest('hex'), size }
      if (writing !== undefined || fd !== undefined) {
        await writing
        if (waiting.length > 0) await startWriting()
      }
      return factsNow()
    },
    async fill(bytes) {
      assertSound()
      if (ended !== undefined || hash === undefined || size > 0) throw new Error('the document is not empty')
      size = bytes.length
      if (size > smallBytes) {
        writing = writeLent(bytes, hash)
        await writing
        assertSound()
      } else {
        hash.update(bytes)
        waiting.push(bytes)
      }
      ended = { sha256: hash.digest('hex'), size }
      return { ...ended, bytes }
    },
    facts: factsNow,
    async store() {
      try {
        if (fd === undefined) {
          fd = await files.createSoon(path)
          created = true
          assertSound()
        }
        if (waiting.length > 0) files.writeSync(fd, take())
        failpoint('document-write')
        await files.sync(fd)
        failpoint('document-synced')
        if (fd !== undefined) files.close(fd)
        fd = undefined
      } catch (error) {
        throw fail(error)
      }
    },
    async discard() {
      remove()
      await writing
    }
  }
}
