import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { defineCommand } from 'citty'
import { createSimulator, type Simulator } from './simulator.ts'

const port = (value: string, name: string): number => {
  const found = Number(value)
  if (!Number.isInteger(found) || found < 0 || found > 65_535) throw new Error(`--${name} is no port: ${value}`)
  return found
}

const positive = (value: string, name: string): number => {
  const found = Number(value)
  if (!(found >= 0)) throw new Error(`--${name} is no number: ${value}`)
  return found
}

/** The simulator alone, for the tests of ERP teams. */
export const simulatorCommand = defineCommand({
  meta: {
    name: 'simulator',
    description:
      'A Chorus Pro of our own: client certificate or PISTE, the services, statuses that move with the clock, faults'
  },
  args: {
    host: {
      type: 'string',
      default: '127.0.0.1',
      description: 'address to listen on; the control endpoint stays on 127.0.0.1',
      valueHint: 'address'
    },
    port: {
      type: 'string',
      default: '8443',
      description: 'client certificate demanded: /service and /service-qualif',
      valueHint: 'number'
    },
    'piste-port': {
      type: 'string',
      default: '8444',
      description: 'PISTE: /api/oauth/token and /cpro',
      valueHint: 'number'
    },
    'control-port': {
      type: 'string',
      default: '8445',
      description:
        'plain HTTP: GET /ledger /invoices /operations /connection, POST /status /clock /faults /settings /tokens/revoke /reset; GET / explains',
      valueHint: 'number'
    },
    'plain-port': {
      type: 'string',
      description: 'also HTTP without TLS, every path, no certificate',
      valueHint: 'number'
    },
    name: {
      type: 'string',
      description: 'more names for the server certificate, separated by commas',
      valueHint: 'host,host'
    },
    dir: {
      type: 'string',
      default: './data/simulator',
      description: 'where ca.pem, client.p12, client.pem and client.key are written, and taken from next time'
    },
    speed: {
      type: 'string',
      default: '1',
      description: 'how many times faster than real the clock runs',
      valueHint: 'factor'
    },
    'flow-delay': {
      type: 'string',
      default: '10000',
      description: 'from the deposit of a flow to its integration, on that clock',
      valueHint: 'ms'
    },
    'search-lag': {
      type: 'string',
      default: '0',
      description: 'until an accepted invoice shows up in searches, on that clock',
      valueHint: 'ms'
    },
    dedupe: {
      type: 'boolean',
      default: true,
      description: 'refuse a number already used by the supplier',
      negativeDescription: 'take every number again and again'
    },
    samples: {
      type: 'boolean',
      default: true,
      description: 'start with ready-made invoices and works invoices',
      negativeDescription: 'start empty'
    },
    ledger: {
      type: 'string',
      description: 'file that gets arrivals and acceptances as JSON lines, synced before each answer',
      valueHint: 'file'
    },
    quiet: { type: 'boolean', default: false, description: 'no line per request' }
  },
  async run({ args }) {
    const dir = resolve(args.dir)
    const simulator = await createSimulator({
      host: args.host,
      ports: {
        certificate: port(args.port, 'port'),
        piste: port(args['piste-port'], 'piste-port'),
        control: port(args['control-port'], 'control-port'),
        ...(args['plain-port'] === undefined ? {} : { plain: port(args['plain-port'], 'plain-port') })
      },
      extraHostNames: (args.name ?? '').split(',').filter((name) => name !== ''),
      certificatesDir: dir,
      speed: positive(args.speed, 'speed'),
      flowDelayMs: positive(args['flow-delay'], 'flow-delay'),
      searchLagMs: positive(args['search-lag'], 'search-lag'),
      dedupe: args.dedupe,
      sampleInvoices: args.samples,
      ...(args.ledger === undefined ? {} : { ledgerFile: args.ledger }),
      ...(args.quiet ? {} : { log: (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`) })
    })
    process.stdout.write(describe(simulator, dir))
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    await simulator.close()
  }
})

/** What an ERP team copies: the variables of our gateway, then one call with curl in each way. */
export function describe(simulator: Simulator, dir: string): string {
  const file = (name: string): string => join(dir, name)
  const pisteOrigin = new URL(simulator.pisteUrl).origin
  const account = Buffer.from(`${simulator.login}:${simulator.password}`).toString('base64')
  const lines = [
    '',
    'Chorus Pro simulator',
    '',
    '# the gateway, client certificate',
    'CHORUS_PRO_ENVIRONMENT=simulator',
    'CHORUS_PRO_ACCESS=certificate',
    `CHORUS_PRO_API_URL=${simulator.certificateUrl}`,
    `CHORUS_PRO_LOGIN=${simulator.login}`,
    `CHORUS_PRO_PASSWORD=${simulator.password}`,
    `CHORUS_PRO_CERTIFICATE_FILE=${file('client.p12')}`,
    `CHORUS_PRO_CERTIFICATE_PASSPHRASE=${simulator.clientPkcs12Passphrase}`,
    `CHORUS_PRO_CA_FILE=${file('ca.pem')}`,
    '',
    '# the gateway, PISTE (login, password and CA as above)',
    'CHORUS_PRO_ACCESS=piste',
    `CHORUS_PRO_API_URL=${simulator.pisteUrl}`,
    `CHORUS_PRO_TOKEN_URL=${simulator.tokenUrl}`,
    `PISTE_CLIENT_ID=${simulator.clientId}`,
    `PISTE_CLIENT_SECRET=${simulator.clientSecret}`,
    '',
    '# curl, client certificate',
    `curl --cacert ${file('ca.pem')} --cert ${file('client.pem')} --key ${file('client.key')} \\`,
    `  -u '${simulator.login}:${simulator.password}' -H 'Content-Type: application/json' \\`,
    `  -d '{}' ${simulator.certificateUrl}/transverses/recuperer/structures/actives/fournisseur`,
    '',
    '# curl, PISTE',
    `TOKEN=$(curl -s --cacert ${file('ca.pem')} ${simulator.tokenUrl} -d grant_type=client_credentials \\`,
    `  -d client_id=${simulator.clientId} -d client_secret=${simulator.clientSecret} -d scope=openid \\`,
    `  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl --cacert ${file('ca.pem')} -H "Authorization: Bearer $TOKEN" -H 'cpro-account: ${account}' \\`,
    `  -H 'Content-Type: application/json' -d '{}' ${pisteOrigin}/cpro/transverses/v1/recuperer/tauxtva`,
    '',
    ...(simulator.plainUrl === undefined ? [] : [`# without TLS: ${simulator.plainUrl}`]),
    `# control: ${simulator.controlUrl}`,
    `# suppliers: ${simulator.sellers.map((seller) => `${seller.siret} ${seller.name}`).join(', ')}`,
    '# recipients: 12345678200051 (nothing demanded), 12345678200028, 12345678200036, 12345678200044, 11000201100044',
    ''
  ]
  return `${lines.join('\n')}\n`
}
