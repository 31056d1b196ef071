import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { defineCommand } from 'citty'
import { createChorus } from '../chorus/client.ts'
import { ChorusError } from '../chorus/errors.ts'
import { isExempt } from '../chorus/no-proxy.ts'
import { readProxyUrl } from '../chorus/tunnel.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { waysOf } from '../connections/ways.ts'
import { type Advice, adviceOn } from './doctor-advice.ts'

export const doctorCommand = defineCommand({
  meta: {
    name: 'doctor',
    description: 'Check the configuration and the way to Chorus Pro; nothing is sent but questions'
  },
  async run() {
    try {
      process.loadEnvFile()
    } catch {
      // No .env file.
    }
    const well = await examine(process.env, (line) => void process.stdout.write(`${line}\n`))
    process.exitCode = well ? 0 : 1
  }
})

type Say = (line: string) => void
/** Ends the walk: what comes after would fail for the same reason. */
class Ailment extends Error {
  readonly advice: Advice | undefined
  constructor(message: string, advice?: Advice) {
    super(message)
    this.advice = advice
  }
}

/** Walks from the configuration to a first answer of Chorus Pro; false when a step failed. Says no secret. */
export async function examine(environment: Record<string, string | undefined>, say: Say): Promise<boolean> {
  const step = async (name: string, work: () => Promise<string>) => say(`ok      ${name}: ${await work()}`)
  let at = 'configuration'
  const walk = async (name: string, work: () => Promise<string>) => {
    at = name
    await step(name, work)
  }
  try {
    const config = readConfig(environment)
    const { chorus } = config
    say(
      `ok      configuration: ${chorus.environment}, ${chorus.access}, ${chorus.apiUrl ?? 'simulator inside the gateway'}`
    )
    say(`        set: ${namesOf(environment).join(', ') || 'nothing; the defaults hold'}`)
    if (chorus.apiUrl === undefined) {
      say('        Nothing outside to check. Set CHORUS_PRO_ENVIRONMENT=qualification to reach the real one.')
      return true
    }
    const target = doorOf(chorus, chorus.apiUrl)
    await walk('name', () => resolveName(target))
    await walk(target.isProxy ? 'connection to the proxy' : 'connection', () => reach(target))
    at = 'certificate and proxy'
    const quiet = { debug() {}, info() {}, warn: (_facts: object, message: string) => say(`note    ${message}`) }
    const [way] = waysOf(config, quiet)
    if (way === undefined) return false
    const client = createChorus(way.chorus)
    try {
      const { certificate } = client.status()
      if (certificate !== undefined)
        say(`ok      certificate: ${certificate.subject}, until ${certificate.notAfter.toISOString().slice(0, 10)}`)
      await walk('a harmless call', async () => {
        const started = performance.now()
        await client.ping({ deadlineMs: 30_000 })
        return `answered in ${Math.round(performance.now() - started)} ms`
      })
      await walk('our structures', async () => {
        const suppliers = await client.suppliers({ deadlineMs: 30_000 })
        if (suppliers.length === 0) throw new Ailment('none', adviceOn['no-supplier'])
        return suppliers.map(({ siret, name }) => `${siret} ${name ?? ''}`.trim()).join(', ')
      })
    } finally {
      await client.close()
    }
    const tried = await retryLanes(config)
    if (tried > 0) say(`ok      the running gateway: tries again what it had stopped (${tried})`)
    return true
  } catch (error) {
    const { message } = error as Error
    say(`FAILED  ${error instanceof ConfigError ? message : `${at}: ${message}`}`)
    const advice = error instanceof ChorusError ? adviceOn[error.evidence.problem] : undefined
    const remedy = error instanceof Ailment ? error.advice : advice
    if (remedy !== undefined) say(`  en    ${remedy.en}\n  fr    ${remedy.fr}`)
    return false
  }
}

/** A gateway that runs with this configuration waits for somebody to have looked. None is no fault. */
async function retryLanes({ adminHost, adminPort, access: { adminToken } }: Config): Promise<number> {
  const host = adminHost.includes(':') ? `[${adminHost}]` : adminHost
  const headers = adminToken === undefined ? undefined : { authorization: `Bearer ${adminToken}` }
  const options = { method: 'POST', signal: AbortSignal.timeout(2_000), ...(headers && { headers }) }
  const answer = await fetch(`http://${host}:${adminPort}/lanes/retry`, options).catch(() => undefined)
  const { tried } = ((await answer?.json().catch(() => undefined)) ?? {}) as { tried?: number }
  return tried ?? 0
}

/** Names alone: values may be secret. */
const namesOf = (environment: Record<string, string | undefined>) =>
  Object.keys(environment)
    .filter((name) => /^(CHORUS_PRO|PISTE|GATEWAY)_|^(HTTPS_PROXY|NO_PROXY|DATA_DIR)$/i.test(name) && environment[name])
    .sort()

interface Door {
  isProxy: boolean
  host: string
  port: number
}

/** What this machine itself connects to: the proxy where there is one. */
function doorOf({ proxyUrl, noProxy }: Config['chorus'], apiUrl: string): Door {
  const { hostname, port, protocol } = new URL(apiUrl)
  const api = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) }
  if (proxyUrl === undefined || isExempt(noProxy, api.host, api.port)) return { isProxy: false, ...api }
  const proxy = readProxyUrl(proxyUrl)
  return { isProxy: true, host: proxy.hostname, port: proxy.port }
}

async function resolveName({ host, isProxy }: Door): Promise<string> {
  const found = await lookup(host).catch((error: NodeJS.ErrnoException) => {
    throw new Ailment(`${host} (${error.code})`, adviceOn[isProxy ? 'proxy-unreachable' : 'dns'])
  })
  return `${host} is ${found.address}`
}

async function reach({ host, port, isProxy }: Door): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const fail = (why: string) =>
    reject(new Ailment(`${host}:${port} (${why})`, adviceOn[isProxy ? 'proxy-unreachable' : 'tcp']))
  const socket = connect({ host, port, timeout: 10_000 })
  socket.once('connect', () => resolve(`${host}:${port} accepts`))
  socket.once('timeout', () => fail('no answer in 10 s'))
  socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
  return promise.finally(() => socket.destroy())
}
