import { setImmediate, setTimeout } from 'node:timers/promises'
import { failpoint } from '../failpoint.ts'
import type { Tx } from './engine.ts'
import { StoreUnavailable } from './errors.ts'
import { asCommitFailure, asUnavailable, isBusy } from './sqlite-errors.ts'

export interface Connection {
  tx: Tx
  exec(sql: string): void
  readonly isTransaction: boolean
}

export interface GroupCommit {
  write: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
  /** Waits for what was asked; whatever comes later is refused. */
  close: () => Promise<void>
}

interface Operation {
  work: (tx: Tx) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** A write threw after it had written something. */
class HalfWritten extends Error {}

/**
 * Runs the writes that wait at the same moment in one transaction, so that they share its sync. One that throws is undone
 * alone: where it had written something, the group runs again with a savepoint around each, which costs too much to be
 * the rule. A group ends early to let the event loop breathe.
 */
export function createGroupCommit({
  connection,
  operationsPerGroup = 64,
  groupMs = 5,
  busyMs = 1500,
  breathMs = 5
}: {
  connection: Connection
  operationsPerGroup?: number
  groupMs?: number
  /** How long another process may hold the write lock before the writes are refused. */
  busyMs?: number
  /** The longest pause after a commit. */
  breathMs?: number
}): GroupCommit {
  const queue: Operation[] = []
  let draining: Promise<void> | undefined
  let closed = false
  let earliest = 0

  function rollback(): void {
    if (!connection.isTransaction) return
    try {
      connection.exec('rollback')
    } catch {
      // SQLite has already undone it; the next BEGIN would tell otherwise.
    }
  }

  async function begin(): Promise<void> {
    const until = performance.now() + busyMs
    for (;;) {
      try {
        rollback()
        connection.exec('begin immediate')
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error
      }
      await setTimeout(10)
    }
  }

  /** Returns how to tell its caller, once the group is committed. Throws StoreUnavailable when the group is lost. */
  async function run({ work, resolve, reject }: Operation): Promise<() => void> {
    let wrote = false
    const { tx } = connection
    try {
      const value = await work({
        now: tx.now,
        all(sql, params) {
          wrote ||= !sql.startsWith('select')
          return tx.all(sql, params)
        },
        run(sql, params) {
          wrote = true
          return tx.run(sql, params)
        }
      })
      return () => resolve(value)
    } catch (error) {
      assertAlive(error)
      if (wrote) throw new HalfWritten()
      return () => reject(error)
    }
  }

  async function runGuarded({ work, resolve, reject }: Operation): Promise<() => void> {
    connection.exec('savepoint operation')
    try {
      const value = await work(connection.tx)
      connection.exec('release operation')
      return () => resolve(value)
    } catch (error) {
      assertAlive(error)
      connection.exec('rollback to operation')
      connection.exec('release operation')
      return () => reject(error)
    }
  }

  /** Passes for errors of the work alone. */
  function assertAlive(error: unknown): void {
    const trouble = asUnavailable(error)
    if (trouble !== undefined) throw trouble
    if (!connection.isTransaction) throw new StoreUnavailable('unavailable', { cause: error })
  }

  async function runGroup(): Promise<void> {
    const taken: Operation[] = []
    const settle: (() => void)[] = []
    try {
      await begin()
      try {
        const until = performance.now() + groupMs
        do {
          const operation = queue.shift()
          if (operation === undefined) break
          taken.push(operation)
          settle.push(await run(operation))
        } while (taken.length < operationsPerGroup && performance.now() < until)
      } catch (error) {
        if (!(error instanceof HalfWritten)) throw error
        await begin()
        settle.length = 0
        for (const operation of taken) settle.push(await runGuarded(operation))
      }
    } catch (error) {
      rollback()
      const trouble = asUnavailable(error) ?? error
      // Without a transaction nobody was served: those who wait would wait in memory, for nothing.
      for (const operation of taken.length === 0 ? queue.splice(0) : taken) operation.reject(trouble)
      return
    }
    const committing = performance.now()
    try {
      failpoint('commit')
      connection.exec('commit')
    } catch (error) {
      rollback()
      const trouble = asCommitFailure(error)
      for (const operation of taken) operation.reject(trouble)
      return
    }
    failpoint('committed')
    const ended = performance.now()
    earliest = ended + Math.min(ended - committing, breathMs)
    for (const tell of settle) tell()
  }

  /** A commit blocks the event loop. As long again is left to everything else, and to more writes to share the next one. */
  async function breathe(): Promise<void> {
    do {
      const left = earliest - performance.now()
      if (left > 2) await setTimeout(left)
      else await setImmediate()
    } while (performance.now() < earliest)
  }

  async function drain(): Promise<void> {
    do {
      await breathe()
      await runGroup()
    } while (queue.length > 0)
    draining = undefined
  }

  return {
    write: <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      if (closed) return Promise.reject(new StoreUnavailable('unavailable'))
      return new Promise<T>((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject })
        draining ??= drain()
      })
    },
    close: async () => {
      closed = true
      await draining
    }
  }
}
