import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { callerScopes } from '../../schemas/scopes.ts'
import { makeKey } from '../callers/api-key.ts'
import { readConfig } from '../config.ts'
import { startGateway } from '../gateway.ts'
import { createScrubber, logOptions } from '../log.ts'
import { createSimulator, type Simulator } from '../simulator/simulator.ts'

/** A gateway and a Chorus Pro of our own, both listening, and a key to begin with. */
export interface Stage {
  url: string
  adminUrl: string
  key: string
  simulator: Simulator
  /** For the files of the story; gone at the end, like the data unless a folder was named. */
  folder: string
  dataDir: string
  /** The port that was asked for and is taken, if so. */
  busyPort?: number
  /** What the gateway logged at warn and above, latest last. */
  troubles(): string[]
  close(): Promise<void>
}

/**
 * Reads nothing of the environment: a demo must never reach the real Chorus Pro. Statuses move within three seconds and
 * the gateway's own waiting times are a hundredth.
 */
export async function setStage({ port, data }: { port: number; data: string | undefined }): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'chorus-pro-demo-'))
  const dataDir = data ?? join(folder, 'data')
  mkdirSync(dataDir, { recursive: true })
  const undo: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })]
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const simulator = await createSimulator({ settings: { lifeCycle } })
    undo.push(() => simulator.close())
    const free = port === 0 || (await isFree(port))
    const config = readConfig({
      PORT: String(free ? port : 0),
      ADMIN_PORT: '0',
      DATA_DIR: dataDir,
      GATEWAY_TIME_SCALE: '100',
      CHORUS_PRO_TIMEOUT_MS: '10000'
    })
    const lines: string[] = []
    const scrub = createScrubber([simulator.password, simulator.clientPkcs12Passphrase])
    const log = pino(logOptions('warn', scrub), { write: (line: string) => void lines.push(line.trimEnd()) })
    const { certificateUrl, login, password, clientPkcs12, clientPkcs12Passphrase, ca } = simulator
    const gateway = await startGateway(config, log, {
      apiUrl: certificateUrl,
      login,
      password,
      certificate: { pkcs12: clientPkcs12, passphrase: clientPkcs12Passphrase },
      extraCa: ca
    })
    undo.push(() => gateway.close())
    const { token, key } = makeKey({ name: 'demo', scopes: [...callerScopes], sellers: [], now: new Date() })
    await gateway.parts.store.addKey(key)
    return {
      url: gateway.url,
      adminUrl: gateway.adminUrl,
      key: token,
      simulator,
      folder,
      dataDir,
      ...(!free && { busyPort: port }),
      troubles: () => lines.slice(-5).map(short),
      close
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A line of the log without its stack. */
function short(line: string): string {
  const { level, msg, err } = JSON.parse(line) as { level: string; msg: string; err?: { message?: string } }
  return `${level}: ${msg}${err?.message === undefined ? '' : ` (${err.message})`}`
}

const lifeCycle = [
  { status: 'EN_COURS_ACHEMINEMENT', afterMs: 1_000 },
  { status: 'MISE_A_DISPOSITION', afterMs: 1_500 }
]

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  return promise
}
