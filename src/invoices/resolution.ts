import type { Resolution } from '../../schemas/resolution.ts'
import { ProblemError } from '../problem.ts'
import type { Change } from '../store/store.ts'
import { laneOf, type StoredInvoice } from '../store/stored-invoice.ts'
import { after, type Workshop } from './workshop.ts'

/**
 * The three things a person may decide about a held invoice; each is kept in the timeline with who and why. Throws
 * `invalid-transition` when it is not held, `validation-failed` when the invoice named in Chorus Pro is another one.
 */
export async function resolveHeld(
  workshop: Workshop,
  invoice: StoredInvoice,
  { action, invoiceId, reason }: Resolution,
  operator: string
): Promise<StoredInvoice> {
  if (invoice.state !== 'held') throw notHeld(invoice)
  const decided = {
    timeline: [{ type: 'operator-decided', data: { action, reason, operator, held: invoice.heldReason } }],
    operator
  }
  const changes: Record<Resolution['action'], () => Promise<Change>> = {
    link: () => link(workshop, invoice, invoiceId),
    resend: async () => ({
      patch: { state: 'received', outcome: 'not_sent' },
      unset: ['error', 'heldReason'],
      jobs: [{ kind: 'send', runAt: workshop.now() }]
    }),
    close: async () => ({ patch: { state: 'cancelled' }, unset: ['nextAttemptAt'] })
  }
  const change = await changes[action]()
  return workshop.store.change(invoice.id, (now) => {
    // Meanwhile another person may have decided, or a late answer have come.
    if (now.state !== 'held') throw notHeld(now)
    return { ...change, ...decided }
  })
}

const notHeld = ({ id, state }: StoredInvoice) =>
  new ProblemError('invalid-transition', {
    detail: `Only a held invoice can be resolved; this one is ${state}.`,
    instance: `/v1/invoices/${id}`
  })

async function link(workshop: Workshop, invoice: StoredInvoice, invoiceId: string | undefined): Promise<Change> {
  if (invoiceId === undefined) throw wrong('/invoiceId', 'Name the invoice in Chorus Pro: its identifiantFactureCPP.')
  const { chorus, directory } = workshop.way(laneOf(invoice))
  const seller = await directory.seller(invoice.sellerSiret ?? '')
  const supplier = seller === undefined ? {} : { supplierId: seller.structureId }
  const wanted = invoice.number === undefined ? {} : { number: invoice.number }
  const rows = await chorus.searchIssued({ ...wanted, ...supplier })
  const row = rows.find((each) => each.invoiceId === invoiceId)
  if (row === undefined) {
    throw wrong(
      '/invoiceId',
      `Chorus Pro shows no invoice ${invoiceId} of this seller${invoice.number === undefined ? '' : ` with the number ${invoice.number}`}.`
    )
  }
  const other = await workshop.store.linkedTo(invoice.environment, invoiceId)
  if (other !== undefined) throw wrong('/invoiceId', `${invoiceId} is our ${other} already.`)
  return {
    patch: {
      state: 'integrated',
      outcome: 'sent',
      status: row.status,
      upstream: { ...invoice.upstream, invoiceId: row.invoiceId, number: row.number }
    },
    unset: ['error', 'heldReason'],
    jobs: [{ kind: 'status', runAt: after(workshop, workshop.timing.statusMs.first) }]
  }
}

const wrong = (pointer: string, message: string) =>
  new ProblemError('validation-failed', {
    detail: message,
    errors: [
      {
        pointer,
        rule: 'validation-failed',
        message,
        messageFr: 'La facture indiquée ne convient pas.',
        fix: 'Look it up in Chorus Pro and send its technical id.'
      }
    ]
  })
