import type { Static } from 'typebox'
import type { Invoice, Timeline } from '../../schemas/submission.ts'
import type { Attempt, StoredInvoice, TimelineEntry } from '../store/stored-invoice.ts'
import type { LaneView } from './lanes.ts'
import { ownerOf } from './workshop.ts'

export type PresentInvoice = (invoice: StoredInvoice) => Invoice

/** The ledger’s row as callers read it; `trouble` with the way out that it waits for. */
export function presentInvoice(invoice: StoredInvoice, trouble?: LaneView): Invoice {
  const { error, nextAttemptAt } = waitingFor(invoice, trouble)
  const self = `/v1/invoices/${invoice.id}`
  const { submissionMode: _mode, ...content } = invoice.content
  const { invoiceId, flowNumber, flowState, number, depositDate, depositFingerprint } = invoice.upstream
  const last = invoice.error?.upstream
  const cancellable = ['received', 'deposited', 'held'].includes(invoice.state)
  return {
    id: invoice.id,
    ...content,
    submission: {
      state: invoice.state,
      mode: invoice.mode,
      modeReason: invoice.modeReason,
      outcome: invoice.outcome,
      attempts: invoice.attempts,
      ...(nextAttemptAt !== undefined && { nextAttemptAt }),
      ...(invoice.heldReason !== undefined && { heldReason: invoice.heldReason }),
      ...(error !== undefined && { error })
    },
    ...(invoice.status !== undefined && { status: invoice.status }),
    upstream: {
      environment: invoice.environment,
      connection: invoice.connection,
      ...(invoiceId !== undefined && { invoiceId }),
      ...(flowNumber !== undefined && { flowNumber }),
      ...(flowState !== undefined && { flowState }),
      ...(number !== undefined && { number }),
      ...(invoice.status !== undefined && { status: invoice.status.raw }),
      ...(depositDate !== undefined && { depositDate }),
      ...(depositFingerprint !== undefined && { depositFingerprint }),
      ...last
    },
    ...(invoice.extraction !== undefined && { extraction: invoice.extraction }),
    warnings: invoice.warnings,
    documents: invoice.documents.map(({ id, role, name, mediaType, size, sha256 }) => ({
      id,
      role,
      name,
      mediaType,
      size,
      sha256,
      href: `${self}/documents/${id}`
    })),
    links: {
      self,
      timeline: `${self}/timeline`,
      refresh: `${self}/refresh`,
      ...(cancellable && { cancel: `${self}/cancel` })
    },
    createdAt: invoice.createdAt,
    updatedAt: invoice.updatedAt
  }
}

/** An invoice that waits for its lane says why, and until when, also when it has not been tried itself. */
function waitingFor(
  { state, error, nextAttemptAt }: StoredInvoice,
  trouble: LaneView | undefined
): { error: StoredInvoice['error'] | undefined; nextAttemptAt: string | undefined } {
  const waits = state === 'received' || state === 'deposited'
  const told = { error, nextAttemptAt }
  if (!waits || trouble?.reason === undefined) return told
  const { reason, detail = '', until } = trouble
  const why = error?.code === reason ? error : { code: reason, detail, owner: ownerOf(reason) }
  // Nobody knows when a person will have mended it.
  const own = trouble.state === 'held' ? undefined : nextAttemptAt
  return {
    error: why,
    nextAttemptAt: [own, until]
      .filter((each) => each !== undefined)
      .toSorted()
      .at(-1)
  }
}

/** Oldest first; Chorus Pro’s own history apart. */
export function presentTimeline(told: {
  entries: Required<TimelineEntry>[]
  attempts: Attempt[]
}): Static<typeof Timeline> {
  return {
    items: told.entries.map(({ at, type, data }) => ({ at, type, data })),
    attempts: told.attempts.map(({ exchange, ...attempt }) => ({
      ...attempt,
      ...(exchange !== undefined && { upstream: exchange })
    })),
    history: told.entries
      .filter((entry) => entry.type === 'status-changed')
      .map(({ data }) => ({
        code: String(data.code),
        raw: String(data.raw),
        ...(typeof data.at === 'string' && { at: data.at }),
        ...(typeof data.comment === 'string' && { comment: data.comment })
      }))
  }
}
