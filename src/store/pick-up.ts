import { randomBytes } from 'node:crypto'
import { type Engine, lockFreeRows, lockRow, type Row } from './engine.ts'
import { first, int, text, time } from './rows.ts'

/** A received invoice, as it was when it was found. */
export interface WaitingInvoice {
  /** Chorus Pro's id. */
  invoiceId: string
  /** SIRET of the structure that received it; empty when Chorus Pro did not say. */
  recipient: string
  /** What callers are shown, as JSON. */
  invoice: string
}

export interface Delivery {
  invoiceId: string
  invoice: string
  lease: string
  leaseUntil: string
  /** How often it was handed out, this time included. */
  deliveries: number
}

/**
 * Received invoices on their way to callers. Chorus Pro's own mark says that somebody downloaded an invoice, not that
 * it arrived (behaviour.md, section 13): what is here waits until it is acknowledged, whatever that mark says.
 * `place` is the account that sees them: callers of one are shown nothing of another.
 */
export interface PickUps {
  /** Keeps those that were never here; the others stay as they are, acknowledged ones included. Returns how many. */
  addWaiting(place: string, found: readonly WaitingInvoice[]): Promise<number>
  /** Which of these were ever here. */
  knownWaiting(place: string, invoiceIds: readonly string[]): Promise<Set<string>>
  /** Hands out what nobody has, oldest first, for so long (milliseconds). No recipients: all of them. */
  claimWaiting(
    place: string,
    claim: { recipients: readonly string[]; limit: number; leaseMs: number; caller: string }
  ): Promise<Delivery[]>
  /**
   * The caller has it for good. The lease must be the last one that was given for the invoice: after its end too, as long
   * as nobody else took it. A repeat answers with the first time; undefined when there is no such invoice.
   */
  acknowledge(
    place: string,
    invoiceId: string,
    by: { recipients: readonly string[]; lease: string }
  ): Promise<{ at: string } | 'lease-lost' | undefined>
}

export function pickUpSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  const type = dialect === 'postgres' ? 'text collate "C"' : 'text'
  const running = dialect === 'postgres' ? 'bigint generated always as identity primary key' : 'integer primary key'
  return [
    `create table pick_up (
      seq ${running},
      place ${type} not null,
      invoice_id ${type} not null,
      recipient ${type} not null,
      found_at bigint not null,
      lease ${type},
      lease_until bigint not null,
      caller ${type},
      deliveries integer not null,
      acknowledged_at bigint,
      invoice ${type} not null,
      unique (place, invoice_id)
    )`,
    'create index pick_up_waiting on pick_up (place, seq) where acknowledged_at is null'
  ]
}

export function createPickUps(engine: Engine): PickUps {
  return {
    addWaiting: (place, found) =>
      engine.write(async (tx) => {
        const now = await tx.now()
        let added = 0
        for (const { invoiceId, recipient, invoice } of found) {
          added += await tx.run(
            `insert into pick_up (place, invoice_id, recipient, found_at, lease_until, deliveries, invoice)
             values ($1, $2, $3, $4, 0, 0, $5) on conflict (place, invoice_id) do nothing`,
            [place, invoiceId, recipient, now, invoice]
          )
        }
        return added
      }),
    async knownWaiting(place, invoiceIds) {
      if (invoiceIds.length === 0) return new Set()
      const places = invoiceIds.map((_, index) => `$${index + 2}`).join(', ')
      const sql = `select invoice_id from pick_up where place = $1 and invoice_id in (${places})`
      const rows = await engine.read((tx) => tx.all(sql, [place, ...invoiceIds]))
      return new Set(rows.map((row) => text(row, 'invoice_id')))
    },
    claimWaiting: (place, { recipients, limit, leaseMs, caller }) =>
      engine.write(async (tx) => {
        const now = await tx.now()
        const among = recipients.map((_, index) => `$${index + 4}`).join(', ')
        const rows = await tx.all(
          `select seq, invoice_id, invoice, deliveries from pick_up
           where place = $1 and acknowledged_at is null and lease_until <= $2
             ${recipients.length === 0 ? '' : `and recipient in (${among})`}
           order by seq limit $3${lockFreeRows(engine, 'pick_up')}`,
          [place, now, limit, ...recipients]
        )
        const until = now + leaseMs
        const claimed: Delivery[] = []
        for (const row of rows) {
          const lease = `lease_${randomBytes(15).toString('base64url')}`
          const deliveries = int(row, 'deliveries') + 1
          await tx.run('update pick_up set lease = $1, lease_until = $2, caller = $3, deliveries = $4 where seq = $5', [
            lease,
            until,
            caller,
            deliveries,
            int(row, 'seq')
          ])
          claimed.push({
            invoiceId: text(row, 'invoice_id'),
            invoice: text(row, 'invoice'),
            lease,
            leaseUntil: new Date(until).toISOString(),
            deliveries
          })
        }
        return claimed
      }),
    acknowledge: (place, invoiceId, { recipients, lease }) =>
      engine.write(async (tx) => {
        const sql = `select * from pick_up where place = $1 and invoice_id = $2${lockRow(engine)}`
        const row: Row | undefined = first(await tx.all(sql, [place, invoiceId]))
        if (row === undefined) return undefined
        if (recipients.length > 0 && !recipients.includes(text(row, 'recipient'))) return undefined
        if (row['lease'] !== lease) return 'lease-lost'
        if (row['acknowledged_at'] !== null) return { at: time(row, 'acknowledged_at') }
        const now = await tx.now()
        // What it said is the caller's from now on; that it was here stays, or it would be found again.
        await tx.run("update pick_up set acknowledged_at = $1, invoice = '' where seq = $2", [now, int(row, 'seq')])
        return { at: new Date(now).toISOString() }
      })
  }
}
