import fp from 'fastify-plugin'
import { parseStrictJson } from '../strict-json.ts'

/**
 * JSON bodies are read as strictly as an invoice is: no doubled or prototype members, UTF-8 only. An empty one is none:
 * many clients name the type of a body that they do not send.
 */
export const jsonBody = fp(
  async (app) => {
    app.removeContentTypeParser('application/json')
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
      body.length === 0 ? undefined : parseStrictJson(body).value
    )
  },
  { name: 'json-body' }
)
