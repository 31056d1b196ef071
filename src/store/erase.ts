import { appendAudit } from './audit.ts'
import { type Engine, lockRow, type Tx } from './engine.ts'
import { OpenSubmissions } from './errors.ts'
import { strip } from './purge.ts'
import { first, int, text } from './rows.ts'
import type { Store } from './store.ts'
import type { StoredInvoice } from './stored-invoice.ts'
import { appendTimeline } from './timeline.ts'
import type { Tombstones } from './tombstones.ts'

const patience = { patienceMs: 600_000 }

/** Nothing in the row says whose invoice it was; its id stays, for who once got it as an answer. */
export function createErase(engine: Engine, tombstones: Tombstones): Store['erase'] {
  const lock = lockRow(engine)

  async function eraseOne(tx: Tx, id: string, operator: string): Promise<void> {
    const row = first(await tx.all(`select * from invoice where id = $1${lock}`, [id]))
    if (row === undefined) return
    const seq = int(row, 'seq')
    const naturalKey = row['natural_key'] === null ? undefined : text(row, 'natural_key')
    await tombstones.add(tx, id, { naturalKey, idempotency: undefined })
    for (const key of await tx.all('select caller, key from idempotency where invoice_seq = $1', [seq])) {
      const idempotency = { caller: text(key, 'caller'), key: text(key, 'key') }
      await tombstones.add(tx, id, { naturalKey: undefined, idempotency })
    }
    await tx.run('delete from idempotency where invoice_seq = $1', [seq])
    await tx.run('delete from job where invoice_seq = $1', [seq])
    await strip(tx, row, erased, ['from', 'to', 'proof', 'operator'])
    await tx.run("update invoice set natural_key = null, fingerprint = '' where seq = $1", [seq])
    await appendTimeline(tx, seq, [{ type: 'erased', data: { operator } }], await tx.now())
  }

  return (sellerSiret, operator) =>
    engine.write(async (tx) => {
      const rows = await tx.all('select id, state from invoice where seller_siret = $1 order by seq', [sellerSiret])
      const final = ['integrated', 'rejected', 'cancelled']
      const open = rows.filter((row) => !final.includes(text(row, 'state')))
      if (open.length > 0) throw new OpenSubmissions(open.map((row) => text(row, 'id')))
      for (const row of rows) await eraseOne(tx, text(row, 'id'), operator)
      // Not whose they were: that is what is erased.
      await appendAudit(tx, [{ kind: 'seller-erased', actor: operator, data: { invoices: rows.length } }])
      return rows.length
    }, patience)
}

function erased(invoice: StoredInvoice): StoredInvoice {
  const { id, caller, environment, connection, mode, state, outcome, attempts, createdAt, updatedAt, version } = invoice
  const kept = { id, caller, environment, connection, mode, state, outcome, attempts, createdAt, updatedAt, version }
  return { ...kept, modeReason: '', signed: false, content: {}, documents: [], warnings: [], upstream: {} }
}
