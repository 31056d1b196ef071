// What the ledger's lists and claims cost among many rows beside among a thousand: `node test/bench/rows.ts 1000000`,
// with `--postgres` in a PostgreSQL of its own, or the one of TEST_DATABASE_URL.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openEmbedded } from '../../src/store/embedded.ts'
import { newId } from '../../src/store/ids.ts'
import type { NewInvoice, Store } from '../../src/store/store.ts'
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts'
import { median } from './measure.ts'
import { multiply } from './multiply.ts'
import { cleanUp, makeFolder } from './processes.ts'

export interface RowsResult {
  rows: number
  operations: { name: string; smallMs: number; largeMs: number; ratio: number }[]
}

const few = 1000
const seller = '12345678901234'
let made = 0

/** Every list below fills a page among a thousand already, so that both ledgers answer with as many rows. */
function invoice(): NewInvoice {
  const n = ++made
  const number = `FA-${n}`
  const buyerSiret = String(10_000_000_000_000 + (n % 5))
  const totals = { taxExclusive: '100.00', tax: '20.00', taxInclusive: '120.00', payable: '120.00' }
  const issueDate = `2026-${String(1 + (n % 12)).padStart(2, '0')}-15`
  return {
    invoice: {
      id: newId('inv', Date.now()),
      caller: `erp-${n % 3}`,
      environment: 'simulator',
      connection: 'default',
      content: { number, issueDate, seller: { siret: seller }, buyer: { siret: buyerSiret }, totals },
      sellerSiret: seller,
      buyerSiret,
      number,
      issueDate,
      mode: 'pdf',
      modeReason: 'a PDF without structured data',
      signed: false,
      documents: [],
      warnings: []
    },
    idempotency: { key: `key-${n}`, fingerprint: number },
    naturalKey: `simulator|${seller}|${number}|2026`,
    fingerprint: number,
    // One in four waits for somebody to send it.
    claimForMs: n % 4 === 0 ? 0 : 600_000
  }
}

/** As most are in the end: Chorus Pro has it, and will be asked for its status later. */
async function integrate(store: Store, input: NewInvoice): Promise<void> {
  const result = await store.accept(input)
  if (result.kind !== 'accepted' || input.claimForMs === 0) return
  const { job } = result
  const { id } = result.invoice
  const attempt = { startAttempt: { operation: 'factures/soumettre' } }
  await store.change(id, () => ({ patch: { state: 'submitting' }, ...attempt }), job)
  const jobs = [{ kind: 'status' as const, runAt: new Date(Date.now() + 86_400_000) }]
  const status = { code: 'deposited', raw: 'DEPOSEE' }
  const end = { endAttempt: { proof: 'done' as const }, job: { settle: true as const }, jobs }
  const patch = { state: 'integrated' as const, outcome: 'sent' as const, status, upstream: { invoiceId: id } }
  await store.change(id, () => ({ patch, ...end }), job)
}

async function fillFolder(dataDir: string, rows: number): Promise<Store> {
  mkdirSync(dataDir)
  const { store } = await openEmbedded({ dataDir })
  await Promise.all(Array.from({ length: few }, () => integrate(store, invoice())))
  await store.close()
  const db = new DatabaseSync(join(dataDir, 'ledger.db'))
  db.exec('pragma synchronous = off; pragma journal_mode = wal; pragma cache_size = -200000; begin')
  await multiply(async (sql) => db.prepare(sql).all(), { few, rows, dialect: 'sqlite' })
  db.exec('commit; pragma wal_checkpoint(truncate)')
  db.close()
  return (await openEmbedded({ dataDir })).store
}

async function fillDatabase(postgres: TestPostgres, rows: number): Promise<Store> {
  const url = await postgres.freshUrl()
  const { openShared } = await import('../../src/store/shared.ts')
  const { store } = await openShared({ url, allowUnsafe: false })
  // As many at once as a pool of connections stands.
  const lane = async () => {
    for (let n = 0; n < few / 10; n++) await integrate(store, invoice())
  }
  await Promise.all(Array.from({ length: 10 }, lane))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await multiply(async (sql) => (await client.query(sql)).rows, { few, rows, dialect: 'postgres' })
  // What autovacuum does in its time.
  await client.query('vacuum analyze')
  await client.end()
  return store
}

const caller = 'erp-1'
const page = { limit: 50 }
const middle = (rows: number) => new Date(Date.now() - rows * 500).toISOString()
const operations: Record<string, (store: Store, rows: number) => Promise<unknown>> = {
  'list, newest first': (store) => store.list({ caller }, page),
  'list, from the middle': (store, rows) => store.list({ caller, createdTo: middle(rows) }, page),
  'list by buyer': (store) => store.list({ caller, buyerSiret: '10000000000001' }, page),
  'list by state': (store) => store.list({ caller, state: 'received' }, page),
  'list by status': (store) => store.list({ caller, statusCode: 'deposited' }, page),
  'list by issue date': (store) => store.list({ caller, issueDateFrom: '2026-03-01', issueDateTo: '2026-05-31' }, page),
  'claim 16': (store) => store.claim(16, 60_000),
  'next due': (store) => store.nextDue(),
  accept: (store) => store.accept(invoice())
}

async function timed(operation: () => Promise<unknown>, after: (value: unknown) => Promise<void>): Promise<number> {
  const from = performance.now()
  const value = await operation()
  const ms = performance.now() - from
  await after(value)
  return ms
}

async function run(rows: number, postgres: TestPostgres | undefined): Promise<RowsResult> {
  const folder = makeFolder()
  const fill = (name: string, held: number) =>
    postgres === undefined ? fillFolder(join(folder, name), held) : fillDatabase(postgres, held)
  const stores = [
    { rows: few, store: await fill('few', few), times: [] as number[] },
    { rows, store: await fill('many', rows), times: [] as number[] }
  ]
  const result: RowsResult = { rows, operations: [] }
  for (const [name, operation] of Object.entries(operations)) {
    for (const each of stores) each.times = []
    for (let i = 0; i < 120; i++) {
      for (const { store, rows: held, times } of stores) {
        const giveBack = async (value: unknown) => {
          if (name === 'claim 16') await store.release(value as Awaited<ReturnType<Store['claim']>>)
        }
        const ms = await timed(() => operation(store, held), giveBack)
        if (i >= 20) times.push(ms)
      }
    }
    const [smallMs = 0, largeMs = 0] = stores.map(({ times }) => median(times))
    result.operations.push({ name, smallMs, largeMs, ratio: largeMs / smallMs })
  }
  for (const { store } of stores) await store.close()
  return result
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { postgres: { type: 'boolean', default: false } }
})
const ends: (() => unknown)[] = []
try {
  const postgres = values.postgres ? await startPostgres({ teardown: (end) => ends.push(end) }) : undefined
  if (values.postgres && postgres === undefined) throw new Error('there is no PostgreSQL to measure')
  const result = await run(Math.max(2 * few, Math.round(Number(positionals[0] ?? 200_000) / few) * few), postgres)
  // Before it is told: who hears it may end this process.
  for (const end of ends.splice(0).toReversed()) await end()
  cleanUp()
  if (process.send === undefined) console.table(result.operations)
  else process.send(result)
} finally {
  for (const end of ends.toReversed()) await end()
  cleanUp()
}
