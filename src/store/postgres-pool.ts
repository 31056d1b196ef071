import { createHash } from 'node:crypto'
import pg from 'pg'
import { StoreUnavailable } from './errors.ts'
import { asUnavailable } from './postgres-errors.ts'

/** Statements that a connection keeps prepared; the ledger has fewer, lists of many sellers aside. */
const statementsKept = 300
/** A database that says nothing is given up before a caller is (reliability brief, 2.2 cases 11 and 12). */
export const usualMs = 1_700

/** One connection, for one piece of work. */
export interface Session {
  /** Sends it at once, behind what was sent before. Rejects with the driver's error. */
  query(text: string, values?: unknown[]): Promise<pg.QueryResult>
  /** The connection is not used again. */
  spoil(): void
}

export interface PostgresPool {
  /** Throws StoreUnavailable when there is no connection. After `patienceMs` the connection is cut, whatever it does. */
  use<T>(patienceMs: number, work: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Connects when it is used. `onTrouble` hears of connections that broke while nobody used them. */
export function createPostgresPool({
  url,
  size,
  onTrouble = () => undefined
}: {
  url: string
  size: number
  onTrouble?: (error: Error) => void
}): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'chorus-pro-gateway',
    max: size,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: 1_500,
    idleTimeoutMillis: 30_000,
    // Replicas spread over the addresses of a service again, and plans do not grow old.
    maxLifetimeSeconds: 1_800,
    statement_timeout: 1_500,
    lock_timeout: 1_200,
    // What a stopped or cut-off process holds is free again soon.
    idle_in_transaction_session_timeout: 10_000
  })
  // Without a listener a database that restarts would end the process (reliability brief, 0.11).
  pool.on('error', onTrouble)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const names = new Map<string, string>()

  function nameOf(text: string): { name: string } | undefined {
    let name = names.get(text)
    if (name === undefined) {
      if (names.size >= statementsKept) return undefined
      name = createHash('sha256').update(text).digest('base64url').slice(0, 24)
      names.set(text, name)
    }
    return { name }
  }

  async function borrow(): Promise<pg.PoolClient> {
    try {
      return await pool.connect()
    } catch (error) {
      throw asUnavailable(error) ?? new StoreUnavailable('unavailable', { cause: error })
    }
  }

  return {
    async use(patienceMs, work) {
      const client = await borrow()
      let spoilt = false
      const deadline = setTimeout(() => {
        spoilt = true
        // Everything that waits on it is rejected at once; `end` would wait for the server.
        client.connection.stream.destroy()
      }, patienceMs)
      try {
        return await work({
          query: (text, values) =>
            client.query(values === undefined ? text : { ...nameOf(text), text, values: values.map(sendable) }),
          spoil: () => {
            spoilt = true
          }
        })
      } finally {
        clearTimeout(deadline)
        client.release(spoilt)
      }
    },
    close: () => pool.end()
  }
}

/** U+0000 is the one character that PostgreSQL's text cannot hold (reliability brief, 0.13). */
function sendable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value
}
