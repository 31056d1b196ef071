import { setTimeout as sleep } from 'node:timers/promises'
import { createAsker } from './asker.ts'
import type { CallOptions, Chorus } from './chorus.ts'
import { createConnector } from './connect.ts'
import { createDispatcher } from './dispatcher.ts'
import { ChorusError } from './errors.ts'
import { throughGate } from './gate.ts'
import { type Identity, readIdentity } from './identity.ts'
import { createOperations } from './operations.ts'
import { type Answer, createRequester, type Operation } from './request.ts'
import { createResources, type Resources } from './resources.ts'
import { type ChorusSettings, missingSettings } from './settings.ts'
import { createTrace, createUpstreamScrubber } from './trace.ts'
import { createTrust } from './trust.ts'
import { readProxyUrl } from './tunnel.ts'

export interface ChorusStatus {
  environment: ChorusSettings['environment']
  access: ChorusSettings['access']
  host: string
  proxy?: string
  certificate?: Omit<Identity, 'key' | 'chain'>
  /** Names of settings without which nothing can be sent. */
  missing: string[]
  tokenRemainingMs?: number
  connections: { opened: number; resumed: number }
  lastSuccessAt?: string
  lastFailure?: { at: string; problem: string; service: string; message: string }
}

export interface ChorusClient extends Chorus {
  resources: Resources
  /** Lets calls that are under way finish for so long (10 s), then ends them: what had left is then unknown. */
  close: (deadlineMs?: number) => Promise<void>
  status: () => ChorusStatus
}

/**
 * The way to Chorus Pro. Throws an `IdentityError` or a `TypeError` when the certificate or the proxy's URL cannot be
 * read; whatever else is wrong shows at the calls, as `ChorusError`. Opens nothing until something calls it.
 */
export function createChorus(settings: ChorusSettings): ChorusClient {
  const now = settings.now ?? Date.now
  const monotonic = settings.monotonic ?? (() => performance.now())
  const api = new URL(settings.apiUrl)
  const missing = missingSettings(settings)
  const proxy = settings.proxyUrl === undefined ? undefined : readProxyUrl(settings.proxyUrl)
  const identity =
    settings.access === 'certificate' && settings.certificate !== undefined
      ? readIdentity(settings.certificate)
      : undefined
  if (identity?.hasIssuer === false) {
    const facts = { subject: identity.subject, issuer: identity.issuer }
    settings.log.warn(facts, 'the certificate that issued ours is not in the file: some servers will refuse it')
  }
  const scrub = createUpstreamScrubber(settings)
  const connector = createConnector({
    trust: createTrust(identity, settings.extraCa),
    ...(identity !== undefined && { identity: { host: hostOf(api), is: identity } }),
    proxy,
    noProxy: settings.noProxy,
    timeoutMs: settings.connectTimeoutMs,
    now,
    warn: settings.log.warn
  })
  const upstream = createDispatcher(connector, settings)
  const { request, token } = createRequester({
    settings,
    upstream,
    connector,
    trace: createTrace(settings, scrub),
    scrub,
    monotonic,
    now,
    pause: (ms) => sleep(ms / (settings.timeScale ?? 1))
  })
  const last: Pick<ChorusStatus, 'lastSuccessAt' | 'lastFailure'> = {}

  async function ask(operation: Operation, call: CallOptions | undefined): Promise<Answer> {
    try {
      const answer = await throughGate(
        call?.probe === true ? undefined : settings.gate,
        operation.service,
        async () => {
          if (missing.length > 0) throw notConfigured(operation.service, missing)
          return request(operation, call)
        }
      )
      last.lastSuccessAt = new Date(now()).toISOString()
      return answer
    } catch (error) {
      if (error instanceof ChorusError && error.evidence.problem !== 'deposit-refused') {
        const { problem, service } = error.evidence
        last.lastFailure = { at: new Date(now()).toISOString(), problem, service, message: error.message }
      }
      throw error
    }
  }

  return {
    ...createOperations({ ask, access: settings.access, sendAccountHeader: settings.sendAccountHeader !== false, now }),
    resources: createResources(createAsker(ask)),
    close: (deadlineMs = 10_000) => upstream.close(deadlineMs),
    status: () => {
      const remaining = token?.remainingMs()
      return {
        environment: settings.environment,
        access: settings.access,
        host: api.host,
        ...(proxy !== undefined && { proxy: proxy.label }),
        ...(identity !== undefined && { certificate: shown(identity) }),
        missing,
        ...(remaining !== undefined && { tokenRemainingMs: remaining }),
        connections: connector.counts(),
        ...last
      }
    }
  }
}

const hostOf = (url: URL): string =>
  `${url.hostname.replace(/^\[|\]$/g, '')}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`

function shown({
  subject,
  issuer,
  serial,
  siren,
  notBefore,
  notAfter,
  hasIssuer
}: Identity): Omit<Identity, 'key' | 'chain'> {
  return { subject, issuer, serial, ...(siren !== undefined && { siren }), notBefore, notAfter, hasIssuer }
}

function notConfigured(service: string, missing: string[]): ChorusError {
  const evidence = { proof: 'not-sent', problem: 'connection-not-configured', service, lane: true } as const
  return new ChorusError(`${service}: the connection to Chorus Pro lacks ${missing.join(', ')}`, evidence)
}
