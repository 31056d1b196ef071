import type { Ready } from '../schemas/health.ts'
import type { Status } from '../schemas/status.ts'
import type { Expiry } from '../schemas/ways-out.ts'
import type { AuditTrail } from './audit/trail.ts'
import type { ByteBudget } from './byte-budget.ts'
import type { KeyAdministration } from './callers/administration.ts'
import type { Identify } from './callers/identify.ts'
import type { Limits } from './callers/limits.ts'
import type { Resources } from './chorus/resources.ts'
import type { isStatus } from './chorus/status.ts'
import type { Config } from './config.ts'
import type { Asker, Connections } from './connections/connections.ts'
import type { DirectoryCopies } from './connections/directory-copies.ts'
import type { Renewal } from './connections/renewal.ts'
import type { Directory } from './directory/directory.ts'
import type { DropInDoor } from './drop-in/door.ts'
import type { Lanes } from './invoices/lanes.ts'
import type { PresentInvoice, presentTimeline } from './invoices/present.ts'
import type { Submissions } from './invoices/submission.ts'
import type { Worker } from './invoices/worker.ts'
import type { Metrics } from './metrics.ts'
import type { Issued } from './portal/issued.ts'
import type { IssuedChanges } from './portal/issued-changes.ts'
import type { PickUps } from './portal/pick-up.ts'
import type { Received } from './portal/received.ts'
import type { SetStatus } from './portal/received-changes.ts'
import type { Records } from './portal/records.ts'
import type { StoredFiles } from './portal/stored-files.ts'
import type { Visit } from './portal/visit.ts'
import type { StatusHistory } from './status/history.ts'
import type { DocumentStore } from './store/document-store.ts'
import type { Store } from './store/store.ts'

/** What of a request decides about its connection. */
export interface Asking {
  caller: Asker
}

/** The same, with what it may see of Chorus Pro. */
export interface Caller extends Asker {
  id: string
  sellers: readonly string[]
}

/** Everything the listeners are made of. */
export interface Parts {
  config: Readonly<Config>
  version: string
  now: () => Date
  store: Store
  audit: AuditTrail
  identify: Identify
  keys: KeyAdministration
  limits: Limits
  documents: DocumentStore
  /** Over the connection that the request means. */
  directory: (request: Asking) => Directory
  /** What Chorus Pro offers beside sending, over the connection that the request means. */
  resources: (request: Asking) => Resources
  /** Who looks into Chorus Pro, and over which of our accounts. */
  visit: (request: { caller: Caller }) => Visit
  issued: Issued
  issuedChanges: IssuedChanges
  records: Records
  storedFiles: StoredFiles
  received: Received
  setStatus: SetStatus
  pickUps: PickUps
  submissions: Submissions
  dropIn: DropInDoor
  lanes: Lanes
  worker: Worker
  budget: ByteBudget
  metrics: Metrics
  present: PresentInvoice
  presentTimeline: typeof presentTimeline
  isStatus: typeof isStatus
  readiness(): Promise<Ready>
  connections: Connections
  renewal: Renewal
  expiries(): Expiry[]
  status(): Promise<Status>
  history: StatusHistory
  /** Recipients as they were, for when Chorus Pro is away. */
  directoryCopies: DirectoryCopies
  /** What earlier processes left unfinished is due again, or to be searched for: all of it in a restored ledger. */
  resume(): Promise<{ restored: number | undefined; unknown: number; due: number }>
  /** Upstream agent, parser threads, store: what holds something, in this order. */
  close(): Promise<void>
}
