import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { type Test, test } from 'tap'
import { openEmbedded } from '../../../src/store/embedded.ts'
import type { StoredInvoice } from '../../../src/store/stored-invoice.ts'
import { accepted, sample, start, temporaryFolder } from './samples.ts'

const victim = fileURLToPath(new URL('victim.ts', import.meta.url))

/** Starts a process that accepts invoices, kills it after so many lines, and returns what it told. */
async function kill(t: Test, dataDir: string, afterLines: number): Promise<Map<string, 'accepted' | 'submitting'>> {
  // As tap runs this file, but without its hooks.
  const child = spawn(process.execPath, [victim, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] }
  })
  t.teardown(() => child.kill('SIGKILL'))
  const told = new Map<string, 'accepted' | 'submitting'>()
  let lines = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, id] = line.split(' ')
    if (id !== undefined) told.set(id, word as 'accepted' | 'submitting')
    if (++lines === afterLines) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return told
}

test('after kill -9 everything that was told accepted is there, whole, and goes on at once', async (t) => {
  const dataDir = temporaryFolder(t)
  for (const afterLines of [20, 75, 200]) {
    const told = await kill(t, dataDir, afterLines)
    t.ok(told.size >= afterLines / 2)
    const { store, documents } = await openEmbedded({ dataDir })
    t.same(readdirSync(join(dataDir, 'tmp')), [], 'nothing half-written')
    const { unknown } = await store.recover(60_000)
    const wrong: string[] = []
    const everything = (await store.list({}, { limit: 5000 })).items
    const known = new Map<string, StoredInvoice>(everything.map((invoice) => [invoice.id, invoice]))
    for (const [id, word] of told) {
      const invoice = known.get(id)
      const states = word === 'submitting' ? ['unknown'] : ['received', 'unknown']
      if (invoice === undefined || !states.includes(invoice.state)) wrong.push(`${id} ${word} ${invoice?.state}`)
    }
    for (const invoice of everything) {
      const { entries, attempts } = await store.timeline(invoice.id)
      if (entries[0]?.type !== 'accepted') wrong.push(`${invoice.id} has no timeline`)
      if (attempts.length !== invoice.attempts) wrong.push(`${invoice.id} has another number of attempts`)
      for (const { sha256, size } of invoice.documents) {
        if ((await documents.read(sha256)).length !== size) wrong.push(`${invoice.id} has a wrong document`)
      }
    }
    t.same(wrong, [])
    const submitting = [...told.values()].filter((word) => word === 'submitting').length
    t.ok(unknown >= submitting, `${unknown} calls in doubt, ${submitting} told`)
    const resumed = new Set((await store.claim(5000, 1)).map(({ invoiceId }) => invoiceId))
    const received = everything.filter(({ state }) => state === 'received')
    t.ok(
      received.every(({ id }) => resumed.has(id)),
      'every invoice that was not being sent is due'
    )
    await store.close()
  }
})

test('a second process on the same folder is refused, and told how to scale out', async (t) => {
  const dataDir = temporaryFolder(t)
  const child = spawn(process.execPath, [victim, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] }
  })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  await t.rejects(openEmbedded({ dataDir }), { name: 'StoreInUse', message: /DATABASE_URL/ })
  const beside = await openEmbedded({ dataDir, exclusive: false })
  const key = { id: 'k', name: 'k', digest: 'd', scopes: [], sellers: [], createdAt: new Date(0).toISOString() }
  await beside.store.addKey(key)
  t.same(await beside.store.listKeys(), [key], 'the command line works beside it')
  await beside.store.close()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const { store } = await openEmbedded({ dataDir })
  t.same(await store.listKeys(), [key], 'the lock ended with the process')
  await t.rejects(openEmbedded({ dataDir }), { name: 'StoreInUse' }, 'twice in one process is once too often as well')
  await store.close()
  const again = await openEmbedded({ dataDir })
  await again.store.close()
  await again.store.close()
})

test('only a start that is alone ends the leases of others', async (t) => {
  const dataDir = temporaryFolder(t)
  const { store } = await openEmbedded({ dataDir })
  const { invoice, job } = await accepted(store)
  await start(store, invoice.id, job)
  const beside = await openEmbedded({ dataDir, exclusive: false })
  t.same(await beside.store.recover(0), { unknown: 0, due: 0 })
  await beside.store.close()
  await store.close()
  const next = await openEmbedded({ dataDir })
  t.teardown(() => next.store.close())
  t.same(await next.store.recover(0), { unknown: 1, due: 0 })
})

test('a ledger of a newer release is refused', async (t) => {
  const dataDir = temporaryFolder(t)
  const { store } = await openEmbedded({ dataDir })
  await store.close()
  const db = new DatabaseSync(join(dataDir, 'ledger.db'))
  db.exec('insert into schema_version (version, at) values (1000, 0)')
  db.close()
  await t.rejects(openEmbedded({ dataDir }), { name: 'SchemaTooNew', message: /newer release/ })
  await t.rejects(openEmbedded({ dataDir }), { name: 'SchemaTooNew' }, 'and the folder is not left locked')
})

test('opening creates the folder, and what closes refuses more work', async (t) => {
  const dataDir = join(temporaryFolder(t), 'a', 'b')
  const { store } = await openEmbedded({ dataDir })
  await store.check()
  t.ok(existsSync(join(dataDir, 'ledger.db')))
  await store.close()
  await t.rejects(store.accept(sample()), { name: 'StoreUnavailable' })
  await t.rejects(store.find('inv_1'), { name: 'StoreUnavailable' })
})
