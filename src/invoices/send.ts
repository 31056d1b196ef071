import type { SubmissionOrder, UpstreamFile } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { findRoute, type Route } from '../directory/routing.ts'
import { type Change, type Job, laneOf, type StoredDocument, type StoredInvoice } from '../store/store.ts'
import { completeFromExtraction, extractionWarnings } from './extraction.ts'
import { explainRefusal } from './refusal.ts'
import { after, backOff, insist, toSubmissionError, type Way, type Workshop } from './workshop.ts'

type Held = Pick<Job, 'id' | 'fence' | 'tries'>

/**
 * Takes one accepted invoice to Chorus Pro: files first (repeatable), then the one call that is not. Every success is
 * noted before the next step. `inHand` saves reading the invoice's file again while it is still in memory.
 */
export async function send(workshop: Workshop, job: Job, inHand?: { bytes: Buffer; done: () => void }): Promise<void> {
  const invoice = await workshop.store.find(job.invoiceId)
  if (invoice === undefined || !['received', 'deposited'].includes(invoice.state)) {
    await insist(workshop, () => workshop.store.change(job.invoiceId, () => ({ job: { settle: true } }), job))
    return
  }
  const way = workshop.way(invoice.connection)
  try {
    if (invoice.mode === 'structured') await sendFlow(workshop, way, invoice, job, inHand)
    else await sendInvoice(workshop, way, invoice, job, inHand)
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    // Only what happened before the non-repeatable call ends up here.
    await beforeTheCall(workshop, invoice, job, error)
  } finally {
    inHand?.done()
  }
}

async function sendInvoice(
  workshop: Workshop,
  way: Way,
  accepted: StoredInvoice,
  job: Held,
  inHand?: { bytes: Buffer; done: () => void }
): Promise<void> {
  const route = await findRoute(way.directory, accepted.content)
  if ('rule' in route) {
    await hold(workshop, accepted, job, route.rule, {
      code: route.rule,
      detail: route.message,
      owner: 'operator',
      errors: [route]
    })
    return
  }
  const uploads = await uploadFiles(workshop, way, accepted, inHand)
  inHand?.done()
  const completed = completeFromExtraction(accepted.content, uploads.extraction)
  if (completed.missing.length > 0) {
    const detail = 'Chorus Pro could not read everything that was left out.'
    await hold(
      workshop,
      accepted,
      job,
      'incomplete',
      { code: 'validation-failed', detail, owner: 'caller', errors: completed.missing },
      uploads.change
    )
    return
  }
  const started = await insist(workshop, () =>
    workshop.store.change(
      accepted.id,
      () => ({
        ...uploads.change,
        patch: { ...uploads.change.patch, content: completed.content, state: 'submitting', outcome: 'unknown' },
        unset: ['error', 'nextAttemptAt'],
        startAttempt: { operation: 'factures/soumettre' }
      }),
      job
    )
  )
  if (started === undefined) return
  await callOnce(workshop, started, job, async () => {
    const submitted = await way.chorus.submit(toOrder(started, route))
    const { exchange, invoiceId, number, status, depositDate, depositFingerprint } = submitted
    return {
      patch: {
        state: 'integrated',
        outcome: 'sent',
        status: { code: status.code, raw: status.raw, since: workshop.now().toISOString() },
        upstream: {
          ...started.upstream,
          invoiceId,
          number,
          ...(depositDate !== undefined && { depositDate }),
          ...(depositFingerprint !== undefined && { depositFingerprint })
        },
        warnings: [...started.warnings, ...extractionWarnings(started.content, uploads.extraction)]
      },
      endAttempt: { proof: 'done', exchange },
      jobs: [{ kind: 'status', runAt: after(workshop, workshop.timing.statusMs.first) }]
    }
  })
}

async function sendFlow(
  workshop: Workshop,
  way: Way,
  accepted: StoredInvoice,
  job: Held,
  inHand?: { bytes: Buffer; done: () => void }
): Promise<void> {
  const document = mainDocument(accepted)
  const started = await insist(workshop, () =>
    workshop.store.change(
      accepted.id,
      () => ({
        patch: { state: 'submitting', outcome: 'unknown' },
        unset: ['error', 'nextAttemptAt'],
        startAttempt: { operation: 'factures/deposer/flux' }
      }),
      job
    )
  )
  if (started === undefined) return
  await callOnce(workshop, started, job, async () => {
    const flow = await way.chorus.depositFlow(fileOf(workshop, document, inHand?.bytes), {
      syntax: accepted.syntax ?? '',
      signed: accepted.signed
    })
    return {
      patch: {
        state: 'submitted',
        outcome: 'sent',
        upstream: {
          ...started.upstream,
          flowNumber: flow.flowNumber,
          ...(flow.depositDate !== undefined && { depositDate: flow.depositDate })
        }
      },
      endAttempt: { proof: 'done', exchange: flow.exchange },
      jobs: [{ kind: 'flow', runAt: after(workshop, workshop.timing.flowMs.first) }]
    }
  })
}

/** Makes the call whose attempt is on record, and notes what it proves. Never throws for what Chorus Pro did. */
async function callOnce(
  workshop: Workshop,
  started: StoredInvoice,
  job: Held,
  call: () => Promise<Change>
): Promise<void> {
  let change: Change
  try {
    const done = await call()
    workshop.lanes.succeeded(laneOf(started))
    change = { ...done, job: { settle: true }, unset: ['error', 'nextAttemptAt', 'heldReason'] }
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    change = afterTheCall(workshop, started, job, error)
  }
  const noted = await insist(workshop, () => workshop.store.change(started.id, () => change, job))
  if (noted !== undefined) workshop.log.info({ invoiceId: noted.id, state: noted.state }, 'submission attempted')
}

/** What follows from a failed call: the table of the reliability brief, section 3. */
function afterTheCall(workshop: Workshop, started: StoredInvoice, job: Held, error: ChorusError): Change {
  const { evidence } = error
  const endAttempt = {
    proof: evidence.proof,
    detail: error.message,
    ...(evidence.exchange !== undefined && { exchange: evidence.exchange })
  }
  const problem = toSubmissionError(error)
  if (evidence.lane) workshop.lanes.failed(laneOf(started), evidence, error.message)
  switch (evidence.proof) {
    case 'not-sent':
    case 'not-processed': {
      const again = started.documents.some((document) => document.attachmentId !== undefined) ? 'deposited' : 'received'
      const endless = evidence.lane || evidence.proof === 'not-sent'
      if (!endless && job.tries >= 3) {
        return {
          patch: { state: 'held', outcome: 'not_sent', error: problem, heldReason: evidence.problem },
          endAttempt,
          job: { settle: true }
        }
      }
      return {
        patch: { state: again, outcome: 'not_sent', error: problem },
        endAttempt,
        job: { runAt: after(workshop, pauseOf(workshop, started, job, error)), countTry: !evidence.lane }
      }
    }
    case 'refused':
      if (evidence.lane) {
        return {
          patch: { state: 'held', outcome: 'not_sent', error: problem, heldReason: evidence.problem },
          endAttempt,
          job: { settle: true }
        }
      }
      return {
        patch: {
          state: 'rejected',
          outcome: 'not_sent',
          error: { ...problem, errors: explainRefusal(evidence.exchange?.label ?? error.message) }
        },
        endAttempt,
        job: { settle: true }
      }
    case 'exists':
    case 'unknown':
      return {
        patch: { state: 'unknown', outcome: 'unknown', error: problem },
        endAttempt,
        job: { settle: true },
        jobs: [{ kind: 'reconcile', runAt: after(workshop, workshop.timing.quietMs) }]
      }
  }
}

/** Look-ups and uploads can be repeated: nothing is lost but time. */
async function beforeTheCall(workshop: Workshop, invoice: StoredInvoice, job: Held, error: ChorusError): Promise<void> {
  const { evidence } = error
  if (evidence.lane) workshop.lanes.failed(laneOf(invoice), evidence, error.message)
  if (evidence.proof === 'refused' && !evidence.lane) return refuseFile(workshop, invoice, job, error)
  if (evidence.proof === 'not-processed' && !evidence.lane && job.tries >= 3) {
    return hold(workshop, invoice, job, evidence.problem, toSubmissionError(error))
  }
  await insist(workshop, () =>
    workshop.store.change(
      invoice.id,
      () => ({
        patch: { error: toSubmissionError(error) },
        timeline: [{ type: 'postponed', data: { reason: evidence.problem, detail: error.message } }],
        job: { runAt: after(workshop, pauseOf(workshop, invoice, job, error)), countTry: !evidence.lane }
      }),
      job
    )
  )
}

/** A file that Chorus Pro will not have ends the submission before its call. */
async function refuseFile(workshop: Workshop, invoice: StoredInvoice, job: Held, error: ChorusError): Promise<void> {
  const errors = explainRefusal(error.evidence.exchange?.label ?? error.message)
  await insist(workshop, () =>
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

async function hold(
  workshop: Workshop,
  invoice: StoredInvoice,
  job: Held,
  reason: string,
  error: NonNullable<StoredInvoice['error']>,
  before: Change = {}
): Promise<void> {
  await insist(workshop, () =>
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
  workshop.log.warn({ invoiceId: invoice.id, reason }, 'submission held')
}

const pauseOf = (workshop: Workshop, invoice: StoredInvoice, job: Held, { evidence }: ChorusError) =>
  Math.max(
    evidence.lane ? workshop.lanes.restMs(laneOf(invoice)) : backOff(workshop.timing.retryMs, job.tries),
    evidence.retryAfterMs ?? 0
  )

/** Uploads what Chorus Pro does not have yet. What it read is kept; the ids are noted by the caller, with the next step. */
async function uploadFiles(workshop: Workshop, way: Way, invoice: StoredInvoice, inHand?: { bytes: Buffer }) {
  const documents: StoredDocument[] = []
  let extraction = invoice.extraction as Awaited<ReturnType<Way['chorus']['depositPdf']>>['extraction'] | undefined
  let uploaded = 0
  for (const document of invoice.documents) {
    if (document.attachmentId !== undefined) {
      documents.push(document)
      continue
    }
    uploaded++
    if (document.role === 'invoice') {
      const deposit = await way.chorus.depositPdf(
        fileOf(workshop, document, inHand?.bytes),
        invoice.signed ? 'pades' : 'none'
      )
      extraction = deposit.extraction
      documents.push({ ...document, attachmentId: deposit.attachmentId })
    } else {
      const { attachmentId } = await way.chorus.addFile(fileOf(workshop, document))
      documents.push({ ...document, attachmentId })
    }
  }
  const change: Change =
    uploaded === 0
      ? {}
      : {
          patch: { documents, ...(extraction !== undefined && { extraction: { ...extraction } }) },
          timeline: [{ type: 'deposited', data: { files: uploaded } }]
        }
  return { change, extraction: extraction ?? {} }
}

function mainDocument(invoice: StoredInvoice): StoredDocument {
  const document = invoice.documents.find((each) => each.role === 'invoice')
  if (document === undefined) throw new Error(`${invoice.id} has lost its file`)
  return document
}

const fileOf = (workshop: Workshop, document: StoredDocument, bytes?: Buffer): UpstreamFile => ({
  name: document.name,
  size: document.size,
  open: () => bytes ?? workshop.documents.open(document.sha256)
})

function toOrder(invoice: StoredInvoice, route: Route): SubmissionOrder {
  const main = invoice.documents.find((document) => document.role === 'invoice')
  return {
    mode: invoice.mode === 'data' ? 'data' : 'pdf',
    signed: invoice.signed,
    invoice: invoice.content,
    ...route,
    ...(main?.attachmentId !== undefined && { mainAttachment: { name: main.name, attachmentId: main.attachmentId } }),
    attachments: invoice.documents.flatMap((document) =>
      document.role === 'attachment' && document.attachmentId !== undefined
        ? [{ name: document.name, attachmentId: document.attachmentId }]
        : []
    )
  }
}
