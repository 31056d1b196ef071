import { Type } from 'typebox'
import { Problem } from './problem.ts'
import { ref } from './ref.ts'

/** An answer of this named schema. */
export const jsonOf = <S extends Parameters<typeof ref>[0]>(schema: S) => ({
  content: { 'application/json': { schema: ref(schema) } }
})

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ref(Problem) } }
})

/** The problems that any route behind a key can answer with. */
export const problems = {
  400: problem('The request cannot be read: `malformed-request`, `idempotency-key-required`.'),
  401: problem('`unauthenticated`'),
  403: problem('`insufficient-scope`, `seller-not-allowed`'),
  404: problem('`not-found`; another caller’s object does not exist for you.'),
  422: problem('A value that cannot be taken, `validation-failed`; or Chorus Pro said no: `deposit-refused`.'),
  429: problem('`rate-limited`, `quota-exceeded`'),
  500: problem('`internal`'),
  502: problem(
    'The way out: `proxy-unreachable`, `proxy-authentication-failed`, `tls-handshake-failed`, `upstream-protocol-error`.'
  ),
  503: problem(
    '`maintenance`, `upstream-unavailable`, `upstream-throttled`, or our own credentials: `technical-account-rejected`, `token-refused`, `api-not-subscribed`, `client-certificate-rejected`, `client-certificate-expired`, `connection-not-configured`, `token-keys-unavailable`.'
  ),
  504: problem('`upstream-timeout`')
}

/** Those of the administration port. */
export const adminProblems = {
  400: problem('`malformed-request`'),
  401: problem('`unauthenticated`: the token of the administration is needed.'),
  403: problem('`insufficient-scope`: not from here.'),
  404: problem('`not-found`'),
  429: problem('`rate-limited`: too many wrong tokens from this address.'),
  503: problem('`maintenance`')
}

/** Those that come with sending something. */
export const submissionProblems = {
  ...problems,
  409: problem('`duplicate-invoice`, `request-in-progress`'),
  413: problem('`file-too-large`'),
  415: problem('`unsupported-media-type`'),
  422: problem(
    'Not accepted: `validation-failed`, `totals-inconsistent`, `document-mismatch`, `unsupported-file-type`, `unreadable-file`, `pdf-encrypted`, `recipient-unknown`, `recipient-inactive`, `service-code-required`, `service-code-unknown`, `commitment-number-required`, `seller-not-registered`, `bank-account-unknown`, `idempotency-key-reused`; or refused by Chorus Pro: `deposit-refused`.'
  ),
  507: problem('`storage-full`')
}

/** Of calls that pass in Chorus Pro’s own words; they are described in docs/drop-in.md. */
export const repeatProblem = { 409: problem('`repeat-refused`, `request-in-progress`') }

export const transitionProblem = { 409: problem('`invalid-transition`: the detail names the states that allow it.') }

/** Those of an action on a document that Chorus Pro holds. */
export const actionProblems = {
  ...problems,
  409: problem('`invalid-transition`: the detail names the present status and those that allow it.'),
  422: problem('`validation-failed`: `errors[]` names the member; or refused by Chorus Pro: `deposit-refused`.')
}

/** Those that come with doing something to an invoice that Chorus Pro holds. */
export const changeProblems = {
  ...problems,
  ...transitionProblem,
  413: problem('`file-too-large`'),
  415: problem('`unsupported-media-type`'),
  422: problem('`validation-failed`, `unsupported-file-type`; or refused by Chorus Pro: `deposit-refused`.'),
  507: problem('`storage-full`')
}

const bytes = { schema: Type.Any() }

/** Those of a download. */
export const downloadProblems = {
  ...problems,
  413: problem('`file-too-large`: Chorus Pro gives 120 MB at most at once.'),
  422: problem('`deposit-refused`: Chorus Pro shows the invoice and refuses the file.')
}

/** A file whose type its first bytes tell. */
export const fileAnswer = {
  description: 'The file, streamed.',
  content: {
    'application/pdf': bytes,
    'application/zip': bytes,
    'application/xml': bytes,
    'application/octet-stream': bytes
  }
}
