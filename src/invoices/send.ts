import type { SubmissionOrder } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { findRoute, type Route } from '../directory/routing.ts'
import { failpoint } from '../failpoint.ts'
import { spareMemory } from '../spare-memory.ts'
import { NumberTaken } from '../store/errors.ts'
import type { Change } from '../store/store.ts'
import { type Job, laneOf, type StoredDocument, type StoredInvoice } from '../store/stored-invoice.ts'
import { callOnce } from './call-once.ts'
import { completeFromExtraction, extractionWarnings } from './extraction.ts'
import { naturalKeyOf } from './fingerprint.ts'
import { beforeTheCall, hold } from './hold.ts'
import { fileOf, uploadFiles } from './uploads.ts'
import { after, type Held, insist, type Way, type Workshop } from './workshop.ts'

/** What an accept leaves in memory for the job that follows at once. */
export interface InHand {
  invoice?: StoredInvoice
  bytes?: Buffer
  /** The bytes are no longer needed. */
  done?: () => void
}

/**
 * Takes one accepted invoice to Chorus Pro: files first (repeatable), then the one call that is not. Every success is
 * noted before the next step. `inHand` saves reading again what is still in memory. Resolves to the invoice as noted last.
 */
export async function send(workshop: Workshop, job: Job, inHand: InHand = {}): Promise<StoredInvoice | undefined> {
  const invoice = inHand.invoice ?? (await workshop.store.find(job.invoiceId))
  if (invoice === undefined || !['received', 'deposited'].includes(invoice.state)) {
    return insist(workshop, () => workshop.store.change(job.invoiceId, () => ({ job: { settle: true } }), job))
  }
  const way = workshop.way(laneOf(invoice))
  try {
    const take = invoice.mode === 'structured' ? sendFlow : sendInvoice
    return await take(workshop, way, invoice, job, inHand)
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    // Only what happened before the non-repeatable call ends up here.
    return await beforeTheCall(workshop, invoice, job, error)
  } finally {
    letGo(inHand)
  }
}

/**
 * The file is with Chorus Pro, or will be read from the store: its memory goes back at once, not with some later
 * collection, which a few large files would set off one after the other.
 */
function letGo({ bytes, done }: InHand): void {
  if (bytes !== undefined && bytes.buffer.byteLength > 65_536) spareMemory.giveBack(bytes)
  done?.()
}

async function sendInvoice(
  workshop: Workshop,
  way: Way,
  accepted: StoredInvoice,
  job: Held,
  inHand: InHand
): Promise<StoredInvoice | undefined> {
  const route = await findRoute(way.directory, accepted.content)
  if ('rule' in route) {
    return hold(workshop, accepted, job, route.rule, {
      code: route.rule,
      detail: route.message,
      owner: 'operator',
      errors: [route]
    })
  }
  const uploads = await uploadFiles(workshop, way, accepted, job, inHand)
  letGo(inHand)
  const completed = completeFromExtraction(accepted.content, uploads.extraction)
  if (completed.missing.length > 0) {
    const detail = 'Chorus Pro could not read everything that was left out.'
    return hold(
      workshop,
      accepted,
      job,
      'incomplete',
      { code: 'validation-failed', detail, owner: 'caller', errors: completed.missing },
      uploads.change
    )
  }
  const late = lateNumber(workshop, accepted, completed.content)
  failpoint('attempt')
  const since = performance.now()
  const started = await insist(workshop, () =>
    workshop.store.change(
      accepted.id,
      startOnce(workshop, accepted, {
        ...uploads.change,
        ...late.change,
        patch: { ...uploads.change.patch, ...late.patch, content: completed.content },
        startAttempt: { operation: 'factures/soumettre' }
      }),
      job
    )
  ).catch((error: unknown) => numberTaken(workshop, accepted, job, error, uploads.change))
  if (started === undefined) return undefined
  failpoint('attempt-started')
  return callOnce(workshop, { invoice: started, since }, job, async () => {
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

/**
 * The start of an attempt, with a fresh lease. When the commit's own answer was lost (reliability brief, 0.10) it is asked
 * for again: under the fence that is held, an attempt that runs is the one just started.
 */
function startOnce(workshop: Workshop, { attempts }: StoredInvoice, change: Change) {
  const job = { leaseMs: workshop.timing.leaseMs }
  return (invoice: StoredInvoice): Change =>
    invoice.state === 'submitting' && invoice.attempts === attempts + 1
      ? { job }
      : {
          ...change,
          patch: { ...change.patch, state: 'submitting', outcome: 'unknown' },
          unset: ['error', 'nextAttemptAt'],
          job
        }
}

/** A number that Chorus Pro read in the document is protected from here on like one that the caller gave. */
function lateNumber(workshop: Workshop, accepted: StoredInvoice, content: StoredInvoice['content']) {
  if (accepted.number !== undefined || accepted.mode === 'data') return { change: {}, patch: {} }
  const naturalKey = naturalKeyOf(accepted.environment, content, workshop.now())
  const { number, issueDate, buyer } = content
  return {
    change: naturalKey === undefined ? {} : { naturalKey },
    patch: {
      ...(number !== undefined && { number }),
      ...(issueDate !== undefined && { issueDate }),
      ...(buyer?.siret !== undefined && { buyerSiret: buyer.siret })
    }
  }
}

async function numberTaken(
  workshop: Workshop,
  accepted: StoredInvoice,
  job: Held,
  error: unknown,
  before: Change
): Promise<undefined> {
  if (!(error instanceof NumberTaken)) throw error
  const detail = 'The number that Chorus Pro read in the document is here already.'
  await hold(workshop, accepted, job, 'duplicate', { code: 'duplicate-invoice', detail, owner: 'caller' }, before)
  return undefined
}

async function sendFlow(
  workshop: Workshop,
  way: Way,
  accepted: StoredInvoice,
  job: Held,
  inHand: InHand
): Promise<StoredInvoice | undefined> {
  const document = mainDocument(accepted)
  failpoint('attempt')
  const since = performance.now()
  const started = await insist(workshop, () =>
    workshop.store.change(
      accepted.id,
      startOnce(workshop, accepted, { startAttempt: { operation: 'factures/deposer/flux' } }),
      job
    )
  )
  if (started === undefined) return undefined
  failpoint('attempt-started')
  return callOnce(workshop, { invoice: started, since }, job, async () => {
    const flow = await way.chorus.depositFlow(fileOf(workshop, document, inHand.bytes), {
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

function mainDocument(invoice: StoredInvoice): StoredDocument {
  const document = invoice.documents.find((each) => each.role === 'invoice')
  if (document === undefined) throw new Error(`${invoice.id} has lost its file`)
  return document
}

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
