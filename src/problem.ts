import type { FieldError, Problem, UpstreamAnswer } from '../schemas/problem.ts'

type Entry = { status: number; title: string; owner: Problem['owner']; retryable?: true }

/** What callers may read. They program against the slug: it never changes meaning. */
export const catalogue = {
  unauthenticated: { status: 401, title: 'An API key is needed', owner: 'caller' },
  'insufficient-scope': { status: 403, title: 'The API key lacks the right for this', owner: 'caller' },
  'seller-not-allowed': { status: 403, title: 'The API key may not act for this seller', owner: 'caller' },

  'malformed-request': { status: 400, title: 'The request cannot be read', owner: 'caller' },
  'idempotency-key-required': { status: 400, title: 'An Idempotency-Key is needed here', owner: 'caller' },
  'not-found': { status: 404, title: 'Nothing here', owner: 'caller' },
  'method-not-allowed': { status: 405, title: 'This resource does not know that method', owner: 'caller' },
  'file-too-large': { status: 413, title: 'The file is too large', owner: 'caller' },
  'unsupported-media-type': { status: 415, title: 'The content type is not accepted', owner: 'caller' },
  'unsupported-file-type': { status: 422, title: 'Chorus Pro takes no such file', owner: 'caller' },
  'unreadable-file': { status: 422, title: 'The file is damaged', owner: 'caller' },
  'pdf-encrypted': { status: 422, title: 'The PDF is encrypted', owner: 'caller' },
  'rate-limited': { status: 429, title: 'Too many requests', owner: 'caller', retryable: true },
  'quota-exceeded': { status: 429, title: 'No requests are left for today', owner: 'caller', retryable: true },

  'validation-failed': { status: 422, title: 'The invoice breaks a rule', owner: 'caller' },
  'totals-inconsistent': { status: 422, title: 'The amounts do not add up', owner: 'caller' },
  'document-mismatch': { status: 422, title: 'The fields and the document disagree', owner: 'caller' },

  'recipient-unknown': { status: 422, title: 'Chorus Pro does not know this recipient', owner: 'caller' },
  'recipient-inactive': { status: 422, title: 'This recipient no longer takes invoices', owner: 'caller' },
  'service-code-required': { status: 422, title: 'This recipient demands a service code', owner: 'caller' },
  'service-code-unknown': { status: 422, title: 'This recipient has no such active service', owner: 'caller' },
  'commitment-number-required': { status: 422, title: 'This recipient demands a commitment number', owner: 'caller' },
  'seller-not-registered': {
    status: 422,
    title: 'The seller is not one of our structures in Chorus Pro',
    owner: 'operator'
  },
  'bank-account-unknown': { status: 422, title: 'The seller has no such bank account in Chorus Pro', owner: 'caller' },

  'duplicate-invoice': { status: 409, title: 'This invoice number is already here', owner: 'caller' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another invoice', owner: 'caller' },
  'request-in-progress': { status: 409, title: 'The same request is being handled', owner: 'caller', retryable: true },
  'invalid-transition': { status: 409, title: 'The invoice’s state does not allow this', owner: 'caller' },

  'repeat-refused': { status: 409, title: 'The same call was made before', owner: 'caller' },

  'deposit-refused': { status: 422, title: 'Chorus Pro refused this', owner: 'caller' },

  'technical-account-rejected': { status: 503, title: 'Chorus Pro refuses our technical account', owner: 'operator' },
  'token-refused': { status: 503, title: 'PISTE refuses our application', owner: 'operator' },
  'api-not-subscribed': { status: 503, title: 'Our PISTE application may not use this API', owner: 'operator' },
  'client-certificate-rejected': { status: 503, title: 'Our client certificate is not accepted', owner: 'operator' },
  'client-certificate-expired': { status: 503, title: 'Our client certificate has expired', owner: 'operator' },
  'token-keys-unavailable': {
    status: 503,
    title: 'Company tokens cannot be checked now',
    owner: 'operator',
    retryable: true
  },
  'connection-not-configured': {
    status: 503,
    title: 'The connection to Chorus Pro is not configured',
    owner: 'operator'
  },

  'proxy-unreachable': { status: 502, title: 'The proxy cannot be reached', owner: 'operator', retryable: true },
  'proxy-authentication-failed': { status: 502, title: 'The proxy refuses our credentials', owner: 'operator' },
  'tls-handshake-failed': { status: 502, title: 'No trustworthy TLS connection to Chorus Pro', owner: 'operator' },
  'upstream-protocol-error': { status: 502, title: 'Chorus Pro gave an answer that cannot be read', owner: 'platform' },
  'upstream-unavailable': { status: 503, title: 'Chorus Pro is not available', owner: 'platform', retryable: true },
  'upstream-throttled': { status: 503, title: 'Chorus Pro asks us to slow down', owner: 'platform', retryable: true },
  'upstream-timeout': { status: 504, title: 'Chorus Pro did not answer in time', owner: 'platform', retryable: true },

  'storage-full': { status: 507, title: 'The gateway has no room left', owner: 'operator', retryable: true },
  maintenance: { status: 503, title: 'The gateway cannot take this right now', owner: 'operator', retryable: true },
  internal: { status: 500, title: 'The gateway made a mistake', owner: 'operator' }
} as const satisfies Record<string, Entry>

export type ProblemCode = keyof typeof catalogue

export interface ProblemFacts {
  detail?: string
  instance?: string
  outcome?: 'not_sent' | 'sent' | 'unknown'
  retryAfter?: number
  errors?: FieldError[]
  upstream?: UpstreamAnswer
  owner?: Problem['owner']
}

/** An error that a caller may read. Everything else becomes `internal`, and says nothing more. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly facts: ProblemFacts
  constructor(code: ProblemCode, facts: ProblemFacts = {}, options?: ErrorOptions) {
    super(facts.detail ?? catalogue[code].title, options)
    this.name = 'ProblemError'
    this.code = code
    this.facts = facts
  }
}

/** One value of a request that cannot be taken. `pointer` leads to it: a member of the body, or `/` and a parameter's name. */
export function badValue(
  pointer: string,
  { message, messageFr, fix, detail = message }: Pick<FieldError, 'message' | 'messageFr' | 'fix'> & { detail?: string }
): ProblemError {
  const errors = [{ pointer, rule: 'malformed-request', message, messageFr, fix }]
  return new ProblemError('malformed-request', { detail, errors })
}

/** `outcome: unknown` is never retryable: a repeat could send twice. */
export function toProblem(code: ProblemCode, facts: ProblemFacts, requestId?: string): Problem {
  const entry: Entry = catalogue[code]
  return {
    type: `urn:chorus-pro-gateway:problem:${code}`,
    title: entry.title,
    status: entry.status,
    code,
    retryable: entry.retryable === true && facts.outcome !== 'unknown',
    owner: facts.owner ?? entry.owner,
    ...(facts.detail !== undefined && { detail: facts.detail }),
    ...(facts.instance !== undefined && { instance: facts.instance }),
    ...(facts.outcome !== undefined && { outcome: facts.outcome }),
    ...(facts.retryAfter !== undefined && { retryAfter: facts.retryAfter }),
    ...(facts.errors !== undefined && { errors: facts.errors }),
    ...(facts.upstream !== undefined && { upstream: facts.upstream }),
    ...(requestId !== undefined && { requestId })
  }
}
