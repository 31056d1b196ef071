import type { InvoiceInput } from '../../schemas/invoice.ts'
import type { FieldError, UpstreamAnswer } from '../../schemas/problem.ts'

/** Our side of the story; transitions are in `transitions.ts`. */
export const submissionStates = [
  'received',
  'deposited',
  'submitting',
  'unknown',
  'submitted',
  'integrated',
  'rejected',
  'held',
  'cancelled'
] as const
export type SubmissionState = (typeof submissionStates)[number]

export type Outcome = 'not_sent' | 'sent' | 'unknown'
export type Mode = 'pdf' | 'structured' | 'data'

export interface StoredDocument {
  /** `doc_` and 32 hexadecimal digits. */
  id: string
  role: 'invoice' | 'attachment'
  name: string
  mediaType: string
  /** Bytes. */
  size: number
  sha256: string
  /** Chorus Pro's pieceJointeId, once it has the file. */
  attachmentId?: string
}

/** What went wrong last, in the words of the problem catalogue. */
export interface SubmissionError {
  code: string
  detail: string
  owner: string
  errors?: FieldError[]
  upstream?: UpstreamAnswer
}

/** An invoice as the ledger keeps it. Times are RFC 3339 UTC texts, ids of Chorus Pro decimal texts. */
export interface StoredInvoice {
  id: string
  caller: string
  environment: string
  connection: string
  content: InvoiceInput
  sellerSiret?: string
  buyerSiret?: string
  /** Ours; absent in mode `data`. */
  number?: string
  issueDate?: string
  mode: Mode
  modeReason: string
  /** PAdES signature in the PDF, or in the flow's file. */
  signed: boolean
  /** Mode `structured`: Chorus Pro's syntaxeFlux. */
  syntax?: string
  documents: StoredDocument[]
  state: SubmissionState
  outcome: Outcome
  /** Attempts of the non-repeatable call (soumettre, deposer/flux). */
  attempts: number
  nextAttemptAt?: string
  error?: SubmissionError
  heldReason?: string
  status?: { code: string; raw: string; since?: string; comment?: string }
  upstream: Record<string, string>
  extraction?: Record<string, unknown>
  warnings: FieldError[]
  replaces?: string
  createdAt: string
  updatedAt: string
  /** Grows by one with every change; a change that names an older one is refused. */
  version: number
}

export type JobKind = 'send' | 'reconcile' | 'flow' | 'status'

/** The way out that an invoice's jobs need. */
export function laneOf(invoice: Pick<StoredInvoice, 'environment' | 'connection'>): string {
  return `${invoice.environment}/${invoice.connection}`
}

/** One thing to do for one invoice; at most one of a kind per invoice. */
export interface Job {
  id: string
  kind: JobKind
  invoiceId: string
  caller: string
  /** `laneOf` its invoice. */
  lane: string
  /** RFC 3339. */
  runAt: string
  /** Tries of this job that ended without settling it; drives back-off. */
  tries: number
  /** The fencing token: a settled or stolen job's holder is refused. */
  fence: number
}

export interface TimelineEntry {
  /** E.g. `accepted`, `deposited`, `attempt-started`, `attempt-ended`, `state-changed`, `status-changed`, `held`. */
  type: string
  at?: string
  data?: Record<string, unknown>
}

/** What one try of the call proved (reliability brief, 2.1). */
export type Proof = 'not-sent' | 'not-processed' | 'refused' | 'exists' | 'done' | 'unknown'

export interface Attempt {
  number: number
  operation: string
  startedAt: string
  endedAt?: string
  /** Absent while it runs. */
  proof?: Proof
  exchange?: UpstreamAnswer
  detail?: string
}
