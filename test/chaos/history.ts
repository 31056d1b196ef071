import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Acceptance, Arrival } from '../../src/simulator/ledger.ts'

/** One invoice as the ERP meant it, written before it is sent for the first time. */
export interface Meant {
  kind: 'invoice'
  at: string
  key: string
  mode: 'pdf' | 'structured' | 'data'
  /** Absent where Chorus Pro makes the number: the amount names it then. */
  number?: string
  supplier: string
  recipient: string
  issued: string
  /** Two decimals; no other invoice of the run has this amount. */
  payable: string
  digest?: string
  /** What the schedule wants to become of it; it is sent, unless said otherwise. */
  fate?: 'refused' | 'held'
}

/** `first` covers repeats with the same key; a `rival` has the number of an accepted invoice and another content. */
export type Role = 'first' | 'other-key' | 'rival'

export interface Tried {
  kind: 'try'
  at: string
  key: string
  role: Role
  attempt: number
}

export interface Learned {
  kind: 'outcome'
  at: string
  key: string
  role: Role
  attempt: number
  /** `info`: no answer, or one that promises nothing. */
  result: 'ok' | 'refused' | 'info'
  status?: number
  code?: string
  id?: string
}

export type JournalRecord = Meant | Tried | Learned

/** What the nemesis did. `until` when its effect ended. */
export interface Action {
  kind: 'action'
  at: string
  until?: string
  action: string
  target: string
  detail?: string
  /** Connections, statements or requests that it met, where the part that does it can tell. */
  met?: number
}

/** What a gateway said of its own state: trouble that begins. */
export interface Seen {
  kind: 'seen'
  at: string
  target: string
  what: string
}

/** A fact about the whole run that the checker needs. */
export interface RunFacts {
  kind: 'run'
  seed: number
  /** The longest time until a search shows an acceptance, real milliseconds. */
  searchLagMs: number
  dedupe: boolean
}

/** What Chorus Pro itself holds of an invoice that was refreshed a moment ago. */
export interface PlatformStatus {
  kind: 'platform'
  id: string
  status: string
}

export type HistoryRecord = Action | RunFacts | PlatformStatus | Seen

export interface FlowRecord {
  kind: 'flow'
  flowNumber: string
  arrival: number
  digest: string
  at: string
}
export type LedgerRecord = Arrival | Acceptance | FlowRecord

/** What the gateway says in the end. */
export interface FinalAnswer {
  id: string
  httpStatus: number
  invoice?: FinalInvoice
  timeline?: FinalTimeline
}

export interface FinalInvoice {
  id: string
  number?: string
  totals?: { payable?: string }
  submission: { state: string; mode: string; outcome: string; attempts: number; heldReason?: string }
  status?: { raw: string }
  upstream: { invoiceId?: string; flowNumber?: string; number?: string }
  documents: { role: string; sha256: string }[]
  createdAt: string
}

export interface FinalTimeline {
  items: { at: string; type: string; data?: Record<string, unknown> }[]
  attempts: { number: number; startedAt: string; endedAt?: string; proof?: string }[]
}

/** Everything the checker may look at. */
export interface Evidence {
  journal: JournalRecord[]
  history: HistoryRecord[]
  ledger: LedgerRecord[]
  finals: FinalAnswer[]
}

/** JSON lines, each on the disk when `write` returns. */
export function openJournal<T extends object>(file: string) {
  const descriptor = openSync(file, 'a')
  return {
    write(record: T) {
      writeSync(descriptor, `${JSON.stringify(record)}\n`)
      fsyncSync(descriptor)
    },
    close: () => closeSync(descriptor)
  }
}

export function readLines<T>(file: string): T[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
