import type { UpstreamAnswer } from '../../schemas/problem.ts'
import type { AuditStore } from './audit.ts'
import type { IncomingDocument } from './document-store.ts'
import type { KeyStore } from './keys.ts'
import type { Links } from './links.ts'
import type { PickUps } from './pick-up.ts'
import type { RawCallStore } from './raw-calls.ts'
import type { Attempt, Job, JobKind, Proof, StoredInvoice, SubmissionState, TimelineEntry } from './stored-invoice.ts'
import type { UsageStore } from './usage.ts'

export interface NewInvoice {
  invoice: Omit<StoredInvoice, 'version' | 'createdAt' | 'updatedAt' | 'attempts' | 'state' | 'outcome' | 'upstream'>
  idempotency?: { key: string; fingerprint: string }
  /** Unique over live (not rejected, not cancelled) invoices: environment, seller, number, year. Absent: not protected. */
  naturalKey?: string
  /** Digest of what the caller sent, to tell a replay by natural key from another invoice. */
  fingerprint: string
  /** The first job is born claimed by this process for so long (milliseconds); 0: left for whoever asks. */
  claimForMs: number
}

export type AcceptResult =
  | { kind: 'accepted'; invoice: StoredInvoice; job: Job }
  /** Same key, same content: the resource as it stands now. */
  | { kind: 'replayed'; invoice: StoredInvoice }
  | { kind: 'key-reused'; invoice: StoredInvoice }
  /** A live invoice has this natural key. Whether it may be shown is for the reader to decide by `caller`. */
  | { kind: 'duplicate'; invoice: StoredInvoice; sameContent: boolean }

/** What a change of one invoice writes, all or nothing. */
export interface Change {
  patch?: Partial<
    Omit<
      StoredInvoice,
      'id' | 'caller' | 'environment' | 'connection' | 'attempts' | 'createdAt' | 'updatedAt' | 'version'
    >
  >
  /** Members of the invoice to remove. */
  unset?: ('error' | 'nextAttemptAt' | 'heldReason' | 'status' | 'extraction')[]
  /** The ledger itself adds `state-changed`, `attempt-started` and `attempt-ended` where they are not among these. */
  timeline?: TimelineEntry[]
  /** Records that attempt `attempts + 1` of the call starts; only with the state `submitting` and a held send job. */
  startAttempt?: { operation: string }
  /** The last attempt, or an older one by its number. A proof is only ever replaced by a better one. */
  endAttempt?: { proof: Proof; number?: number; exchange?: UpstreamAnswer; detail?: string }
  /** What a flow's report says of the attempt that handed it in; a refusal with `rejected`, a double with `unknown`. */
  reported?: 'refused' | 'exists'
  /**
   * The number was only learned after acceptance: from now on it is protected like any other. A live invoice that has it
   * already makes the change throw NumberTaken.
   */
  naturalKey?: string
  /** The person who decides about a held invoice whose attempts are in doubt. Kept in the timeline. */
  operator?: string
  /**
   * What becomes of the job that is held: settled, due again, or leased for so much longer from now (milliseconds).
   * Without it the lease just stays.
   */
  job?: { settle: true } | { runAt: Date; countTry: boolean } | { leaseMs: number }
  /** Other jobs born (or brought forward) with the change. */
  jobs?: { kind: JobKind; runAt: Date }[]
  /** Jobs of these kinds that end with the change. */
  endJobs?: JobKind[]
}

export interface InvoiceFilter {
  caller?: string
  sellerSirets?: string[]
  number?: string
  sellerSiret?: string
  buyerSiret?: string
  state?: SubmissionState
  statusCode?: string
  issueDateFrom?: string
  issueDateTo?: string
  createdFrom?: string
  createdTo?: string
}

/**
 * The ledger. Every method is one transaction that is durable when its promise resolves; concurrent writes share a commit.
 * The rows of `find…` never go back behind a write that has resolved.
 */
export interface Store extends KeyStore, RawCallStore, AuditStore, UsageStore, Links, PickUps {
  /** Its documents that are on their way in are kept before it, whatever becomes of it. */
  accept(input: NewInvoice, documents?: IncomingDocument[]): Promise<AcceptResult>
  find(id: string): Promise<StoredInvoice | undefined>
  /**
   * Newest first: by issue date where only an issue date narrows the list, else by arrival. The cursor
   * belongs to the filter that made it; a foreign one throws RangeError. The dates of a range are part of it.
   */
  list(
    filter: InvoiceFilter,
    page: { limit: number; cursor?: string }
  ): Promise<{ items: StoredInvoice[]; nextCursor?: string }>
  timeline(id: string): Promise<{ entries: Required<TimelineEntry>[]; attempts: Attempt[] }>
  /**
   * Reads the invoice, asks `decide` what to write, writes it; undefined writes nothing. With a job, its fence is checked
   * first. `decide` may run again and must not act on the world. A transition that the state machine does not know throws
   * InvalidTransition; an id that does not exist RangeError. Jobs that the new state has no use for end by themselves.
   */
  change(
    id: string,
    decide: (invoice: StoredInvoice) => Change | undefined,
    job?: Pick<Job, 'id' | 'fence'>
  ): Promise<StoredInvoice>
  /** Due jobs, sends before reconciles before the rest, in turn between callers; each claimed for `leaseMs`. */
  claim(limit: number, leaseMs: number, lanes?: string[]): Promise<Job[]>
  /** Gives jobs back untouched, for instance at shutdown; one whose call has started is left to `recover`. */
  release(jobs: Pick<Job, 'id' | 'fence'>[]): Promise<void>
  /** Holds jobs for so much longer from now; those that are no longer the holder's are passed over. */
  renew(jobs: Pick<Job, 'id' | 'fence'>[], leaseMs: number): Promise<void>
  /**
   * Jobs whose lease ended without a word: the holder is dead or stuck. Those of an invoice in `submitting` turn into
   * `unknown` with a reconcile job; never back to send. Others become due. Returns how many of each. With `longestRestMs`,
   * what is due later than anything is ever put off, because a clock was wrong, becomes due as well.
   */
  recover(quietMs: number, longestRestMs?: number): Promise<{ unknown: number; due: number }>
  /**
   * To be called before anything is sent. For a ledger that is an older copy of itself, which `on` says and `auto` finds
   * out where it can: all that could still be sent turns `unknown`, with a reconcile job. Returns how many, or undefined
   * when it is no copy, or `off` says that nothing was sent since.
   */
  restore(quietMs: number, when: 'auto' | 'on' | 'off'): Promise<number | undefined>
  /**
   * Says that this deployment sends over these lanes as these targets, for so long. Resolves to a lane that another one
   * holds with another target, and holds nothing then.
   */
  holdLanes(targets: { lane: string; target: string }[], leaseMs: number): Promise<string | undefined>
  /** When the next job falls due, for the worker to sleep until then. */
  nextDue(lanes?: string[]): Promise<Date | undefined>
  /** May lag a little behind on a large ledger. */
  counts(): Promise<{ states: Record<string, number>; due: number }>

  /**
   * Takes documents and free text from finished invoices without a change since then, `limit` at most; returns how many.
   * The invoice, its number and its states stay, and it is a duplicate of whatever comes under its number or key.
   */
  purge(before: Date, limit: number): Promise<number>
  /**
   * Makes a seller's invoices nobody's: what stays is their id, their states, and keyed hashes that go on refusing their
   * numbers. Throws OpenSubmissions unless all are finished. Returns how many.
   */
  erase(sellerSiret: string, operator: string): Promise<number>
  /** Which of these documents an invoice names. */
  documentsUsed(sha256: string[]): Promise<Set<string>>

  /** Resolves when a small write is durable; rejects with StoreUnavailable. */
  check(): Promise<void>
  close(): Promise<void>
}
