import type { Account, Tokens } from './accounts.ts'
import type { Clock } from './clock.ts'
import type { Directory } from './directory.ts'
import type { Fields } from './fields.ts'
import type { Files } from './files.ts'
import type { Flows } from './flows.ts'
import type { Arrival, LedgerBook } from './ledger.ts'
import type { Registry } from './registry.ts'
import type { Settings } from './settings.ts'
import type { Shelf } from './shelf.ts'

/** Everything that an operation may look at or change. */
export interface World {
  clock: Clock
  settings: () => Settings
  directory: Directory
  files: Files
  shelf: Shelf
  invoices: Registry
  flows: Flows
  tokens: Tokens
  ledger: LedgerBook
  /** When the passwords of the technical accounts end; simulated milliseconds. */
  passwordEnd: () => number
}

/** How the caller came: through PISTE, or with a client certificate. */
export type Mode = 'piste' | 'certificate'

export interface Call {
  world: World
  account: Account
  mode: Mode
  fields: Fields
  /** What stood in the path where the route has `{name}`. */
  params: Record<string, string>
  /** The base64 text of the file in the body, cut out of `fields`. */
  file: Buffer | undefined
  /** The line of the ledger that will be written for this request. */
  arrival: Arrival
}

/** Answers with the members of the body, or with none. Refuses by throwing (refusal.ts). */
export type Handler = (call: Call) => object | undefined | Promise<object>
/** By path; all of them are reached with POST. */
export type Operations = Record<string, Handler>

export interface RestOperation {
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  handler: Handler
}

export const traDone = { codeRetour: 0, libelle: 'TRA_MSG_00.000' }
export const gcuDone = { codeRetour: 0, libelle: 'GCU_MSG_01_000' }
