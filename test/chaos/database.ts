import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { postgresOwner, startPostgres } from '../helpers/postgres.ts'
import { type DatabaseCutter, startCutter } from './database-cutter.ts'
import { type Disk, mountDisk } from './disk.ts'

/** A PostgreSQL of the run's own, behind a relay that can cut. */
export interface Database {
  /** Leads through the relay, to a schema of its own each time. */
  freshUrl(): Promise<string>
  cutter: DatabaseCutter
  /** As if its machine had failed, and come back. */
  restart(): Promise<void>
  /** Ends one connection from the server's side, if there is one; returns how many it were. */
  terminateOne(): Promise<number>
  /** Nobody gets at the invoices for so long. */
  lock(ms: number): Promise<void>
  /** As after a failover to a replica: new transactions may only read. */
  readOnly(on: boolean): Promise<void>
  /** Where its tables lie; undefined where none can be mounted. */
  disk: Disk | undefined
  close(): Promise<void>
}

export async function startDatabase(): Promise<Database> {
  const ends: (() => unknown)[] = []
  const postgres = await startPostgres({ teardown: (end) => ends.push(end) })
  if (postgres === undefined) throw new Error('there is no PostgreSQL: install the packages, or set TEST_DATABASE_URL')
  const cutter = await startCutter(postgres.url)
  let schema = 'public'
  const folder = postgres.process?.folder
  const disk = folder === undefined ? undefined : mountDisk(join(folder, 'disk'), postgresOwner)
  if (disk !== undefined) await postgres.sql(`create tablespace chaos location '${disk.folder}'`)
  return {
    cutter,
    disk,
    async freshUrl() {
      const url = new URL(await postgres.freshUrl())
      const options = url.searchParams.get('options') ?? ''
      schema = /search_path=(\w+)/.exec(options)?.[1] ?? 'public'
      if (disk !== undefined) url.searchParams.set('options', `${options} -cdefault_tablespace=chaos`)
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
      const ended = await postgres.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and backend_type = 'client backend' order by random() limit 1`
      )
      return ended.length
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
      await postgres.process?.stop('crash')
      disk?.unmount()
      for (const end of ends.toReversed()) await end()
    }
  }
}
