import { type ChildProcess, fork, spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../helpers/free-port.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const children = new Set<ChildProcess>()
const folders = new Set<string>()

/** One process of the bench. Orders are answered one at a time. */
export interface Part {
  pid: number
  /** What it said when it was ready. */
  ready: unknown
  ask(order: object): Promise<unknown>
  stop(): Promise<void>
}

/** Starts a file of this folder. */
export async function startPart(file: string, args: string[] = []): Promise<Part> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { serialization: 'json' })
  const ready = await said(track(child), file)
  return {
    pid: child.pid ?? 0,
    ready,
    ask(order) {
      const answer = said(child, file)
      child.send(order)
      return answer
    },
    stop: () => stop(child)
  }
}

function said(child: ChildProcess, file: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${file} ended by itself (${code})`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message)
    })
  })
}

export interface Gateway {
  pid: number
  url: string
  /** From spawn to the first 200 of /health/ready. */
  startedMs: number
  /** The end of its log. */
  lastWords(): string
  stop(): Promise<void>
}

export interface GatewaySettings {
  sinkPort: number
  /** Of the certificates. */
  folder: string
  dataDir: string
  key: string
  /** Where a CPU profile is left when it stops. */
  profileDir?: string | undefined
}

/** The gateway as it runs in production, everything on; its log goes to a file beside its data. */
export async function startGateway(settings: GatewaySettings): Promise<Gateway> {
  const { sinkPort, folder, dataDir, key, profileDir } = settings
  const [port, adminPort] = [await freePort(), await freePort()]
  const logFile = `${dataDir}.log`
  const log = openSync(logFile, 'a')
  const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS']
  const environment = Object.fromEntries(inherited.flatMap((name) => [[name, process.env[name]]]))
  const profile = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]
  const from = performance.now()
  const child = track(
    spawn(process.execPath, [...profile, join(root, 'src/server.ts')], {
      // Not the project's folder: a developer's .env must not count.
      cwd: folder,
      stdio: ['ignore', log, log],
      env: {
        ...environment,
        DATA_DIR: dataDir,
        PORT: String(port),
        ADMIN_PORT: String(adminPort),
        CHORUS_PRO_ENVIRONMENT: 'simulator',
        CHORUS_PRO_ACCESS: 'certificate',
        CHORUS_PRO_API_URL: `https://127.0.0.1:${sinkPort}/service`,
        CHORUS_PRO_LOGIN: 'TECH_1_bench@bench.fr',
        CHORUS_PRO_PASSWORD: 'secret-of-the-bench',
        CHORUS_PRO_CERTIFICATE_FILE: join(folder, 'client.pem'),
        CHORUS_PRO_CERTIFICATE_KEY_FILE: join(folder, 'client.key'),
        CHORUS_PRO_CA_FILE: join(folder, 'ca.pem'),
        GATEWAY_API_KEY: key,
        LOG_LEVEL: 'info',
        RATE_LIMIT_PER_MINUTE: '0',
        DIRECTORY_COPY_HOURS: '0'
      }
    })
  )
  closeSync(log)
  const url = `http://127.0.0.1:${port}`
  const lastWords = () => readFileSync(logFile, 'utf8').slice(-2000)
  for (;;) {
    if (await isReady(url)) break
    if (child.exitCode !== null || performance.now() - from > 30_000) {
      throw new Error(`the gateway does not start:\n${lastWords()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { pid: child.pid ?? 0, url, startedMs: performance.now() - from, lastWords, stop: () => stop(child) }
}

const isReady = (url: string) =>
  fetch(`${url}/health/ready`).then(
    async (answer) => {
      await answer.body?.cancel()
      return answer.ok
    },
    () => false
  )

function track(child: ChildProcess): ChildProcess {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** By a signal, and after ten seconds by the other one. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(timer)
}

/** Ends whatever still runs and removes what was written. */
export function cleanUp(): void {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

const tmpfs = 0x01021994

/** A new folder on a disk, where a sync costs what it costs. */
export function makeFolder(): string {
  const onDisk = (path: string) => {
    try {
      return statfsSync(path).type !== tmpfs
    } catch {
      return false
    }
  }
  const parent = [tmpdir(), '/var/tmp'].find(onDisk) ?? join(root, 'node_modules/.cache')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'gateway-bench-'))
  folders.add(folder)
  return folder
}
