import type { InvoiceInput } from '../../schemas/invoice.ts'
import { type Engine, lockFreeRows, type Row, type Tx } from './engine.ts'
import { int, invoiceFrom, text, updateInvoice } from './rows.ts'
import type { Store } from './store.ts'
import type { StoredInvoice } from './stored-invoice.ts'
import { appendTimeline } from './timeline.ts'

const patience = { patienceMs: 60_000 }

/** Free text and what only a sending needs. What is left tells that the invoice was here, and what became of it. */
export function createPurge(engine: Engine): Store['purge'] {
  // Its status may go on, with comments, after it was purged once.
  const due = `select * from invoice where state in ('integrated', 'rejected', 'cancelled')
    and (purged_at is null or purged_at <= updated_at) and updated_at < $1 order by updated_at limit $2${lockFreeRows(engine, 'invoice')}`
  return (before, limit) =>
    engine.write(async (tx) => {
      const rows = await tx.all(due, [before.getTime(), limit])
      for (const row of rows) {
        const { documents } = invoiceFrom(row)
        await strip(tx, row, purged)
        await appendTimeline(
          tx,
          int(row, 'seq'),
          [{ type: 'purged', data: { documents: documents.length } }],
          await tx.now()
        )
      }
      return rows.length
    }, patience)
}

/** Rewrites the row, and takes out of its history what people wrote. Its documents are nobody's afterwards. */
export async function strip(
  tx: Tx,
  row: Row,
  reduce: (invoice: StoredInvoice) => StoredInvoice,
  keepOfHistory: readonly string[] = facts
): Promise<void> {
  const seq = int(row, 'seq')
  const before = invoiceFrom(row)
  const after = reduce(before)
  await tx.run('delete from document_use where invoice_seq = $1', [seq])
  await tx.run('update attempt set exchange = null, detail = null where invoice_seq = $1', [seq])
  for (const entry of await tx.all('select seq, data from timeline where invoice_seq = $1', [seq])) {
    const data = JSON.parse(text(entry, 'data')) as Record<string, unknown>
    const kept = Object.fromEntries(Object.entries(data).filter(([name]) => keepOfHistory.includes(name)))
    await tx.run('update timeline set data = $1 where seq = $2', [JSON.stringify(kept), int(entry, 'seq')])
  }
  const { sql, params } = updateInvoice(row, before, { ...after, version: before.version + 1 })
  await tx.run(sql, params)
  await tx.run('update invoice set purged_at = $1 where seq = $2', [await tx.now(), seq])
}

/** Codes, states and numbers; no comment, no message, no name. `status-changed` is recognised by them. */
const facts = [
  'from',
  'to',
  'code',
  'raw',
  'at',
  'id',
  'number',
  'proof',
  'operation',
  'mode',
  'reason',
  'operator',
  'documents',
  'replaces',
  'invoiceId',
  'files',
  'state'
]

/** The invoice without what people wrote in it. */
function purged(invoice: StoredInvoice): StoredInvoice {
  const { extraction: _extraction, error, status, ...rest } = invoice
  return {
    ...rest,
    content: identityOf(invoice.content),
    documents: [],
    warnings: [],
    ...(error !== undefined && { error: { code: error.code, detail: '', owner: error.owner } }),
    ...(status !== undefined && { status: withoutComment(status) })
  }
}

function withoutComment({ comment: _comment, ...status }: NonNullable<StoredInvoice['status']>) {
  return status
}

function identityOf({ number, issueDate, seller, buyer }: InvoiceInput): InvoiceInput {
  return {
    ...(number !== undefined && { number }),
    ...(issueDate !== undefined && { issueDate }),
    ...(seller?.siret !== undefined && { seller: { siret: seller.siret } }),
    ...(buyer?.siret !== undefined && { buyer: { siret: buyer.siret } })
  }
}
