import { ChorusError } from '../chorus/errors.ts'
import { failpoint } from '../failpoint.ts'
import { InvalidTransition } from '../store/errors.ts'
import type { Change } from '../store/store.ts'
import { laneOf, type StoredInvoice } from '../store/stored-invoice.ts'
import { damageOf } from './hold.ts'
import { explainRefusal, saysFileForgotten } from './refusal.ts'
import { after, type Held, insist, pauseAfter, toSubmissionError, type Workshop } from './workshop.ts'

/** The attempt that is on record, and since when, on a clock that is never set. */
export interface Started {
  invoice: StoredInvoice
  since: number
}

/** Makes the call whose attempt is on record, and notes what it proves. Never throws for what Chorus Pro did. */
export async function callOnce(
  workshop: Workshop,
  { invoice: started, since }: Started,
  job: Held,
  call: () => Promise<Change>
): Promise<StoredInvoice | undefined> {
  let change: Change
  let otherwise: Change | undefined
  let late: Change | undefined
  try {
    // Whoever slept (a stopped machine, a long pause) may have been taken for dead (reliability brief, 2.2 case 19).
    if (performance.now() - since > workshop.timing.leaseMs / 2) throw overslept()
    const done = await call()
    late = done
    workshop.lanes.succeeded(laneOf(started))
    change = { ...done, job: { settle: true }, unset: ['error', 'nextAttemptAt', 'heldReason'] }
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    change = (await afterForgottenFiles(workshop, started, error)) ?? afterTheCall(workshop, started, job, error)
    // While an earlier call may have had an effect, a refusal is only evidence for the search.
    otherwise = change.patch?.state === 'rejected' ? doubtful(workshop, error) : undefined
  }
  failpoint('outcome')
  const note = (what: Change) => insist(workshop, () => workshop.store.change(started.id, () => what, job))
  const noted = await note(change).catch((error: unknown) => {
    if (otherwise === undefined || !(error instanceof InvalidTransition)) throw error
    return note(otherwise)
  })
  failpoint('outcome-noted')
  if (noted === undefined && late !== undefined) return noteLate(workshop, started, late)
  if (noted?.state === 'held') workshop.log.warn({ invoiceId: noted.id, reason: noted.heldReason }, 'submission held')
  else if (noted !== undefined) workshop.log.info({ invoiceId: noted.id, state: noted.state }, 'submission attempted')
  return noted
}

/** Another holder took over meanwhile; what Chorus Pro answered is true all the same (reliability brief, 2.3 step 8). */
async function noteLate(workshop: Workshop, started: StoredInvoice, done: Change): Promise<StoredInvoice | undefined> {
  const waiting = ['received', 'deposited', 'unknown', 'held']
  const noted = await insist(workshop, () =>
    workshop.store.change(started.id, ({ state, upstream }) =>
      // While another attempt runs, its own answer and the search decide.
      waiting.includes(state)
        ? {
            ...done,
            patch: { ...done.patch, upstream: { ...upstream, ...done.patch?.upstream } },
            ...(done.endAttempt !== undefined && { endAttempt: { ...done.endAttempt, number: started.attempts } }),
            unset: ['error', 'nextAttemptAt', 'heldReason']
          }
        : undefined
    )
  )
  workshop.log.info({ invoiceId: started.id, state: noted?.state }, 'an answer came after its lease')
  return noted
}

function overslept(): ChorusError {
  const evidence = { proof: 'not-sent', problem: 'upstream-timeout', service: 'factures', lane: false } as const
  return new ChorusError('the gateway stood still for too long before the call, and sent nothing', evidence)
}

/** What follows from a failed call: the table of the reliability brief, section 3. */
function afterTheCall(workshop: Workshop, started: StoredInvoice, job: Held, error: ChorusError): Change {
  const { evidence } = error
  const endAttempt = {
    proof: evidence.proof,
    detail: error.message,
    ...(evidence.exchange !== undefined && { exchange: evidence.exchange })
  }
  const damaged = damageOf(error)
  const problem = damaged?.error ?? toSubmissionError(error)
  // Whatever it says, it is an answer.
  if (evidence.exchange?.returnCode !== undefined) workshop.lanes.succeeded(laneOf(started))
  switch (evidence.proof) {
    case 'not-sent':
    case 'not-processed': {
      const again = started.documents.some((document) => document.attachmentId !== undefined) ? 'deposited' : 'received'
      const endless = evidence.lane || evidence.proof === 'not-sent'
      if (damaged !== undefined || (!endless && job.tries >= 3)) {
        const heldReason = damaged?.reason ?? evidence.problem
        return {
          patch: { state: 'held', outcome: 'not_sent', error: problem, heldReason },
          endAttempt,
          job: { settle: true }
        }
      }
      return {
        patch: { state: again, outcome: 'not_sent', error: problem },
        endAttempt,
        job: { runAt: after(workshop, pauseAfter(workshop, started, job, error)), countTry: !evidence.lane }
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
      return doubtful(workshop, error)
  }
}

/** So often the files are given once more. */
const mostUploadsAgain = 2

/** Chorus Pro keeps uploads for a time that nobody has published (reliability brief, 2.2 case 18): that refuses no invoice. */
async function afterForgottenFiles(
  workshop: Workshop,
  started: StoredInvoice,
  { evidence, message }: ChorusError
): Promise<Change | undefined> {
  const { documents } = started
  const forgotten = evidence.proof === 'refused' && saysFileForgotten(evidence.exchange?.label ?? '')
  if (!forgotten || documents.every(({ attachmentId }) => attachmentId === undefined)) return undefined
  const story = await insist(workshop, () => workshop.store.timeline(started.id))
  const refusals = story?.attempts.filter(({ proof }) => proof === 'refused') ?? []
  if (refusals.length >= mostUploadsAgain) return undefined
  return {
    patch: {
      state: 'received',
      outcome: 'not_sent',
      documents: documents.map(({ attachmentId: _forgotten, ...document }) => document)
    },
    endAttempt: {
      proof: 'refused',
      detail: message,
      ...(evidence.exchange !== undefined && { exchange: evidence.exchange })
    },
    timeline: [{ type: 'postponed', data: { reason: evidence.problem, detail: message } }],
    job: { runAt: workshop.now(), countTry: true }
  }
}

/** Only a search may decide what became of the call. */
function doubtful(workshop: Workshop, error: ChorusError): Change {
  const { evidence } = error
  return {
    patch: { state: 'unknown', outcome: 'unknown', error: toSubmissionError(error) },
    endAttempt: {
      proof: evidence.proof,
      detail: error.message,
      ...(evidence.exchange !== undefined && { exchange: evidence.exchange })
    },
    job: { settle: true },
    jobs: [{ kind: 'reconcile', runAt: after(workshop, workshop.timing.quietMs) }]
  }
}
