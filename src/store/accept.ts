import { useDocuments } from './document-use.ts'
import { type Engine, lockRow, type Row, type Tx } from './engine.ts'
import { NotReplaceable, StoreUnavailable } from './errors.ts'
import { addJob, jobFrom } from './jobs.ts'
import { first, insertInvoice, insertValues, int, invoiceFrom, isLive, iso, text } from './rows.ts'
import type { AcceptResult, NewInvoice, Store } from './store.ts'
import type { StoredInvoice } from './stored-invoice.ts'
import { appendTimeline } from './timeline.ts'
import type { Tombstones } from './tombstones.ts'

export function createAccept(engine: Engine, tombstones: Tombstones): Store['accept'] {
  const lock = lockRow(engine)
  return (input) =>
    engine
      .write(
        async (tx) =>
          ((await mayBeKnown(tx, input)) ? await known(tx, input, lock, tombstones) : undefined) ??
          (await insert(tx, input, lock))
      )
      .catch((error: unknown) => {
        // Each time another one with its key or number was faster, and each time it was gone again.
        throw isUniqueConflict(error) ? new StoreUnavailable('busy', { cause: error }) : error
      })
}

const isUniqueConflict = (error: unknown) => error instanceof Error && 'code' in error && error.code === '23505'

/** One look that spares most invoices the others. */
async function mayBeKnown(tx: Tx, { invoice, naturalKey, idempotency }: NewInvoice): Promise<boolean> {
  const rows = await tx.all(
    `select 1 as known where exists (select 1 from idempotency where caller = $1 and key = $2)
     or exists (select 1 from invoice where natural_key = $3 and live = 1)
     or exists (select 1 from invoice where natural_key = $3 and live = 0)
     or exists (select 1 from tombstone)`,
    [invoice.caller, idempotency?.key ?? null, naturalKey ?? null]
  )
  return rows.length > 0
}

async function known(
  tx: Tx,
  input: NewInvoice,
  lock: string,
  tombstones: Tombstones
): Promise<AcceptResult | undefined> {
  return (await seenBefore(tx, input, lock)) ?? (await erasedBefore(tx, input, tombstones))
}

async function erasedBefore(tx: Tx, input: NewInvoice, tombstones: Tombstones): Promise<AcceptResult | undefined> {
  const { invoice, naturalKey, idempotency } = input
  const row = await tombstones.find(tx, {
    naturalKey,
    idempotency: idempotency && { caller: invoice.caller, key: idempotency.key }
  })
  return row && duplicate(row, input)
}

async function seenBefore(tx: Tx, input: NewInvoice, lock: string): Promise<AcceptResult | undefined> {
  const byKey = await sameKey(tx, input)
  if (byKey !== undefined) return byKey
  const byNumber = await sameNumber(tx, input, lock)
  // Another replica may have committed in between: the key, if it is the same, says more than the number.
  return byNumber && ((await sameKey(tx, input)) ?? byNumber)
}

async function sameKey(tx: Tx, input: NewInvoice): Promise<AcceptResult | undefined> {
  const { invoice, idempotency } = input
  if (idempotency === undefined) return undefined
  const row = first(
    await tx.all(
      `select invoice.*, idempotency.fingerprint as key_fingerprint from idempotency
       join invoice on invoice.seq = idempotency.invoice_seq
       where idempotency.caller = $1 and idempotency.key = $2`,
      [invoice.caller, idempotency.key]
    )
  )
  if (row === undefined) return undefined
  if (row['purged_at'] !== null) return duplicate(row, input)
  const same = text(row, 'key_fingerprint') === idempotency.fingerprint
  return { kind: same ? 'replayed' : 'key-reused', invoice: invoiceFrom(row) }
}

async function sameNumber(tx: Tx, input: NewInvoice, lock: string): Promise<AcceptResult | undefined> {
  const { invoice, naturalKey } = input
  if (naturalKey === undefined) return undefined
  const live = first(await tx.all(`select * from invoice where natural_key = $1 and live = 1${lock}`, [naturalKey]))
  if (live !== undefined) return duplicate(live, input)
  if (invoice.replaces !== undefined) return undefined
  // Requirement C9: after a refusal the same number comes again only as a declared replacement, not by mistake.
  const dead = first(
    await tx.all('select * from invoice where natural_key = $1 and live = 0 order by seq desc limit 1', [naturalKey])
  )
  const refused = dead !== undefined && dead['state'] === 'rejected' && dead['caller'] === invoice.caller
  return refused ? duplicate(dead, input) : undefined
}

function duplicate(row: Row, { fingerprint }: NewInvoice): AcceptResult {
  // Nobody can tell any more what a purged one was.
  const sameContent = row['purged_at'] === null && text(row, 'fingerprint') === fingerprint
  return { kind: 'duplicate', invoice: invoiceFrom(row), sameContent }
}

async function insert(tx: Tx, input: NewInvoice, lock: string): Promise<AcceptResult> {
  const { naturalKey, fingerprint, idempotency, claimForMs } = input
  if (input.invoice.replaces !== undefined) await assertReplaceable(tx, input.invoice, input.invoice.replaces, lock)
  const now = await tx.now()
  const invoice: StoredInvoice = {
    ...input.invoice,
    upstream: {},
    state: 'received',
    outcome: 'not_sent',
    attempts: 0,
    nextAttemptAt: iso(now),
    createdAt: iso(now),
    updatedAt: iso(now),
    version: 1
  }
  const seq = int(first(await tx.all(insertInvoice, insertValues(invoice, naturalKey, fingerprint))) ?? {}, 'seq')
  if (idempotency !== undefined) {
    await tx.run(
      'insert into idempotency (caller, key, fingerprint, invoice_seq, created_at) values ($1, $2, $3, $4, $5)',
      [invoice.caller, idempotency.key, idempotency.fingerprint, seq, now]
    )
  }
  await useDocuments(tx, seq, invoice.documents)
  const { mode, modeReason, replaces } = invoice
  const data = { mode, modeReason, documents: invoice.documents.length, ...(replaces !== undefined && { replaces }) }
  await appendTimeline(tx, seq, [{ type: 'accepted', data }], now)
  const leaseUntil = claimForMs > 0 ? now + claimForMs : 0
  const job = await addJob(tx, seq, invoice, { kind: 'send', runAt: now, leaseUntil })
  return { kind: 'accepted', invoice, job: jobFrom({ ...job, invoice_id: invoice.id }) }
}

/** Invariant I8: a correction is a new row that points back to a final one. */
async function assertReplaceable(tx: Tx, invoice: NewInvoice['invoice'], id: string, lock: string): Promise<void> {
  const row = first(await tx.all(`select * from invoice where id = $1${lock}`, [id]))
  if (row === undefined || row['caller'] !== invoice.caller) throw new NotReplaceable('unknown')
  const old = invoiceFrom(row)
  const same =
    old.environment === invoice.environment && old.sellerSiret === invoice.sellerSiret && old.number === invoice.number
  if (!same) throw new NotReplaceable('other-invoice')
  if (isLive(old.state)) throw new NotReplaceable('not-final')
}
