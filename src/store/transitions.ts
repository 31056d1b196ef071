import { InvalidTransition } from './errors.ts'
import type { Attempt, JobKind, Proof, StoredInvoice, SubmissionState } from './stored-invoice.ts'

/** What a guard may look at: the invoice and its attempts as they will be. */
export interface Facts {
  invoice: Pick<StoredInvoice, 'mode' | 'number' | 'upstream' | 'heldReason'>
  attempts: Pick<Attempt, 'proof'>[]
  /** The change records the start of an attempt. */
  starts: boolean
  /** The job held, its fence checked. */
  held: JobKind | undefined
  operator: string | undefined
}

/** Says what is missing. */
type Guard = (facts: Facts) => string | undefined

const without: Proof[] = ['not-sent', 'not-processed', 'refused']
/** Chorus Pro has nothing from these attempts, and never will. */
const nothingThere = ({ attempts }: Facts) =>
  attempts.every(({ proof }) => proof !== undefined && without.includes(proof))
const last = ({ attempts }: Facts) => attempts.at(-1)?.proof
const done = ({ attempts }: Facts) => attempts.some(({ proof }) => proof === 'done')

const free: Guard = () => undefined
const all =
  (...guards: Guard[]): Guard =>
  (facts) =>
    guards.map((guard) => guard(facts)).find((it) => it !== undefined)

const underSend: Guard = ({ held }) => (held === 'send' ? undefined : 'only under a held send job')
const underReconcile: Guard = ({ held }) => (held === 'reconcile' ? undefined : 'only under a held reconcile job')
const starting: Guard = ({ starts }) => (starts ? undefined : 'the start of an attempt is recorded with it')
const reasoned: Guard = ({ invoice }) => (invoice.heldReason === undefined ? 'a reason is needed' : undefined)
const structured: Guard = ({ invoice }) => (invoice.mode === 'structured' ? undefined : 'only a flow has a report')
const lastWithoutEffect: Guard = (facts) => {
  const proof = last(facts)
  return proof !== undefined && without.includes(proof) ? undefined : 'the last attempt may have had an effect'
}
const doubtful: Guard = (facts) => (nothingThere(facts) ? undefined : 'an attempt may have had an effect')
/** Invariant I6. */
const refusedForGood: Guard = (facts) => (nothingThere(facts) ? undefined : 'an attempt is not proven without effect')
const doubtfulOnlyByOperator: Guard = (facts) =>
  nothingThere(facts) || facts.operator !== undefined ? undefined : 'an operator has to decide'
/** Invariant I7. */
const flowOrInvoice: Guard = ({ invoice: { upstream } }) =>
  upstream['invoiceId'] === undefined && upstream['flowNumber'] === undefined
    ? 'an identity of Chorus Pro is needed'
    : undefined
const invoiceId: Guard = ({ invoice: { upstream } }) =>
  upstream['invoiceId'] === undefined ? 'the invoice id of Chorus Pro is needed' : undefined
const answered: Guard = (facts) => (done(facts) ? undefined : 'no attempt is proven done')
const answeredOrLinked: Guard = (facts) =>
  done(facts) || facts.operator !== undefined ? undefined : 'no attempt is proven done and no operator decides'
const unclear: Guard = ({ attempts }) => {
  if (attempts.some(({ proof }) => proof === undefined)) return 'an attempt is not classed'
  return attempts.some(({ proof }) => proof === 'unknown' || proof === 'exists') ? undefined : 'no attempt is in doubt'
}
/** Only where Chorus Pro refuses our number a second time may an unclear call be repeated (reliability brief, 2.3 step 6). */
const repeatable: Guard = (facts) =>
  nothingThere(facts) || (facts.invoice.mode !== 'data' && facts.invoice.number !== undefined)
    ? undefined
    : 'without a number of ours a second call could make a second invoice'

/** A late answer (reliability brief, 2.3 step 8) reaches every state that is not final. */
const late = { submitted: all(flowOrInvoice, answered), integrated: all(invoiceId, answered) }
/**
 * The table of the reliability brief, section 3. Three additions: an older ledger that was restored may have forgotten a
 * call, and says so with an attempt in doubt (`unknown`, restore.ts); before any attempt of the call, the upload of a document
 * may be refused as well, for its content (`rejected`) or for our account (`held`); and a flow that Chorus Pro could not
 * process is `held`.
 */
const unsent = {
  submitting: all(starting, underSend),
  cancelled: doubtful,
  rejected: refusedForGood,
  held: reasoned,
  ...late
}

export const transitions: Record<SubmissionState, Partial<Record<SubmissionState, Guard>>> = {
  received: { deposited: free, unknown: unclear, ...unsent },
  deposited: { unknown: unclear, ...unsent },
  submitting: {
    received: all(underSend, lastWithoutEffect),
    deposited: all(underSend, lastWithoutEffect),
    rejected: all(underSend, refusedForGood),
    held: all(underSend, lastWithoutEffect, reasoned),
    unknown: unclear,
    ...late
  },
  unknown: {
    submitted: flowOrInvoice,
    integrated: invoiceId,
    held: reasoned,
    received: all(underReconcile, repeatable),
    deposited: all(underReconcile, repeatable)
  },
  submitted: {
    integrated: invoiceId,
    rejected: all(structured, refusedForGood),
    unknown: structured,
    held: all(structured, reasoned)
  },
  held: {
    received: doubtfulOnlyByOperator,
    cancelled: doubtfulOnlyByOperator,
    submitted: all(flowOrInvoice, answeredOrLinked),
    integrated: all(invoiceId, answeredOrLinked)
  },
  // Invariant I8.
  integrated: {},
  rejected: {},
  cancelled: {}
}

/** Throws InvalidTransition. */
export function assertTransition(from: SubmissionState, to: SubmissionState, facts: Facts): void {
  const guard = transitions[from][to]
  if (guard === undefined) throw new InvalidTransition(from, to, 'there is no such transition')
  const missing = guard(facts)
  if (missing !== undefined) throw new InvalidTransition(from, to, missing)
}

/** What a proof may turn into: only doubt is ever resolved (reliability brief, 2.1). */
export function mayBecome(before: Proof | undefined, after: Proof): boolean {
  if (before === undefined || before === after || before === 'unknown') return true
  return before === 'exists' && after === 'done'
}

/** The kinds of job that a state has use for; the others end when it is entered. */
export const jobsOf: Record<SubmissionState, readonly JobKind[]> = {
  received: ['send', 'status'],
  deposited: ['send', 'status'],
  submitting: ['send', 'status'],
  unknown: ['reconcile', 'flow', 'status'],
  submitted: ['flow', 'status'],
  integrated: ['flow', 'status'],
  rejected: [],
  held: ['status'],
  cancelled: []
}
