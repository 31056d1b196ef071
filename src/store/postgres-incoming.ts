import { createHash, randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Facts, IncomingDocument } from './document-store.ts'
import type { Engine, Tx } from './engine.ts'
import { StoreUnavailable } from './errors.ts'
import { sliceBytes } from './outgoing.ts'
import { int, text } from './rows.ts'

/** Just below 1 MiB, and a whole number of the slices that are handed out. */
export const chunkBytes = 21 * sliceBytes
/** Up to here a file stays in memory until it is kept, and is then written in one go. */
const smallBytes = 256 * 1024

/** A document that many invoices share is not written to for each of them. */
const touchMs = 3_600_000

/** The document store's own view of a file on its way in. */
export interface PostgresIncoming extends IncomingDocument {
  /** Makes it visible, in a transaction of the caller's. May run again. */
  keep(tx: Tx): Promise<void>
  /** To be called when that transaction is durable. */
  kept(): void
}

/** Writes chunks to a staging place as they come; at most two of them are in memory. */
export function createPostgresIncoming(engine: Engine): PostgresIncoming {
  const id = randomBytes(16).toString('hex')
  const hash = createHash('sha256')
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let size = 0
  let chunks = 0
  let staged = false
  let writing: Promise<void> | undefined
  let failure: Error | undefined
  let ended: Facts | undefined
  let state: 'open' | 'kept' | 'discarded' = 'open'

  function assertSound(): void {
    if (failure !== undefined) throw failure
    if (state === 'discarded') throw new Error('the document was discarded')
  }

  function take(length: number): Buffer {
    const all = Buffer.concat(waiting, waitingBytes)
    const chunk = all.subarray(0, length)
    waiting = length < all.length ? [all.subarray(length)] : []
    waitingBytes = all.length - chunk.length
    return chunk
  }

  /** Not synced yet: the commit that keeps the document comes later in the same log, and it is. */
  async function stage(chunk: Buffer, number: number): Promise<void> {
    const first = !staged
    staged = true
    await engine.write(async (tx) => {
      await tx.run('set local synchronous_commit = off')
      if (first) await insertUpload(tx)
      await tx.run('insert into chunk (upload_id, number, bytes) values ($1, $2, $3)', [id, number, chunk])
    }, stagingPatience)
  }

  async function insertUpload(tx: Tx): Promise<void> {
    await tx.run('insert into upload (id, touched_at) values ($1, $2)', [id, await tx.now()])
  }

  async function writeOut(): Promise<void> {
    try {
      while (waitingBytes >= chunkBytes || (ended !== undefined && waitingBytes > 0)) {
        await stage(take(Math.min(chunkBytes, waitingBytes)), chunks++)
        if (state === 'discarded') return
      }
    } catch (error) {
      // Nothing is at stake yet: whether this chunk is there need not be known.
      const lost = error instanceof StoreUnavailable && error.reason === 'commit-unknown'
      failure = lost ? new StoreUnavailable('unavailable', { cause: error }) : (error as Error)
    } finally {
      writing = undefined
    }
  }

  /** A lost chunk, after a failover for instance, must not become a document. */
  async function assertWhole(tx: Tx): Promise<void> {
    const [row] = await tx.all(
      'select count(*) as chunks, coalesce(sum(octet_length(bytes)), 0) as size from chunk where upload_id = $1',
      [id]
    )
    if (Number(row?.['chunks']) !== chunks || Number(row?.['size']) !== size) {
      throw new Error('a part of the document was lost on its way into the database')
    }
  }

  /** The same content came before. Touched now and then, so that nobody takes it for an orphan; replaced when damaged. */
  async function isKept(tx: Tx, sha256: string, now: number): Promise<boolean> {
    const [old] = await tx.all('select id, size, touched_at from upload where sha256 = $1', [sha256])
    if (old === undefined) return false
    const oldId = text(old, 'id')
    const [sum] = await tx.all('select coalesce(sum(octet_length(bytes)), 0) as size from chunk where upload_id = $1', [
      oldId
    ])
    if (int(sum ?? {}, 'size') !== size) {
      await tx.run('delete from upload where id = $1', [oldId])
      return false
    }
    if (int(old, 'touched_at') > now - touchMs) return true
    return (await tx.run('update upload set touched_at = $1 where id = $2', [now, oldId])) > 0
  }

  async function write(chunk: Buffer): Promise<void> {
    assertSound()
    if (ended !== undefined) throw new Error('the document has ended')
    hash.update(chunk)
    size += chunk.length
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes < chunkBytes) return
    if (writing !== undefined) await writing
    assertSound()
    writing ??= writeOut()
  }

  async function end(): Promise<Facts> {
    assertSound()
    ended ??= { sha256: hash.digest('hex'), size }
    await writing
    if (waitingBytes > 0 && (staged || waitingBytes > smallBytes)) await (writing = writeOut())
    assertSound()
    return ended
  }

  return {
    write,
    end,
    async fill(bytes) {
      assertSound()
      if (ended !== undefined || size > 0) throw new Error('the document is not empty')
      for (let start = 0; start < bytes.length; start += chunkBytes) {
        await write(bytes.subarray(start, start + chunkBytes))
        if (start > 0) await setImmediate()
      }
      return { ...(await end()), bytes }
    },
    async keep(tx) {
      if (ended === undefined) throw new Error('the document has not ended')
      assertSound()
      const { sha256 } = ended
      const now = await tx.now()
      if (await isKept(tx, sha256, now)) {
        if (staged) await tx.run('delete from upload where id = $1', [id])
        return
      }
      if (staged) {
        await assertWhole(tx)
      } else {
        await insertUpload(tx)
        if (size > 0) {
          const all = Buffer.concat(waiting, waitingBytes)
          await tx.run('insert into chunk (upload_id, number, bytes) values ($1, 0, $2)', [id, all])
        }
      }
      await tx.run('update upload set sha256 = $1, size = $2, touched_at = $3 where id = $4', [sha256, size, now, id])
    },
    kept() {
      state = 'kept'
      waiting = []
    },
    async discard() {
      if (state !== 'open') return
      state = 'discarded'
      waiting = []
      waitingBytes = 0
      await writing
      // What cannot be removed now is swept when it is old.
      if (staged) await engine.write((tx) => tx.run('delete from upload where id = $1', [id])).catch(() => undefined)
    }
  }
}

/** A megabyte over a slow line; the upload itself has a deadline of its own. */
const stagingPatience = { patienceMs: 10_000 }
