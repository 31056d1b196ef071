import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IncomingDocument } from '../../../src/store/document-store.ts'
import { newId } from '../../../src/store/ids.ts'
import type { AcceptResult, NewInvoice, Store } from '../../../src/store/store.ts'
import type { Job, StoredInvoice } from '../../../src/store/stored-invoice.ts'

export interface Tap {
  teardown(handler: () => unknown): void
}

/** A store, and its clock in the test's hand. */
export interface StoreUnderTest {
  store: Store
  advance: (ms: number) => void
  now: () => number
  /** One statement past the store; `owner`: as one who may also take the guards away. */
  tamper: (sql: string, owner?: 'owner') => Promise<void>
}
export type MakeStore = (t: Tap) => Promise<StoreUnderTest>

export function temporaryFolder(t: Tap): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-store-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let made = 0

/** An invoice to accept; every one has a number of its own unless it is given. */
export function sample(
  invoice: Partial<NewInvoice['invoice']> = {},
  rest: Partial<Omit<NewInvoice, 'invoice'>> = {}
): NewInvoice {
  const number = invoice.number ?? `FA-${++made}`
  const sellerSiret = invoice.sellerSiret ?? '12345678901234'
  return {
    invoice: {
      id: newId('inv', Date.now()),
      caller: 'erp',
      environment: 'simulator',
      connection: 'default',
      content: { number, issueDate: '2026-11-20' },
      sellerSiret,
      buyerSiret: '98765432109876',
      number,
      issueDate: '2026-11-20',
      mode: 'pdf',
      modeReason: 'a PDF without structured data',
      signed: false,
      documents: [],
      warnings: [],
      ...invoice
    },
    naturalKey: `simulator|${sellerSiret}|${number}|2026`,
    fingerprint: `digest of ${number}`,
    claimForMs: 60_000,
    ...rest
  }
}

export async function accepted(
  store: Store,
  input = sample(),
  documents: IncomingDocument[] = []
): Promise<Extract<AcceptResult, { kind: 'accepted' }>> {
  const result = await store.accept(input, documents)
  if (result.kind !== 'accepted') throw new Error(`expected an accepted invoice, got ${result.kind}`)
  return result
}

/** Accepts one and starts the call. */
export async function submitting(store: Store, input = sample()): Promise<{ invoice: StoredInvoice; job: Job }> {
  const { invoice, job } = await accepted(store, input)
  return { invoice: await start(store, invoice.id, job), job }
}

export function start(store: Store, id: string, job: Job): Promise<StoredInvoice> {
  return store.change(
    id,
    () => ({ patch: { state: 'submitting' }, startAttempt: { operation: 'factures/soumettre' } }),
    job
  )
}

/** Accepts one, whose call then has an outcome that nobody knows; a reconcile job is due. */
export async function unknown(store: Store, input = sample(), runAt = new Date(0)): Promise<StoredInvoice> {
  const { invoice, job } = await submitting(store, input)
  return await store.change(
    invoice.id,
    () => ({
      patch: { state: 'unknown' },
      endAttempt: { proof: 'unknown' },
      job: { settle: true },
      jobs: [{ kind: 'reconcile', runAt }]
    }),
    job
  )
}

/** Accepts one that Chorus Pro refuses for its content. */
export async function rejected(store: Store, input = sample()): Promise<StoredInvoice> {
  const { invoice, job } = await submitting(store, input)
  return await store.change(
    invoice.id,
    () => ({ patch: { state: 'rejected' }, endAttempt: { proof: 'refused' }, job: { settle: true } }),
    job
  )
}
