import type { Hop } from '../../schemas/ways-out.ts'
import type { Chorus } from '../chorus/chorus.ts'
import { createDoor, type Door } from '../chorus/door.ts'
import { ChorusError } from '../chorus/errors.ts'
import { createOperations } from '../chorus/operations.ts'
import { asJson } from '../chorus/request.ts'
import type { ChorusSettings } from '../chorus/settings.ts'
import { surveyRoad } from '../chorus/survey.ts'
import { adviceOn, adviceOnRoad } from './doctor-advice.ts'
import type { WaySettings } from './ways.ts'

/**
 * Walks from the name of the proxy to a harmless call of each API, with the credentials of one account; sends nothing but
 * questions. Says no secret. Never throws for what it finds.
 */
export async function examineWay(way: WaySettings): Promise<Hop[]> {
  const settings = { ...way.chorus, log: silent, trace: false, tokens: new Map() }
  const road = await surveyRoad(settings)
  const hops: Hop[] = road.map(({ hop, state, detail, intercepted }) => {
    const key = intercepted === true ? (settings.access === 'piste' ? 'intercepted' : 'swallowed') : hop
    return { hop, state, detail, ...(state === 'red' && { remedy: adviceOnRoad[key] }) }
  })
  const broken = hops.find(({ state }) => state === 'red')
  if (broken !== undefined) return [...hops, ...skipped(callHops(settings), broken.hop)]
  const door = createDoor(settings)
  try {
    return [...hops, ...(await examineCalls(door, way))]
  } finally {
    await door.close(0)
  }
}

const silent = { debug() {}, info() {}, warn() {} }

const callHops = ({ access }: ChorusSettings) => [
  'token',
  'api-subscription',
  'technical-account',
  'structures',
  'bank-accounts',
  ...apisOf(access).map((api) => `api ${api}`)
]

/** Those that the gateway needs. The certificate mode knows the account's own page under no path that is documented. */
const apisOf = (access: ChorusSettings['access']) =>
  access === 'piste'
    ? (['factures', 'structures', 'transverses', 'utilisateurs'] as const)
    : (['factures', 'structures', 'transverses'] as const)
type Api = ReturnType<typeof apisOf>[number]

const skipped = (hops: string[], because: string): Hop[] =>
  hops.map((hop) => ({ hop, state: 'skipped', detail: `Not tried: ${because} fails.` }))

const red = (hop: string, error: unknown): Hop => {
  const problem = error instanceof ChorusError ? error.evidence.problem : 'internal'
  return { hop, state: 'red', detail: (error as Error).message, remedy: adviceOn[problem] }
}

async function examineCalls(door: Door, way: WaySettings): Promise<Hop[]> {
  const { chorus: settings } = way
  const [tokenHop = '', ...others] = callHops(settings)
  const token = await examineToken(door, tokenHop)
  if (token.state === 'red') return [token, ...skipped(others, 'token')]
  const sendAccountHeader = settings.sendAccountHeader !== false
  const chorus = createOperations({ ask: door.request, access: settings.access, sendAccountHeader, now: Date.now })
  const results = new Map<Api, Outcome>()
  for (const api of apisOf(settings.access)) {
    const outcome = await outcomeOf(() => question(api, chorus, door))
    results.set(api, outcome)
    // A password that was refused is not tried again: accounts get locked.
    if (isLogin(outcome.error)) break
  }
  const untried = apisOf(settings.access).filter((api) => !results.has(api))
  const outcomes = [...results]
  const refused = (problem: string) =>
    outcomes.find(([, { error }]) => error instanceof ChorusError && error.evidence.problem === problem)
  const unsubscribed = refused('api-not-subscribed')
  const rejected = refused('technical-account-rejected')
  const answered = outcomes.some(([, { error }]) => error === undefined || isBusiness(error))
  const verdict = (hop: string, bad: (typeof outcomes)[number] | undefined, good: string): Hop =>
    bad !== undefined
      ? red(hop, bad[1].error)
      : answered
        ? { hop, state: 'green', detail: good }
        : { hop, state: 'skipped', detail: 'No call was answered: see below.' }
  return [
    token,
    settings.access === 'piste'
      ? verdict('api-subscription', unsubscribed, `${outcomes.length} APIs are open to the application.`)
      : { hop: 'api-subscription', state: 'skipped', detail: 'Only PISTE knows subscriptions.' },
    verdict('technical-account', rejected, 'Login and password are accepted.'),
    ...(answered && rejected === undefined
      ? await examineStructures(chorus, way)
      : skipped(['structures', 'bank-accounts'], 'the technical account')),
    ...outcomes.map(
      ([api, { error, ms }]): Hop =>
        error === undefined || isBusiness(error)
          ? { hop: `api ${api}`, state: 'green', detail: `Answered in ${ms} ms.` }
          : red(`api ${api}`, error)
    ),
    ...skipped(
      untried.map((api) => `api ${api}`),
      'the technical account'
    )
  ]
}

async function examineToken({ fetchToken, tokenRemainingMs }: Door, hop: string): Promise<Hop> {
  if (fetchToken === undefined) return { hop, state: 'skipped', detail: 'The certificate mode needs none.' }
  try {
    await fetchToken()
    const seconds = Math.round((tokenRemainingMs() ?? 0) / 1000)
    return { hop, state: 'green', detail: `PISTE gives a token, good for ${seconds} s.` }
  } catch (error) {
    return red(hop, error)
  }
}

interface Outcome {
  error?: unknown
  ms: number
}

async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  const since = performance.now()
  const ms = () => Math.round(performance.now() - since)
  try {
    await call()
    return { ms: ms() }
  } catch (error) {
    return { error, ms: ms() }
  }
}

/** Chorus Pro said no to the question itself: the API is open all the same. */
const isBusiness = (error: unknown): boolean =>
  error instanceof ChorusError && error.evidence.problem === 'deposit-refused'

const isLogin = (error: unknown): boolean =>
  error instanceof ChorusError &&
  error.evidence.problem === 'technical-account-rejected' &&
  error.evidence.exchange?.httpStatus === 401

const call = { deadlineMs: 30_000 }

/** The State is one structure, known in every environment (directory.md, section 3). */
const theState = '11000201100044'

function question(api: Api, chorus: Chorus, door: Door): Promise<unknown> {
  switch (api) {
    case 'factures':
      return chorus.searchIssued({ number: 'DOCTOR-0' }, call)
    case 'structures':
      return chorus.findStructures(theState, call)
    case 'transverses':
      return chorus.ping(call)
    case 'utilisateurs':
      return door.request(
        { service: 'utilisateurs/monCompte/recuperer/rattachements', body: asJson({}), read: true },
        call
      )
  }
}

async function examineStructures(chorus: Chorus, { account, chorus: chorusSettings }: WaySettings): Promise<Hop[]> {
  if (chorusSettings.sendAccountHeader === false) {
    const detail = 'A connection of this type belongs to its structure; there is no account to be attached.'
    return ['structures', 'bank-accounts'].map((hop) => ({ hop, state: 'skipped', detail }))
  }
  let own: Awaited<ReturnType<Chorus['suppliers']>>
  try {
    own = await chorus.suppliers(call)
  } catch (error) {
    return [red('structures', error), ...skipped(['bank-accounts'], 'structures')]
  }
  const sirets = own.map(({ siret }) => siret)
  const strange = account.sellers.filter((siret) => !sirets.includes(siret))
  if (own.length === 0 || strange.length > 0) {
    const detail =
      own.length === 0
        ? 'The account is attached to no active structure.'
        : `The account is not attached to ${strange.join(', ')}.`
    return [
      { hop: 'structures', state: 'red', detail, remedy: adviceOn['no-supplier'] },
      ...skipped(['bank-accounts'], 'structures')
    ]
  }
  const shown = sirets.slice(0, 5).join(', ')
  const more = sirets.length > 5 ? ` and ${sirets.length - 5} more` : ''
  return [
    { hop: 'structures', state: 'green', detail: `The account is attached to ${shown}${more}.` },
    await examineBankAccounts(chorus, own, account.bankAccounts)
  ]
}

async function examineBankAccounts(
  chorus: Chorus,
  own: { structureId: string }[],
  mapped: Readonly<Record<string, string>>
): Promise<Hop> {
  const hop = 'bank-accounts'
  try {
    const known: string[] = []
    for (const { structureId } of own.slice(0, 20)) {
      for (const { bankAccountId, label } of await chorus.bankAccounts(structureId, call)) {
        known.push(bankAccountId, label?.trim().toLowerCase() ?? '')
      }
    }
    const lost = Object.values(mapped).filter((name) => !known.includes(name.trim().toLowerCase()))
    if (lost.length > 0) {
      const detail = `The configuration maps an IBAN to "${lost[0]}", which Chorus Pro does not know.`
      return { hop, state: 'red', detail, remedy: adviceOn['no-bank-account'] }
    }
    return { hop, state: 'green', detail: `${known.length / 2} valid accounts.` }
  } catch (error) {
    return red(hop, error)
  }
}
