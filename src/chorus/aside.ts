import { ChorusError, type Evidence } from './errors.ts'

/** How a failure is seen by the way it came on. */
export type See = (error: unknown) => unknown

export const asItIs: See = (error) => error

/**
 * A failure of a single service, taken out of what stops a whole way: one that is withdrawn, not subscribed or not
 * allowed to this account must not keep invoices from being sent that can do without it.
 */
export const asideService: See = without(
  ({ problem, exchange }) =>
    problem === 'api-not-subscribed' || [403, 404, 405, 415].includes(exchange?.httpStatus ?? 0)
)

const asideObject: See = without(({ proof, exchange }) => {
  const code = exchange?.returnCode
  return proof === 'refused' && code !== undefined && code !== 4 && code !== 401
})

/** The same of a single object as well: the id of someone else, which any caller may try. */
export const aside: See = (error) => asideObject(asideService(error))

function without(single: (evidence: Evidence) => boolean): See {
  return (error) => {
    if (!(error instanceof ChorusError) || !error.evidence.lane || !single(error.evidence)) return error
    return new ChorusError(error.message, { ...error.evidence, lane: false })
  }
}
