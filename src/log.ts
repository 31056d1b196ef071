import type { LoggerOptions } from 'pino'

/**
 * What may be logged of a request: never its headers, query or body. A key in the query string stays out of the log this way.
 */
const request = (request: { method?: string; routeOptions?: { url?: string }; ip?: string }) => ({
  method: request.method,
  route: request.routeOptions?.url,
  from: request.ip
})

const error = (error: Error & { code?: unknown }): Record<string, unknown> => ({
  type: error?.name,
  code: error?.code,
  message: error?.message,
  stack: error?.stack,
  ...(error?.cause instanceof Error && { cause: { type: error.cause.name, message: error.cause.message } })
})

/**
 * pino options: allow-list serializers first, and as a second net every known secret is cut out of the finished line,
 * as it is, in base64 and URL-encoded.
 */
export function logOptions(level: string, scrub: (line: string) => string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      req: request,
      err: error,
      error,
      res: (reply: { statusCode?: number }) => ({ status: reply.statusCode })
    },
    hooks: { streamWrite: scrub }
  }
}

/** Cuts every secret of six characters or more, and anything that looks like credentials, out of a text. */
export function createScrubber(secrets: (string | undefined)[]): (text: string) => string {
  const forms = new Set<string>()
  for (const secret of secrets) {
    if (secret === undefined || secret.length < 6) continue
    forms.add(secret)
    forms.add(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
    forms.add(encodeURIComponent(secret))
    forms.add(JSON.stringify(secret).slice(1, -1))
  }
  const escaped = [...forms].map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const known = escaped.length === 0 ? undefined : new RegExp(escaped.join('|'), 'g')
  return (text) => {
    const cut = text
      .replace(/(:\/\/)[^/\s"@]*@/g, '$1***@')
      .replace(/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{6,}/gi, '$1 ***')
      .replace(/\bcpg_([0-9a-z]+)_[A-Za-z0-9_-]+/g, 'cpg_$1_***')
    return known === undefined ? cut : cut.replace(known, '***')
  }
}
