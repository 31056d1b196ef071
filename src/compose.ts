import type { Ready } from '../schemas/health.ts'
import { type ByteBudget, createByteBudget } from './byte-budget.ts'
import type { Resources } from './chorus/resources.ts'
import type { Config } from './config.ts'
import { type Asker, accountForReading, type Connections, createConnections } from './connections/connections.ts'
import type { WaySettings } from './connections/ways.ts'
import type { Directory } from './directory/directory.ts'
import { createDocumentInspector } from './invoices/document.ts'
import { createIntake } from './invoices/intake.ts'
import { createLanes, gateOf, type Lanes } from './invoices/lanes.ts'
import { type PresentInvoice, presentInvoice, presentTimeline } from './invoices/present.ts'
import { createSubmissions, type Submissions } from './invoices/submission.ts'
import { createWaiters } from './invoices/waiters.ts'
import { createWorker, type Worker } from './invoices/worker.ts'
import { type Log, timings, type Workshop } from './invoices/workshop.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type DocumentStore, laneOf, type Store, StoreUnavailable } from './store/store.ts'

/** What of a request decides about its connection. */
export interface Asking {
  caller: Asker
}

/** Everything the listeners are made of. */
export interface Parts {
  config: Readonly<Config>
  version: string
  now: () => Date
  store: Store
  documents: DocumentStore
  /** Over the connection that the request means. */
  directory: (request: Asking) => Directory
  /** What Chorus Pro offers beside sending, over the connection that the request means. */
  resources: (request: Asking) => Resources
  submissions: Submissions
  lanes: Lanes
  worker: Worker
  budget: ByteBudget
  metrics: Metrics
  present: PresentInvoice
  presentTimeline: typeof presentTimeline
  readiness(): Promise<Ready>
  connections: Connections
  /** What earlier processes left unfinished is due again, or to be searched for: all of it in a restored ledger. */
  resume(): Promise<{ restored: number | undefined; unknown: number; due: number }>
  /** Upstream agent, parser threads, store: what holds something, in this order. */
  close(): Promise<void>
}

export interface Means {
  config: Readonly<Config>
  version: string
  store: Store
  documents: DocumentStore
  ways: WaySettings[]
  log: Log & { debug(facts: object, message: string): void }
  now?: () => Date
}

/** Config → parts. Starts nothing. Throws IdentityError when the certificate cannot be read. */
export function compose({ config, version, store, documents, ways, log, now = () => new Date() }: Means): Parts {
  const { timeScale, limits } = config
  const lanes = createLanes({ names: [], now, timeScale })
  const missingMs = Math.max(200, 60_000 / timeScale)
  const gate = (names: string[]) => gateOf(lanes, names)
  const connections = createConnections({ ways, gate, now, freshMs: 3_600_000, missingMs })
  const shared = config.database !== undefined
  const timing = timings(timeScale, config.chorus.timeoutMs)
  const workshop: Workshop = {
    store,
    documents,
    lanes,
    way: connections.at,
    now,
    timing: { ...timing, ...(shared && { leaseMs: config.chorus.timeoutMs + Math.round(60_000 / timeScale) }) },
    log
  }
  const waiters = createWaiters(store, shared ? { pollMs: 250 } : {})
  const worker = createWorker(workshop, { places: 16, settled: waiters.notify, shared })
  const inspector = createDocumentInspector()
  const intake = createIntake({ inspector, connections, limits, lookUpMs: 5_000 })
  const submissions = createSubmissions({ workshop, documents, intake, worker, waiters })
  const budget = createByteBudget(limits.uploadBudgetBytes)
  const metrics = createMetrics({
    counts: store.counts,
    lanes: lanes.view,
    jobsInHand: worker.busy,
    uploadBytes: budget.used
  })

  return {
    config,
    version,
    now,
    store,
    documents,
    directory: ({ caller }) => accountForReading(connections.allowed(caller)).directory,
    resources: ({ caller }) => accountForReading(connections.allowed(caller)).chorus.resources,
    submissions,
    lanes,
    worker,
    budget,
    metrics,
    present: (invoice) => presentInvoice(invoice, lanes.trouble(laneOf(invoice))),
    presentTimeline,
    connections,
    async resume() {
      const restored = await store.restore(timing.quietMs, config.restored)
      return { restored, ...(await store.recover(timing.quietMs)) }
    },
    async readiness() {
      const state = await store.check().then(
        () => 'ok' as const,
        (error: unknown) =>
          error instanceof StoreUnavailable && error.reason === 'full' ? ('full' as const) : ('unavailable' as const)
      )
      const view = lanes.view().map(({ detail: _detail, ...lane }) => lane)
      const degraded = view.some((lane) => lane.state !== 'open')
      return { status: state !== 'ok' ? 'unavailable' : degraded ? 'degraded' : 'ready', store: state, lanes: view }
    },
    async close() {
      await connections.close()
      await inspector.close()
      await documents.close()
      await store.close()
    }
  }
}
