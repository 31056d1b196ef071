import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'
import { IdentityError } from './chorus/identity.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { passwordOf, secretsOf } from './connection-config.ts'
import type { Upstream } from './connections/ways.ts'
import { createScrubber, logOptions } from './log.ts'
import { createLogOutput } from './log-output.ts'
import { mayDumpCore, sealProcess } from './own-process.ts'
import { muteSqliteWarning } from './quiet.ts'
import { StoreUnavailable } from './store/errors.ts'

const [major] = process.versions.node.split('.').map(Number)

/** Starts the gateway from the environment and stops it on a signal. With `--check` it only reads the configuration. */
export async function serve(arguments_: string[] = process.argv.slice(2)): Promise<void> {
  if (major === undefined || major < 24) {
    process.stderr.write(
      `chorus-pro-gateway needs Node 24 or newer; this is ${process.version}. Use npm start, which brings its own.\n`
    )
    process.exit(78)
  }
  try {
    process.loadEnvFile()
  } catch {
    // No .env file: the environment is all there is.
  }
  const config = orExit(() => readConfig(environmentOf(arguments_)))
  const { chorus } = config
  const secrets = (read: Readonly<Config>) => [
    ...secretsOf(read.connections),
    read.apiKey,
    read.access.adminToken,
    passwordOf(read.database?.url)
  ]
  const known = secrets(config)
  let scrub = createScrubber(known)
  // What was secret stays secret.
  const reread = (read: Readonly<Config>) => {
    known.push(...secrets(read).filter((secret) => !known.includes(secret)))
    scrub = createScrubber(known)
  }
  const output = createLogOutput()
  const log = pino(
    logOptions(config.logLevel, (line) => scrub(line)),
    output
  )
  for (const warning of config.warnings) log.warn(warning)
  sealProcess(log)
  if (config.connections.some(({ environment }) => environment === 'production') && mayDumpCore()) {
    log.warn('a crash may write the memory of this process to a file: set its core size to 0 (docs/operations.md)')
  }
  if (arguments_.includes('--check')) {
    process.stdout.write('The configuration is good.\n')
    return
  }
  let readAgain = () => log.info('the configuration has just been read')
  // From here on: where nobody listens, the signal ends the process.
  process.on('SIGHUP', () => readAgain())
  muteSqliteWarning()
  // Only now: a warning of node:sqlite is born while the modules are linked. The store opens while the rest is loaded.
  const { openToServe } = await import('./store/open.ts')
  const opening = openToServe(config, log)
  opening.catch(() => {})
  const { startGateway } = await import('./gateway.ts')
  const simulator = chorus.apiUrl === undefined ? await startSimulator(config.timeScale) : undefined
  const gateway = await startGateway(
    config,
    log,
    simulator?.upstream(chorus.access),
    { reread, logLinesLost: output.lost },
    opening
  ).catch(async (error: unknown) => {
    await simulator?.close()
    if (error instanceof IdentityError || unusableStore.has((error as Error).name))
      return exit((error as Error).message)
    if (error instanceof StoreUnavailable) {
      return exit(`The store cannot be opened: ${(error.cause as Error | undefined)?.message ?? error.message}`, 69)
    }
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      return exit(`The address is in use: ${(error as Error).message}. Set PORT or ADMIN_PORT.`, 1)
    }
    throw error
  })
  readAgain = () => {
    log.info('reading the configuration again')
    void gateway.parts.renewal.now()
  }
  closeWithGrace({ delay: 210_000, logger: log, skip: ['SIGHUP'] }, async ({ err, signal }) => {
    if (err !== undefined) log.fatal({ err }, 'stopping after a failure of our own')
    else log.info({ signal }, 'stopping')
    await gateway.close()
    await simulator?.close()
  })
  log.info(
    { url: gateway.url, docs: `${gateway.url}/docs`, admin: gateway.adminUrl, environment: chorus.environment },
    'the gateway listens'
  )
  if (config.auth === 'api-key' && config.apiKey === undefined && (await gateway.parts.store.listKeys()).length === 0) {
    log.warn('there is no API key yet: create one with `npm run gateway -- keys create --name my-erp`')
  }
}

/** Flags on the command line count like those in NODE_OPTIONS. */
function environmentOf(arguments_: string[]): Record<string, string | undefined> {
  const { NODE_OPTIONS: options = '' } = process.env
  return {
    ...process.env,
    NODE_OPTIONS: [options, ...process.execArgv].join(' '),
    ...(arguments_.includes('--restored') && { GATEWAY_RESTORED: 'on' })
  }
}

async function startSimulator(speed: number) {
  const { createSimulator } = await import('./simulator/simulator.ts')
  const simulator = await createSimulator({ speed })
  return {
    close: simulator.close,
    upstream: (access: 'piste' | 'certificate'): Upstream => ({
      apiUrl: access === 'piste' ? simulator.pisteUrl : simulator.certificateUrl,
      tokenUrl: simulator.tokenUrl,
      login: simulator.login,
      password: simulator.password,
      clientId: simulator.clientId,
      clientSecret: simulator.clientSecret,
      certificate: { pkcs12: simulator.clientPkcs12, passphrase: simulator.clientPkcs12Passphrase },
      extraCa: simulator.ca
    })
  }
}

function orExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigError) return exit(error.message)
    throw error
  }
}

/** What only an operator can mend; by name, so that neither driver is loaded for it. */
const unusableStore = new Set(['StoreInUse', 'StoreMoved', 'StoreUnsafe', 'StoreUnfit', 'SchemaTooNew', 'LedgerTaken'])

/** EX_CONFIG of sysexits.h unless something else went wrong. */
function exit(message: string, code = 78): never {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}
