import { createAuditTrail } from './audit/trail.ts'
import { createByteBudget } from './byte-budget.ts'
import { createKeyAdministration } from './callers/administration.ts'
import { createIdentify } from './callers/identify.ts'
import { createLimits } from './callers/limits.ts'
import { createTokenCheck } from './callers/tokens.ts'
import { readOutside } from './chorus/outside.ts'
import { isStatus } from './chorus/status.ts'
import type { Config } from './config.ts'
import { accountForReading, createConnections } from './connections/connections.ts'
import { createDirectoryCopies } from './connections/directory-copies.ts'
import { listExpiries } from './connections/expiries.ts'
import { createRenewal } from './connections/renewal.ts'
import type { Tokens, WaySettings } from './connections/ways.ts'
import { createDropInDoor } from './drop-in/door.ts'
import { createRepeatGuard } from './drop-in/repeats.ts'
import { auditLanes } from './invoices/audited-lanes.ts'
import { createDocumentInspector } from './invoices/document.ts'
import { createIntake } from './invoices/intake.ts'
import { createLanes, gateOf, type Lanes } from './invoices/lanes.ts'
import { presentInvoice, presentTimeline } from './invoices/present.ts'
import { createSubmissions } from './invoices/submission.ts'
import { createVisibility } from './invoices/visibility.ts'
import { createWaiters } from './invoices/waiters.ts'
import { createWorker } from './invoices/worker.ts'
import { type Log, longestRestOf, timings, type Workshop } from './invoices/workshop.ts'
import { createMetrics } from './metrics.ts'
import type { Parts } from './parts.ts'
import { createIssued } from './portal/issued.ts'
import { createIssuedChanges } from './portal/issued-changes.ts'
import { createKeeper, createPickUps } from './portal/pick-up.ts'
import { createReceived } from './portal/received.ts'
import { createReceivedChanges } from './portal/received-changes.ts'
import { createRecords } from './portal/records.ts'
import { createStoredFiles } from './portal/stored-files.ts'
import { createStructures } from './portal/structures.ts'
import { visitOver } from './portal/visit.ts'
import { createSeenErrors, watchInvoices } from './status/errors.ts'
import { createStatusHistory } from './status/history.ts'
import { createReadiness } from './status/readiness.ts'
import { createStatus } from './status/status.ts'
import type { DocumentStore } from './store/document-store.ts'
import type { Store } from './store/store.ts'
import { laneOf } from './store/stored-invoice.ts'

export interface Means {
  config: Readonly<Config>
  version: string
  store: Store
  documents: DocumentStore
  ways: WaySettings[]
  tokens?: Tokens
  /** Hears of every configuration that is read later. */
  reread?: (config: Readonly<Config>) => void
  /** Lines of the log that could not be written. */
  logLinesLost?: () => number
  log: Log & { debug(facts: object, message: string): void }
  now?: () => Date
}

/** Config → parts. Starts nothing. Throws IdentityError when the certificate cannot be read. */
export function compose({
  config,
  version,
  store,
  documents,
  ways,
  tokens = new Map(),
  reread,
  logLinesLost = () => 0,
  log,
  now = () => new Date()
}: Means): Parts {
  const { timeScale, limits: sizes } = config
  const audit = createAuditTrail({ store, now, log })
  const history = createStatusHistory({
    counts: store.counts,
    lanes: () => lanes.view(),
    now,
    everyMs: Math.max(500, 60_000 / timeScale),
    keep: 1_440
  })
  const errors = createSeenErrors({ now, keep: 50, counted: history.countError })
  const bareLanes = createLanes({ names: [], now, monotonic: () => performance.now(), timeScale })
  const lanes: Lanes = auditLanes(bareLanes, (entry) => {
    audit.note(entry)
    errors.noteLane(entry)
  })
  const missingMs = Math.max(200, 60_000 / timeScale)
  const gate = (names: string[]) => gateOf(lanes, names)
  const directoryCopies = createDirectoryCopies({ config, now, log })
  const copyOf = directoryCopies.of
  const connections = createConnections({ ways, gate, copyOf, now, freshMs: 3_600_000, missingMs })
  const shared = config.database !== undefined
  const { tokens: issuer } = config.access
  const readUrl = (url: string) => readOutside(url, { ...config.chorus, log })
  const limits = createLimits({
    usage: store,
    shared,
    now,
    ratePerMinute: sizes.rateLimitPerMinute,
    wrongKeysPerMinute: config.access.wrongKeysPerMinute
  })
  const identify = createIdentify({
    mode: config.auth,
    keys: store,
    now,
    ...(config.apiKey !== undefined && { singleKey: config.apiKey }),
    ...(issuer !== undefined && { tokens: createTokenCheck(issuer, { readUrl, now: () => now().getTime(), log }) })
  })
  const timing = timings(timeScale, config.chorus.timeoutMs)
  const visibility = createVisibility({
    horizonMs: timing.horizonMs,
    everyMs: 60_000 / timeScale,
    now: () => performance.now(),
    warn: (facts, message) => log.warn(facts, message)
  })
  const workshop: Workshop = {
    store: watchInvoices(store, errors),
    documents,
    lanes,
    visibility,
    way: connections.at,
    now,
    timing: { ...timing, ...(shared && { leaseMs: config.chorus.timeoutMs + Math.round(60_000 / timeScale) }) },
    log
  }
  const waiters = createWaiters(store, shared ? { pollMs: 250 } : {})
  const worker = createWorker(workshop, { places: 16, settled: waiters.notify, shared })
  const inspector = createDocumentInspector()
  const intake = createIntake({ inspector, connections, limits: sizes, lookUpMs: 5_000 })
  const submissions = createSubmissions({ workshop, intake, worker, waiters })
  const guard = createRepeatGuard({
    calls: store,
    horizonMs: 86_400_000 / timeScale,
    runsForMs: config.chorus.timeoutMs + 60_000 / timeScale
  })
  const dropIn = createDropInDoor({ connections, guard, log })
  const budget = createByteBudget(sizes.uploadBudgetBytes)
  const expiries = () => listExpiries(connections.all, now())
  const renewal = createRenewal({
    config,
    connections: connections.all,
    now,
    tokens,
    reread,
    log,
    told: (data) => audit.note({ kind: 'credentials-changed', actor: 'gateway', data }),
    renewed(lane) {
      const { directory, account, connection } = connections.at(lane)
      directory.clear()
      for (const route of [account.route, ...account.formerly]) {
        lanes.retry(laneOf({ environment: connection.environment, connection: route }))
      }
      worker.wake()
    }
  })
  const structures = createStructures({ now })
  const issued = createIssued({ store, structures })
  const received = createReceived({ structures, beforeDownload: createKeeper(store) })
  const metrics = createMetrics({
    expiries: () =>
      expiries().map(({ kind, connection, account = '', expiresAt }) => ({ kind, connection, account, expiresAt })),
    renewal: () => ({ failures: renewal.failures(), ways: renewal.view().ways }),
    counts: store.counts,
    lanes: lanes.view,
    visibility: visibility.view,
    jobsInHand: worker.busy,
    uploadBytes: budget.used,
    logLinesLost
  })

  const readiness = createReadiness({ store, lanes })

  return {
    config,
    version,
    now,
    store,
    audit,
    identify,
    keys: createKeyAdministration({ store, now }),
    limits,
    documents,
    directory: ({ caller }) => accountForReading(connections.allowed(caller), caller.sellers).directory,
    resources: ({ caller }) => accountForReading(connections.allowed(caller), caller.sellers).chorus.resources,
    visit: ({ caller }) => visitOver(caller, connections.allowed(caller)),
    issued,
    issuedChanges: createIssuedChanges({ issued, documents }),
    received,
    setStatus: createReceivedChanges({ received }),
    pickUps: createPickUps({ store, received }),
    records: createRecords(),
    storedFiles: createStoredFiles(),
    submissions,
    dropIn,
    lanes,
    worker,
    budget,
    metrics,
    present: (invoice) => presentInvoice(invoice, lanes.trouble(laneOf(invoice))),
    presentTimeline,
    isStatus,
    connections,
    renewal,
    expiries,
    directoryCopies,
    async resume() {
      const restored = await store.restore(timing.quietMs, config.restored)
      return { restored, ...(await store.recover(timing.quietMs, longestRestOf(timing))) }
    },
    readiness,
    history,
    status: createStatus({
      version,
      now,
      ready: readiness,
      counts: store.counts,
      inHand: worker.busy,
      lanes: lanes.view,
      connections: connections.all,
      renewal: renewal.view,
      expiries,
      errors,
      history
    }),
    async close() {
      directoryCopies.close()
      await connections.close()
      await inspector.close()
      await documents.close()
      await limits.close()
      await audit.close()
      await store.close()
    }
  }
}
