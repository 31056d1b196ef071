import type { FastifyPluginAsync } from 'fastify'

/** Gives a key back as a token, or undefined when it is none. */
export type ExchangeKey = (key: string, address: string) => Promise<string | undefined>

/**
 * The token endpoint of PISTE, for clients that ask for a token first: their `client_secret` is a key of the gateway, and
 * so is the token. Nothing new comes into being, and revoking the key ends both.
 */
export const tokenRoutes: FastifyPluginAsync<{
  exchangeKey: ExchangeKey
  /** The key in an `Authorization: Basic` header. */
  keyOfBasic: (authorization: string | undefined) => string | undefined
}> = async (app, { exchangeKey, keyOfBasic }) => {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 16 * 1024 },
    (_request, text, done) => done(null, new URLSearchParams(text.toString()))
  )
  app.post('/api/oauth/token', { schema: { hide: true } }, async ({ body, headers, ip }, reply) => {
    const form = body instanceof URLSearchParams ? body : new URLSearchParams()
    // RFC 6749, section 5.2; the wrong secret is a 400, as with PISTE (authentication.md 2.2).
    if (form.get('grant_type') !== 'client_credentials')
      return reply.status(400).send({ error: 'unsupported_grant_type' })
    const key = keyOfBasic(headers.authorization) ?? form.get('client_secret') ?? ''
    const token = await exchangeKey(key, ip)
    if (token === undefined) return reply.status(400).send({ error: 'invalid_client' })
    return { access_token: token, token_type: 'Bearer', expires_in: 3600, scope: 'openid' }
  })
}
