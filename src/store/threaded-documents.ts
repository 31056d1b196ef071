import { createHash } from 'node:crypto'
import type { DocumentStore, Facts, IncomingDocument } from './document-store.ts'
import type { Store } from './store.ts'
import type { Parcel } from './thread-messages.ts'
import type { Ask } from './threaded.ts'

/** Bytes that travel together. A document that has no more is hashed here, and travels when it is kept. */
const parcelBytes = 256 * 1024
/** No file has more than this on its way to the disk, a parcel aside. */
const unwrittenBytes = 1024 * 1024

/** Documents on their way in: gathered here, written in the ledger's thread, and hashed there unless they are small. */
export function createThreadDocuments(
  ask: Ask
): Pick<DocumentStore, 'receive' | 'keep' | 'sweep' | 'removeUnused' | 'close'> & Pick<Store, 'accept'> {
  const known = new WeakMap<IncomingDocument, Outbox>()
  let last = 0

  /** What they hold goes along with the question, after which nothing of them is left to be discarded. */
  async function hand<T>(
    documents: IncomingDocument[],
    question: (parcels: Parcel[]) => [method: string, args: unknown[]]
  ): Promise<T> {
    const outboxes = documents.map((document) => {
      const it = known.get(document)
      if (it === undefined) throw new TypeError('a document of another store')
      return it
    })
    const parcels = outboxes.map((outbox) => outbox.parcel())
    const bytes = parcels.flatMap((parcel) => ('bytes' in parcel ? [parcel.bytes.buffer] : []))
    const answer = await ask<T>('documents', ...question(parcels), bytes)
    for (const outbox of outboxes) outbox.kept()
    return answer
  }

  return {
    receive() {
      const outbox = createOutbox(ask, ++last)
      known.set(outbox, outbox)
      return Promise.resolve(outbox)
    },
    keep: (documents) => hand(documents, (parcels) => ['keep', [parcels]]),
    accept: (input, documents = []) => hand(documents, (parcels) => ['accept', [input, parcels]]),
    sweep: () => ask('documents', 'sweep', []),
    // The ledger is where the files are: it is asked there.
    removeUnused: (_used, olderThanMs) => ask('documents', 'removeUnused', [olderThanMs]),
    close: () => ask('documents', 'close', [])
  }
}

interface Outbox extends IncomingDocument {
  /** To be kept: from here on there may be something in the thread to discard. Throws when it has not ended. */
  parcel(): Parcel
  /** Nothing is left to be discarded. */
  kept(): void
}

function createOutbox(ask: Ask, number: number): Outbox {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let unwritten = 0
  let failure: Error | undefined
  let room: (() => void) | undefined
  let ended: Promise<Facts> | undefined
  let started = false
  let small: string | undefined

  /** In memory of its own, so that it can be given away. */
  function gather(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(waitingBytes).buffer as ArrayBuffer)
    let at = 0
    for (const chunk of waiting) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    waiting = []
    waitingBytes = 0
    return bytes
  }

  async function post(): Promise<void> {
    const bytes = gather()
    const size = bytes.length
    started = true
    unwritten += size
    try {
      await ask('documents', 'write', [number, bytes], [bytes.buffer])
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error))
    }
    unwritten -= size
    room?.()
  }

  function endThere(): Promise<Facts> {
    const bytes = gather()
    return ask('documents', 'end', [number, bytes], [bytes.buffer])
  }

  /** A message less, and nothing at all to be done for one that is only looked at. */
  function endHere(): Facts {
    const hash = createHash('sha256')
    for (const chunk of waiting) hash.update(chunk)
    small = hash.digest('hex')
    return { sha256: small, size: waitingBytes }
  }

  async function fillThere(bytes: Buffer): Promise<Facts & { bytes: Buffer }> {
    started = true
    const moving = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length)
    const filled = await ask<Facts & { bytes: Uint8Array }>('documents', 'fill', [number, moving], [moving.buffer])
    const { buffer, byteOffset, length } = filled.bytes
    return { ...filled, bytes: Buffer.from(buffer, byteOffset, length) }
  }

  return {
    parcel() {
      if (failure !== undefined) throw failure
      if (ended === undefined) throw new Error('the document has not ended')
      const whole = !started
      started = true
      return { file: number, ...(whole && small !== undefined && { sha256: small, bytes: gather() }) }
    },
    kept() {
      started = false
    },
    write(chunk) {
      if (failure !== undefined) throw failure
      if (ended !== undefined) throw new Error('the document has ended')
      waiting.push(chunk)
      waitingBytes += chunk.length
      if (waitingBytes < parcelBytes) return
      void post()
      if (unwritten < unwrittenBytes) return
      return new Promise((resolve, reject) => {
        room = () => {
          if (failure !== undefined) reject(failure)
          else if (unwritten < unwrittenBytes) resolve()
          else return
          room = undefined
        }
      })
    },
    end() {
      if (failure !== undefined) return Promise.reject(failure)
      ended ??= started ? endThere() : Promise.resolve(endHere())
      return ended
    },
    async fill(bytes) {
      if (failure !== undefined) throw failure
      if (ended !== undefined || waiting.length > 0 || started) throw new Error('the document is not empty')
      if (bytes.length <= parcelBytes) {
        waiting = [bytes]
        waitingBytes = bytes.length
        ended = Promise.resolve(endHere())
        return { ...(await ended), bytes }
      }
      const filled = fillThere(bytes)
      ended = filled
      return filled
    },
    async discard() {
      waiting = []
      waitingBytes = 0
      failure ??= new Error('the document was discarded')
      if (!started) return
      started = false
      await ask('documents', 'discard', [number])
    }
  }
}
