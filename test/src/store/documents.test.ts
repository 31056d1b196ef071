import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'tap'
import { createDocuments } from '../../../src/store/documents.ts'
import { DocumentDamaged } from '../../../src/store/errors.ts'
import { type Files, nodeFiles } from '../../../src/store/files.ts'
import { sliceBytes } from '../../../src/store/outgoing.ts'
import { keep, receive } from '../../helpers/keep-document.ts'
import { fillContract } from './contract/filling.ts'
import { temporaryFolder } from './samples.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** The file layer, noting what is asked of it. */
function witness(fail: Partial<Record<keyof Files, Error>> = {}): { files: Files; calls: string[] } {
  const calls: string[] = []
  const files = { ...nodeFiles }
  const watched = [
    'create',
    'createSoon',
    'writeSync',
    'write',
    'writeLent',
    'sync',
    'rename',
    'syncFolder',
    'remove'
  ] as const
  for (const name of watched) {
    const original = nodeFiles[name] as (...args: unknown[]) => unknown
    Object.assign(files, {
      [name]: (...args: unknown[]) => {
        calls.push(name)
        const error = fail[name]
        if (error !== undefined) throw error
        const result = original(...args)
        if (!(result instanceof Promise)) return result
        return result.then((value: unknown) => {
          calls.push(`${name} done`)
          return value
        })
      }
    })
  }
  return { files, calls }
}

test('documents of every size come back as they came, whole and in slices', async (t) => {
  const dataDir = temporaryFolder(t)
  const documents = createDocuments({ dataDir })
  for (const size of [0, 1, sliceBytes, sliceBytes + 1, 8 * sliceBytes, 262_144, 262_145, 3_000_000]) {
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
    t.ok(Buffer.concat(slices).equals(bytes))
    t.ok(slices.slice(0, -1).every((slice) => slice.length % 3 === 0))
    t.equal(statSync(join(dataDir, 'documents', ended.sha256)).size, size)
  }
  t.same(readdirSync(join(dataDir, 'tmp')), [])
})

test('bytes are synced before they get their name, and the folder before keep resolves', async (t) => {
  for (const size of [1000, 1_000_000]) {
    const { files, calls } = witness()
    const documents = createDocuments({ dataDir: temporaryFolder(t), files })
    const incoming = await receive(documents, randomBytes(size))
    await incoming.end()
    const before = calls.length
    await documents.keep([incoming])
    const order = calls.slice(before).filter((call) => !call.startsWith('create') && call !== 'writeSync')
    t.same(order, ['sync', 'sync done', 'rename', 'syncFolder', 'syncFolder done'])
    const written = size === 1000 ? 'writeSync' : 'write done'
    t.ok(calls.lastIndexOf(written) < calls.indexOf('sync'), 'everything is written before the sync')
  }
})

test('documents kept at the same moment share the syncs of the folder', async (t) => {
  const { files, calls } = witness()
  const documents = createDocuments({ dataDir: temporaryFolder(t), files })
  const kept = await Promise.all(Array.from({ length: 32 }, () => keep(documents, randomBytes(1000))))
  t.equal(calls.filter((call) => call === 'sync').length, 32)
  t.ok(calls.filter((call) => call === 'syncFolder').length < 20)
  t.ok((await Promise.all(kept.map((digest) => documents.has(digest)))).every(Boolean))
})

test('a sync of the folder that had begun does not count for a later document', async (t) => {
  const events: string[] = []
  let opened = ''
  let release = () => {}
  const files: Files = {
    ...nodeFiles,
    rename: (from, to) => {
      nodeFiles.rename(from, to)
      events.push('rename')
    },
    openFolder: (path) => {
      opened = path
      return nodeFiles.openFolder(path)
    },
    syncFolder: async () => {
      if (!opened.endsWith('documents')) return
      events.push('sync begins')
      if (events.length === 2) {
        await new Promise<void>((resolve) => {
          release = resolve
        })
      }
      events.push('sync ends')
    }
  }
  const documents = createDocuments({ dataDir: temporaryFolder(t), files })
  const one = keep(documents, Buffer.from('one'))
  while (events.length < 2) await new Promise((resolve) => setImmediate(resolve))
  const two = keep(documents, Buffer.from('two')).then(() => events.push('two kept'))
  while (events.length < 3) await new Promise((resolve) => setImmediate(resolve))
  release()
  await Promise.all([one, two])
  t.same(events, ['rename', 'sync begins', 'rename', 'sync ends', 'sync begins', 'sync ends', 'two kept'])
})

test('the same content twice is one file, and is durable both times', async (t) => {
  const { files, calls } = witness()
  const dataDir = temporaryFolder(t)
  const documents = createDocuments({ dataDir, files })
  const bytes = randomBytes(500_000)
  const digest = await keep(documents, bytes)
  const before = calls.length
  t.equal(await keep(documents, bytes), digest)
  t.ok(calls.slice(before).includes('syncFolder done'))
  t.notOk(calls.slice(before).includes('rename'))
  await Promise.all(Array.from({ length: 5 }, () => keep(documents, Buffer.from('same'))))
  t.equal(readdirSync(join(dataDir, 'documents')).length, 2)
  t.same(readdirSync(join(dataDir, 'tmp')), [])
})

test('a damaged document is replaced by its content, when that comes again', async (t) => {
  const dataDir = temporaryFolder(t)
  const documents = createDocuments({ dataDir })
  const bytes = randomBytes(1000)
  const digest = await keep(documents, bytes)
  truncateSync(join(dataDir, 'documents', digest), 10)
  await keep(documents, bytes)
  t.ok((await documents.read(digest)).equals(bytes))
})

test('an altered, cut or missing document ends with an error before its last slice', async (t) => {
  const dataDir = temporaryFolder(t)
  const documents = createDocuments({ dataDir })
  for (const size of [1000, 1_000_000]) {
    const bytes = randomBytes(size)
    const digest = await keep(documents, bytes)
    const path = join(dataDir, 'documents', digest)
    const altered = Buffer.from(bytes)
    altered[size - 1] = (altered[size - 1] ?? 0) ^ 1
    for (const content of [altered, bytes.subarray(0, size / 2), Buffer.concat([bytes, bytes])]) {
      writeFileSync(path, content)
      let received = 0
      const reading = async () => {
        for await (const slice of documents.open(digest)) received += (slice as Buffer).length
      }
      await t.rejects(reading(), DocumentDamaged)
      t.ok(received < content.length)
      await t.rejects(documents.read(digest), DocumentDamaged)
    }
  }
  const none = sha256(Buffer.from('never kept'))
  await t.rejects(documents.read(none), DocumentDamaged)
  await t.rejects(buffer(documents.open(none)), DocumentDamaged)
  t.throws(() => documents.open('../ledger.db'), RangeError)
})

test('a document that is all in memory is written from there', async (t) => {
  const dataDir = temporaryFolder(t)
  await fillContract(t, createDocuments({ dataDir }))
  t.same(readdirSync(join(dataDir, 'tmp')), [])
})

test('without room the caller learns it, and nothing is left', async (t) => {
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  const steps: (keyof Files)[] = ['create', 'createSoon', 'writeSync', 'write', 'sync', 'rename', 'syncFolder']
  for (const step of steps) {
    const dataDir = temporaryFolder(t)
    createDocuments({ dataDir })
    const fail: Partial<Record<keyof Files, Error>> = {}
    const { files } = witness(fail)
    const documents = createDocuments({ dataDir, files })
    await documents.sweep()
    fail[step] = full
    const bytes = randomBytes(step === 'write' || step === 'create' ? 1_000_000 : 1000)
    await t.rejects(keep(documents, bytes), { name: 'StoreUnavailable', reason: 'full' }, step)
    t.same(readdirSync(join(dataDir, 'tmp')), [], `nothing is left after ${step}`)
    delete fail[step]
    const digest = await keep(documents, bytes)
    t.ok((await documents.read(digest)).equals(bytes), 'and it goes on when there is room again')
  }
  for (const step of ['create', 'writeLent'] as const) {
    const dataDir = temporaryFolder(t)
    const { files } = witness({ [step]: full })
    const incoming = await createDocuments({ dataDir, files }).receive()
    await t.rejects(
      incoming.fill(Buffer.allocUnsafeSlow(1_000_000)),
      { name: 'StoreUnavailable', reason: 'full' },
      `filling, ${step}`
    )
    await incoming.discard()
    t.same(readdirSync(join(dataDir, 'tmp')), [])
  }
})

test('a document that is given up leaves nothing, whenever that is', async (t) => {
  const dataDir = temporaryFolder(t)
  const documents = createDocuments({ dataDir })
  for (const size of [10, 400_000, 2_000_000]) {
    const early = await documents.receive()
    const pending = early.write(randomBytes(size))
    await early.discard()
    await Promise.resolve(pending).catch(() => {})
    const late = await receive(documents, randomBytes(size))
    await late.end()
    await late.discard()
    await t.rejects(documents.keep([late]))
  }
  t.same(readdirSync(join(dataDir, 'tmp')), [])
  t.same(readdirSync(join(dataDir, 'documents')), [])
})

test('what waits to be written is bounded', async (t) => {
  let unwritten = 0
  let most = 0
  const files: Files = {
    ...nodeFiles,
    write: async (fd, chunks) => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      await nodeFiles.write(fd, chunks)
      unwritten -= chunks.reduce((sum, { length }) => sum + length, 0)
    }
  }
  const documents = createDocuments({ dataDir: temporaryFolder(t), files })
  const incoming = await documents.receive()
  for (let i = 0; i < 128; i++) {
    unwritten += 65_536
    most = Math.max(most, unwritten)
    await incoming.write(randomBytes(65_536))
  }
  await incoming.end()
  t.equal(unwritten, 0)
  t.ok(most <= 1.5 * 1024 * 1024, `${most} bytes at most`)
})

test('sweep removes what earlier processes left, and nothing that arrives', async (t) => {
  const dataDir = temporaryFolder(t)
  const documents = createDocuments({ dataDir })
  const arriving = await receive(documents, randomBytes(400_000))
  writeFileSync(join(dataDir, 'tmp', 'left'), 'half')
  await documents.sweep()
  const { sha256: digest } = await arriving.end()
  await documents.keep([arriving])
  t.same(readdirSync(join(dataDir, 'tmp')), [])
  t.equal(sha256(readFileSync(join(dataDir, 'documents', digest))), digest)
})
