import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** What is still read of a refused body, and thrown away. */
const bytesAtMost = 16 * 1024 * 1024
const msAtMost = 10_000

/**
 * A refusal that comes while the body is still being sent: many clients read no answer before they have sent all, and a
 * connection closed under them loses it. So the rest is read and thrown away, within limits; beyond them the connection
 * ends (RFC 9112, 9.6).
 */
export const earlyAnswer = fp(
  async (app) => {
    app.addHook('onSend', async (request, reply) => {
      if (reply.statusCode < 400 || request.raw.complete) return
      const asked = request.headers.expect?.toLowerCase() === '100-continue'
      if (asked || Number(request.headers['content-length'] ?? 0) > bytesAtMost) reply.header('connection', 'close')
      else reply.raw.once('finish', () => readOut(request))
    })
  },
  { name: 'early-answer' }
)

function readOut({ raw }: FastifyRequest): void {
  if (raw.complete) return
  const end = () => raw.socket.destroy()
  const timer = setTimeout(end, msAtMost)
  timer.unref()
  let size = 0
  raw.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > bytesAtMost) end()
  })
  const stop = () => clearTimeout(timer)
  raw.once('end', stop)
  raw.once('close', stop)
  raw.unpipe()
  raw.resume()
}
