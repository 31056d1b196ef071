import { classify, type Verdict } from './attempt.ts'
import { DeadlineError, type ExchangeFacts } from './call.ts'
import type { Connector } from './connect.ts'
import { describeShut } from './connect-error.ts'
import type { ChorusSettings } from './settings.ts'

/** How long the second connection may take, in milliseconds. */
const probeMs = 1000

/**
 * Why a fresh connection was lost. With a large body the reset outruns the TLS alert (network brief, section 6.1), and some
 * servers send none: connect again, sending nothing. It names the cause; what the attempt proves stays as it was.
 */
export function createNameCause({
  settings,
  connector,
  scrub
}: {
  settings: ChorusSettings
  connector: Pick<Connector, 'probe'>
  scrub: (text: string) => string
}): (facts: ExchangeFacts, verdict: Verdict) => Promise<Verdict> {
  const api = new URL(settings.apiUrl)
  const blankQuestion = { access: settings.access, now: 0, scrub }

  return async (facts, verdict) => {
    const lost = facts.fresh && facts.status === undefined && facts.alert === undefined
    if (
      verdict.done ||
      !lost ||
      settings.access !== 'certificate' ||
      api.protocol !== 'https:' ||
      facts.error instanceof DeadlineError
    )
      return verdict
    const { evidence } = verdict
    const { alert, shut } = await connector.probe(api, probeMs)
    if (shut === true) {
      const message = `${evidence.service}: ${describeShut(api.host)}`
      const problem = 'client-certificate-rejected'
      return { done: false, message, evidence: { ...evidence, problem, lane: true, likely: true } }
    }
    if (alert === undefined) return verdict
    const named = classify(
      { ...facts, fresh: false, alert },
      { ...blankQuestion, host: api.host, service: evidence.service }
    )
    if (named.done || named.evidence.problem === evidence.problem) return verdict
    const { problem, lane } = named.evidence
    return { ...named, evidence: { ...evidence, problem, lane } }
  }
}
