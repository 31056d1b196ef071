import { closeSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { table } from '../../src/bin/table.ts'
import type { Failure } from '../../src/failpoint.ts'
import type { FaultRule } from '../../src/simulator/faults.ts'
import type { Verdict } from './checker.ts'
import { type Database, startDatabase } from './database.ts'
import { createErp } from './erp.ts'
import { type HistoryRecord, type JournalRecord, openJournal, readLines } from './history.ts'
import type { Kind } from './invoices.ts'
import { commits, onlyEmbedded, pairs, type Scenario, singles } from './points.ts'
import { type Proxy, startProxy } from './proxy.ts'
import { brokenOf, findingsOf } from './report.ts'
import { createRandom } from './seed.ts'
import { createReplica, type Replica, startUpstream, type Upstream } from './site.ts'
import { drain, runChecker } from './soak.ts'
import { refusals } from './upstream-faults.ts'

export const matrixKinds = ['singles', 'pairs', 'commits'] as const
export type MatrixKind = (typeof matrixKinds)[number]

export interface MatrixOptions {
  which: MatrixKind
  kind: Failure['kind']
  folder: string
  seed: number
  only: string
  sample: number | undefined
  /** No run is started after so many milliseconds; those left out are told. */
  budgetMs?: number
  store: 'sqlite' | 'postgres'
  say: (line: string) => void
}

interface Outcome {
  scenario: Scenario
  /** The point that the run is about was passed. */
  fired: boolean
  /** How often the gateway was found dead. */
  deaths: number
  seconds: number
  verdict: Verdict
  trouble: string[]
}

const timeoutMs = 1_000
/** Minutes become milliseconds; a lease stays three seconds. */
const timeScale = 20_000
const hangMs = 4_500
const lanes = 2

/** One of each: the upload's answer lost, a flow, fields alone, the call's answer lost, what is held, what is refused. */
const kinds: Kind[] = [
  { mode: 'pdf', attachment: false },
  { mode: 'pdf', attachment: true },
  { mode: 'structured', attachment: false },
  { mode: 'data', attachment: false },
  { mode: 'pdf', attachment: false },
  { mode: 'pdf', fate: 'held', attachment: false },
  { mode: 'pdf', fate: 'refused', attachment: false }
]
const mishaps: FaultRule[] = [
  ...refusals,
  { operation: 'transverses/ajouter/fichier', kind: 'drop-answer' },
  { operation: 'factures/soumettre', kind: 'drop-answer', number: '-4$' }
]

/** Runs every scenario, two at a time, each on a ledger of its own. */
export async function runMatrix(options: MatrixOptions): Promise<{ good: boolean; text: string }> {
  const { which, kind, folder, seed, only, sample, say } = options
  const failure: Failure = kind === 'hang' ? { kind, ms: hangMs } : { kind }
  const random = createRandom(seed)
  const scenarios = (
    which === 'singles'
      ? singles(failure)
      : which === 'pairs'
        ? pairs(failure, random, sample)
        : commits(failure, sample ?? 60)
  ).filter((scenario) => scenario.name.includes(only) && !(options.store === 'postgres' && onlyEmbedded(scenario)))
  say(`${scenarios.length} crashes of kind ${kind}`)
  const database = options.store === 'postgres' ? await startDatabase() : undefined
  const outcomes: Outcome[] = []
  const waiting = scenarios.map((scenario, index) => ({ scenario, index }))
  const until = Date.now() + (options.budgetMs ?? Number.POSITIVE_INFINITY)
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const place = join(folder, `lane-${lane + 1}`)
      const upstream = await startUpstream(place, { speed: 100, flowDelayMs: 2_000 })
      const proxy = await startProxy()
      const take = () => (Date.now() < until ? waiting.shift() : undefined)
      for (let next = take(); next !== undefined; next = take()) {
        const { scenario, index } = next
        const own = join(folder, String(index))
        const outcome = await runScenario(scenario, { ...options, place, own, index, upstream, proxy, database })
        outcomes.push(outcome)
        for (const line of [...outcome.trouble, ...findingsOf(outcome.verdict)])
          say(`${scenario.name}: ${line} (${own})`)
        if (outcomes.length % 10 === 0) say(`${outcomes.length} of ${scenarios.length}`)
      }
      await upstream.stop()
      await proxy.close()
    })
  )
  await database?.close()
  if (waiting.length > 0) say(`${waiting.length} of ${scenarios.length} were left out: the time was over`)
  return summary(outcomes, which, kind)
}

interface Place extends MatrixOptions {
  /** Of the lane: its Chorus Pro and certificates. */
  place: string
  /** Of this run. */
  own: string
  index: number
  upstream: Upstream
  proxy: Proxy
  database: Database | undefined
}

async function runScenario(scenario: Scenario, place: Place): Promise<Outcome> {
  const { own, upstream, index } = place
  const from = Date.now()
  mkdirSync(own, { recursive: true })
  const crowded = scenario.phase === 'crowded stop'
  await upstream.faults([
    ...mishaps,
    ...(crowded ? [{ operation: 'factures/deposer/pdf', kind: 'slow', delayMs: 800, times: 'always' } as const] : [])
  ])
  const ledger = join(place.place, 'ledger.jsonl')
  const ledgerFrom = statSync(ledger, { throwIfNoEntry: false })?.size ?? 0
  const journal = openJournal<JournalRecord>(join(own, 'journal.jsonl'))
  const history = openJournal<HistoryRecord>(join(own, 'history.jsonl'))
  history.write({ kind: 'run', seed: place.seed, searchLagMs: 0, dedupe: true })
  const replica = await createReplica({
    folder: own,
    name: 'g1',
    upstream: upstream.facts,
    certificates: join(place.place, 'certificates'),
    access: 'piste',
    proxyUrl: place.proxy.url,
    databaseUrl: await place.database?.freshUrl(),
    timeScale,
    timeoutMs
  })
  const supervisor = supervise(replica, scenario, history)
  const erp = createErp({
    run: `M${index}`,
    random: createRandom(place.seed + index),
    kindOf: (at) => kinds[at] ?? { mode: 'pdf', attachment: false },
    journal,
    urls: [replica.url]
  })
  const trouble: string[] = []
  const patience = setTimeout(() => {
    trouble.push('the ERP never got an answer')
    erp.giveUp()
  }, 60_000)
  const posts = Promise.all(Array.from({ length: crowded ? 80 : kinds.length }, (_, at) => erp.post(at)))
  if (scenario.phase.endsWith('stop')) {
    await listening(replica.url)
    // With work in hand.
    await sleep(crowded ? 500 : 100)
    replica.child?.signal('SIGTERM')
  }
  await posts
  clearTimeout(patience)
  await drain(replica.url, 25_000)
  await supervisor.end()
  await replica.start()
  const passed = readLines<{ name: string; at: string }>(replica.firedFile)
  for (const { name, at } of passed) {
    const until = new Date(Date.parse(at) + hangMs).toISOString()
    history.write({ kind: 'action', at, until, action: 'failpoint', target: replica.name, detail: name })
  }
  const check = () => runCheckerOn(own, replica.url, ledger, ledgerFrom)
  // The last point may be passed while the checker asks.
  const verdict = await check().catch(async () => {
    await replica.start()
    return check()
  })
  const how = await replica.stop(8_000)
  // Unless the point of the last start is one that only a stop passes.
  const after = readLines(replica.firedFile).length
  if (how !== 'code 0' && after === passed.length) trouble.push(`it did not stop well in the end: ${how}`)
  journal.close()
  history.close()
  // Also those that were only passed while it stopped in the end.
  const firedNames = readLines<{ name: string }>(replica.firedFile).map(({ name }) => name)
  const wanted = scenario.armed[scenario.wanted]?.[0]?.name ?? ''
  const fired = firedNames.includes(wanted)
  return { scenario, fired, deaths: supervisor.deaths(), seconds: (Date.now() - from) / 1000, verdict, trouble }
}

async function listening(url: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const answer = await fetch(`${url}/health/live`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(20)
  }
}

/** Starts the gateway, again whenever it is gone, with what the scenario arms for that start. */
function supervise(replica: Replica, scenario: Scenario, history: { write(record: HistoryRecord): void }) {
  let over = false
  let starts = 0
  const run = async () => {
    while (!over) {
      if (replica.child?.alive !== true) {
        const at = new Date().toISOString()
        if (starts > 0)
          history.write({ kind: 'action', at, action: 'kill', target: replica.name, detail: scenario.name })
        await replica.start(scenario.armed[starts++] ?? [])
      }
      await sleep(20)
    }
  }
  const running = run()
  return {
    deaths: () => starts - 1,
    async end() {
      over = true
      await running
    }
  }
}

/** The lane's ledger goes on from run to run: this run's part is cut out. */
async function runCheckerOn(own: string, url: string, ledger: string, from: number): Promise<Verdict> {
  const size = statSync(ledger).size - from
  const part = Buffer.alloc(size)
  const descriptor = openSync(ledger, 'r')
  readSync(descriptor, part, 0, size, from)
  closeSync(descriptor)
  writeFileSync(join(own, 'ledger.jsonl'), part)
  return runChecker(own, url)
}

function summary(outcomes: Outcome[], which: MatrixKind, kind: string): { good: boolean; text: string } {
  const broken = outcomes.filter(({ verdict, trouble }) => !verdict.good || trouble.length > 0)
  const unreached = outcomes.filter(({ fired }) => !fired)
  const sum = (of: (outcome: Outcome) => number) => String(outcomes.reduce((total, one) => total + of(one), 0))
  const rows = [
    ['crashes', 'passed', 'not reached', 'deaths', 'invoices', 'integrated', 'held', 'in doubt', 'recovered', 'broken'],
    [
      String(outcomes.length),
      String(outcomes.length - broken.length),
      String(unreached.length),
      sum(({ deaths }) => deaths),
      sum(({ verdict }) => verdict.counts.accepted),
      sum(({ verdict }) => verdict.counts.integrated),
      sum(({ verdict }) => verdict.counts.held),
      sum(({ verdict }) => verdict.counts.exposures),
      sum(({ verdict }) => verdict.counts.recovered),
      String(broken.length)
    ]
  ]
  const lines = [`\nmatrix: ${which}, ${kind}`, table(rows)]
  // The last commits of a run are fewer than are asked for; a single that is never passed proves nothing.
  if (which === 'singles' && unreached.length > 0)
    lines.push(`not reached: ${unreached.map(({ scenario }) => scenario.name).join(', ')}`)
  for (const { scenario, verdict, trouble } of broken)
    lines.push(`broken: ${scenario.name}: ${[brokenOf(verdict), ...trouble].filter((part) => part !== '').join('; ')}`)
  return { good: broken.length === 0 && (which !== 'singles' || unreached.length === 0), text: lines.join('\n') }
}
