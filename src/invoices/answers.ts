import type { FieldError } from '../../schemas/problem.ts'
import { catalogue, type ProblemCode, ProblemError, type ProblemFacts } from '../problem.ts'
import { NotReplaceable } from '../store/errors.ts'
import type { StoredInvoice } from '../store/stored-invoice.ts'
import type { Submitter } from './intake.ts'

export type Submitted = { kind: 'created' | 'accepted' | 'replayed'; invoice: StoredInvoice }

/** What became of it, as an answer: 201, 202, or the problem. */
export function answer(invoice: StoredInvoice): Submitted {
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
export function refusal(errors: FieldError[]): ProblemError {
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
export function duplicate(invoice: StoredInvoice, submitter: Submitter): ProblemError {
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

/** A replacement that does not fit is the caller's mistake; everything else goes on as it is. */
export function asProblem(error: unknown): never {
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
