import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ByteBudget } from '../byte-budget.ts'
import type { Config } from '../config.ts'
import { ProblemError } from '../problem.ts'
import { holdBudget } from './hold-budget.ts'
import { watchStalls } from './stalls.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The body as it came, under the byte budget until the answer has ended; undefined without one. Throws ProblemError.
     */
    readWholeBody(): Promise<Buffer | undefined>
  }
}

export interface WholeBodyOptions {
  budget: ByteBudget
  limits: Config['limits']
}

/** So small, a body waits for nobody: searches do not queue behind uploads. */
const small = 256 * 1024

/** For bodies that pass through: no content type is looked at, nothing is parsed. */
export const wholeBody = fp<WholeBodyOptions>(
  async (app, { budget, limits }) => {
    // In base64 inside JSON, as Chorus Pro takes it.
    const most = Math.ceil(limits.invoiceMaxBytes * 1.4)
    const holds = holdBudget(app, budget)
    app.removeAllContentTypeParsers()
    // Unread until there is room for it.
    app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined))
    app.decorateRequest('readWholeBody', async function (this: FastifyRequest) {
      const announced = this.headers['content-length']
      if (announced === undefined && this.headers['transfer-encoding'] === undefined) return undefined
      const length = Number(announced ?? Number.NaN)
      if (length > most) throw tooLarge(most)
      if (length > small) await holds.acquire(this, length)
      this.sendContinue?.()
      const stall = watchStalls(this, limits.uploadIdleTimeoutMs)
      try {
        return await Promise.race([
          announced === undefined ? readChunked(this) : readWhole(this, length),
          stall.stalled
        ])
      } finally {
        stall.stop()
      }
    })

    async function readWhole(request: FastifyRequest, length: number): Promise<Buffer> {
      const whole = Buffer.allocUnsafeSlow(length)
      let size = 0
      for await (const chunk of request.raw as AsyncIterable<Buffer>) size += chunk.copy(whole, size)
      if (size < length) throw new ProblemError('malformed-request', { detail: 'The body ended too soon.' })
      return whole
    }

    async function readChunked(request: FastifyRequest): Promise<Buffer> {
      const chunks: Buffer[] = []
      let size = 0
      let room = small
      for await (const chunk of request.raw as AsyncIterable<Buffer>) {
        chunks.push(chunk)
        size += chunk.length
        if (size > most) throw tooLarge(most)
        if (size <= room) continue
        // More is given back before more is asked for: those who hold a part must not wait for each other.
        room = Math.min(most, size * 8)
        await holds.acquire(request, room)
      }
      return Buffer.concat(chunks)
    }
  },
  { name: 'whole-body' }
)

const tooLarge = (most: number) =>
  new ProblemError('file-too-large', { detail: `The body is larger than ${most} bytes.` })
