import { setMaxListeners } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Account } from './accounts.ts'
import { type Certificates, readyCertificates, writeFolder } from './certificate-folder.ts'
import { issueClient, type Validity, writePkcs12 } from './certificates.ts'
import { type Control, createControlServer } from './control.ts'
import { createExchange } from './exchange.ts'
import { createListener } from './listener.ts'
import { createPlatform } from './platform.ts'
import { usualSellers } from './seed.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { createTokenEndpoint } from './token-endpoint.ts'

export interface SimulatorOptions {
  /** Address of the three ways in. Default 127.0.0.1. */
  host?: string
  /** Default 0: any free port. `plain` is only opened if given: HTTP without TLS, every path, no certificate. */
  ports?: { certificate?: number; piste?: number; control?: number; plain?: number }
  /** Names and addresses that the server certificate must also bear. */
  extraHostNames?: string[]
  /** Where certificates are kept, and taken from if they still do. */
  certificatesDir?: string
  speed?: number
  flowDelayMs?: number
  searchLagMs?: Settings['searchLagMs']
  dedupe?: boolean
  /** Any other setting of the start. */
  settings?: Partial<Settings>
  /** Arrivals and acceptances as JSON lines, each on disk before the answer. */
  ledgerFile?: string
  /** Ready-made invoices of a supplier of their own. */
  sampleInvoices?: boolean
  login?: string
  password?: string
  /** Technical accounts besides the first, for instance attached to one supplier only. */
  moreAccounts?: Account[]
  clientId?: string
  clientSecret?: string
  log?: (line: string) => void
}

export interface Simulator {
  certificateUrl: string
  pisteUrl: string
  tokenUrl: string
  controlUrl: string
  /** Without TLS, if asked for; what stands before `/cpro` and `/service-qualif`. */
  plainUrl: string | undefined
  ca: string
  clientCertificate: string
  clientKey: string
  clientPkcs12: Buffer
  clientPkcs12Passphrase: string
  login: string
  password: string
  clientId: string
  clientSecret: string
  sellers: { siret: string; name: string }[]
  control: Control
  /** Another client certificate of the same authority, for instance one that has expired. */
  issueClientCertificate: (validity?: Validity) => Promise<{ certificate: string; key: string; pkcs12: Buffer }>
  close: () => Promise<void>
}

/** Said openly, and the same at each start: they protect nothing. */
const open = {
  login: 'TECH_1_99900010200015@cpro.fr',
  password: 'mot-de-passe-du-simulateur',
  clientId: '00000000-0000-4000-8000-000000000000',
  clientSecret: 'secret-du-simulateur',
  passphrase: 'simulateur'
}

/** Starts listening at once. Certificates are made unless a folder holds good ones. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', ports = {}, extraHostNames = [], log = () => undefined } = options
  const certificates = await makeCertificates(host, options)
  const initial: Settings = { ...defaultSettings, ...given(options), ...options.settings }
  const account: Account = { login: options.login ?? open.login, password: options.password ?? open.password }
  const clientId = options.clientId ?? open.clientId
  const clientSecret = options.clientSecret ?? open.clientSecret
  const random = Math.random
  const { world, control, faults } = createPlatform({
    initial,
    random,
    speed: options.speed ?? 1,
    ledgerFile: options.ledgerFile,
    sampleInvoices: options.sampleInvoices ?? false,
    login: account.login
  })
  const stop = new AbortController()
  // Every slow answer waits on it.
  setMaxListeners(0, stop.signal)
  const issueToken = createTokenEndpoint({ clients: new Map([[clientId, clientSecret]]), random, ...world })
  const accounts = [account, ...(options.moreAccounts ?? [])]
  const exchange = createExchange({ world, accounts, faults, issueToken, log, signal: stop.signal })

  let connection = 0
  const watch = {
    exchange,
    nextConnection: () => ++connection,
    connections: {
      opened: () => void world.ledger.count().connections.opened++,
      failed: () => void world.ledger.count().connections.handshakeFailures++
    }
  }
  const { server, authority, client } = certificates
  // Node speaks HTTP/1.0 too, but turns away a handshake that offers nothing newer, as curl does when it is told to.
  const protocols = { ALPNProtocols: ['http/1.1', 'http/1.0'], minVersion: 'TLSv1.2' } as const
  const tls = { cert: server.certificate, key: server.key, ...protocols }
  const mutual = { ...tls, ca: authority.certificate, requestCert: true, rejectUnauthorized: true }
  const doors = {
    certificate: createListener({ ...watch, access: 'certificate', tls: mutual }),
    piste: createListener({ ...watch, access: 'piste', tls }),
    plain: ports.plain === undefined ? undefined : createListener({ ...watch, access: 'plain', tls: undefined }),
    control: createControlServer(control, () => connectionFacts())
  }
  const named = ['0.0.0.0', '::'].includes(host) ? (extraHostNames[0] ?? '127.0.0.1') : host
  const address = (app: { server: { address: () => unknown } }): string =>
    `${named.includes(':') ? `[${named}]` : named}:${(app.server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    stop.abort()
    await Promise.all(Object.values(doors).map(async (door) => door?.close()))
    world.flows.clear()
    world.ledger.close()
  }
  try {
    await doors.certificate.listen({ host, port: ports.certificate ?? 0 })
    await doors.piste.listen({ host, port: ports.piste ?? 0 })
    await doors.plain?.listen({ host, port: ports.plain ?? 0 })
    await doors.control.listen({ host: '127.0.0.1', port: ports.control ?? 0 })
  } catch (error) {
    // A port is taken: the doors that did open must not keep the process.
    await close()
    throw error
  }

  let pkcs12: Buffer | undefined
  const simulator: Simulator = {
    certificateUrl: `https://${address(doors.certificate)}/service-qualif`,
    pisteUrl: `https://${address(doors.piste)}/cpro`,
    tokenUrl: `https://${address(doors.piste)}/api/oauth/token`,
    controlUrl: `http://127.0.0.1:${(doors.control.server.address() as AddressInfo).port}`,
    plainUrl: doors.plain === undefined ? undefined : `http://${address(doors.plain)}`,
    ca: authority.certificate,
    clientCertificate: client.certificate,
    clientKey: client.key,
    // Its cipher takes a moment in JavaScript, and many tests never ask.
    get clientPkcs12() {
      pkcs12 ??= writePkcs12(client, authority.certificate, open.passphrase)
      return pkcs12
    },
    clientPkcs12Passphrase: open.passphrase,
    login: account.login,
    password: account.password,
    clientId,
    clientSecret,
    sellers: usualSellers.map((siret) => ({ siret, name: world.directory.byIdentifier(siret)?.name ?? '' })),
    control,
    async issueClientCertificate(validity) {
      const made = await issueClient(authority, validity)
      return { ...made, pkcs12: writePkcs12(made, authority.certificate, open.passphrase) }
    },
    close
  }
  const connectionFacts = (): object => {
    const { control: _control, clientPkcs12, issueClientCertificate: _issue, close: _close, ...facts } = simulator
    return { ...facts, clientPkcs12: clientPkcs12.toString('base64') }
  }
  return simulator
}

async function makeCertificates(
  host: string,
  { certificatesDir, extraHostNames = [] }: SimulatorOptions
): Promise<Certificates> {
  const hosts = new Set(['localhost', '127.0.0.1', '::1', ...extraHostNames])
  if (!['0.0.0.0', '::'].includes(host)) hosts.add(host)
  const certificates = await readyCertificates([...hosts], certificatesDir)
  if (certificatesDir !== undefined) writeFolder(certificatesDir, certificates, open.passphrase)
  return certificates
}

const given = ({ flowDelayMs, searchLagMs, dedupe }: SimulatorOptions): Partial<Settings> => ({
  ...(flowDelayMs === undefined ? {} : { flowDelayMs }),
  ...(searchLagMs === undefined ? {} : { searchLagMs }),
  ...(dedupe === undefined ? {} : { dedupe })
})
