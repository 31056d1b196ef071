import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import helmet from '@fastify/helmet'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { attachmentRoutes, attachmentUploadRoutes } from '../routes/attachments.ts'
import { directoryRoutes } from '../routes/directory.ts'
import { dropInRoutes } from '../routes/drop-in.ts'
import { healthRoutes } from '../routes/health.ts'
import { invoiceRoutes } from '../routes/invoices.ts'
import { issuedInvoiceChangeRoutes, issuedInvoiceRoutes } from '../routes/issued-invoices.ts'
import { paymentRequestRoutes } from '../routes/payment-requests.ts'
import { receivedInvoiceRoutes } from '../routes/received-invoices.ts'
import { accountRoutes, commitmentRoutes, flowRoutes } from '../routes/records.ts'
import { referenceRoutes } from '../routes/reference.ts'
import { resolutionRoutes } from '../routes/resolution.ts'
import { submissionRoutes } from '../routes/submissions.ts'
import { tokenRoutes } from '../routes/token.ts'
import { validationRoutes } from '../routes/validations.ts'
import { worksInvoiceRoutes } from '../routes/works-invoices.ts'
import { accountSchemas } from '../schemas/account.ts'
import { attachmentSchemas } from '../schemas/attachment.ts'
import { commitmentSchemas } from '../schemas/commitment.ts'
import { directorySchemas } from '../schemas/directory.ts'
import { flowSchemas } from '../schemas/flow.ts'
import { Live, Ready } from '../schemas/health.ts'
import { InvoiceInput, InvoiceJson } from '../schemas/invoice.ts'
import { issuedInvoiceSchemas } from '../schemas/issued-invoice.ts'
import { PaymentRequest, PaymentRequestPage } from '../schemas/payment-request.ts'
import { PlatformChange, PlatformDocuments, PlatformHistory } from '../schemas/platform-answers.ts'
import { FieldError, Problem, UpstreamAnswer } from '../schemas/problem.ts'
import { receivedInvoiceSchemas } from '../schemas/received-invoice.ts'
import { referenceSchemas } from '../schemas/reference.ts'
import { Resolution } from '../schemas/resolution.ts'
import { Invoice, InvoiceList, Timeline, Validation } from '../schemas/submission.ts'
import {
  Decision,
  DecisionInput,
  RefusalReasons,
  ValidatorInvoice,
  ValidatorInvoiceDetail,
  ValidatorInvoicePage,
  VisibleStatuses
} from '../schemas/validation.ts'
import {
  BillingFile,
  WorksChange,
  WorksInvoice,
  WorksInvoiceDetail,
  WorksInvoicePage,
  WorksRerouting,
  WorksSuspension
} from '../schemas/works-invoice.ts'
import type { Parts } from './parts.ts'
import { authentication } from './plugins/authentication.ts'
import { chorusClientProblems, chorusClients, keyOfBasic } from './plugins/chorus-clients.ts'
import { closedQuery } from './plugins/closed-query.ts'
import { earlyAnswer } from './plugins/early-answer.ts'
import { expectContinue } from './plugins/expect-continue.ts'
import { jsonBody } from './plugins/json-body.ts'
import { createKeyExchange } from './plugins/key-exchange.ts'
import { openapi } from './plugins/openapi.ts'
import { problemDetails, sendProblem } from './plugins/problem-details.ts'
import { refusals } from './plugins/refusals.ts'
import { thriftySerializer } from './plugins/serializer.ts'
import { singleHeaders } from './plugins/single-headers.ts'
import { strictValidator } from './plugins/strict-validator.ts'
import { submissionForm } from './plugins/submission-form.ts'
import { wholeBody } from './plugins/whole-body.ts'
import { toProblem } from './problem.ts'

const named = [
  FieldError,
  UpstreamAnswer,
  Problem,
  InvoiceInput,
  InvoiceJson,
  Invoice,
  InvoiceList,
  Timeline,
  Validation,
  ...directorySchemas,
  ...issuedInvoiceSchemas,
  ...receivedInvoiceSchemas,
  PlatformHistory,
  PlatformDocuments,
  PlatformChange,
  ...referenceSchemas,
  ...flowSchemas,
  ...commitmentSchemas,
  ...accountSchemas,
  ...attachmentSchemas,
  Resolution,
  ValidatorInvoice,
  ValidatorInvoicePage,
  ValidatorInvoiceDetail,
  DecisionInput,
  Decision,
  RefusalReasons,
  VisibleStatuses,
  PaymentRequest,
  PaymentRequestPage,
  WorksInvoice,
  WorksInvoicePage,
  WorksInvoiceDetail,
  BillingFile,
  WorksRerouting,
  WorksSuspension,
  WorksChange,
  Live,
  Ready
]

/** The public listener: plugins in order, then routes by prefix. */
export async function createApp(parts: Parts, logger: FastifyBaseLogger): Promise<FastifyInstance> {
  const { config } = parts
  const app = Fastify({
    loggerInstance: logger,
    // One line an answer, written below; Fastify's own two would double the cost.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => `req_${randomUUID()}`,
    requestTimeout: 300_000,
    keepAliveTimeout: 72_000,
    maxRequestsPerSocket: 0,
    bodyLimit: 1024 * 1024,
    // As long as a request line may be: what is no id is told so by the route, to who may ask.
    routerOptions: { maxParamLength: 16_384, ignoreTrailingSlash: true },
    frameworkErrors: (_error, request, reply) => {
      const detail = 'The address is not percent-encoded as it should be.'
      void sendProblem(request, reply, 'malformed-request', { detail })
    },
    http: { headersTimeout: 15_000, maxHeaderSize: 16_384, requireHostHeader: false },
    trustProxy: config.access.trustedProxies.length > 0 && config.access.trustedProxies,
    clientErrorHandler: refuseUnreadable,
    schemaController: { compilersFactory: { buildValidator: strictValidator(), buildSerializer: thriftySerializer() } }
  }).withTypeProvider<TypeBoxTypeProvider>()

  for (const schema of named) app.addSchema(schema)
  // Else Fastify reads plain text for routes that take none.
  app.removeContentTypeParser('text/plain')
  await app.register(problemDetails)
  await app.register(refusals, { audit: parts.audit })
  await app.register(singleHeaders)
  await app.register(expectContinue)
  await app.register(earlyAnswer)
  await app.register(closedQuery)
  await app.register(helmet, {
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false
  })
  await app.register(chorusClients)
  await app.register(authentication, { identify: parts.identify, limits: parts.limits })
  await app.register(openapi, { version: parts.version })
  app.addHook('onSend', async (request, reply) => {
    if (!request.url.startsWith('/docs')) reply.header('cache-control', 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => {
    parts.metrics.observeRequest(
      request.routeOptions.url ?? 'none',
      request.method,
      reply.statusCode,
      reply.elapsedTime
    )
    request.log.info(
      {
        req: request,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        caller: request.caller?.id
      },
      'answered'
    )
  })

  await app.register(healthRoutes, { prefix: '/health', readiness: parts.readiness })
  await app.register(async (scope) => {
    await scope.register(submissionForm, { documents: parts.documents, budget: parts.budget, limits: config.limits })
    await scope.register(submissionRoutes, { prefix: '/v1/invoices', ...parts })
    await scope.register(attachmentUploadRoutes, { prefix: '/v1/attachments', ...parts })
    await scope.register(issuedInvoiceChangeRoutes, { prefix: '/v1/issued-invoices', ...parts })
  })
  await app.register(async (scope) => {
    await scope.register(jsonBody)
    await scope.register(invoiceRoutes, { prefix: '/v1/invoices', ...parts })
    await scope.register(resolutionRoutes, { prefix: '/v1/invoices', ...parts })
    await scope.register(validationRoutes, { prefix: '/v1/validations', ...parts })
    await scope.register(paymentRequestRoutes, { prefix: '/v1/payment-requests', ...parts })
    await scope.register(worksInvoiceRoutes, { prefix: '/v1/works-invoices', ...parts })
    await scope.register(issuedInvoiceRoutes, { prefix: '/v1/issued-invoices', ...parts })
    await scope.register(receivedInvoiceRoutes, { prefix: '/v1/received-invoices', ...parts })
  })
  await app.register(flowRoutes, { prefix: '/v1/flows', ...parts })
  await app.register(commitmentRoutes, { prefix: '/v1/commitments', ...parts })
  await app.register(accountRoutes, { prefix: '/v1/account', ...parts })
  await app.register(attachmentRoutes, { prefix: '/v1/attachments', ...parts })
  await app.register(referenceRoutes, { prefix: '/v1/code-lists', ...parts })
  await app.register(directoryRoutes, { prefix: '/v1/directory', directory: parts.directory })
  await app.register(async (scope) => {
    await scope.register(chorusClientProblems)
    await scope.register(wholeBody, { budget: parts.budget, limits: config.limits })
    await scope.register(dropInRoutes, parts)
  })
  await app.register(tokenRoutes, { exchangeKey: createKeyExchange(parts), keyOfBasic })
  return app
}

/** By Node's code; all else is a 400. */
const unreadable: Record<string, [status: number, reason: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are larger than 16 kB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request did not arrive in time.']
}

/** What is not even HTTP still gets a problem, and the connection ends. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, reason, detail] = unreadable[error.code ?? ''] ?? [
    400,
    'Bad Request',
    'This is not a request that HTTP/1.1 allows.'
  ]
  const body = JSON.stringify({ ...toProblem('malformed-request', { detail }), status })
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  )
}
