import type { DocumentStore, Facts } from './document-store.ts'
import { StoreMoved } from './embedded.ts'
import {
  DocumentDamaged,
  FenceLost,
  InvalidTransition,
  NotReplaceable,
  NumberTaken,
  OpenSubmissions,
  StoreUnavailable
} from './errors.ts'
import { StoreInUse } from './instance-lock.ts'
import { SchemaTooNew } from './migrations.ts'
import type { AcceptResult, NewInvoice } from './store.ts'

/** What the ledger's thread needs to open the store; failpoints that are armed in the process count there too. */
export interface ThreadData {
  dataDir: string
  armed: unknown
  /** The time in epoch milliseconds, where a test holds the hands. */
  clock?: BigInt64Array<SharedArrayBuffer>
}

/** One method of the ledger's thread to be called. `number` comes back with the answer. */
export interface Question {
  number: number
  of: 'store' | 'documents'
  method: string
  args: unknown[]
}

export type Reply = { number: number; value: unknown } | { number: number; error: CarriedError }

/** The thread's first word: which methods its store has, or why it has none. */
export type Opened = { methods: string[] } | { failure: CarriedError }

/** A file to be kept: one whose bytes are in the thread, or a small one that comes now. */
export type Parcel = { file: number } | { file: number; sha256: string; bytes: Uint8Array<ArrayBuffer> }

/** A file on its way in has no place in a message: it is named by a number. */
export interface ThreadDocuments extends Pick<DocumentStore, 'sweep'> {
  write(file: number, bytes: Uint8Array): Promise<void>
  end(file: number, rest?: Uint8Array): Promise<Facts>
  /** The bytes come along, and go back with the answer. */
  fill(file: number, bytes: Uint8Array<ArrayBuffer>): Promise<Facts & { bytes: Uint8Array<ArrayBuffer> }>
  keep(parcels: Parcel[]): Promise<void>
  /** Keeps them, and the invoice that names them: one message instead of two, and none of the waiting between. */
  accept(input: NewInvoice, parcels: Parcel[]): Promise<AcceptResult>
  discard(file: number): Promise<void>
  /** Without the two questions and the answer between them that `removeUnused` takes: the ledger is here. */
  removeUnused(olderThanMs: number): Promise<number>
  close(): Promise<void>
}

/** An error on its way between threads, which keep its message alone. */
export interface CarriedError {
  class: string
  message: string
  stack: string | undefined
  members: Record<string, unknown>
  cause?: CarriedError
}

const classes: readonly { name: string; prototype: Error }[] = [
  StoreUnavailable,
  FenceLost,
  InvalidTransition,
  NumberTaken,
  NotReplaceable,
  OpenSubmissions,
  DocumentDamaged,
  StoreMoved,
  StoreInUse,
  SchemaTooNew,
  RangeError,
  TypeError
]

export function carry(error: unknown): CarriedError {
  if (!(error instanceof Error)) return { class: 'Error', message: String(error), stack: undefined, members: {} }
  const plain = Object.entries(error).filter(([, value]) => typeof value !== 'object' && typeof value !== 'function')
  const lists = Object.entries(error).filter(([, value]) => Array.isArray(value))
  return {
    class: error.constructor.name,
    message: error.message,
    stack: error.stack,
    members: Object.fromEntries([...plain, ...lists]),
    ...(error.cause !== undefined && { cause: carry(error.cause) })
  }
}

/** With its class, so that `instanceof` holds again. */
export function uncarry({ class: name, message, stack, members, cause }: CarriedError): Error {
  const prototype = classes.find((each) => each.name === name)?.prototype ?? Error.prototype
  const error = Object.create(prototype) as Error
  const hidden = { writable: true, configurable: true, enumerable: false }
  Object.defineProperties(error, { message: { ...hidden, value: message }, stack: { ...hidden, value: stack } })
  if (cause !== undefined) Object.defineProperty(error, 'cause', { ...hidden, value: uncarry(cause) })
  return Object.assign(error, members)
}
