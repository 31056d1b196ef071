import { isUtf8 } from 'node:buffer'
import type { ExchangeFacts } from './call.ts'
import type { Exchange } from './chorus.ts'
import { isObject, type JsonObject, parseJson, readInteger, readText } from './json.ts'

/** undefined when the body is not one whole JSON object. */
export function readAnswer(facts: Pick<ExchangeFacts, 'body'>): JsonObject | undefined {
  try {
    // Whatever charset is announced: what is not UTF-8 can only be the older French one.
    const text = facts.body.toString(isUtf8(facts.body) ? 'utf8' : 'latin1')
    const value = parseJson(text.replace(/^\ufeff/, ''))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function readExchange(
  facts: Pick<ExchangeFacts, 'status' | 'headers'>,
  question: { service: string; scrub: (text: string) => string },
  answer: JsonObject | undefined
): Exchange {
  const returnCode = readInteger(answer?.['codeRetour'])
  const label = readText(answer?.['libelle'])
  const correlationId = header(facts, 'x-correlationid') || header(facts, 'x-piste-request-id')
  return {
    service: question.service,
    httpStatus: facts.status ?? 0,
    ...(returnCode !== undefined && { returnCode }),
    ...(label !== undefined && { label: onOneLine(question.scrub(label), 1000) }),
    ...(correlationId !== '' && { correlationId: onOneLine(correlationId, 100) })
  }
}

export function header(facts: Pick<ExchangeFacts, 'headers'>, name: string): string {
  const value = facts.headers[name]
  return (Array.isArray(value) ? value.join(', ') : (value ?? '')).trim()
}

/** Texts of others end in logs and on screens: no line breaks, no escapes, no mile-long labels. */
const onOneLine = (text: string, most: number): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, most)

/** Seconds or an HTTP date; between a second and an hour, whatever was asked. */
export function readRetryAfter(facts: Pick<ExchangeFacts, 'headers'>, now: number): number | undefined {
  const value = facts.headers['retry-after']
  const text = (Array.isArray(value) ? value[0] : value)?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 1000), 3_600_000)
}

/** The first 4 KB of an answer, secrets cut before it is cut itself, so that no half of one is left at the end. */
export function readExcerpt(body: Buffer, scrub: (text: string) => string): string {
  return scrub(body.toString('utf8', 0, 16_384).replaceAll('\0', ' ')).slice(0, 4096)
}
