import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChorusError } from '../chorus/errors.ts'
import { catalogue, type ProblemCode, ProblemError, type ProblemFacts, toProblem } from '../problem.ts'
import { JsonFault } from '../strict-json.ts'
import { readFaults } from './validation-faults.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What it was answered with, once it was refused. */
    problem?: { code: ProblemCode; instance?: string }
  }
}

/** Turns everything thrown into `application/problem+json`; what it does not know is `internal` and says nothing more. */
export const problemDetails = fp(
  async (app) => {
    const routes = listRoutes(app)
    app.decorateRequest('problem')
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const [code, facts] = explain(error)
      if (code === 'internal') request.log.error({ err: error }, 'request failed')
      return sendProblem(request, reply, code, facts)
    })
    const nothingHere = (request: FastifyRequest, reply: FastifyReply): ProblemError => {
      const path = request.url.split('?', 1)[0] ?? ''
      const methods = new Set(routes.filter((route) => route.pattern.test(path)).map((route) => route.method))
      if (methods.size === 0)
        return new ProblemError('not-found', { detail: 'No resource has this address; /docs lists them all.' })
      reply.header('allow', [...methods].join(', '))
      return new ProblemError('method-not-allowed', { detail: `Use ${[...methods].join(' or ')} here.` })
    }
    // Before anybody looks at a body that is meant for nobody.
    app.addHook('preParsing', async (request, reply) => {
      if (request.is404) throw nothingHere(request, reply)
    })
    app.setNotFoundHandler((request, reply) => {
      throw nothingHere(request, reply)
    })
  },
  { name: 'problem-details' }
)

export function sendProblem(request: FastifyRequest, reply: FastifyReply, code: ProblemCode, facts: ProblemFacts) {
  request.problem = { code, ...(facts.instance !== undefined && { instance: facts.instance }) }
  if (facts.retryAfter !== undefined) reply.header('retry-after', String(facts.retryAfter))
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
  return reply
    .status(catalogue[code].status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(toProblem(code, facts, request.id))
}

/** Fastify's and its plugins' own errors, by code. */
const known: Record<string, [ProblemCode, string]> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send multipart/form-data or application/json.'],
  FST_ERR_CTP_EMPTY_TYPE: ['unsupported-media-type', 'Name the content type: multipart/form-data or application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['file-too-large', 'The request is larger than the gateway takes.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-request', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed-request', 'The body is empty; send a JSON object.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed-request', 'The JSON cannot be read.'],
  FST_REQ_FILE_TOO_LARGE: ['file-too-large', 'A file is larger than the gateway takes.'],
  FST_PARTS_LIMIT: ['file-too-large', 'The form has too many parts.'],
  FST_FILES_LIMIT: ['file-too-large', 'The form has too many files.'],
  FST_FIELDS_LIMIT: ['file-too-large', 'The form has too many fields.'],
  FST_PROTO_VIOLATION: ['malformed-request', 'A part has a name that is not allowed.'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ['unsupported-media-type', 'The content type names no multipart boundary.'],
  HPE_HEADER_OVERFLOW: ['malformed-request', 'The headers are too large.']
}

function explain(error: FastifyError): [ProblemCode, ProblemFacts] {
  if (error instanceof ProblemError) return [error.code, error.facts]
  if (error instanceof JsonFault) {
    const errors = [
      {
        pointer: error.pointer,
        rule: 'malformed-request',
        message: error.message,
        messageFr: error.messageFr,
        fix: error.fix
      }
    ]
    return ['malformed-request', { detail: error.message, errors }]
  }
  if (error instanceof ChorusError) return explainUpstream(error)
  if (error.name === 'StoreUnavailable') return explainStore(error as FastifyError & { reason?: string })
  if (error.validation !== undefined) return explainValidation(error)
  const entry = known[error.code]
  if (entry !== undefined) return [entry[0], { detail: entry[1] }]
  // Other complaints of the framework or the multipart parser about the request; their texts are not for callers.
  if (error.statusCode === 415) return ['unsupported-media-type', {}]
  if (error.statusCode === 413) return ['file-too-large', {}]
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return ['malformed-request', {}]
  return ['internal', {}]
}

/** Chorus Pro's 401 and 403 arrive here as 503 with `owner: operator`: they never mean the caller's credentials. */
function explainUpstream({ evidence, message }: ChorusError): [ProblemCode, ProblemFacts] {
  return [
    evidence.problem,
    {
      detail: message,
      outcome: evidence.proof === 'unknown' || evidence.proof === 'exists' ? 'unknown' : 'not_sent',
      ...(evidence.retryAfterMs !== undefined && { retryAfter: Math.ceil(evidence.retryAfterMs / 1000) }),
      upstream: evidence.exchange ?? { service: evidence.service }
    }
  ]
}

function explainStore({ reason }: { reason?: string }): [ProblemCode, ProblemFacts] {
  if (reason === 'full') {
    return ['storage-full', { detail: 'Nothing was kept of this request. Repeat it later.', retryAfter: 30 }]
  }
  if (reason === 'busy') {
    const detail = 'A request with the same key or number is being handled. Repeat this one, unchanged.'
    return ['request-in-progress', { detail, retryAfter: 1 }]
  }
  const detail =
    reason === 'commit-unknown'
      ? 'It is not certain that the request was kept. Repeat it unchanged: it will not be taken twice.'
      : 'The ledger cannot be written. Repeat the request later, unchanged.'
  return ['maintenance', { detail, retryAfter: 5 }]
}

function explainValidation(error: FastifyError): [ProblemCode, ProblemFacts] {
  const where = error.validationContext ?? 'request'
  if (where === 'params') return ['not-found', { detail: 'The address holds an id that cannot exist.' }]
  const errors = readFaults(error.validation ?? [], where)
  return ['malformed-request', { detail: errors[0]?.message ?? 'The request is not valid.', errors }]
}

function listRoutes(app: FastifyInstance): { method: string; pattern: RegExp }[] {
  const routes: { method: string; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    const source = url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[A-Za-z]+/g, '[^/]+')
      .replace(/\*/g, '.*')
    for (const each of Array.isArray(method) ? method : [method]) {
      routes.push({ method: each, pattern: new RegExp(`^${source}/?$`) })
    }
  })
  return routes
}
