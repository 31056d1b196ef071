import type { History } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { failpoint } from '../failpoint.ts'
import type { Change } from '../store/store.ts'
import { type Job, laneOf, type StoredInvoice, type TimelineEntry } from '../store/stored-invoice.ts'
import { measureVisibility } from './measure.ts'
import { after, backOff, insist, type Workshop } from './workshop.ts'

/** Nothing more comes after these (behaviour.md, section 12). */
const final = new Set(['MISE_EN_PAIEMENT', 'REJETEE', 'ABANDONNEE', 'SUPPRIMEE'])

/** Asks for the history of one integrated invoice and notes what is new. Trouble upstream never touches the status. */
export async function followStatus(workshop: Workshop, job: Job): Promise<void> {
  const invoice = await workshop.store.find(job.invoiceId)
  if (invoice?.state !== 'integrated' || invoice.upstream.invoiceId === undefined) {
    await insist(workshop, () => workshop.store.change(job.invoiceId, () => ({ job: { settle: true } }), job))
    return
  }
  const again = { runAt: after(workshop, backOff(workshop.timing.statusMs, job.tries)), countTry: true }
  let change: Change = {}
  try {
    change = await readStatus(workshop, invoice)
    failpoint('status-read')
    await measureVisibility(workshop, invoice)
    workshop.lanes.succeeded(laneOf(invoice))
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
  }
  const over = final.has(change.patch?.status?.raw ?? invoice.status?.raw ?? '')
  const job_ = over ? { settle: true as const } : change.patch === undefined ? again : { ...again, countTry: false }
  await insist(workshop, () => workshop.store.change(invoice.id, () => ({ ...change, job: job_ }), job))
  failpoint('status-noted')
}

/** What the history says that we do not know yet. Throws ChorusError. */
export async function readStatus(workshop: Workshop, invoice: StoredInvoice): Promise<Change> {
  const { chorus } = workshop.way(laneOf(invoice))
  const [history, { entries }] = await Promise.all([
    chorus.history(invoice.upstream.invoiceId ?? ''),
    workshop.store.timeline(invoice.id)
  ])
  const known = new Set(entries.filter((entry) => entry.type === 'status-changed').map((entry) => mark(entry.data)))
  const fresh = history.statuses.filter((status) => !known.has(mark(status)))
  const current = history.statuses.at(-1)
  if (fresh.length === 0 || current === undefined) return {}
  const { code, raw, at, comment } = current
  return {
    patch: { status: { code, raw, ...(at !== undefined && { since: at }), ...(comment !== undefined && { comment }) } },
    unset: [],
    timeline: fresh.map(toEntry)
  }
}

const mark = (status: { raw?: unknown; at?: unknown; id?: unknown }) =>
  `${String(status.id)} ${String(status.raw)} ${String(status.at)}`

const toEntry = ({ code, raw, at, comment, id }: History['statuses'][number]): TimelineEntry => ({
  type: 'status-changed',
  data: {
    code,
    raw,
    ...(at !== undefined && { at }),
    ...(comment !== undefined && { comment }),
    ...(id !== undefined && { id })
  }
})
