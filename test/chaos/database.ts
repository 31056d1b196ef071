import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres } from '../helpers/postgres.ts'
import { type DatabaseCutter, startCutter } from './database-cutter.ts'

/** A PostgreSQL of the run's own, behind a relay that can cut. */
export interface Database {
  /** Leads through the relay, to a schema of its own each time. */
  freshUrl(): Promise<string>
  cutter: DatabaseCutter
  /** As if its machine had failed, and come back. */
  restart(): Promise<void>
  /** Ends one connection from the server's side. */
  terminateOne(): Promise<void>
  /** Nobody gets at the invoices for so long. */
  lock(ms: number): Promise<void>
  /** As after a failover to a replica: new transactions may only read. */
  readOnly(on: boolean): Promise<void>
  close(): Promise<void>
}

export async function startDatabase(): Promise<Database> {
  const ends: (() => unknown)[] = []
  const postgres = await startPostgres({ teardown: (end) => ends.push(end) })
  if (postgres === undefined) throw new Error('there is no PostgreSQL: install the packages, or set TEST_DATABASE_URL')
  const cutter = await startCutter(postgres.url)
  let schema = 'public'
  return {
    cutter,
    async freshUrl() {
      const url = new URL(await postgres.freshUrl())
      schema = /search_path=(\w+)/.exec(url.searchParams.get('options') ?? '')?.[1] ?? 'public'
      url.hostname = '127.0.0.1'
      url.port = String(cutter.port)
      return url.href
    },
    async restart() {
      // One that is not ours is only cut off.
      if (postgres.process === undefined) return cutter.cutAll()
      await postgres.process.stop('crash')
      await postgres.process.start()
    },
    terminateOne: async () => {
      await postgres.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and backend_type = 'client backend' order by random() limit 1`
      )
    },
    lock: async (ms) => {
      await postgres.sql(
        `begin; lock table ${schema}.invoice in access exclusive mode; select pg_sleep(${ms / 1000}); commit`
      )
    },
    async readOnly(on) {
      await postgres.sql(`alter system set default_transaction_read_only = ${on ? 'on' : 'off'}`)
      await postgres.sql('select pg_reload_conf()')
      await sleep(50)
    },
    async close() {
      await cutter.close()
      for (const end of ends.toReversed()) await end()
    }
  }
}
