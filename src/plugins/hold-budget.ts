import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ByteBudget } from '../byte-budget.ts'
import { ProblemError } from '../problem.ts'

export interface BudgetHolds {
  /** Waits for room; what the request held before is given back first. Throws ProblemError when the peer goes meanwhile. */
  acquire(request: FastifyRequest, bytes: number): Promise<void>
  /** Before the answer has ended: the bytes are no longer in memory. */
  release(request: FastifyRequest): void
}

/** What requests hold of the byte budget, until their answer has ended or their peer is gone. */
export function holdBudget(app: FastifyInstance, budget: ByteBudget): BudgetHolds {
  const releases = new WeakMap<FastifyRequest, () => void>()
  const over = new WeakSet<FastifyRequest>()

  // Answered or not, and at whatever moment the peer goes: neither onResponse nor onRequestAbort is called for each.
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => {
      over.add(request)
      releases.get(request)?.()
    })
  })

  return {
    async acquire(request, bytes) {
      releases.get(request)?.()
      const gone = new AbortController()
      const closed = () => new ProblemError('malformed-request', { detail: 'The connection closed.' })
      const onClose = () => gone.abort(closed())
      request.raw.socket.once('close', onClose)
      try {
        const release = await budget.acquire(bytes, gone.signal)
        if (!over.has(request)) return void releases.set(request, release)
        release()
        throw closed()
      } finally {
        request.raw.socket.removeListener('close', onClose)
      }
    },
    release: (request) => releases.get(request)?.()
  }
}
