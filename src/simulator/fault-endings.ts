import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, type Ending, htmlAnswer, unauthorized } from './answer.ts'
import type { FaultKind, FaultRule } from './faults.ts'

export interface FaultContext {
  /** Lets the service do its work; what it would have answered. */
  process: () => Promise<Answer>
  /** The members of the request's body. */
  fields: object
  revokeToken: () => void
  signal: AbortSignal
}

type Make = (rule: FaultRule, context: FaultContext) => Promise<Ending>

const send = (answer: Answer): Ending => ({ how: 'send', answer })
const nothing: Answer = { status: 0 }

/** An answer in place of the service's, which works first if the rule says so. */
const instead =
  (make: (rule: FaultRule, context: FaultContext) => Answer): Make =>
  async (rule, context) => {
    if (rule.processed === true) await context.process()
    return send(make(rule, context))
  }

/** The service's own answer, spoilt. */
const spoilt =
  (spoil: (answer: Answer, rule: FaultRule) => Answer): Make =>
  async (rule, context) =>
    send(spoil(await context.process(), rule))

const withBody = (answer: Answer, change: (body: Record<string, unknown>) => void): Answer => {
  if (typeof answer.body !== 'object' || answer.body === null) return answer
  const body = { ...(answer.body as Record<string, unknown>) }
  change(body)
  return { ...answer, body }
}

const silent =
  (how: 'reset' | 'hang'): Make =>
  async (rule, context) => {
    if (rule.processed === true) await context.process()
    return { how, answer: nothing }
  }

const endings: Record<FaultKind, Make> = {
  'drop-answer': async (_rule, { process }) => ({ how: 'drop', answer: await process() }),
  'drop-before': async () => ({ how: 'drop', answer: nothing }),
  reset: silent('reset'),
  hang: silent('hang'),
  cut: async (rule, { process }) => ({
    how: 'cut',
    answer: await process(),
    at: rule.at ?? 20,
    framing: rule.framing ?? 'length'
  }),
  maintenance: instead(() => htmlAnswer(503, 'Chorus Pro est en maintenance')),
  throttle: instead((rule) => {
    const seconds = rule.retryAfterS ?? 2
    const value = rule.dated === true ? new Date(Date.now() + seconds * 1000).toUTCString() : String(seconds)
    return { status: 429, headers: { 'retry-after': value } }
  }),
  unauthorized: instead(() => unauthorized()),
  'expired-password': instead(() => unauthorized()),
  'revoked-token': instead((_rule, { revokeToken }) => {
    revokeToken()
    return unauthorized()
  }),
  forbidden: instead((rule, { fields }) => {
    if (rule.shape === 'echo') return { status: 403, body: fields }
    return rule.shape === 'none' ? { status: 403 } : { status: 403, body: {} }
  }),
  status: instead((rule) => ({
    status: rule.status ?? 500,
    ...(rule.headers === undefined ? {} : { headers: rule.headers }),
    ...(rule.body === undefined ? {} : { body: rule.body })
  })),
  slow: async (rule, { process, signal }) => {
    const pause = (): Promise<void> => wait(rule.delayMs ?? 1000, undefined, { signal, ref: false })
    if (rule.when === 'processing') await pause()
    const answer = await process()
    if (rule.when === undefined || rule.when === 'answering') await pause()
    return send(answer)
  },
  'wrong-echo': spoilt((answer, rule) =>
    withBody(answer, (body) => {
      body.numeroFacture =
        rule.echo ?? `${typeof body.numeroFacture === 'string' ? body.numeroFacture : ''}X`.slice(-20)
    })
  ),
  'error-code': instead((rule) => ({
    status: rule.status ?? 200,
    body: { codeRetour: rule.codeRetour ?? 20099, libelle: rule.libelle ?? 'Erreur du simulateur' }
  })),
  html: instead(() => htmlAnswer(200, 'Portail')),
  'empty-object': instead(() => ({ status: 200, body: {} })),
  empty: instead(() => ({ status: 200 })),
  'not-json': instead(() => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"codeRetour": 0, "libe'
  })),
  huge: instead((rule) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"codeRetour":0,"libelle":"${'x'.repeat(rule.bytes ?? 8_388_608)}"}`
  })),
  redirect: instead((rule) => ({
    status: rule.status ?? 307,
    headers: { location: rule.location ?? 'https://127.0.0.1:9/' }
  })),
  amend: spoilt((answer, rule) =>
    withBody(answer, (body) => {
      Object.assign(body, rule.set)
      for (const name of rule.remove ?? []) delete body[name]
    })
  ),
  'extra-answer': async (_rule, { process }) => ({ ...send(await process()), extra: true }),
  'invalid-client': instead(() => ({ status: 400, body: { error: 'invalid_client' } }))
}

/** How a request ends under a rule; without one, the service's answer is sent. */
export const applyFault = async (rule: FaultRule | undefined, context: FaultContext): Promise<Ending> =>
  rule === undefined ? send(await context.process()) : endings[rule.kind](rule, context)
