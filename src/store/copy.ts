import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentStore } from './document-store.ts'
import { documentsInUse } from './document-use.ts'
import { createDocuments } from './documents.ts'
import { movedMark } from './embedded.ts'
import type { Engine, Row, Tx, Value } from './engine.ts'
import { StoreUnavailable } from './errors.ts'
import { lockInstance } from './instance-lock.ts'
import { migrate } from './migrations.ts'
import { openPostgres } from './postgres.ts'
import { createPostgresDocuments } from './postgres-documents.ts'
import { assertSound } from './postgres-sound.ts'
import { endLeases } from './recover.ts'
import { int } from './rows.ts'
import { openSqlite } from './sqlite.ts'

/** Parents before their children. `seq` and `id` are handed out by the database, and go on where they were. */
const tables = [
  { name: 'invoice', running: 'seq' },
  { name: 'idempotency' },
  { name: 'attempt' },
  { name: 'timeline', running: 'seq' },
  { name: 'job', running: 'id' },
  { name: 'document_use' },
  { name: 'api_key' },
  { name: 'audit' },
  { name: 'audit_head', given: true },
  { name: 'pick_up', running: 'seq' },
  { name: 'tombstone' },
  { name: 'raw_call' },
  { name: 'setting', given: true }
] as const
const rowsAtATime = 200
const patience = { patienceMs: 4 * 3_600_000 }

/** Thrown when the copy cannot be made, or is not the same. Nothing of the ledger is in the target then. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused'
}

export interface CopyFacts {
  rows: Record<string, number>
  documents: number
}

/**
 * Takes an embedded store to PostgreSQL. The folder is locked meanwhile and marked afterwards, so that only one of the
 * two ever sends. Documents first, each compared by its digest; then the whole ledger in one transaction, compared row
 * by row before it is committed. After a failure it can simply be started again.
 */
export async function copyStore({
  from,
  to,
  allowUnsafe = false,
  onProgress = () => undefined
}: {
  from: string
  to: string
  allowUnsafe?: boolean
  onProgress?: (what: string, done: number, of: number) => void
}): Promise<CopyFacts> {
  if (!existsSync(join(from, 'ledger.db'))) throw new CopyRefused(`there is no store in ${from}`)
  const lock = lockInstance(from)
  const source = openSqlite({ file: join(from, 'ledger.db') })
  const target = openPostgres({ url: to, size: 4 })
  try {
    await assertSound(target, { allowUnsafe })
    await migrate(source)
    await endLeases(source)
    await migrate(target)
    await target.read(assertEmpty)
    const documents = await copyDocuments(source, createDocuments({ dataDir: from }), target, onProgress)
    // Before the copy is real: a crash in between must not leave two that send.
    const mark = join(from, movedMark)
    await writeFile(mark, 'This store was copied to PostgreSQL. A gateway that used it again would send twice.\n')
    const rows = await copyLedger(source, target, onProgress).catch(async (error: unknown) => {
      if (!(error instanceof StoreUnavailable && error.reason === 'commit-unknown')) await rm(mark)
      throw error
    })
    // The planner must not take the new tables for empty until autovacuum comes by; what it knows is not worth failing for.
    const learn = (tx: Tx) => Promise.all(tables.map(({ name }) => tx.run(`analyze ${name}`)))
    await target.write(learn, { patienceMs: 300_000 }).catch(() => undefined)
    return { rows, documents }
  } finally {
    await source.close()
    await target.close()
    lock.release()
  }
}

async function assertEmpty(tx: Tx): Promise<void> {
  for (const { name, ...table } of tables) {
    if ('given' in table) continue
    if ((await tx.all(`select 1 as found from ${name} limit 1`)).length > 0) {
      throw new CopyRefused(`the target is not empty: its table ${name} has rows`)
    }
  }
}

async function copyDocuments(
  source: Engine,
  from: DocumentStore,
  target: Engine,
  onProgress: (what: string, done: number, of: number) => void
): Promise<number> {
  const to = createPostgresDocuments({ engine: target })
  const [row] = await source.read((tx) => tx.all('select count(distinct sha256) as n from document_use'))
  const total = int(row ?? {}, 'n')
  let done = 0
  try {
    for (let after = ''; ; ) {
      const page = await source.read((tx) => documentsInUse(tx, after, 200))
      for (const sha256 of page) {
        if (!(await to.has(sha256))) await copyDocument(from, to, sha256)
        // Reading it to the end compares the digest.
        for await (const slice of to.open(sha256)) void slice
        onProgress('documents', ++done, total)
      }
      const last = page.at(-1)
      if (last === undefined) return done
      after = last
    }
  } finally {
    await from.close()
  }
}

async function copyDocument(from: DocumentStore, to: DocumentStore, sha256: string): Promise<void> {
  const incoming = await to.receive()
  try {
    for await (const slice of from.open(sha256)) await incoming.write(slice as Buffer)
    await incoming.end()
    await to.keep([incoming])
  } finally {
    await incoming.discard()
  }
}

async function copyLedger(
  source: Engine,
  target: Engine,
  onProgress: (what: string, done: number, of: number) => void
): Promise<Record<string, number>> {
  return await target.write(async (tx) => {
    await assertEmpty(tx)
    const counts: Record<string, number> = {}
    for (const { name, ...table } of tables) {
      const [row] = await source.read((from) => from.all(`select count(*) as n from ${name}`))
      const total = int(row ?? {}, 'n')
      // The key of the tombstones was made with the tables; it is the source's that counts.
      if ('given' in table) await tx.run(`delete from ${name}`)
      const digest = await copyTable(source, tx, name, (done) => onProgress(name, done, total))
      const there = await digestOf(tx, name)
      if (digest.rows !== total || there.rows !== total || there.sum !== digest.sum) {
        throw new CopyRefused(`${name} is not the same: ${total} rows here, ${there.rows} there`)
      }
      if ('running' in table) await goOn(source, tx, name, table.running)
      counts[name] = total
    }
    return counts
  }, patience)
}

async function copyTable(source: Engine, to: Tx, name: string, onRows: (done: number) => void): Promise<Digest> {
  const digest = createDigest()
  for (let after = 0; ; ) {
    const page = await source.read((from) =>
      from.all(`select rowid as place, ${name}.* from ${name} where rowid > $1 order by rowid limit $2`, [
        after,
        rowsAtATime
      ])
    )
    if (page.length === 0) return digest.value()
    after = int(page.at(-1) ?? {}, 'place')
    const rows = page.map(({ place: _place, ...row }) => row)
    const columns = Object.keys(rows[0] ?? {})
    const values: Value[] = []
    const bind = (value: Value) => `$${values.push(value)}`
    const lines = rows.map((row) => `(${columns.map((column) => bind(row[column] ?? null)).join(', ')})`)
    await to.run(
      `insert into ${name} (${columns.join(', ')}) overriding system value values ${lines.join(', ')}`,
      values
    )
    for (const row of rows) digest.add(row)
    onRows(digest.value().rows)
  }
}

async function digestOf(tx: Tx, name: string): Promise<Digest> {
  const digest = createDigest()
  await tx.run(`declare copied no scroll cursor for select * from ${name}`)
  for (;;) {
    const rows = await tx.all(`fetch ${rowsAtATime} from copied`)
    for (const row of rows) digest.add(row)
    if (rows.length === 0) break
  }
  await tx.run('close copied')
  return digest.value()
}

interface Digest {
  rows: number
  sum: bigint
}

/** The same for the same rows in any order. PostgreSQL hands out its larger integers as text. */
function createDigest() {
  let rows = 0
  let sum = 0n
  return {
    add(row: Row): void {
      const members = Object.entries(row)
        .map(([name, value]) => [name, value === null ? null : String(value)])
        .toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
      const hash = createHash('sha256').update(JSON.stringify(members)).digest()
      sum = BigInt.asUintN(128, sum + hash.readBigUInt64LE(0) * 0x1_0000_0001n)
      rows++
    },
    value: (): Digest => ({ rows, sum })
  }
}

/** A number that was handed out once, and whose row is gone, does not come again: fences depend on it. */
async function goOn(source: Engine, tx: Tx, name: string, column: string): Promise<void> {
  const [last] = await source.read((from) =>
    from.all(
      `select max(n) as n from (select max(${column}) as n from ${name} union all select seq from sqlite_sequence where name = $1)`,
      [name]
    )
  )
  const number = Number(last?.['n'] ?? 0)
  if (number > 0) await tx.all('select setval(pg_get_serial_sequence($1, $2), $3)', [name, column, number])
}
