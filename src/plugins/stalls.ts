import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../problem.ts'

/** A peer that sends nothing for so long holds memory that others wait for. */
export function watchStalls(request: FastifyRequest, idleMs: number): { stalled: Promise<never>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let giveUp: (reason: Error) => void
  const stalled = new Promise<never>((_resolve, reject) => {
    giveUp = reject
  })
  stalled.catch(() => {})
  const restart = () => {
    clearTimeout(timer)
    timer = setTimeout(
      () =>
        giveUp(
          new ProblemError('malformed-request', {
            detail: `The upload stood still for ${Math.round(idleMs / 1000)} s.`
          })
        ),
      idleMs
    )
  }
  const onAborted = () =>
    giveUp(new ProblemError('malformed-request', { detail: 'The connection closed during the upload.' }))
  restart()
  request.raw.on('data', restart)
  request.raw.once('aborted', onAborted)
  return {
    stalled,
    stop: () => {
      clearTimeout(timer)
      request.raw.off('data', restart)
      request.raw.off('aborted', onAborted)
    }
  }
}
