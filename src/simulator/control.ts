import fastify, { type FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { FaultRule, faultKinds } from './faults.ts'
import { currentStatus } from './invoice.ts'
import type { Ledger } from './ledger.ts'
import { simulatedOperations } from './operations/table.ts'
import { Settings, SettingsChange } from './settings.ts'
import type { World } from './world.ts'

/** What tests do to the simulator, as functions; the control endpoint offers the same over HTTP. */
export interface Control {
  /** Replaces all rules. */
  setFaults: (rules: FaultRule[]) => void
  clearFaults: () => void
  faults: () => unknown[]
  /** Only records after `since`, if given. */
  ledger: (since?: number) => Ledger
  /** Moves the simulated clock; settles when flows that became due are integrated. */
  advance: (ms: number) => Promise<void>
  setSpeed: (factor: number) => void
  configure: (change: Partial<Settings>) => void
  settings: () => Settings
  /** As the recipient would; `invoice` is a number or an id in digits. Throws if there is none. */
  setStatus: (invoice: string | number | bigint, status: string, comment?: string, supplier?: string) => void
  /** Invoices held, oldest first, whatever the search lag. */
  invoices: () => HeldInvoice[]
  /** Forgets invoices, flows, files, ledger and faults; settings and clock as at the start. Tokens stay good. */
  reset: () => void
  revokeTokens: () => void
}

export interface HeldInvoice {
  id: string
  number: string
  supplier: string
  recipient: string
  status: string
  mode: string
  flowNumber?: string
  digest?: string
}

export function heldInvoices({ invoices }: World): HeldInvoice[] {
  return invoices.all().map((one) => ({
    id: String(one.id),
    number: one.number,
    supplier: one.seller.identifier,
    recipient: one.recipient.identifier,
    status: currentStatus(one).status,
    mode: one.mode,
    ...(one.flow === undefined ? {} : { flowNumber: one.flow }),
    ...(one.main === undefined ? {} : { digest: one.main.digest })
  }))
}

const Clock = Type.Object(
  { advanceMs: Type.Optional(Type.Number({ minimum: 0 })), speed: Type.Optional(Type.Number({ exclusiveMinimum: 0 })) },
  { additionalProperties: false }
)
const StatusChange = Type.Object(
  {
    invoice: Type.Union([Type.String(), Type.Integer()]),
    status: Type.String({ minLength: 1 }),
    comment: Type.Optional(Type.String()),
    supplier: Type.Optional(Type.String())
  },
  { additionalProperties: false }
)

export const controlRoutes = [
  'GET /                this list',
  'GET /connection      addresses, accounts and certificates a client needs',
  'GET /operations      what is answered: domain, path, method, ways in',
  'GET /ledger?since=n  arrivals, acceptances, flows, tokens, connections',
  'GET /invoices        what the platform holds, whatever the search lag',
  'POST /status         {invoice, status, comment?, supplier?}: as the recipient would',
  'POST /clock          {advanceMs?, speed?}',
  'GET|POST|DELETE /faults    rules, all replaced at once: [{operation, kind, times?, …}]',
  'GET|POST /settings   the members given are changed',
  'POST /tokens/revoke  every bearer is refused from now on',
  'POST /reset          empty, with the settings of the start'
]

/** Plain HTTP and JSON, for its own loopback port. Unknown members are refused: a misspelt fault must not pass for none. */
export function createControlServer(control: Control, connection: () => object): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true } }
  })
  const done = { done: true }
  app.get('/', () => ({
    routes: controlRoutes,
    faultKinds,
    faultRule: FaultRule.properties,
    settings: Settings.properties
  }))
  app.get('/connection', connection)
  app.get('/operations', () => simulatedOperations)
  // The only value that comes from a URL, hence a text.
  app.get<{ Querystring: { since?: string } }>('/ledger', async ({ query }) => {
    await control.advance(0)
    const since = Number(query.since ?? 0)
    return control.ledger(Number.isFinite(since) ? since : 0)
  })
  app.get('/invoices', async () => {
    await control.advance(0)
    return control.invoices()
  })
  app.post<{ Body: { invoice: string | number; status: string; comment?: string; supplier?: string } }>(
    '/status',
    { schema: { body: StatusChange } },
    ({ body }, reply) => {
      try {
        control.setStatus(body.invoice, body.status, body.comment, body.supplier)
      } catch (error) {
        return reply.code(404).send({ error: (error as Error).message })
      }
      return done
    }
  )
  app.post<{ Body: { advanceMs?: number; speed?: number } }>(
    '/clock',
    { schema: { body: Clock } },
    async ({ body }) => {
      if (body.speed !== undefined) control.setSpeed(body.speed)
      await control.advance(body.advanceMs ?? 0)
      return done
    }
  )
  app.get('/faults', () => control.faults())
  app.post<{ Body: FaultRule[] }>('/faults', { schema: { body: Type.Array(FaultRule) } }, ({ body }, reply) => {
    try {
      control.setFaults(body)
    } catch (error) {
      return reply.code(400).send({ error: (error as Error).message })
    }
    return done
  })
  app.delete('/faults', () => {
    control.clearFaults()
    return done
  })
  app.get('/settings', () => control.settings())
  app.post<{ Body: Partial<Settings> }>('/settings', { schema: { body: SettingsChange } }, ({ body }) => {
    control.configure(body)
    return control.settings()
  })
  app.post('/tokens/revoke', () => {
    control.revokeTokens()
    return done
  })
  app.post('/reset', () => {
    control.reset()
    return done
  })
  return app
}
