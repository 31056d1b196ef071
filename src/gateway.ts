import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { createAdmin } from './admin.ts'
import { createApp } from './app.ts'
import { configurationEntry } from './audit/configuration.ts'
import { compose } from './compose.ts'
import type { Config } from './config.ts'
import { takeLanes } from './connections/deployment.ts'
import { createRadar } from './connections/expiries.ts'
import { type Tokens, type Upstream, waysOf } from './connections/ways.ts'
import { failpoint } from './failpoint.ts'
import type { Parts } from './parts.ts'
import { createHousekeeping } from './store/housekeeping.ts'
import { type OpenedStore, openToServe } from './store/open.ts'

/** A gateway that listens. */
export interface RunningGateway {
  url: string
  adminUrl: string
  parts: Parts
  /** Listening, jobs in hand, upstream, store: in this order, each within its time. */
  close(): Promise<void>
}

export const version = (
  JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version

/** Opens the store, resumes what was left, listens. Throws before anything listens when it cannot. */
export async function startGateway(
  config: Readonly<Config>,
  log: Logger,
  upstream?: Upstream,
  own: Pick<Parameters<typeof compose>[0], 'reread' | 'logLinesLost'> = {},
  opening: Promise<OpenedStore> = openToServe(config, log)
): Promise<RunningGateway> {
  const { store, documents, now, unsafe, shared } = await opening
  for (const fault of unsafe) log.warn({ fault }, 'the database may lose invoices that were accepted')
  try {
    const tokens: Tokens = new Map()
    const parts = compose({
      config,
      version,
      store,
      documents,
      ways: waysOf(config, log, upstream, tokens),
      tokens,
      ...own,
      log,
      now
    })
    const app = await createApp(parts, log)
    const admin = await createAdmin(parts, log)
    const lost = () => void parts.worker.stop()
    const holding = shared ? await takeLanes({ config, store, log, lost }) : undefined
    const { restored, ...resumed } = await parts.resume()
    if (restored !== undefined) {
      log.warn({ invoices: restored }, 'the ledger is an older copy: what it could still send is searched for first')
    }
    const [next, ours] = await Promise.all([store.nextDue(), store.nextDue(parts.connections.lanes)])
    if (next !== undefined && next.getTime() !== ours?.getTime()) {
      log.warn('invoices wait for an account that is not configured any more: see docs/connections.md, formerly')
    }
    if (resumed.unknown + resumed.due > 0) log.info(resumed, 'work left by an earlier process is resumed')
    const changed = await configurationEntry(store, { ...config, version })
    if (changed !== undefined) await store.appendAudit([changed])
    const url = await app.listen({ host: config.host, port: config.port })
    const adminUrl = await admin.listen({ host: config.adminHost, port: config.adminPort })
    parts.worker.start()
    holding?.start()
    const everyMs = Math.max(1_000, 3_600_000 / config.timeScale)
    const housekeeping = createHousekeeping({
      store,
      documents,
      retentionDays: config.retentionDays,
      now,
      everyMs,
      log
    })
    housekeeping.start()
    parts.renewal.start()
    parts.history.start()
    const radar = createRadar({ list: parts.expiries, log })
    radar()
    const watching = setInterval(radar, everyMs).unref()
    parts.directoryCopies.start(parts.connections.all)
    return {
      url,
      adminUrl,
      parts,
      async close() {
        failpoint('shutdown')
        await inTime(closeListener(app), 65_000, log, 'answers in hand')
        await inTime(parts.worker.stop(), 125_000, log, 'jobs in hand')
        await holding?.stop()
        clearInterval(watching)
        await inTime(parts.history.stop(), 5_000, log, 'counting for the status page')
        await inTime(parts.renewal.stop(), 35_000, log, 'new credentials on trial')
        await inTime(housekeeping.stop(), 5_000, log, 'housekeeping')
        await inTime(parts.directoryCopies.stop(), 5_000, log, 'copying the directory')
        await inTime(closeListener(admin), 5_000, log, 'administration')
        failpoint('store-close')
        await inTime(parts.close(), 10_000, log, 'store')
      }
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** A connection that is kept open after its last answer would be waited for like an answer. */
async function closeListener(app: Awaited<ReturnType<typeof createApp>>): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50)
  try {
    await app.close()
  } finally {
    clearInterval(sweep)
  }
}

async function inTime(work: Promise<unknown>, ms: number, log: Logger, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(() => {
      log.warn({ what, ms }, 'stopping does not wait any longer')
      resolve(undefined)
    }, ms)
  })
  await Promise.race([work.catch((error: unknown) => log.error({ err: error, what }, 'stopping failed')), late])
  clearTimeout(timer)
}
