import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../problem.ts'

/**
 * An upload that does not move for so long holds memory that others wait for: given up, and blamed on the peer only where
 * it is the peer that we wait for.
 */
export function watchStalls(request: FastifyRequest, idleMs: number): { stalled: Promise<never>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let giveUp: (reason: Error) => void
  const stalled = new Promise<never>((_resolve, reject) => {
    giveUp = reject
  })
  stalled.catch(() => {})
  const restart = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      // Bytes have come, and it is we who do not take them.
      const ours = request.raw.complete || request.raw.readableLength > 0
      giveUp(ours ? notWritten(idleMs) : stoodStill(idleMs))
    }, idleMs)
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

const stoodStill = (ms: number) =>
  new ProblemError('malformed-request', { detail: `The upload stood still for ${Math.round(ms / 1000)} s.` })

const notWritten = (ms: number) =>
  new ProblemError('maintenance', {
    detail: `What was sent could not be written within ${Math.round(ms / 1000)} s, and nothing of it is kept. Repeat the request later, unchanged.`,
    retryAfter: 5
  })
