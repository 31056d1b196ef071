import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FailpointName, Failure } from '../../src/failpoint.ts'
import type { FaultRule } from '../../src/simulator/faults.ts'
import type { Settings } from '../../src/simulator/settings.ts'
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator.ts'
import { type Child, freePort, startChild } from './children.ts'
import { apiKey } from './final-answers.ts'

export type Armed = ({ name: FailpointName } & Failure)[]

/** Chorus Pro in a process of its own, and the switches for its faults. */
export interface Upstream {
  facts: UpstreamFacts
  faults(rules: FaultRule[]): Promise<void>
  configure(change: Partial<Settings>): Promise<void>
  revokeTokens(): Promise<void>
  /** What it holds, whatever a search says. */
  invoices(): Promise<{ id: string; status: string }[]>
  stop(): Promise<void>
}

type UpstreamFacts = Omit<Simulator, 'control' | 'clientPkcs12' | 'issueClientCertificate' | 'close'>

export async function startUpstream(folder: string, options: SimulatorOptions): Promise<Upstream> {
  mkdirSync(folder, { recursive: true })
  const given = { ledgerFile: join(folder, 'ledger.jsonl'), certificatesDir: join(folder, 'certificates'), ...options }
  const child = startChild('./upstream.ts', [JSON.stringify(given)], {
    env: {},
    logFile: join(folder, 'upstream.log'),
    cwd: folder
  })
  const facts = (await child.said()) as UpstreamFacts
  const control = async (path: string, body?: unknown): Promise<unknown> => {
    const init =
      body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const answer = await fetch(`${facts.controlUrl}${path}`, init)
    if (!answer.ok) throw new Error(`the simulator answers ${answer.status} to ${path}: ${await answer.text()}`)
    return answer.json()
  }
  return {
    facts,
    faults: async (rules) => void (await control('/faults', rules)),
    configure: async (change) => void (await control('/settings', change)),
    revokeTokens: async () => void (await control('/tokens/revoke', {})),
    invoices: async () => (await control('/invoices')) as { id: string; status: string }[],
    async stop() {
      child.signal('SIGKILL')
      await child.gone
    }
  }
}

export interface ReplicaOptions {
  folder: string
  name: string
  upstream: UpstreamFacts
  /** Folder of the client certificate. */
  certificates: string
  access: 'piste' | 'certificate'
  proxyUrl?: string | undefined
  databaseUrl?: string | undefined
  timeScale: number
  timeoutMs: number
}

/** One place where a gateway runs; the process in it comes and goes, its address stays. */
export interface Replica {
  name: string
  url: string
  /** What its failpoints wrote. */
  firedFile: string
  readonly child: Child | undefined
  /** Starts a process unless one is there; resolves when it is ready, or gone again. */
  start(armed?: Armed): Promise<boolean>
  kill(): Promise<void>
  /** Asks it to stop; kills it when it does not within `ms`. Resolves to how it ended. */
  stop(ms: number): Promise<string>
}

export async function createReplica(options: ReplicaOptions): Promise<Replica> {
  const { folder, name, upstream, certificates, access, proxyUrl, databaseUrl, timeScale, timeoutMs } = options
  const [port, adminPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const firedFile = join(folder, `fired-${name}.jsonl`)
  writeFileSync(join(folder, 'ca.pem'), upstream.ca)
  const env: Record<string, string> = {
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    DATA_DIR: join(folder, databaseUrl === undefined ? 'data' : `data-${name}`),
    GATEWAY_API_KEY: apiKey,
    GATEWAY_TIME_SCALE: String(timeScale),
    RATE_LIMIT_PER_MINUTE: '0',
    DIRECTORY_COPY_HOURS: '0',
    CHORUS_PRO_ENVIRONMENT: 'simulator',
    CHORUS_PRO_ACCESS: access,
    CHORUS_PRO_API_URL: access === 'piste' ? upstream.pisteUrl : upstream.certificateUrl,
    CHORUS_PRO_LOGIN: upstream.login,
    CHORUS_PRO_PASSWORD: upstream.password,
    CHORUS_PRO_CA_FILE: join(folder, 'ca.pem'),
    CHORUS_PRO_TIMEOUT_MS: String(timeoutMs),
    ...(access === 'piste'
      ? {
          CHORUS_PRO_TOKEN_URL: upstream.tokenUrl,
          PISTE_CLIENT_ID: upstream.clientId,
          PISTE_CLIENT_SECRET: upstream.clientSecret
        }
      : {
          CHORUS_PRO_CERTIFICATE_FILE: join(certificates, 'client.p12'),
          CHORUS_PRO_CERTIFICATE_PASSPHRASE: upstream.clientPkcs12Passphrase
        }),
    ...(proxyUrl !== undefined && { CHORUS_PRO_PROXY_URL: proxyUrl }),
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl })
  }
  let child: Child | undefined

  return {
    name,
    url,
    firedFile,
    get child() {
      return child
    },
    async start(armed = []) {
      if (child?.alive) return true
      const started = startChild('./gateway.ts', [JSON.stringify(armed), firedFile], {
        env,
        logFile: join(folder, `gateway-${name}.log`),
        cwd: folder
      })
      child = started
      return started.said().then(
        () => true,
        () => false
      )
    },
    async kill() {
      child?.signal('SIGKILL')
      await child?.gone
    },
    async stop(ms) {
      if (child === undefined || !child.alive) return 'gone'
      child.signal('SIGTERM')
      const late = new AbortController()
      const timer = sleep(ms, undefined, { signal: late.signal }).then(
        () => child?.signal('SIGKILL'),
        () => {}
      )
      const how = await child.gone
      late.abort()
      await timer
      return how
    }
  }
}
