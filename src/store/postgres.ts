import { setTimeout } from 'node:timers/promises'
import { failpoint } from '../failpoint.ts'
import type { Engine, Patience, Row, Tx, Value } from './engine.ts'
import { StoreUnavailable } from './errors.ts'
import {
  asCommitFailure,
  asUnavailable,
  isConflict,
  isConnectionLoss,
  isReadOnly,
  isStalePlan,
  isUniqueConflict
} from './postgres-errors.ts'
import { createPostgresPool, type PostgresPool, type Session, usualMs } from './postgres-pool.ts'

const triesPerWrite = 6

export interface PostgresOptions {
  /** `postgres://…`. */
  url: string
  /** Connections at once. */
  size?: number
  /** What to make of the database’s clock, milliseconds: tests move their time with it. */
  clock?: (now: number) => number
  onTrouble?: (error: Error) => void
}

/** Work is to run again, from the start: nothing of it was written. */
class Again extends Error {}

/** The ledger's engine over PostgreSQL. Connects with the first work; `assertSound` (postgres-sound.ts) looks at the server. */
export function openPostgres({ url, size = 12, clock = (now) => now, onTrouble }: PostgresOptions): Engine {
  const pool = createPostgresPool({ url, size, ...(onTrouble && { onTrouble }) })
  let closing: Promise<void> | undefined

  async function again<T>(patience: Patience | undefined, once: (leftMs: number) => Promise<T>): Promise<T> {
    if (closing !== undefined) throw new StoreUnavailable('unavailable')
    const until = performance.now() + (patience?.patienceMs ?? usualMs)
    for (let tries = 1; ; tries++) {
      try {
        return await once(until - performance.now())
      } catch (error) {
        if (!(error instanceof Again)) throw error
        if (tries === triesPerWrite || performance.now() >= until) throw asFailure(error.cause)
      }
      // Those who stood in each other's way do not meet again at the same moment.
      await setTimeout(Math.random() * 5 * tries)
    }
  }

  return {
    dialect: 'postgres',
    write: (work, patience) => again(patience, (leftMs) => writeOnce(pool, { work, patience, leftMs, clock })),
    read: (work, patience) => again(patience, (leftMs) => readOnce(pool, { work, patience, leftMs, clock })),
    close: () => (closing ??= pool.close())
  }
}

interface Once<T> {
  work: (tx: Tx) => Promise<T>
  patience: Patience | undefined
  leftMs: number
  clock: (now: number) => number
}

function writeOnce<T>(pool: PostgresPool, { work, patience, leftMs, clock }: Once<T>): Promise<T> {
  return pool.use(leftMs, async (session) => {
    const tx = createTx(session, 'begin isolation level read committed', { patience, leftMs, clock })
    const value = await inTransaction(session, tx, work)
    let done: string | undefined
    try {
      failpoint('commit')
      done = (await session.query('commit')).command
    } catch (error) {
      session.spoil()
      throw asCommitFailure(error) ?? new Again('commit', { cause: error })
    }
    failpoint('committed')
    // A statement failed and its error was swallowed: PostgreSQL undoes the whole.
    if (done !== 'COMMIT') throw new StoreUnavailable('unavailable')
    return value
  })
}

function readOnce<T>(pool: PostgresPool, { work, patience, leftMs, clock }: Once<T>): Promise<T> {
  return pool.use(leftMs, async (session) => {
    const tx = createTx(session, 'begin isolation level repeatable read read only', { patience, leftMs, clock })
    const value = await inTransaction(session, tx, work)
    // Nobody waits for it: whoever has the connection next is behind it.
    session.query('commit').catch(() => undefined)
    return value
  })
}

async function inTransaction<T>(session: Session, tx: Transaction, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    const value = await work(tx)
    await tx.begun()
    return value
  } catch (error) {
    const trouble = tx.failed()
    if (trouble === undefined) {
      // The work itself refused.
      await session.query('rollback').catch(() => session.spoil())
      throw error
    }
    if (isConnectionLoss(trouble.error) || isReadOnly(trouble.error) || isStalePlan(trouble.error)) session.spoil()
    else await session.query('rollback').catch(() => session.spoil())
    if (isConflict(trouble.error) || isStalePlan(trouble.error)) throw new Again('conflict', { cause: trouble.error })
    // A connection that broke while it lay idle is noticed when it is used; the next one is new.
    if (trouble.first && isConnectionLoss(trouble.error)) throw new Again('connection', { cause: trouble.error })
    throw asFailure(trouble.error)
  }
}

function asFailure(error: unknown): unknown {
  if (isUniqueConflict(error)) return error
  return asUnavailable(error) ?? (isConflict(error) ? new StoreUnavailable('busy', { cause: error }) : error)
}

interface Transaction extends Tx {
  /** Resolves when the transaction has begun for certain. */
  begun(): Promise<void>
  /** The first error of the driver, and whether it came before any answer of the server. */
  failed(): { error: unknown; first: boolean } | undefined
}

/** BEGIN goes out together with the first statement, unless that one writes: it must never stand alone. */
function createTx(
  session: Session,
  begin: string,
  { patience, leftMs, clock }: Pick<Once<unknown>, 'patience' | 'leftMs' | 'clock'>
): Transaction {
  let trouble: { error: unknown; first: boolean } | undefined
  let answers = 0
  let beginning: Promise<void> | undefined

  async function send(text: string, values?: unknown[]) {
    try {
      const result = await session.query(text, values)
      answers++
      return result
    } catch (error) {
      trouble ??= { error, first: answers === 0 }
      throw error
    }
  }

  async function start(): Promise<void> {
    const opened = send(begin)
    if (patience === undefined) return void (await opened)
    const ms = Math.ceil(leftMs)
    await Promise.all([opened, send(`set local statement_timeout = ${ms}`), send(`set local lock_timeout = ${ms}`)])
  }

  async function ask(sql: string, params: Value[]) {
    if (beginning === undefined) {
      beginning = start()
      beginning.catch(() => undefined)
      if (!/^\s*(select|with)\b/.test(sql)) await beginning
    }
    const result = await send(sql, params)
    await beginning
    return result
  }

  return {
    all: async (sql, params = []) => (await ask(sql, params)).rows as Row[],
    run: async (sql, params = []) => (await ask(sql, params)).rowCount ?? 0,
    async now() {
      const { rows } = await ask('select (extract(epoch from clock_timestamp()) * 1000)::bigint as now', [])
      return clock(Number((rows as Row[])[0]?.['now']))
    },
    async begun() {
      beginning ??= start()
      await beginning
    },
    failed: () => trouble
  }
}
