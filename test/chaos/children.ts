import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** A process of ours. Only these are ever signalled, by their id. */
export interface Child {
  readonly pid: number
  readonly alive: boolean
  /** Resolves when it is gone, with how it ended. */
  readonly gone: Promise<string>
  /** The next message that it sends; rejects when it ends instead. */
  said(): Promise<unknown>
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void
}

const children = new Set<ChildProcess>()

/** Starts a file of this folder with the environment given and nothing else. Its output goes to `logFile`. */
export function startChild(
  file: string,
  args: string[],
  { env, logFile, cwd }: { env: Record<string, string>; logFile: string; cwd: string }
): Child {
  const log = openSync(logFile, 'a')
  const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_EXTRA_CA_CERTS']
  const environment = Object.fromEntries(inherited.flatMap((name) => [[name, process.env[name]]]))
  const clock = new URL('./clock.ts', import.meta.url).href
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execPath: process.execPath,
    execArgv: [],
    env: { ...environment, ...(env['CHAOS_CLOCK'] !== undefined && { NODE_OPTIONS: `--import=${clock}` }), ...env },
    cwd,
    stdio: ['ignore', log, log, 'ipc']
  })
  closeSync(log)
  children.add(child)
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      children.delete(child)
      resolve(signal ?? `code ${code}`)
    })
  })
  return {
    pid: child.pid ?? 0,
    get alive() {
      return child.exitCode === null && child.signalCode === null
    },
    gone,
    said: () =>
      new Promise((resolve, reject) => {
        const onExit = () => reject(new Error(`${file} ended before it was ready, see ${logFile}`))
        child.once('exit', onExit)
        child.once('message', (message) => {
          child.off('exit', onExit)
          resolve(message)
        })
      }),
    signal: (name) => void child.kill(name)
  }
}

function endAll(): void {
  for (const child of children) child.kill('SIGKILL')
}

/** However this process ends, what it started ends with it. */
export function endChildrenWithUs(): void {
  process.once('exit', endAll)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      endAll()
      process.exit(130)
    })
  }
}

/** Below the ports that a system gives away by itself: a gateway that is dead for a moment finds its own still free. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000)
    if (!given.has(port) && (await isFree(port))) {
      given.add(port)
      return port
    }
  }
}

const given = new Set<number>()

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
