import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fp from 'fastify-plugin'
import { invoiceExamples } from '../../schemas/examples.ts'

const description = `One door to Chorus Pro for your own systems: a PDF (multipart) or plain JSON in, one normalized answer out.

**First steps.** Press *Authorize*, paste your key, open \`POST /v1/invoices\`, choose *multipart/form-data*, pick a PDF and press *Execute*.

Every error is \`application/problem+json\` with a \`code\` to program against. An invoice that was answered with 201 or 202 is safe:
it is never lost and never sent twice; repeat a request whose answer you did not get, unchanged.`

/** The contract, generated from the routes, and Swagger UI without any outside request. */
export const openapi = fp<{ version: string }>(
  async (app, { version }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Chorus Pro gateway',
          version,
          description,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
        },
        servers: [{ url: '/', description: 'This gateway' }],
        components: {
          securitySchemes: {
            key: { type: 'http', scheme: 'bearer', description: 'A key of the gateway: `cpg_…`' }
          }
        },
        security: [{ key: [] }],
        tags: [
          { name: 'invoices', description: 'Send invoices and follow them.' },
          {
            name: 'issued-invoices',
            description: 'Your sellers’ invoices as Chorus Pro holds them, and what can be done to them.'
          },
          { name: 'received-invoices', description: 'Invoices that your structures received.' },
          { name: 'directory', description: 'Recipients and what they demand.' },
          { name: 'commitments', description: 'Orders of public buyers.' },
          { name: 'flows', description: 'What became of a deposited file.' },
          { name: 'attachments', description: 'Files that Chorus Pro keeps.' },
          { name: 'account', description: 'Our technical account.' },
          { name: 'reference', description: 'Codes and what they mean.' },
          { name: 'validations', description: 'Invoices that your structures approve before the recipient gets them.' },
          { name: 'payment-requests', description: 'One search over payment requests of every kind.' },
          { name: 'works-invoices', description: 'Documents of works contracts.' },
          { name: 'health', description: 'Is the gateway alive and ready?' }
        ]
      },
      transformObject: (document) => withExamples('openapiObject' in document ? document.openapiObject : {}),
      refResolver: {
        buildLocalReference: (schema, _base, _fragment, index) => (schema.$id as string | undefined) ?? `def-${index}`
      }
    })
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      // The plugin's own policy sends every request of the page to https, which a gateway on plain HTTP does not speak.
      staticCSP:
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'self'; object-src 'none'; frame-ancestors 'self'",
      transformSpecification: (contract) => display(contract),
      uiConfig: {
        // No bar to load other contracts with.
        layout: 'BaseLayout',
        plugins: [pageBehaviour],
        docExpansion: 'list',
        defaultModelRendering: 'model',
        defaultModelsExpandDepth: 0,
        tryItOutEnabled: true,
        persistAuthorization: true,
        displayRequestDuration: true
      },
      theme: { title: 'Chorus Pro gateway' }
    })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    app.get('/openapi.yaml', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/yaml').send(app.swagger({ yaml: true }))
    )
  },
  { name: 'openapi' }
)

type Action<A> = (argument: A) => unknown
type Body = { pathMethod: string[]; value?: string | undefined }

/**
 * Runs in the page, so it may use nothing from outside. Takes away the boxes "Send empty value", which are ticked unasked
 * and make parts that nobody meant, and empties the body when its content type changes: a form makes no JSON.
 */
const pageBehaviour = () => ({
  components: { ParameterIncludeEmpty: () => null },
  statePlugins: {
    oas3: {
      wrapActions: {
        setRequestContentType:
          (original: Action<Body>, page: { oas3Actions: { setRequestBodyValue: Action<Body> } }) => (change: Body) => {
            const result = original(change)
            page.oas3Actions.setRequestBodyValue({ value: undefined, pathMethod: change.pathMethod })
            return result
          }
      }
    }
  }
})

type Member = Record<string, unknown>

/** The plugin forgets the examples that stand beside a body's schema. */
function withExamples<T extends object>(contract: T): T {
  const { paths = {} } = contract as { paths?: Record<string, { post?: { requestBody?: { content?: Member } } }> }
  for (const { post } of Object.values(paths)) {
    const media = post?.requestBody?.content?.['application/json'] as Member | undefined
    if ((media?.schema as Member | undefined)?.$ref === '#/components/schemas/InvoiceJson')
      Object.assign(media ?? {}, { examples: invoiceExamples })
  }
  return contract
}

/**
 * The contract as Swagger UI shows it best; what /openapi.json says is not touched. Left alone, the page sends an
 * attachment "string", offers one line for the whole invoice, and makes samples of noise from patterns.
 */
function display<T>(contract: T): T {
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const schema = node as Member
    if (schema.type === 'string' && schema.example === undefined && schema.examples === undefined) delete schema.pattern
    const { file, invoice, attachments } = (schema.properties ?? {}) as Record<string, Member | undefined>
    if (file?.format === 'binary' && invoice !== undefined && attachments !== undefined) {
      const sample = invoice.default ?? invoice.example
      Object.assign(invoice, { type: 'object', default: typeof sample === 'string' ? JSON.parse(sample) : sample })
    }
    if ((attachments?.items as Member | undefined)?.format === 'binary')
      Object.assign(attachments ?? {}, { default: [] })
    for (const member of Object.values(schema)) walk(member)
  }
  walk(contract)
  return contract
}
