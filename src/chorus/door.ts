import { setTimeout as sleep } from 'node:timers/promises'
import type { CallOptions } from './chorus.ts'
import { createConnector } from './connect.ts'
import { createDispatcher } from './dispatcher.ts'
import { ChorusError } from './errors.ts'
import { type Identity, readIdentity } from './identity.ts'
import type { Passage } from './passage.ts'
import { type Answer, createRequester, type Operation } from './request.ts'
import { type CertificateFiles, type ChorusSettings, missingSettings } from './settings.ts'
import { createTrace, createUpstreamScrubber } from './trace.ts'
import { createTrust } from './trust.ts'
import { type Proxy, readProxyUrl } from './tunnel.ts'

/** One set of credentials with its connections. Another set is another door; calls that are under way finish in theirs. */
export interface Door {
  request: (operation: Operation, call?: CallOptions) => Promise<Answer>
  /** A call as somebody else wrote it. */
  pass: Passage
  identity: Identity | undefined
  proxy: Proxy | undefined
  /** Names of settings without which nothing can be sent. */
  missing: string[]
  /** With PISTE alone. Throws ChorusError. */
  fetchToken: (() => Promise<string>) | undefined
  tokenRemainingMs: () => number | undefined
  counts: () => { opened: number; resumed: number }
  close: (deadlineMs: number) => Promise<void>
}

/**
 * Throws an `IdentityError` or a `TypeError` when the certificate or the proxy's URL cannot be read; whatever else is
 * wrong shows at the calls, as `ChorusError`. Opens nothing until something calls it.
 */
export function createDoor(settings: ChorusSettings): Door {
  const now = settings.now ?? Date.now
  const api = new URL(settings.apiUrl)
  const missing = missingSettings(settings)
  const proxy = settings.proxyUrl === undefined ? undefined : readProxyUrl(settings.proxyUrl)
  const identity =
    settings.access === 'certificate' && settings.certificate !== undefined
      ? identityOf(settings.certificate)
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
  const { request, pass, token } = createRequester({
    settings,
    upstream,
    connector,
    trace: createTrace(settings, scrub),
    scrub,
    monotonic: settings.monotonic ?? (() => performance.now()),
    now,
    pause: (ms) => sleep(ms / (settings.timeScale ?? 1))
  })
  return {
    async request(operation, call) {
      if (missing.length > 0) throw notConfigured(operation.service, missing)
      return request(operation, call)
    },
    async pass(call, options) {
      if (missing.length > 0) throw notConfigured(call.operation, missing)
      return pass(call, options)
    },
    identity,
    proxy,
    missing,
    fetchToken: token?.get,
    tokenRemainingMs: () => token?.remainingMs(),
    counts: connector.counts,
    close: upstream.close
  }
}

/** Opening a key file may take a second; the accounts of a connection share it. */
const opened = new WeakMap<CertificateFiles, Identity>()

function identityOf(files: CertificateFiles): Identity {
  const identity = opened.get(files) ?? readIdentity(files)
  opened.set(files, identity)
  return identity
}

const hostOf = (url: URL): string =>
  `${url.hostname.replace(/^\[|\]$/g, '')}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`

function notConfigured(service: string, missing: string[]): ChorusError {
  const evidence = { proof: 'not-sent', problem: 'connection-not-configured', service, lane: true } as const
  return new ChorusError(`${service}: the connection to Chorus Pro lacks ${missing.join(', ')}`, evidence)
}
