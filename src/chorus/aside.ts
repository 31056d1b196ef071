import { ChorusError } from './errors.ts'

/**
 * A failure of a single service or a single object, taken out of what stops a whole way: an id of someone else, which
 * any caller may try, or a service that is withdrawn or not subscribed, must not keep invoices from being sent.
 */
export function aside(error: unknown): unknown {
  if (!(error instanceof ChorusError) || !error.evidence.lane) return error
  const { proof, problem, exchange } = error.evidence
  const code = exchange?.returnCode
  const oneObject = proof === 'refused' && code !== undefined && code !== 4 && code !== 401
  const oneService = problem === 'api-not-subscribed' || [403, 404, 405, 415].includes(exchange?.httpStatus ?? 0)
  return oneObject || oneService ? new ChorusError(error.message, { ...error.evidence, lane: false }) : error
}
