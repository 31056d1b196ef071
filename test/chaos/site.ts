import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FailpointName, Failure } from '../../src/failpoint.ts'
import { readyCertificates } from '../../src/simulator/certificate-folder.ts'
import { createAuthority, issueClient, writePkcs12 } from '../../src/simulator/certificates.ts'
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
  /** Bad ones can take the place of the client certificate. */
  spoilable?: boolean
}

/** What lies in the certificate's file. */
export type CertificateKind = 'good' | 'expired' | 'foreign' | 'broken'

/** One place where a gateway runs; the process in it comes and goes, its address stays. */
export interface Replica {
  name: string
  url: string
  adminUrl: string
  /** What its failpoints wrote. */
  firedFile: string
  readonly child: Child | undefined
  /** Undefined unless it is spoilable. Read at the next start. */
  readonly certificate: { use(kind: CertificateKind): void } | undefined
  /** Its wall clock is wrong by so much, milliseconds. */
  setClock(wrongByMs: number): void
  /** As an operator who has mended something: the ways out are tried again. */
  retryLanes(): Promise<void>
  /** It is there, and was ready. */
  readonly ready: boolean
  /** Starts a process unless one is there; resolves to `ready`, or to how it ended before that. */
  start(armed?: Armed): Promise<string>
  kill(): Promise<void>
  /** Asks it to stop; kills it when it does not within `ms`. Resolves to how it ended. */
  stop(ms: number): Promise<string>
}

export async function createReplica(options: ReplicaOptions): Promise<Replica> {
  const { folder, name, upstream, certificates, access, proxyUrl, databaseUrl, timeScale, timeoutMs } = options
  const [port, adminPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const adminUrl = `http://127.0.0.1:${adminPort}`
  const firedFile = join(folder, `fired-${name}.jsonl`)
  writeFileSync(join(folder, 'ca.pem'), upstream.ca)
  const clockFile = join(folder, `clock-${name}`)
  const identityFile = join(folder, `client-${name}.p12`)
  const spoilable = options.spoilable === true && access === 'certificate'
  const kinds = await makeCertificates(certificates, upstream.clientPkcs12Passphrase, spoilable)
  const use = (kind: CertificateKind) => writeFileSync(identityFile, kinds[kind])
  use('good')
  const env: Record<string, string> = {
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    DATA_DIR: join(folder, databaseUrl === undefined ? 'data' : `data-${name}`),
    CHAOS_CLOCK: clockFile,
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
          CHORUS_PRO_CERTIFICATE_FILE: identityFile,
          CHORUS_PRO_CERTIFICATE_PASSPHRASE: upstream.clientPkcs12Passphrase
        }),
    ...(proxyUrl !== undefined && { CHORUS_PRO_PROXY_URL: proxyUrl }),
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl })
  }
  let child: Child | undefined
  let ready = false

  return {
    name,
    url,
    adminUrl,
    firedFile,
    get child() {
      return child
    },
    get ready() {
      return ready && child?.alive === true
    },
    certificate: spoilable ? { use } : undefined,
    setClock: (wrongByMs) => writeFileSync(clockFile, String(wrongByMs)),
    retryLanes: async () => {
      await fetch(`${adminUrl}/lanes/retry`, { method: 'POST' }).catch(() => undefined)
    },
    async start(armed = []) {
      if (child?.alive) return 'ready'
      const started = startChild('./gateway.ts', [JSON.stringify(armed), firedFile], {
        env,
        logFile: join(folder, `gateway-${name}.log`),
        cwd: folder
      })
      child = started
      ready = false
      return started.said().then(
        () => {
          ready = true
          return 'ready'
        },
        () => started.gone
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

/** The one of the simulator, one of its authority that has expired, one of nobody it knows, and no certificate at all. */
async function makeCertificates(
  folder: string,
  passphrase: string,
  all: boolean
): Promise<Record<CertificateKind, Buffer>> {
  const good = readFileSync(join(folder, 'client.p12'))
  if (!all) return { good, expired: good, foreign: good, broken: good }
  const [{ authority }, stranger] = await Promise.all([readyCertificates([], folder), createAuthority()])
  const day = 86_400_000
  const past = { from: new Date(Date.now() - 30 * day), to: new Date(Date.now() - day) }
  const [late, strange] = await Promise.all([issueClient(authority, past), issueClient(stranger)])
  return {
    good,
    expired: writePkcs12(late, authority.certificate, passphrase),
    foreign: writePkcs12(strange, stranger.certificate, passphrase),
    broken: good.subarray(0, good.length / 2)
  }
}
