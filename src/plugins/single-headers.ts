import fp from 'fastify-plugin'
import { ProblemError } from '../problem.ts'

/** Headers that two readers could understand differently when they are there twice. */
const once = new Set([
  'host',
  'authorization',
  'content-type',
  'content-length',
  'idempotency-key',
  'chorus-connection'
])

/** Refuses requests that repeat a header which says who asks or what is sent. */
export const singleHeaders = fp(
  async (app) => {
    app.addHook('onRequest', async ({ raw: { rawHeaders, httpVersion } }) => {
      const seen = new Set<string>()
      for (let at = 0; at < rawHeaders.length; at += 2) {
        const name = rawHeaders[at]?.toLowerCase() ?? ''
        if (!once.has(name)) continue
        if (seen.has(name))
          throw new ProblemError('malformed-request', { detail: `The header ${name} is there more than once.` })
        seen.add(name)
      }
      // Node itself would answer without a word.
      if (httpVersion === '1.1' && !seen.has('host'))
        throw new ProblemError('malformed-request', { detail: 'HTTP/1.1 needs the header host.' })
    })
  },
  { name: 'single-headers', dependencies: ['problem-details'] }
)
