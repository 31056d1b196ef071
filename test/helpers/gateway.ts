import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import type { Upstream } from '../../src/connections/ways.ts'
import { type RunningGateway, startGateway } from '../../src/gateway.ts'
import { createScrubber, logOptions } from '../../src/log.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'

export const apiKey = 'test-key-0123456789abcdef'

export interface Answer {
  status: number
  headers: Headers
  // Whatever the gateway answered; tests look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any -- a test says by its assertions what it expects
  body: any
}

export interface TestGateway {
  url: string
  adminUrl: string
  simulator: Simulator
  dataDir: string
  gateway: RunningGateway
  /** Every line logged so far. */
  log: string[]
  post(path: string, body: FormData | object | string, headers?: Record<string, string>): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Reads an invoice until it fits; fails the test after five seconds. */
  until(id: string, fits: (invoice: Answer['body']) => boolean): Promise<Answer['body']>
  /** With other settings, where they are given. */
  restart(environment?: Record<string, string>): Promise<void>
}

export interface TestGatewayOptions {
  simulator?: SimulatorOptions
  environment?: Record<string, string> | ((simulator: Simulator, folder: string) => Record<string, string>)
  upstream?: (simulator: Simulator) => Partial<Upstream>
  /** The way out is what the environment says, as outside of tests. */
  configured?: true
}

/** A gateway on a free port with a simulator as Chorus Pro; both end with the test. */
export async function buildGateway(t: Test, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-test-'))
  const simulator = await createSimulator({ speed: 100, ...options.simulator })
  const log: string[] = []
  const { environment = {} } = options
  const settings = {
    PORT: '0',
    ADMIN_PORT: '0',
    DATA_DIR: dataDir,
    GATEWAY_API_KEY: apiKey,
    GATEWAY_TIME_SCALE: '100',
    CHORUS_PRO_TIMEOUT_MS: '5000',
    RATE_LIMIT_PER_MINUTE: '0',
    DIRECTORY_COPY_HOURS: '0',
    ...(typeof environment === 'function' ? environment(simulator, dataDir) : environment)
  }
  const config = readConfig(settings)
  const scrub = createScrubber([simulator.password, simulator.clientSecret, simulator.clientPkcs12Passphrase, apiKey])
  const logger = pino(logOptions('trace', scrub), { write: (line: string) => void log.push(line) })
  const piste = config.chorus.access === 'piste'
  const upstream: Upstream = {
    apiUrl: piste ? simulator.pisteUrl : simulator.certificateUrl,
    tokenUrl: simulator.tokenUrl,
    login: simulator.login,
    password: simulator.password,
    clientId: simulator.clientId,
    clientSecret: simulator.clientSecret,
    certificate: { pkcs12: simulator.clientPkcs12, passphrase: simulator.clientPkcs12Passphrase },
    extraCa: simulator.ca,
    ...options.upstream?.(simulator)
  }
  const start = (read = config.again()) =>
    startGateway(read, logger, options.configured === true ? undefined : upstream)
  let gateway = await start()

  const call = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = { authorization: `Bearer ${apiKey}`, ...(init.headers as Record<string, string>) }
    const response = await fetch(`${gateway.url}${path}`, { ...init, headers })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') === true
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  }

  t.teardown(async () => {
    await gateway.close()
    await simulator.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  return {
    get url() {
      return gateway.url
    },
    get adminUrl() {
      return gateway.adminUrl
    },
    get gateway() {
      return gateway
    },
    simulator,
    dataDir,
    log,
    get: (path, headers = {}) => call(path, { headers }),
    post: (path, body, headers = {}) => {
      if (body instanceof FormData) return call(path, { method: 'POST', body, headers })
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return call(path, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } })
    },
    async until(id, fits) {
      const end = Date.now() + 5_000
      for (;;) {
        const { body } = await call(`/v1/invoices/${id}`, {})
        if (fits(body)) return body
        if (Date.now() > end) throw new Error(`still ${JSON.stringify(body.submission)} ${JSON.stringify(body.status)}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async restart(environment = {}) {
      await gateway.close()
      gateway = await start(readConfig({ ...settings, ...environment }))
    }
  }
}

let count = 0

/** A good invoice for mode `pdf`; every one has its own number. */
export function goodInvoice(changes: Record<string, unknown> = {}) {
  count++
  return {
    number: `T-${process.pid}-${count}`,
    issueDate: '2026-09-01',
    seller: { siret: '99900010200015' },
    buyer: { siret: '12345678200051' },
    payment: { meansCode: '30' },
    totals: { taxExclusive: '1000.00', tax: '200.00', taxInclusive: '1200.00', payable: '1200.00' },
    ...changes
  }
}

/** The same without a file, for mode `data`: Chorus Pro numbers it. */
export function dataInvoice() {
  const { number: _number, ...invoice } = goodInvoice({
    vatRegime: 'on_debits',
    lines: [
      {
        id: '1',
        name: 'Conseil',
        quantity: '2',
        unitCode: 'jour',
        netPrice: '500.00',
        netAmount: '1000.00',
        vat: { categoryCode: 'S', rate: '20' }
      }
    ],
    vatBreakdown: [{ categoryCode: 'S', rate: '20', taxable: '1000.00', tax: '200.00' }]
  })
  return invoice
}

/** The usual form: the invoice as JSON text, one PDF. */
export function formOf(invoice: object | string, file?: Buffer, name = 'facture.pdf'): FormData {
  const form = new FormData()
  form.set('invoice', typeof invoice === 'string' ? invoice : JSON.stringify(invoice))
  if (file !== undefined) form.set('file', new Blob([new Uint8Array(file)], { type: 'application/pdf' }), name)
  return form
}
