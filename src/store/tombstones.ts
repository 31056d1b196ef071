import { createHmac } from 'node:crypto'
import type { Row, Tx } from './engine.ts'
import { text } from './rows.ts'

/** What may never be accepted a second time. */
export interface Traces {
  naturalKey: string | undefined
  idempotency: { caller: string; key: string } | undefined
}

/**
 * What stays of an erased invoice, so that erasing opens no way to a second sending (reliability brief, 2.2 case 65):
 * its number and its key as keyed hashes, which say nothing to who does not know what to look for.
 */
export function createTombstones() {
  let known: Promise<string> | undefined

  /** Made with the ledger, and never changed. */
  async function readKey(tx: Tx): Promise<string> {
    const [row] = await tx.all("select value from setting where name = 'tombstone-key'")
    return text(row ?? {}, 'value')
  }

  async function digestsOf(tx: Tx, { naturalKey, idempotency }: Traces): Promise<string[]> {
    known ??= readKey(tx)
    const key = await known.catch((error: unknown) => {
      known = undefined
      throw error
    })
    const digest = (...parts: string[]) => createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex')
    return [
      ...(naturalKey === undefined ? [] : [digest('number', naturalKey)]),
      ...(idempotency === undefined ? [] : [digest('key', idempotency.caller, idempotency.key)])
    ]
  }

  return {
    /** The invoice that was erased and had one of these. */
    async find(tx: Tx, traces: Traces): Promise<Row | undefined> {
      const digests = await digestsOf(tx, traces)
      if (digests.length === 0) return undefined
      const places = digests.map((_, index) => `$${index + 1}`).join(', ')
      const [row] = await tx.all(
        `select invoice.* from tombstone join invoice on invoice.id = tombstone.invoice_id
         where tombstone.digest in (${places}) limit 1`,
        digests
      )
      return row
    },
    async add(tx: Tx, invoiceId: string, traces: Traces): Promise<void> {
      for (const digest of await digestsOf(tx, traces)) {
        await tx.run(
          'insert into tombstone (digest, invoice_id, purged_at) values ($1, $2, $3) on conflict (digest) do nothing',
          [digest, invoiceId, await tx.now()]
        )
      }
    }
  }
}
export type Tombstones = ReturnType<typeof createTombstones>
