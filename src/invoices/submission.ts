import type { FieldError } from '../../schemas/problem.ts'
import type { Resolution } from '../../schemas/resolution.ts'
import { failpoint } from '../failpoint.ts'
import { inTime } from '../in-time.ts'
import { catalogue, type ProblemCode, ProblemError, type ProblemFacts } from '../problem.ts'
import { newId } from '../store/ids.ts'
import {
  type DocumentStore,
  type IncomingDocument,
  InvalidTransition,
  laneOf,
  type NewInvoice,
  NotReplaceable,
  type StoredDocument,
  type StoredInvoice
} from '../store/store.ts'
import { fingerprintOf, naturalKeyOf } from './fingerprint.ts'
import { readStatus } from './follow.ts'
import type { Intake, Prepared, ReceivedPart, ReceivedSubmission, Submitter } from './intake.ts'
import { resolveHeld } from './resolution.ts'
import { isSettled, type Waiters } from './waiters.ts'
import type { Worker } from './worker.ts'
import type { Workshop } from './workshop.ts'

type Incoming = { incoming: IncomingDocument; mediaType: string }

/** A submission whose files lie ready, not yet visible. */
export interface ReadySubmission extends ReceivedSubmission {
  file?: ReceivedPart & Incoming & { bytes?: Buffer }
  attachments: (ReceivedPart & Incoming)[]
}

export interface SubmitOptions {
  idempotencyKey?: string
  /** How long the answer may wait for Chorus Pro, milliseconds. */
  waitMs: number
  /** Called when the file's bytes are no longer needed in memory. */
  released: () => void
}

export type Submitted = { kind: 'created' | 'accepted' | 'replayed'; invoice: StoredInvoice }

export interface Submissions {
  /** Accepts an invoice for good and takes it to Chorus Pro. Throws ProblemError when it is not accepted, or was refused. */
  submit(received: ReadySubmission, submitter: Submitter, options: SubmitOptions): Promise<Submitted>
  validate(received: ReadySubmission, submitter: Submitter): Promise<Prepared>
  /** Undefined for a foreign invoice as well: it does not exist for this caller. */
  find(id: string, caller: string): Promise<StoredInvoice | undefined>
  /** Asks Chorus Pro now for what is new. Throws ChorusError when it cannot be asked. */
  refresh(invoice: StoredInvoice): Promise<StoredInvoice>
  cancel(invoice: StoredInvoice): Promise<StoredInvoice>
  /** For operators, whoever the caller was. Throws ProblemError. */
  resolve(id: string, resolution: Resolution, operator: string): Promise<StoredInvoice>
}

export interface SubmissionsOptions {
  workshop: Workshop
  documents: Pick<DocumentStore, 'keep'>
  intake: Intake
  worker: Pick<Worker, 'run' | 'wake'>
  waiters: Waiters
  environment: string
  connection: string
}

export function createSubmissions(options: SubmissionsOptions): Submissions {
  const { workshop, documents, intake, worker, waiters, environment, connection } = options
  const { store } = workshop

  const accept = async (
    received: ReadySubmission,
    prepared: Prepared,
    submitter: Submitter,
    key: string | undefined
  ) => {
    const { plan, given } = prepared
    const parts = [...(received.file === undefined ? [] : [received.file]), ...received.attachments]
    const fingerprint = fingerprintOf(given, parts)
    const naturalKey = naturalKeyOf(environment, plan.content, workshop.now())
    if (naturalKey === undefined && key === undefined) {
      throw new ProblemError('idempotency-key-required', {
        detail:
          'Without an invoice number the gateway cannot tell a repeat from a new invoice. Send the header Idempotency-Key, a new value for each invoice.'
      })
    }
    const { siret: sellerSiret } = plan.content.seller ?? {}
    const { siret: buyerSiret } = plan.content.buyer ?? {}
    const { number, issueDate, replaces } = plan.content
    const invoice: NewInvoice['invoice'] = {
      id: newId('inv', workshop.now().getTime()),
      caller: submitter.id,
      environment,
      connection,
      content: plan.content,
      mode: plan.mode,
      modeReason: plan.reason,
      signed: plan.signed,
      documents: describe(received, prepared, workshop.now()),
      warnings: prepared.warnings,
      ...(plan.syntax !== undefined && { syntax: plan.syntax }),
      ...(sellerSiret !== undefined && { sellerSiret }),
      ...(buyerSiret !== undefined && { buyerSiret }),
      ...(number !== undefined && plan.mode !== 'data' && { number }),
      ...(issueDate !== undefined && { issueDate }),
      ...(replaces !== undefined && { replaces })
    }
    await documents.keep(parts.map((part) => part.incoming))
    failpoint('accept')
    const open = workshop.lanes.open(laneOf(invoice))
    const result = await store.accept({
      invoice,
      fingerprint,
      claimForMs: open ? workshop.timing.leaseMs : 0,
      ...(key !== undefined && { idempotency: { key, fingerprint } }),
      ...(naturalKey !== undefined && { naturalKey })
    })
    failpoint('accepted')
    return { result, open }
  }

  return {
    async submit(received, submitter, { idempotencyKey, waitMs, released }) {
      const until = Date.now() + waitMs
      let handedOver = false
      try {
        const prepared = await intake(received, submitter)
        if (prepared.errors.length > 0) throw refusal(prepared.errors)
        const { result, open } = await accept(received, prepared, submitter, idempotencyKey).catch(asProblem)
        if (result.kind === 'key-reused') {
          throw new ProblemError('idempotency-key-reused', {
            detail: 'This Idempotency-Key was used for an invoice with other content. Take a new key for each invoice.'
          })
        }
        if (result.kind === 'duplicate') {
          if (result.invoice.caller === submitter.id && result.sameContent)
            return { kind: 'replayed', invoice: result.invoice }
          throw duplicate(result.invoice, submitter)
        }
        if (result.kind === 'replayed') return { kind: 'replayed', invoice: result.invoice }
        workshop.log.info({ invoiceId: result.invoice.id, mode: result.invoice.mode }, 'invoice accepted')
        const bytes = received.file?.bytes
        if (open) {
          handedOver = true
          const sent = worker.run(result.job, {
            invoice: result.invoice,
            done: released,
            ...(bytes !== undefined && { bytes })
          })
          void sent.finally(released)
          // Most often it is done in time, and noted just now: nothing needs to be read again.
          const noted = await inTime(sent, waitMs, undefined)
          if (noted !== undefined && isSettled(noted)) return answer(noted)
        }
        const invoice = await waiters.settled(result.invoice, until, () => !workshop.lanes.open(laneOf(result.invoice)))
        failpoint('answer')
        return answer(invoice)
      } finally {
        await discard(received)
        if (!handedOver) released()
      }
    },

    async validate(received, submitter) {
      try {
        return await intake(received, submitter)
      } finally {
        await discard(received)
      }
    },

    async find(id, caller) {
      const invoice = await store.find(id)
      return invoice?.caller === caller ? invoice : undefined
    },

    async refresh(invoice) {
      if (invoice.state === 'integrated') {
        const change = await readStatus(workshop, invoice)
        return store.change(invoice.id, () => change)
      }
      const kind = ({ submitted: 'flow', received: 'send', deposited: 'send' } as const)[invoice.state as string]
      if (kind === undefined) return invoice
      const before = await store.change(invoice.id, () => ({ jobs: [{ kind, runAt: workshop.now() }] }))
      worker.wake()
      return waiters.changed(before, Date.now() + 15_000)
    },

    async resolve(id, resolution, operator) {
      const invoice = await store.find(id)
      if (invoice === undefined) throw new ProblemError('not-found', { detail: 'There is no such invoice.' })
      const resolved = await resolveHeld(workshop, invoice, resolution, operator)
      worker.wake()
      return resolved
    },

    async cancel(invoice) {
      try {
        return await store.change(invoice.id, () => ({
          patch: { state: 'cancelled' },
          unset: ['nextAttemptAt'],
          endJobs: ['send']
        }))
      } catch (error) {
        if (!(error instanceof InvalidTransition)) throw error
        throw new ProblemError('invalid-transition', {
          detail: `An invoice in state ${error.from} cannot be cancelled; received, deposited and held ones can, before anything was sent.`,
          instance: `/v1/invoices/${invoice.id}`
        })
      }
    }
  }
}

/** What became of it, as an answer: 201, 202, or the problem. */
function answer(invoice: StoredInvoice): Submitted {
  if (invoice.state === 'submitted' || invoice.state === 'integrated') return { kind: 'created', invoice }
  const { error } = invoice
  if (error !== undefined && (invoice.state === 'rejected' || (invoice.state === 'held' && error.owner === 'caller'))) {
    throw new ProblemError(toCode(error.code), {
      detail: error.detail,
      instance: `/v1/invoices/${invoice.id}`,
      outcome: invoice.outcome,
      ...(error.errors !== undefined && { errors: error.errors }),
      ...(error.upstream !== undefined && { upstream: error.upstream })
    })
  }
  return { kind: 'accepted', invoice }
}

const toCode = (code: string): ProblemCode => (code in catalogue ? (code as ProblemCode) : 'deposit-refused')

const fileRules = ['unsupported-file-type', 'unreadable-file', 'pdf-encrypted', 'file-too-large']

/** One kind of fault gives its name to the whole; different ones are `validation-failed` together. */
function refusal(errors: FieldError[]): ProblemError {
  const rules = new Set(errors.map((error) => error.rule))
  // A file that cannot be used is the first thing to mend, whatever else is wrong.
  const rule = fileRules.find((each) => rules.has(each)) ?? [...rules][0]
  if (rule !== undefined && fileRules.includes(rule)) rules.clear()
  const code = rules.size <= 1 && rule !== undefined ? toCode(rule) : 'validation-failed'
  const detail = errors.length === 1 ? (errors[0]?.message ?? '') : `${errors.length} faults; see errors.`
  const facts: ProblemFacts = { detail, errors, outcome: 'not_sent' }
  return new ProblemError(code, facts)
}

/** Another caller's invoice is only said to exist: no id, no date, no name. */
function duplicate(invoice: StoredInvoice, submitter: Submitter): ProblemError {
  const own = invoice.caller === submitter.id
  const remedy =
    invoice.state === 'rejected'
      ? `To send a corrected invoice under this number, add "replaces": "${invoice.id}".`
      : 'Read that one, or use another number.'
  return new ProblemError('duplicate-invoice', {
    detail: own
      ? `The seller’s number ${invoice.number ?? ''} is here already with other content. ${remedy}`
      : 'The seller’s number is here already.',
    ...(own && { instance: `/v1/invoices/${invoice.id}` })
  })
}

function asProblem(error: unknown): never {
  if (!(error instanceof NotReplaceable)) throw error
  const texts = {
    unknown: 'There is no such invoice of yours to replace.',
    'other-invoice': 'The invoice to replace has another seller or number.',
    'not-final': 'Only a rejected or cancelled invoice can be replaced.'
  }
  throw new ProblemError('validation-failed', {
    detail: texts[error.reason],
    errors: [
      {
        pointer: '/replaces',
        rule: 'validation-failed',
        message: texts[error.reason],
        messageFr: 'La facture à remplacer ne convient pas.',
        fix: 'Name the rejected invoice with the same seller and number, or leave replaces out.'
      }
    ]
  })
}

function describe(received: ReadySubmission, { document }: Prepared, now: Date): StoredDocument[] {
  const one = (part: ReceivedPart & Incoming, role: StoredDocument['role'], mediaType: string): StoredDocument => ({
    id: newId('doc', now.getTime()),
    role,
    name: part.name,
    mediaType,
    size: part.size,
    sha256: part.sha256
  })
  return [
    ...(received.file === undefined
      ? []
      : [one(received.file, 'invoice', document?.mediaType ?? received.file.mediaType)]),
    ...received.attachments.map((part) => one(part, 'attachment', part.mediaType))
  ]
}

/** After `keep` there is nothing left to discard. */
const discard = (received: ReadySubmission) =>
  Promise.all([received.file, ...received.attachments].map((part) => part?.incoming.discard()))
