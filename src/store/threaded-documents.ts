import type { DocumentStore, IncomingDocument } from './store.ts'
import type { Ask } from './threaded.ts'

/** Bytes that travel together. */
const parcelBytes = 256 * 1024
/** No file has more than this on its way to the disk, a parcel aside. */
const unwrittenBytes = 1024 * 1024

/** Documents on their way in: gathered here, hashed and written in the ledger's thread. */
export function createThreadDocuments(
  ask: Ask
): Pick<DocumentStore, 'receive' | 'keep' | 'sweep' | 'removeUnused' | 'close'> {
  const known = new WeakMap<IncomingDocument, Outbox>()
  let last = 0
  return {
    // oxlint-disable-next-line typescript/require-await -- other stores do wait
    async receive() {
      const outbox = createOutbox(ask, ++last)
      known.set(outbox, outbox)
      return outbox
    },
    async keep(documents) {
      const outboxes = documents.map((document) => {
        const it = known.get(document)
        if (it === undefined) throw new TypeError('a document of another store')
        return it
      })
      if (outboxes.length === 0) return
      await ask('documents', 'keep', [outboxes.map(({ number }) => number)])
      for (const outbox of outboxes) outbox.kept()
    },
    sweep: () => ask('documents', 'sweep', []),
    // The ledger is where the files are: it is asked there.
    removeUnused: (_used, olderThanMs) => ask('documents', 'removeUnused', [olderThanMs]),
    close: () => ask('documents', 'close', [])
  }
}

interface Outbox extends IncomingDocument {
  number: number
  /** Nothing is left to be discarded. */
  kept(): void
}

function createOutbox(ask: Ask, number: number): Outbox {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let unwritten = 0
  let failure: Error | undefined
  let room: (() => void) | undefined
  let ended: Promise<{ sha256: string; size: number }> | undefined
  let started = false

  /** In memory of its own, so that it can be given away. */
  function parcel(): Uint8Array<ArrayBuffer> {
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
    const bytes = parcel()
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

  return {
    number,
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
      if (ended === undefined) {
        const bytes = parcel()
        started = true
        ended = ask('documents', 'end', [number, bytes], [bytes.buffer])
      }
      return ended
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
