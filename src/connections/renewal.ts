import { createHash } from 'node:crypto'
import type { RenewalState, RenewalWay } from '../../schemas/ways-out.ts'
import { ChorusError } from '../chorus/errors.ts'
import { type Config, ConfigError } from '../config.ts'
import { createLoop } from '../loop.ts'
import { type Connected, datesOf } from './connections.ts'
import { createFileWatch } from './file-watch.ts'
import { type Tokens, type WaySettings, waysOf } from './ways.ts'

/** Follows certificates, keys, passwords and secrets as their files change, without dropping a call. */
export interface Renewal {
  start(): void
  stop(): Promise<void>
  /** Reads everything again now, changed or not, as on SIGHUP. Never rejects. */
  now(): Promise<void>
  view(): RenewalState
  /** Changes that did not take over since the start. */
  failures(): number
}

export interface RenewalOptions {
  config: Readonly<Config>
  connections: readonly Connected[]
  now: () => Date
  /** What became of a change, for the audit: no secret is in it. */
  told: (fact: { lane: string; state: string; detail?: string } | { faults: string[] }) => void
  /** The account works again, whatever its lane thinks. */
  renewed: (lane: string) => void
  /** Tokens that the accounts share. */
  tokens: Tokens
  /** Hears of every configuration that could be read, before it is used: there are new secrets to be kept out of the log. */
  reread?: ((config: Readonly<Config>) => void) | undefined
  log: WaySettings['chorus']['log'] & { error(facts: object, message: string): void }
}

const pollMs = 5_000
const outageRetryMs = 60_000
/** Refused credentials are not tried in a hurry: a new technical account works after half an hour, and tries may lock one. */
const refusalRetryMs = 15 * 60_000
const longestRetryMs = 6 * 3_600_000

export function createRenewal({
  config,
  connections,
  now,
  renewed,
  told,
  tokens,
  reread,
  log
}: RenewalOptions): Renewal {
  const { timeScale } = config
  const iso = () => now().toISOString()
  const ways = new Map(connections.map((connected) => [connected.lane, connected]))
  const standIn = config.connections[0]?.apiUrl === undefined ? anySimulator : undefined
  const used = new Map(waysOf(config, log, standIn).map((way) => [laneOf(way), marksOf(way)]))
  const views = new Map<string, RenewalWay>(
    [...ways.keys()].map((lane) => [lane, { lane, state: 'current', since: iso() }])
  )
  const retries = new Map<string, { way: WaySettings; at: number; tries: number }>()
  const watch = createFileWatch(config.files)
  let faults: string[] = []
  let readAt = iso()
  let failures = 0

  const show = (lane: string, state: RenewalWay['state'], detail?: string) => {
    const fact = { lane, state, ...(detail !== undefined && { detail }) }
    views.set(lane, { ...fact, since: iso() })
    told(fact)
  }

  /** `tries` have been refused before this one. */
  async function stage(lane: string, way: WaySettings, tries = 0): Promise<void> {
    const connected = ways.get(lane)
    if (connected === undefined) return
    const { dates } = connected
    retries.delete(lane)
    const [before, wanted] = [used.get(lane), marksOf(way)]
    const takenBack = ({ message }: ChorusError) => {
      failures++
      if (before !== undefined) used.set(lane, before)
      connected.dates = dates
      show(lane, 'taken-back', message)
      log.error({ lane, detail: message }, 'new credentials fail where those before work: they are taken back')
    }
    try {
      await connected.chorus.renew(way.chorus, takenBack)
      connected.dates = datesOf(way)
      used.set(lane, wanted)
      show(lane, 'current')
      log.info({ lane }, 'new credentials were tried, and are in use')
      renewed(lane)
    } catch (error) {
      failures++
      const { message } = error as Error
      const refused = error instanceof ChorusError && credentials.has(error.evidence.problem)
      const final = !(error instanceof ChorusError)
      const pause = refused ? Math.min(refusalRetryMs * 2 ** tries, longestRetryMs) : outageRetryMs
      if (!final)
        retries.set(lane, { way, at: now().getTime() + pause / timeScale, tries: refused ? tries + 1 : tries })
      show(lane, refused || final ? 'refused' : 'waiting', message)
      log.error({ lane, detail: message }, 'new credentials do not work yet: those before stay in use')
    }
  }

  async function readAgain(): Promise<void> {
    readAt = iso()
    let next: Readonly<Config>
    try {
      next = config.again()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      failures++
      faults = error.faults
      told({ faults })
      log.error({ faults }, 'the configuration cannot be read again: what was read before stays in use')
      return
    }
    faults = []
    watch.follow(next.files)
    reread?.(next)
    const found = waysOf(next, log, standIn, tokens)
    const lanes = new Set(found.map(laneOf))
    for (const lane of ways.keys())
      if (!lanes.has(lane)) show(lane, 'restart', 'It is not in the configuration any more.')
    for (const way of found) {
      const lane = laneOf(way)
      const [before, wanted] = [used.get(lane), marksOf(way)]
      if (before === undefined) {
        show(lane, 'restart', 'It is new.')
      } else if (before.place !== wanted.place) {
        show(lane, 'restart', 'Its environment, access, addresses, sellers or bank accounts have changed.')
      } else if (before.credentials !== wanted.credentials) await stage(lane, way)
      else {
        retries.delete(lane)
        const connected = ways.get(lane)
        if (connected !== undefined) connected.dates = datesOf(way)
        if (views.get(lane)?.state !== 'current') show(lane, 'current')
      }
      if (views.get(lane)?.state === 'restart') log.warn({ lane }, 'this change of the configuration takes a restart')
    }
  }

  let busy: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    busy = busy.then(work).catch((error: unknown) => log.error({ err: error }, 'the configuration was not followed'))
    return busy
  }

  const loop = createLoop(
    async () => {
      if (watch.changed()) await inTurn(readAgain)
      const time = now().getTime()
      for (const [lane, { way, at, tries }] of retries) if (at <= time) await inTurn(() => stage(lane, way, tries))
      return Math.max(50, pollMs / timeScale)
    },
    { restAfterErrorMs: pollMs, onError: (error) => log.error({ err: error }, 'files cannot be watched') }
  )

  return {
    start: () => loop.start(),
    stop: () => loop.stop(),
    now: () => inTurn(readAgain),
    view: () => ({ readAt, faults, ways: [...views.values()] }),
    failures: () => failures
  }
}

/** The embedded simulator gives itself; nothing of it is in a file. */
const anySimulator = { apiUrl: 'https://simulator.invalid' }

const credentials = new Set<string>([
  'technical-account-rejected',
  'token-refused',
  'api-not-subscribed',
  'client-certificate-rejected',
  'client-certificate-expired',
  'connection-not-configured'
])

const laneOf = ({ connection, account }: WaySettings) => `${connection.environment}/${account.route}`

const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')

/** What may change while the gateway works, and what may not, as digests: no second copy of a secret. */
function marksOf({ connection, account, chorus }: WaySettings): { credentials: string; place: string } {
  const { login, password, clientId, clientSecret, certificate, extraCa, proxyUrl, noProxy } = chorus
  const { environment, access, apiUrl, tokenUrl, sendAccountHeader } = chorus
  const { sellers, bankAccounts, formerly } = account
  return {
    credentials: digest([login, password, clientId, clientSecret, certificate, extraCa, proxyUrl, noProxy]),
    place: digest([
      connection.name,
      environment,
      access,
      apiUrl,
      tokenUrl,
      sendAccountHeader,
      sellers,
      bankAccounts,
      formerly
    ])
  }
}
