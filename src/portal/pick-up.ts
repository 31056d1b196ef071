import type { Acknowledgement, PickUp, PickUpRequest, ReceivedInvoice } from '../../schemas/received-invoice.ts'
import type { ReceivedDetail } from '../chorus/invoice-detail.ts'
import type { ReceivedRow } from '../chorus/invoice-row.ts'
import { ProblemError } from '../problem.ts'
import type { Delivery, WaitingInvoice } from '../store/pick-up.ts'
import type { Store } from '../store/store.ts'
import { linkedRow, type Received } from './received.ts'
import { noSuchInvoice } from './refusals.ts'
import type { Visit, Way } from './visit.ts'

/**
 * Hands received invoices out, each to one caller at a time, until he says that he has it. Chorus Pro marks an invoice
 * as downloaded by itself (behaviour.md, section 13), so that what a crash swallows would never come again: every
 * invoice is in the ledger before anything can mark it.
 */
export interface PickUps {
  pickUp(visit: Visit, request: PickUpRequest): Promise<PickUp>
  /** Throws `not-found`, and `invalid-transition` when the lease went to another caller. */
  acknowledge(visit: Visit, id: string, by: Acknowledgement): Promise<{ id: string; acknowledgedAt: string }>
}

type Ledger = Pick<Store, 'addWaiting' | 'knownWaiting' | 'claimWaiting' | 'acknowledge'>

/** Chorus Pro's pages while looking for what is new. */
const size = 100

export function createPickUps({ store, received }: { store: Ledger; received: Pick<Received, 'legsFor'> }): PickUps {
  /** Keeps what nobody downloaded yet and the ledger does not have, until so many are new. */
  async function discover(visit: Visit, recipient: string | undefined, enough: number): Promise<void> {
    const place = visit.ways[0].lane
    let added = 0
    const legs = received.legsFor(visit, recipient, (way, recipientId, at) => {
      const search = { downloaded: false, sort: 'depositDate', ...(recipientId !== undefined && { recipientId }) }
      return way.resources.receivedInvoices.search(search, at)
    })
    for (const leg of legs) {
      for (let at = { page: 1, size, seen: 0 }; added < enough; ) {
        const { items, next } = await leg.page(at)
        const known = await store.knownWaiting(
          place,
          items.map(({ id }) => id)
        )
        const fresh = items.filter(({ id, downloaded }) => !known.has(id) && downloaded !== true)
        if (fresh.length > 0) added += await store.addWaiting(place, fresh.map(waiting))
        if (next === undefined) break
        at = next
      }
    }
  }

  return {
    async pickUp(visit, { limit = 10, leaseSeconds = 300, recipient }) {
      const { id, sellers } = visit.caller
      const mine = recipient === undefined ? sellers : [recipient]
      if (recipient !== undefined && sellers.length > 0 && !sellers.includes(recipient)) return { items: [] }
      const claim = (most: number) =>
        store.claimWaiting(visit.ways[0].lane, {
          recipients: mine,
          limit: most,
          leaseMs: leaseSeconds * 1000,
          caller: id
        })
      const claimed = await claim(limit)
      if (claimed.length < limit) {
        try {
          await discover(visit, recipient, limit - claimed.length)
          claimed.push(...(await claim(limit - claimed.length)))
        } catch (error) {
          // What is in hand is leased already: it is given, and the trouble shows at the next call.
          if (claimed.length === 0) throw error
        }
      }
      return { items: claimed.map(toItem) }
    },
    async acknowledge(visit, id, { lease }) {
      const [{ lane: place }] = visit.ways
      const found = await store.acknowledge(place, id, { recipients: visit.caller.sellers, lease })
      if (found === undefined) throw noSuchInvoice()
      if (found === 'lease-lost') {
        throw new ProblemError('invalid-transition', {
          detail: 'This is not the last lease of the invoice: it was handed out again after yours had ended.',
          outcome: 'not_sent'
        })
      }
      return { id, acknowledgedAt: found.at }
    }
  }
}

/** Before somebody downloads them by hand: whoever picks up must still get them, unless they had been taken before. */
export function createKeeper(store: Pick<Store, 'addWaiting' | 'knownWaiting'>) {
  return async (_visit: Visit, way: Way, invoices: readonly ReceivedDetail[]): Promise<void> => {
    const place = way.lane
    const known = await store.knownWaiting(
      place,
      invoices.map(({ id }) => id)
    )
    const found: WaitingInvoice[] = []
    for (const invoice of invoices) {
      if (known.has(invoice.id)) continue
      const row = await rowOf(way, invoice)
      if (row?.downloaded !== true) found.push(waiting(row ?? invoice))
    }
    if (found.length > 0) await store.addWaiting(place, found)
  }
}

/** consulter/recipiendaire does not tell whether it was downloaded; the search does. */
async function rowOf(way: Way, { id, number }: ReceivedDetail): Promise<ReceivedRow | undefined> {
  if (number === undefined) return undefined
  const { items } = await way.resources.receivedInvoices.search({ number }, { page: 1, size, seen: 0 })
  return items.find((row) => row.id === id)
}

const waiting = (row: ReceivedRow): WaitingInvoice => ({
  invoiceId: row.id,
  recipient: row.buyer.siret ?? '',
  invoice: JSON.stringify(row)
})

function toItem({ invoice, lease, leaseUntil, deliveries }: Delivery): PickUp['items'][number] {
  const row = JSON.parse(invoice) as ReceivedRow
  return { invoice: linkedRow(row) satisfies ReceivedInvoice, lease, leaseUntil, deliveries }
}
