import type { SubmissionState } from './stored-invoice.ts'

/** Thrown by a change whose job was settled, stolen or given back meanwhile. What it learned belongs to a late answer. */
export class FenceLost extends Error {
  constructor(invoiceId: string) {
    super(`another worker took over ${invoiceId}`)
    this.name = 'FenceLost'
  }
}

/** Thrown by a change that the state machine does not know, or whose guard does not hold. Nothing was written. */
export class InvalidTransition extends Error {
  readonly from: SubmissionState
  readonly to: SubmissionState
  readonly reason: string
  constructor(from: SubmissionState, to: SubmissionState, reason: string) {
    super(`${from} to ${to}: ${reason}`)
    this.name = 'InvalidTransition'
    this.from = from
    this.to = to
    this.reason = reason
  }
}

/** Thrown by a change whose `naturalKey` belongs to another live invoice. Nothing was written. */
export class NumberTaken extends Error {
  readonly by: string
  constructor(by: string) {
    super(`the number belongs to ${by}`)
    this.name = 'NumberTaken'
    this.by = by
  }
}

/** Thrown by `accept` when the invoice named by `replaces` is not the caller's, is another invoice, or still stands. */
export class NotReplaceable extends Error {
  readonly reason: 'unknown' | 'other-invoice' | 'not-final'
  constructor(reason: NotReplaceable['reason']) {
    super(`the invoice to replace is ${reason}`)
    this.name = 'NotReplaceable'
    this.reason = reason
  }
}

/** Thrown by `erase` while invoices of the seller may still go somewhere. Nothing was erased. */
export class OpenSubmissions extends Error {
  readonly ids: string[]
  constructor(ids: string[]) {
    super(`${ids.length} submissions are not finished`)
    this.name = 'OpenSubmissions'
    this.ids = ids
  }
}

/** Thrown when the bytes of a document are gone or no longer match their digest. */
export class DocumentDamaged extends Error {
  constructor(sha256: string, options?: ErrorOptions) {
    super(`document ${sha256} is missing or altered`, options)
    this.name = 'DocumentDamaged'
  }
}

/** What became of a document that cannot be opened: gone, or out of reach for reasons that may pass. */
export function unopened(sha256: string, error: unknown): unknown {
  const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  return gone ? new DocumentDamaged(sha256, { cause: error }) : error
}

/** Thrown when the store cannot take a write: nothing was kept, as far as can be known. */
export class StoreUnavailable extends Error {
  /** `busy`: others changed the same rows each time it was tried. */
  readonly reason: 'full' | 'unavailable' | 'commit-unknown' | 'busy'
  constructor(reason: StoreUnavailable['reason'], options?: ErrorOptions) {
    super(`the store is ${reason}`, options)
    this.name = 'StoreUnavailable'
    this.reason = reason
  }
}
