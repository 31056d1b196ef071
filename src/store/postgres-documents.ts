import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { DocumentStore, IncomingDocument } from './document-store.ts'
import type { Engine } from './engine.ts'
import { DocumentDamaged } from './errors.ts'
import { sliceBytes } from './outgoing.ts'
import { chunkBytes, createPostgresIncoming, type PostgresIncoming } from './postgres-incoming.ts'
import { int, text } from './rows.ts'

/** Uploads that were begun so long ago and never kept belong to a process that is gone. */
const abandonedMs = 3_600_000
const unusedAtATime = 100
const readPatience = { patienceMs: 10_000 }

/** Documents in the database itself, in chunks: what several replicas share (DESIGN, section 2). */
export function createPostgresDocuments({ engine }: { engine: Engine }): DocumentStore {
  const known = new WeakMap<IncomingDocument, PostgresIncoming>()

  async function* slices(sha256: string): AsyncGenerator<Buffer> {
    const { id, size } = await find(sha256)
    const hash = createHash('sha256')
    let held: Buffer | undefined
    let got = 0
    for (let number = 0; got < size; number++) {
      const chunk = await chunkOf(id, number)
      if (chunk === undefined) throw new DocumentDamaged(sha256)
      got += chunk.length
      hash.update(chunk)
      for (let at = 0; at < chunk.length; at += sliceBytes) {
        if (held !== undefined) yield held
        held = chunk.subarray(at, at + sliceBytes)
      }
    }
    // The last slice is held back until the digest of the whole is right.
    if (got !== size || hash.digest('hex') !== sha256) throw new DocumentDamaged(sha256)
    if (held !== undefined) yield held
  }

  async function find(sha256: string): Promise<{ id: string; size: number }> {
    const [row] = await engine.read((tx) => tx.all('select id, size from upload where sha256 = $1', [sha256]))
    if (row === undefined) throw new DocumentDamaged(sha256)
    return { id: text(row, 'id'), size: int(row, 'size') }
  }

  async function chunkOf(id: string, number: number): Promise<Buffer | undefined> {
    const sql = 'select bytes from chunk where upload_id = $1 and number = $2'
    const [row] = await engine.read((tx) => tx.all(sql, [id, number]), readPatience)
    const bytes = row?.['bytes']
    return Buffer.isBuffer(bytes) && bytes.length <= chunkBytes ? bytes : undefined
  }

  function named(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256')
    return sha256
  }

  const store: DocumentStore = {
    receive() {
      const incoming = createPostgresIncoming(engine)
      const document: IncomingDocument = {
        write: (chunk) => incoming.write(chunk),
        end: () => incoming.end(),
        fill: (bytes) => incoming.fill(bytes),
        discard: () => incoming.discard()
      }
      known.set(document, incoming)
      return Promise.resolve(document)
    },
    async keep(documents) {
      const incoming = documents.map((document) => {
        const it = known.get(document)
        if (it === undefined) throw new TypeError('a document of another store')
        return it
      })
      try {
        await engine.write(async (tx) => {
          for (const document of incoming) await document.keep(tx)
        })
      } catch (error) {
        await Promise.all(incoming.map((document) => document.discard()))
        throw error
      }
      for (const document of incoming) document.kept()
    },
    open: (sha256) => Readable.from(slices(named(sha256)), { objectMode: false, highWaterMark: 8 * sliceBytes }),
    async read(sha256) {
      const all: Buffer[] = []
      for await (const slice of slices(named(sha256))) all.push(slice)
      return Buffer.concat(all)
    },
    async has(sha256) {
      const sql = 'select 1 as found from upload where sha256 = $1'
      return (await engine.read((tx) => tx.all(sql, [named(sha256)]))).length > 0
    },
    async sweep() {
      await engine.write(
        async (tx) =>
          tx.run('delete from upload where sha256 is null and touched_at < $1', [(await tx.now()) - abandonedMs]),
        { patienceMs: 60_000 }
      )
    },
    // The database itself knows which are used; a keep that comes in between touches the row, and is seen.
    async removeUnused(_used, olderThanMs) {
      let removed = 0
      for (let last = unusedAtATime; last === unusedAtATime; removed += last) {
        last = await engine.write(
          async (tx) =>
            tx.run(
              `delete from upload where touched_at < $1 and sha256 is not null and id in (
                 select id from upload where touched_at < $1 and sha256 is not null
                   and not exists (select 1 from document_use where document_use.sha256 = upload.sha256)
                 order by touched_at limit $2 for update skip locked)`,
              [(await tx.now()) - olderThanMs, unusedAtATime]
            ),
          { patienceMs: 60_000 }
        )
      }
      return removed
    },
    // Its connections belong to the ledger.
    close: () => Promise.resolve()
  }
  return store
}
