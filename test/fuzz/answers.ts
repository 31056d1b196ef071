import type { Test } from 'tap'
import {
  type Answer,
  apiKey,
  buildGateway,
  dataInvoice,
  formOf,
  goodInvoice,
  type TestGateway
} from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { cii } from '../src/simulator/documents.ts'
import { createDice, type Dice } from './dice.ts'
import { type Spoiler, startSpoiler } from './spoiler.ts'
import type { Watch } from './watch.ts'

/** What a gateway may say when Chorus Pro talks nonsense: never that it made a mistake of its own. */
const blamed =
  /^(upstream-(protocol-error|unavailable|throttled|timeout)|technical-account-rejected|token-refused|api-not-subscribed)$/
const seller = '99900010200015'
const pdf = makePdf()

/** A gateway whose Chorus Pro answers badly from `damage` on. */
export async function withSpoiler(t: Test): Promise<{ g: TestGateway; spoiler: Spoiler }> {
  const spoiler = await startSpoiler(t)
  const g = await buildGateway(t, {
    simulator: { ports: { plain: 0 }, sampleInvoices: true, flowDelayMs: 1_000 },
    environment: { CHORUS_PRO_ACCESS: 'piste', CHORUS_PRO_TIMEOUT_MS: '1000', GATEWAY_TIME_SCALE: '2000' },
    upstream: ({ plainUrl = '' }) => {
      spoiler.target = plainUrl
      return { apiUrl: `${spoiler.url}/cpro`, tokenUrl: `${spoiler.url}/api/oauth/token` }
    }
  })
  return { g, spoiler }
}

interface Sent {
  mode: 'pdf' | 'data' | 'structured'
  number?: string
  id?: string
}

interface Stored extends Sent {
  state: string
}

/** Calls of all kinds while Chorus Pro answers nonsense; then what became of the invoices. */
export async function fuzzAnswers(
  { g, spoiler }: { g: TestGateway; spoiler: Spoiler },
  watch: Watch,
  { seed, until, atLeast }: { seed: number; until: number; atLeast: number }
): Promise<{ sent: number; states: Record<string, number> }> {
  const dice = createDice(seed)
  const paths = await readings(g)
  const invoices: Sent[] = []
  let sent = 0
  spoiler.damage(35, seed)
  while (sent < atLeast || Date.now() < until) {
    const batch = Array.from({ length: 6 }, async (_, index) => {
      if (index < 2) return void invoices.push(await deposit(g, watch, dice, `${seed}-${sent + index}`))
      const path = dice.pick(paths)
      const [method, url = ''] = path.split(' ')
      if (url.startsWith('/cpro/')) await passOn(g, watch, url)
      else await ask(watch, path, () => (method === 'GET' ? g.get(url) : g.post(url, {})))
    })
    await Promise.all(batch)
    sent += batch.length
    // Nonsense closes the way out, as it should; here that would be the end of it.
    g.gateway.parts.lanes.retry()
    g.gateway.parts.worker.wake()
  }
  spoiler.damage(0, seed)
  const stored = await settled(g, invoices)
  judge({ g, spoiler }, watch, stored)
  const states: Record<string, number> = {}
  for (const { state } of stored) states[state] = (states[state] ?? 0) + 1
  return { sent, states }
}

/** Addresses that need answers of Chorus Pro, with ids that it knows. */
async function readings(g: TestGateway): Promise<string[]> {
  const list = async (path: string) => (await g.get(path)).body.items as { id?: string; upstreamId?: string }[]
  const idOf = (rows: { id?: string; upstreamId?: string }[]) => rows[0]?.id ?? rows[0]?.upstreamId ?? '1'
  const issued = idOf(await list('/v1/issued-invoices?limit=1'))
  const received = idOf(await list('/v1/received-invoices?limit=1'))
  const works = idOf(await list('/v1/works-invoices?limit=1'))
  return [
    ...['', '/history', '/documents', '/documents/pdf'].map((part) => `/v1/issued-invoices/${issued}${part}`),
    ...['', '/history', '/documents', '/documents/pdf', '/allowed-statuses'].map(
      (part) => `/v1/received-invoices/${received}${part}`
    ),
    ...['issued-invoices', 'received-invoices', 'validations', 'works-invoices', 'payment-requests'].map(
      (name) => `/v1/${name}`
    ),
    ...['issued-invoices', 'received-invoices', 'validations', 'works-invoices'].map(
      (name) => `/v1/${name}/to-process`
    ),
    `/v1/works-invoices/${works}`,
    `/v1/works-invoices/${works}/billing-file`,
    '/v1/issued-invoices/documents?ids=1,2',
    '/v1/validations/statuses',
    '/v1/flows/CPP1',
    '/v1/flows/CPP1/report',
    `/v1/commitments?seller=${seller}`,
    '/v1/commitments/EJ-1',
    '/v1/account',
    '/v1/account/attachments',
    `/v1/attachments?organization=${seller}`,
    '/v1/code-lists/countries',
    '/v1/code-lists/vat-rates',
    '/v1/directory/own-organizations',
    '/v1/directory/organizations?name=COMMUNE',
    '/v1/directory/organizations/12345678200028?source=chorus-pro',
    '/v1/directory/organizations/12345678200028/services',
    `/v1/directory/organizations/${seller}/bank-accounts`
  ]
    .map((path) => `GET ${path}`)
    .concat([
      'POST /v1/received-invoices/pick-up',
      `POST /v1/received-invoices/${received}/acknowledgement`,
      'POST /cpro/structures/v1/rechercher',
      'POST /cpro/factures/v1/rechercher/fournisseur'
    ])
}

async function deposit(g: TestGateway, watch: Watch, dice: Dice, name: string): Promise<Sent> {
  const mode = dice.pick(['pdf', 'data', 'structured'] as const)
  const number = `FZ${name}`.slice(-20)
  const send = () => {
    const headers = { prefer: 'wait=1' }
    if (mode === 'pdf') return g.post('/v1/invoices', formOf(goodInvoice({ number }), pdf), headers)
    if (mode === 'structured') return g.post('/v1/invoices', formOf({}, Buffer.from(cii({ number })), 'a.xml'), headers)
    return g.post('/v1/invoices', dataInvoice(), { ...headers, 'idempotency-key': name })
  }
  const answer = await ask(watch, `${mode} ${number}`, send)
  const id: unknown = answer?.body?.id ?? /inv_\w+/.exec(String(answer?.body?.instance))?.[0]
  return { mode, ...(mode !== 'data' && { number }), ...(typeof id === 'string' && { id }) }
}

/** The drop-in door passes on whatever Chorus Pro answers, cut where that was cut; a fault of ours it calls one. */
async function passOn(g: TestGateway, watch: Watch, url: string): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const answer = await fetch(`${g.url}${url}`, { method: 'POST', body: '{}', headers })
  const text = await answer.text().catch(() => '')
  watch.answers++
  if (text.includes('problem:internal')) watch.found(url, text)
}

async function ask(watch: Watch, what: string, call: () => Promise<Answer>): Promise<Answer | undefined> {
  const started = performance.now()
  const answer = await call().catch((error: unknown) => watch.found(what, String(error)))
  if (answer === undefined) return undefined
  const { status, headers, body } = answer
  watch.answered(what, {
    // Upstream's fault, said as such, is none of ours.
    status: status >= 500 && blamed.test(String(body?.code)) ? 499 : status,
    type: headers.get('content-type'),
    body: JSON.stringify(body?.status >= 500 ? { ...body, status: 499 } : body),
    ms: performance.now() - started
  })
  if ([401, 403].includes(status)) watch.found(what, `${status}: credentials of the caller are blamed`)
  return answer
}

/** Nothing was sent twice, nothing is called sent that is not there, nothing rejected that was taken. */
function judge({ g, spoiler }: { g: TestGateway; spoiler: Spoiler }, watch: Watch, stored: Stored[]): void {
  const { acceptances, flows } = g.simulator.control.ledger()
  const times = (number: string) => acceptances.filter((each) => each.number === number).length
  for (const { mode, number, id, state } of stored) {
    const lied = spoiler.lies.some((lie) => number !== undefined && lie.includes(number))
    const flowLied = spoiler.lies.some((lie) => lie.includes('deposer/flux'))
    if (number === undefined) continue
    if (times(number) > 1) watch.found(`${mode} ${number} ${id}`, `taken ${times(number)} times`)
    const there = mode === 'pdf' ? times(number) > 0 : flows.length > 0
    if (['submitted', 'integrated'].includes(state) && !there)
      watch.found(`${mode} ${id}`, `${state}, and is not there`)
    const taken = times(number) > 0 && !lied && !(mode === 'structured' && flowLied)
    if (state === 'rejected' && taken) watch.found(`${mode} ${number} ${id}`, 'rejected, and is there')
  }
  const data = stored.filter(({ mode, state }) => mode === 'data' && ['submitted', 'integrated'].includes(state)).length
  const typed = acceptances.filter((each) => each.mode.includes('SAISIE')).length
  if (data > typed) watch.found('data', `${data} are called submitted, ${typed} are there`)
  if (typed > stored.filter(({ mode }) => mode === 'data').length)
    watch.found('data', `${typed} were taken, more than sent`)
}

/** The state of each when nothing moves any more, or after a while. */
async function settled(g: TestGateway, invoices: Sent[]): Promise<Stored[]> {
  for (const end = Date.now() + 3_000; ; ) {
    g.gateway.parts.lanes.retry()
    const all = await Promise.all(
      invoices.map(async (invoice) => ({
        ...invoice,
        state:
          invoice.id === undefined
            ? 'refused'
            : String((await g.get(`/v1/invoices/${invoice.id}`)).body.submission?.state)
      }))
    )
    const moving = all.filter(({ state }) => ['received', 'deposited', 'submitting', 'unknown'].includes(state))
    if (moving.length === 0 || Date.now() > end) return all
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
