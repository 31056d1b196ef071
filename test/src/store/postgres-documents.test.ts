import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import type { IncomingDocument } from '../../../src/store/document-store.ts'
import type { Engine } from '../../../src/store/engine.ts'
import { DocumentDamaged } from '../../../src/store/errors.ts'
import { migrate } from '../../../src/store/migrations.ts'
import { sliceBytes } from '../../../src/store/outgoing.ts'
import { openPostgres } from '../../../src/store/postgres.ts'
import { createPostgresDocuments } from '../../../src/store/postgres-documents.ts'
import { chunkBytes } from '../../../src/store/postgres-incoming.ts'
import { keep, receive } from '../../helpers/keep-document.ts'
import { startPostgres } from '../../helpers/postgres.ts'
import { fillContract } from './contract/filling.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const postgres = await startPostgres(t)
if (postgres === undefined) t.plan(0, 'no PostgreSQL')
else {
  const open = async (t: Test, clock?: (now: number) => number) => {
    const engine = openPostgres({ url: await postgres.freshUrl(), size: 4, ...(clock && { clock }) })
    t.teardown(() => engine.close())
    await migrate(engine)
    return { engine, documents: createPostgresDocuments({ engine }) }
  }
  const count = async (engine: Engine, table: 'upload' | 'chunk') =>
    Number((await engine.read((tx) => tx.all(`select count(*) as n from ${table}`)))[0]?.['n'])

  t.test('documents of every size come back as they came, whole and in slices', async (t) => {
    const { documents } = await open(t)
    const sizes = [0, 1, sliceBytes, sliceBytes + 1, 262_144, 262_145, chunkBytes, chunkBytes + 1, 5_000_000]
    for (const size of sizes) {
      const bytes = randomBytes(size)
      const incoming = await receive(documents, bytes, 50_000)
      const ended = await incoming.end()
      t.same(ended, { sha256: sha256(bytes), size })
      t.equal(await documents.has(ended.sha256), false, 'nothing is visible before it is kept')
      await documents.keep([incoming])
      await incoming.discard()
      t.equal(await documents.has(ended.sha256), true)
      t.ok((await documents.read(ended.sha256)).equals(bytes))
      const slices: Buffer[] = []
      for await (const slice of documents.open(ended.sha256)) slices.push(slice as Buffer)
      t.ok(slices.slice(0, -1).every(({ length }) => length % sliceBytes === 0))
      t.ok(Buffer.concat(slices).equals(bytes), `${size} bytes`)
    }
  })

  t.test('a document that is all in memory is written from there', async (t) => {
    const { documents } = await open(t)
    await fillContract(t, documents)
  })

  t.test('a large upload is in the database before it ends, in chunks below a mebibyte', async (t) => {
    const { engine, documents } = await open(t)
    const bytes = randomBytes(4 * chunkBytes)
    const incoming = await receive(documents, bytes)
    t.ok((await count(engine, 'chunk')) >= 2, 'memory holds two at most')
    await incoming.end()
    await documents.keep([incoming])
    const [row] = await engine.read((tx) => tx.all('select max(octet_length(bytes)) as most from chunk'))
    t.equal(row?.['most'], chunkBytes)
  })

  t.test('the same content twice is kept once; all of an invoice are kept together or none', async (t) => {
    const { engine, documents } = await open(t)
    const [small, large] = [randomBytes(1_000), randomBytes(2_000_000)]
    for (const bytes of [small, large]) {
      const digests = await Promise.all([keep(documents, bytes), keep(documents, bytes), keep(documents, bytes)])
      t.equal(new Set(digests).size, 1)
    }
    t.equal(await count(engine, 'upload'), 2)
    const both = [await receive(documents, randomBytes(10)), await receive(documents, randomBytes(2_000_000))] as const
    for (const one of both) await one.end()
    // A chunk gets lost, as after a failover that forgot it.
    await engine.write((tx) =>
      tx.run('delete from chunk where number = 0 and upload_id in (select id from upload where sha256 is null)')
    )
    await t.rejects(documents.keep([...both]), /lost/)
    t.equal(await count(engine, 'upload'), 2, 'nothing is left of them')
  })

  t.test('an altered, cut or missing document ends with an error before its last slice', async (t) => {
    const { engine, documents } = await open(t)
    const bytes = randomBytes(3 * chunkBytes)
    const digest = await keep(documents, bytes)
    const damage = (sql: string) => engine.write((tx) => tx.run(sql))
    await damage('update chunk set bytes = set_byte(bytes, 5, (get_byte(bytes, 5) + 1) % 256) where number = 1')
    const got: Buffer[] = []
    await t.rejects(async () => {
      for await (const slice of documents.open(digest)) got.push(slice as Buffer)
    }, DocumentDamaged)
    t.ok(Buffer.concat(got).length < bytes.length)
    await damage('delete from chunk where number = 2')
    await t.rejects(documents.read(digest), DocumentDamaged)
    t.equal(await keep(documents, bytes), digest, 'the content comes again')
    t.ok((await documents.read(digest)).equals(bytes), 'and replaces what was damaged')
    await t.rejects(buffer(documents.open(sha256(Buffer.from('x')))), DocumentDamaged)
    t.throws(() => documents.open('../x'), RangeError)
  })

  t.test('a document that is given up leaves nothing, whenever that is', async (t) => {
    const { engine, documents } = await open(t)
    const bytes = randomBytes(3_000_000)
    const begun = await receive(documents, bytes)
    await begun.discard()
    const ended = await receive(documents, bytes)
    await ended.end()
    await ended.discard()
    t.equal(await count(engine, 'upload'), 0)
    await t.rejects(documents.keep([ended]), /discarded/)
    await t.rejects(documents.keep([{} as IncomingDocument]), TypeError)
  })

  t.test('sweep removes old uploads that nobody kept, and nothing that arrives', async (t) => {
    let offset = 0
    const { engine, documents } = await open(t, (now) => now + offset)
    await receive(documents, randomBytes(2_500_000))
    const digest = await keep(documents, randomBytes(10))
    offset = 3_600_001
    const arriving = await receive(documents, randomBytes(2_500_000))
    await documents.sweep()
    t.equal(await count(engine, 'upload'), 2)
    await arriving.end()
    await documents.keep([arriving])
    t.ok(await documents.has(digest))
  })
}
