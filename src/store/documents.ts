import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { failpoint } from '../failpoint.ts'
import type { DocumentStore, IncomingDocument } from './document-store.ts'
import { StoreUnavailable } from './errors.ts'
import { type Files, meansNoRoom, nodeFiles, syncOnce, temporaryName } from './files.ts'
import { createIncoming, type Incoming, type Whole } from './incoming.ts'
import { createReading } from './reading.ts'

/**
 * Documents as files named by their SHA-256. The order makes them durable: bytes synced, then renamed, then the folder
 * synced, then kept (reliability brief, 2.2 case 3). Syncs of the folder are shared by whoever waits for one.
 */
export function createDocuments({
  dataDir,
  files = nodeFiles
}: {
  dataDir: string
  files?: Files
}): DocumentStore & { receiveWhole: (whole: Whole) => Promise<IncomingDocument> } {
  const folder = join(dataDir, 'documents')
  const temporary = join(dataDir, 'tmp')
  const known = new WeakMap<IncomingDocument, Incoming>()
  const arriving = new Set<string>()
  let descriptor: number | undefined
  const syncFolder = shared(() => files.syncFolder(descriptor))
  let prepared: Promise<void> | undefined

  async function makeFolders(): Promise<void> {
    files.makeFolder(folder)
    files.makeFolder(temporary)
    await syncOnce(files, dataDir)
    // Kept open: every document needs it.
    descriptor ??= files.openFolder(folder)
  }

  async function prepare(): Promise<void> {
    prepared ??= makeFolders()
    try {
      await prepared
    } catch (error) {
      prepared = undefined
      throw new StoreUnavailable(meansNoRoom(error) ? 'full' : 'unavailable', { cause: error })
    }
  }

  async function keepOne(document: Incoming): Promise<void> {
    const { sha256, size } = document.facts()
    const place = join(folder, sha256)
    try {
      // The one that is there was renamed after its sync, but its name may not be on the disk yet: the folder is synced anyway.
      if (files.size(place) === size) {
        // In the same turn as the look: `removeUnused` finds it young from here on.
        files.touch(place)
        await document.discard()
      } else {
        await document.store()
        files.rename(document.path, place)
        failpoint('document-renamed')
      }
      await syncFolder()
      failpoint('document-kept')
      arriving.delete(document.path)
    } catch (error) {
      await document.discard()
      if (error instanceof StoreUnavailable) throw error
      throw new StoreUnavailable(meansNoRoom(error) ? 'full' : 'unavailable', { cause: error })
    }
  }

  async function receive(whole?: Whole): Promise<IncomingDocument> {
    await prepare()
    const path = join(temporary, temporaryName())
    const incoming = createIncoming({ files, path, ...(whole && { whole }) })
    arriving.add(path)
    const document: IncomingDocument = {
      write: (chunk) => incoming.write(chunk),
      end: () => incoming.end(),
      fill: (bytes) => incoming.fill(bytes),
      discard: async () => {
        await incoming.discard()
        arriving.delete(path)
      }
    }
    known.set(document, incoming)
    return document
  }

  return {
    receive: () => receive(),
    receiveWhole: receive,
    async keep(documents) {
      const incoming = documents.map((document) => {
        const it = known.get(document)
        if (it === undefined) throw new TypeError('a document of another store')
        return it
      })
      // All of them come to an end before a failure is told: the caller discards them then.
      for (const result of await Promise.allSettled(incoming.map(keepOne))) {
        if (result.status === 'rejected') throw result.reason
      }
    },
    ...createReading(folder),
    async sweep() {
      await prepare()
      for (const name of files.names(temporary)) {
        const path = join(temporary, name)
        if (!arriving.has(path)) files.remove(path)
      }
    },
    async removeUnused(used, olderThanMs) {
      await prepare()
      let removed = 0
      const old = (place: string) => (files.modified(place) ?? Number.POSITIVE_INFINITY) < Date.now() - olderThanMs
      async function removeAmong(names: string[]): Promise<void> {
        const needed = await used(names)
        for (const name of names) {
          const place = join(folder, name)
          // Looked at again: it may have been kept once more while the ledger was asked.
          if (needed.has(name) || !old(place)) continue
          files.remove(place)
          removed++
        }
      }
      const page: string[] = []
      for await (const name of files.walk(folder)) {
        if (!/^[0-9a-f]{64}$/.test(name) || !old(join(folder, name))) continue
        page.push(name)
        if (page.length === 200) await removeAmong(page.splice(0))
      }
      await removeAmong(page)
      return removed
    },
    async close() {
      await syncFolder().catch(() => undefined)
      if (descriptor !== undefined) files.close(descriptor)
      descriptor = undefined
      prepared = undefined
    }
  }
}

/** Runs `sync` for all who asked before it started; who asks while it runs waits for the next one. */
function shared(sync: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function start(previous: Promise<void> | undefined): Promise<void> {
    await previous?.catch(() => undefined)
    // Those whose own sync ended in the same turn come along.
    await setImmediate()
    running = next
    next = undefined
    await sync()
  }
  return () => {
    next ??= start(running)
    return next
  }
}
