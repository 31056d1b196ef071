// The gateway as a process of its own, where a test is about what a process does. Its output may be unreadable: it is
// known to run when it answers.
import { type ChildProcess, type IOType, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'
import { apiKey } from './gateway.ts'

const root = join(import.meta.dirname, '../..')

export interface GatewayProcess {
  child: ChildProcess
  url: string
  adminUrl: string
  dataDir: string
  /** What came from its error output, and from its standard output where that is a pipe. */
  out(): string
}

export interface ProcessOptions {
  /** Standard output: a descriptor, or a pipe that is read. */
  stdout?: number | IOType
  environment?: Record<string, string>
  /** Before the program's name. */
  flags?: string[]
  program?: string[]
}

/** Killed with the test. */
export async function startProcess(t: Test, options: ProcessOptions = {}): Promise<GatewayProcess> {
  const [port, adminPort] = await Promise.all([freePort(), freePort()])
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-process-'))
  const { flags = [], program = ['src/server.ts'], stdout = 'pipe' } = options
  const child = spawn(process.execPath, [...flags, ...program], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      DATA_DIR: dataDir,
      GATEWAY_API_KEY: apiKey,
      RATE_LIMIT_PER_MINUTE: '0',
      ...options.environment
    },
    stdio: ['ignore', stdout, 'pipe']
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => said.push(String(text)))
  const out = () => said.join('')
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(dataDir, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  const adminUrl = `http://127.0.0.1:${adminPort}`
  for (const end = Date.now() + 45_000; ; ) {
    const live = await fetch(`${adminUrl}/status`).then(
      ({ ok }) => ok,
      () => false
    )
    if (live) return { child, url, adminUrl, dataDir, out }
    if (child.exitCode !== null || Date.now() > end) throw new Error(`it does not run (${child.exitCode}): ${out()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
