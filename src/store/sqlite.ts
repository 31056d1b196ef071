import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { isMainThread } from 'node:worker_threads'
import type { Engine, Row, Tx, Value } from './engine.ts'
import { StoreUnavailable } from './errors.ts'
import { type Connection, createGroupCommit } from './group-commit.ts'
import { asUnavailable } from './sqlite-errors.ts'

const statementsKept = 200
/** The connection that writes must not block the event loop for long: `createGroupCommit` waits without blocking. */
const busyTimeoutMs = 20

/**
 * Opens the file, or creates it. Throws when it cannot be made durable: a store that answers before the disk has it
 * would lose accepted invoices when the power fails (reliability brief, 0.12).
 */
export function openSqlite({ file, now = Date.now }: { file: string; now?: () => number }): Engine {
  const writer = connect(file, now)
  let reader: ReturnType<typeof connect>
  try {
    reader = connect(file, now)
    reader.exec('pragma query_only = on')
  } catch (error) {
    writer.close()
    throw error
  }
  // A thread of its own has nothing else to do after a commit.
  const group = createGroupCommit({ connection: writer, ...(!isMainThread && { breathMs: 0 }) })
  let reads: Promise<unknown> = Promise.resolve()
  let closed = false

  async function readNow<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (closed) throw new StoreUnavailable('unavailable')
    try {
      reader.exec('begin')
      try {
        return await work(reader.tx)
      } finally {
        reader.exec('commit')
      }
    } catch (error) {
      throw asUnavailable(error) ?? error
    }
  }

  return {
    dialect: 'sqlite',
    write: group.write,
    // A connection has one snapshot at a time, so that readers go one by one. They never see an uncommitted group.
    read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      const result = reads.then(() => readNow(work))
      reads = result.catch(() => undefined)
      return result
    },
    async close() {
      if (closed) return
      await group.close()
      await reads
      closed = true
      reader.close()
      writer.close()
    }
  }
}

function connect(file: string, now: () => number): Connection & { close(): void } {
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    // A database that is just being created or recovered by another process is busy for a moment.
    db.exec('pragma busy_timeout = 2000')
    db.exec('pragma journal_mode = wal')
    db.exec('pragma synchronous = full')
    db.exec('pragma fullfsync = on')
    db.exec('pragma checkpoint_fullfsync = on')
    db.exec('pragma journal_size_limit = 67108864')
    db.exec('pragma cache_size = -16000')
    db.exec('pragma temp_store = memory')
    // Pages that change again and again are copied into the database once for many commits.
    db.exec('pragma wal_autocheckpoint = 4000')
    const mode = db.prepare('pragma journal_mode').get()?.['journal_mode']
    const synchronous = db.prepare('pragma synchronous').get()?.['synchronous']
    if (mode !== 'wal' || synchronous !== 2) {
      throw new Error(`the ledger is not durable: journal mode ${String(mode)}, synchronous ${String(synchronous)}`)
    }
    db.exec(`pragma busy_timeout = ${busyTimeoutMs}`)
  } catch (error) {
    db.close()
    throw error
  }
  const statements = new Map<string, Prepared>()

  function prepare(sql: string): Prepared {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const order: number[] = []
    // `$1` is a position to PostgreSQL and a name to SQLite, where binding by position costs half.
    const text = sql.replace(/\$(\d+)/g, (_all, position: string) => {
      order.push(Number(position) - 1)
      return '?'
    })
    const prepared = { statement: db.prepare(text), order }
    const oldest = statements.keys().next().value
    if (statements.size >= statementsKept && oldest !== undefined) statements.delete(oldest)
    statements.set(sql, prepared)
    return prepared
  }

  return {
    exec: (sql) => {
      if (sql.startsWith('pragma')) db.exec(sql)
      else prepare(sql).statement.run()
    },
    get isTransaction() {
      return db.isTransaction
    },
    close: () => db.close(),
    tx: {
      // oxlint-disable-next-line typescript/require-await -- other engines do wait
      all: async (sql, params = []) => {
        const prepared = prepare(sql)
        return prepared.statement.all(...inOrder(prepared, params)) as Row[]
      },
      // oxlint-disable-next-line typescript/require-await -- other engines do wait
      run: async (sql, params = []) => {
        const prepared = prepare(sql)
        return Number(prepared.statement.run(...inOrder(prepared, params)).changes)
      },
      now: () => Promise.resolve(now())
    }
  }
}

interface Prepared {
  statement: StatementSync
  /** Which parameter stands at each place. */
  order: number[]
}

function inOrder({ order }: Prepared, params: Value[]): Value[] {
  return order.map((position) => {
    const value = params[position]
    if (value === undefined) throw new RangeError(`parameter ${position + 1} is missing`)
    return value
  })
}
