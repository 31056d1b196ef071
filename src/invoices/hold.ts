import { WrongSize } from '../chorus/body.ts'
import type { ChorusError } from '../chorus/errors.ts'
import { failpoint } from '../failpoint.ts'
import { DocumentDamaged } from '../store/errors.ts'
import type { Change } from '../store/store.ts'
import type { StoredInvoice } from '../store/stored-invoice.ts'
import { explainRefusal } from './refusal.ts'
import { after, type Held, insist, pauseAfter, toSubmissionError, type Workshop } from './workshop.ts'

/** Look-ups and uploads can be repeated: nothing is lost but time. */
export async function beforeTheCall(
  workshop: Workshop,
  invoice: StoredInvoice,
  job: Held,
  error: ChorusError
): Promise<StoredInvoice | undefined> {
  const { evidence } = error
  failpoint('postpone')
  if (evidence.proof === 'refused' && !evidence.lane) return refuseFile(workshop, invoice, job, error)
  const damaged = damageOf(error)
  if (damaged !== undefined) return hold(workshop, invoice, job, damaged.reason, damaged.error)
  // An outage uses up no tries (invariant I10): only answers that will not change do.
  const answered = evidence.exchange !== undefined && evidence.exchange.httpStatus < 500
  if (evidence.proof === 'not-processed' && answered && !evidence.lane && job.tries >= 3) {
    return hold(workshop, invoice, job, evidence.problem, toSubmissionError(error))
  }
  return insist(workshop, () =>
    workshop.store.change(
      invoice.id,
      () => ({
        patch: { error: toSubmissionError(error) },
        timeline: [{ type: 'postponed', data: { reason: evidence.problem, detail: error.message } }],
        job: { runAt: after(workshop, pauseAfter(workshop, invoice, job, error)), countTry: !evidence.lane }
      }),
      job
    )
  )
}

/**
 * A stored document that is no longer what was accepted (invariant I12). It never comes right by itself, so that only a
 * person can help; nothing whole of it has left. Undefined for all other failures.
 */
export function damageOf(error: ChorusError) {
  const { cause } = error
  if (!(cause instanceof DocumentDamaged || cause instanceof WrongSize)) return undefined
  const remedy = 'Put the file back from a backup and resolve with "resend", or give it up with "close".'
  const detail = `Not sent: ${cause.message}. ${remedy}`
  return { reason: 'document_damaged', error: { ...toSubmissionError(error), detail } }
}

/** A file that Chorus Pro will not have ends the submission before its call. */
async function refuseFile(
  workshop: Workshop,
  invoice: StoredInvoice,
  job: Held,
  error: ChorusError
): Promise<StoredInvoice | undefined> {
  const errors = explainRefusal(error.evidence.exchange?.label ?? error.message)
  return insist(workshop, () =>
    workshop.store.change(
      invoice.id,
      () => ({
        patch: { state: 'rejected', outcome: 'not_sent', error: { ...toSubmissionError(error), errors } },
        job: { settle: true }
      }),
      job
    )
  )
}

/** Waits for a person or a configuration, with its reason. */
export async function hold(
  workshop: Workshop,
  invoice: StoredInvoice,
  job: Held,
  reason: string,
  error: NonNullable<StoredInvoice['error']>,
  before: Change = {}
): Promise<StoredInvoice | undefined> {
  failpoint('hold')
  const held = await insist(workshop, () =>
    workshop.store.change(
      invoice.id,
      () => ({
        patch: { ...before.patch, state: 'held', heldReason: reason, error },
        timeline: [...(before.timeline ?? []), { type: 'held', data: { reason, detail: error.detail } }],
        job: { settle: true }
      }),
      job
    )
  )
  if (held !== undefined) workshop.log.warn({ invoiceId: invoice.id, reason }, 'submission held')
  return held
}
