import type { Resolution } from '../../schemas/resolution.ts'
import { failpoint } from '../failpoint.ts'
import { inTime } from '../in-time.ts'
import { ProblemError } from '../problem.ts'
import { InvalidTransition } from '../store/errors.ts'
import { laneOf, type StoredInvoice } from '../store/stored-invoice.ts'
import { acceptSubmission, discard, type ReadySubmission } from './acceptance.ts'
import { answer, asProblem, duplicate, refusal, type Submitted } from './answers.ts'
import { readStatus } from './follow.ts'
import type { Intake, Prepared, Submitter } from './intake.ts'
import { resolveHeld } from './resolution.ts'
import { isSettled, type Waiters } from './waiters.ts'
import type { Worker } from './worker.ts'
import type { Workshop } from './workshop.ts'

export interface SubmitOptions {
  idempotencyKey?: string
  /** How long the answer may wait for Chorus Pro, milliseconds. */
  waitMs: number
  /** Called when the file's bytes are no longer needed in memory. */
  released: () => void
}

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
  intake: Intake
  worker: Pick<Worker, 'run' | 'wake'>
  waiters: Waiters
}

export function createSubmissions({ workshop, intake, worker, waiters }: SubmissionsOptions): Submissions {
  const { store } = workshop

  return {
    async submit(received, submitter, { idempotencyKey, waitMs, released }) {
      const until = Date.now() + waitMs
      let handedOver = false
      try {
        const prepared = await intake(received, submitter)
        if (prepared.errors.length > 0) throw refusal(prepared.errors)
        const { result, open } = await acceptSubmission(workshop, received, prepared, submitter, idempotencyKey).catch(
          asProblem
        )
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
        } else {
          // It may be the one that goes first where the way has just answered again.
          worker.wake()
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
