import { header, readAnswer, readExcerpt, readExchange, readRetryAfter } from './answer.ts'
import { AbandonedError, DeadlineError, type ExchangeFacts } from './call.ts'
import type { Exchange } from './chorus.ts'
import { readAlert } from './connect-error.ts'
import type { Evidence, Proof, UpstreamProblem } from './errors.ts'
import { type JsonObject, readText } from './json.ts'
import { describeSilence } from './silence.ts'
import { isAboutAccount, isDuplicate } from './wording.ts'

/** What was asked, as far as it decides what the answer proves. */
export interface Question {
  service: string
  access: 'piste' | 'certificate'
  host: string
  /** Members without which a success is none. */
  required?: string[]
  /** A member that repeats something of ours: another value means that the answer belongs to someone else. */
  echo?: { member: string; value: string }
  /** Must not happen twice: a refusal may be a duplicate. */
  once?: boolean
  /** Any 200 will do: health-check has no codeRetour. */
  anyBody?: boolean
  /** A member that holds a file: with it, an answer without codeRetour is whole (telecharger/pieceJointe has none). */
  file?: string
  /** Wall clock, milliseconds. */
  now: number
  /** Cuts secrets and file content out of texts. */
  scrub: (text: string) => string
}

export type Verdict =
  | { done: true; answer: JsonObject; exchange: Exchange }
  | { done: false; message: string; evidence: Evidence }

/**
 * Says what one attempt proves: the only place that does (reliability brief, section 2.1; network brief, section 6).
 * Unknown beats hope. The name of an error decides nothing; what had left, and what came back, does.
 */
export function classify(facts: ExchangeFacts, question: Question): Verdict {
  const { service, host } = question
  const status = facts.status
  const answer = readAnswer(facts)
  const exchange = status === undefined ? undefined : readExchange(facts, question, answer)

  const fail = (
    proof: Proof,
    problem: UpstreamProblem,
    message: string,
    more: { lane?: boolean; excerpt?: boolean; wait?: boolean } = {}
  ): Verdict => {
    const retryAfterMs = more.wait === true ? readRetryAfter(facts, question.now) : undefined
    const excerpt = more.excerpt === true ? readExcerpt(facts.body, question.scrub) : ''
    const evidence: Evidence = {
      proof,
      problem,
      service,
      lane: more.lane === true,
      ...(facts.error instanceof AbandonedError && { abandoned: true }),
      ...(exchange !== undefined && { exchange }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(excerpt !== '' && { excerpt })
    }
    return { done: false, message: question.scrub(`${service}: ${message}`), evidence }
  }
  /** The headers have left: without the end of the JSON nothing can have been done with it. */
  const open: Proof = !facts.sent ? 'not-sent' : facts.bodySent ? 'unknown' : 'not-processed'

  if (status === undefined) {
    const { problem, message, lane } = describeSilence(facts, host)
    // On a connection that has served before, the alert may have come after our request was read.
    const turnedAway = facts.sent && facts.fresh && facts.alert !== undefined && readAlert(facts.alert) !== undefined
    return fail(turnedAway ? 'not-processed' : open, problem, message, { lane })
  }

  const label = exchange?.label ?? ''
  const said = label === '' ? '' : `: ${label}`
  switch (status) {
    case 401:
      if (/realm="?DefaultRealm/i.test(header(facts, 'www-authenticate'))) {
        return fail('not-processed', 'api-not-subscribed', 'PISTE knows no API at this path (401, DefaultRealm)', {
          lane: true
        })
      }
      return fail('not-processed', 'technical-account-rejected', `the technical account is refused (401)${said}`, {
        lane: true
      })
    case 403: {
      const bare = facts.body.length === 0 || (answer !== undefined && Object.keys(answer).length === 0)
      if (bare && question.access === 'piste') {
        const text = 'the PISTE application may not use this API (403): subscribe to it and accept its terms of use'
        return fail('not-processed', 'api-not-subscribed', text, { lane: true })
      }
      return fail(
        'not-processed',
        'technical-account-rejected',
        `this account or connection may not use this service (403)${said}`,
        {
          lane: true
        }
      )
    }
    case 404:
    case 405: {
      const problem = question.access === 'piste' ? 'api-not-subscribed' : 'connection-not-configured'
      return fail('not-processed', problem, `no such service at this address (${status}): check the API URL`, {
        lane: true
      })
    }
    case 413:
      return fail('refused', 'deposit-refused', 'the file is larger than Chorus Pro takes (413)')
    case 415:
      return fail('not-processed', 'upstream-protocol-error', 'the content type is not accepted (415)', { lane: true })
    case 429:
      return fail('not-processed', 'upstream-throttled', 'asked to slow down (429)', { lane: true, wait: true })
    case 503:
      return fail(open, 'upstream-unavailable', `not available (503)${said}`, { lane: true, wait: true, excerpt: true })
    case 504:
      return fail(open, 'upstream-timeout', `the edge had no answer in time (504)${said}`, { excerpt: true })
    default:
  }
  if (status >= 500) return fail(open, 'upstream-unavailable', `failed (${status})${said}`, { excerpt: true })
  if (status >= 300 && status < 400)
    return fail(open, 'upstream-protocol-error', `answered with a redirect (${status}), which is never followed`)
  if (
    status === 400 &&
    /no required ssl certificate|the ssl certificate error/i.test(facts.body.toString('latin1', 0, 4096))
  ) {
    const text = `${host} did not get a valid client certificate; a proxy that opens TLS connections swallows it`
    return fail('not-processed', 'client-certificate-rejected', text, { lane: true, excerpt: true })
  }
  if (facts.error !== undefined) {
    const why = facts.error instanceof Error ? facts.error.message : 'cut'
    return fail(
      open,
      facts.error instanceof DeadlineError ? 'upstream-timeout' : 'upstream-protocol-error',
      `the answer (${status}) is not whole: ${why}`,
      { excerpt: true }
    )
  }
  if (question.anyBody === true && status === 200) {
    return { done: true, answer: answer ?? {}, exchange: exchange as Exchange }
  }
  const code = exchange?.returnCode
  const bare = code === undefined && question.file !== undefined && typeof answer?.[question.file] === 'string'
  if (bare && status === 200 && answer !== undefined) return { done: true, answer, exchange: exchange as Exchange }
  if (answer === undefined || code === undefined) {
    const what = answer === undefined ? 'is not JSON' : 'has no codeRetour'
    return fail(open, 'upstream-protocol-error', `the answer (${status}) ${what}`, { excerpt: true })
  }
  if (code !== 0) {
    if (question.once === true && isDuplicate(label)) {
      return fail('exists', 'deposit-refused', `says that it has this number already (${code})${said}`)
    }
    if (isAboutAccount(code, label)) {
      return fail('refused', 'technical-account-rejected', `the technical account may not do this (${code})${said}`, {
        lane: true
      })
    }
    return fail('refused', 'deposit-refused', `refused (${code})${said}`)
  }
  if (status >= 300)
    return fail(open, 'upstream-protocol-error', `codeRetour 0 under HTTP ${status}`, { excerpt: true })
  if (!facts.bodySent)
    return fail('unknown', 'upstream-protocol-error', 'answered before the request was complete', { excerpt: true })
  const missing = question.required?.find((member) => readText(answer[member]) === undefined)
  if (missing !== undefined) {
    return fail('unknown', 'upstream-protocol-error', `codeRetour 0 without ${missing}`, { excerpt: true })
  }
  const { echo } = question
  if (echo !== undefined && readText(answer[echo.member]) !== echo.value) {
    const evidence = fail(
      'unknown',
      'upstream-protocol-error',
      `answered for another invoice: ${echo.member} is not ours`,
      { excerpt: true }
    )
    return evidence.done ? evidence : { ...evidence, evidence: { ...evidence.evidence, foreignAnswer: true } }
  }
  return { done: true, answer, exchange: exchange as Exchange }
}
