import { execFile as execFileWithCallback } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Verdict } from './checker.ts'
import { startDatabase } from './database.ts'
import { mountDisk } from './disk.ts'
import { createErp } from './erp.ts'
import { countFelt, type Felt, type FeltEvidence, plannedFaults } from './felt.ts'
import { headers, listIds } from './final-answers.ts'
import { type HistoryRecord, type JournalRecord, openJournal, type PlatformStatus, readLines } from './history.ts'
import { chooseKind } from './invoices.ts'
import { createNemesis } from './nemesis.ts'
import { startProxy } from './proxy.ts'
import { createRandom, type Random } from './seed.ts'
import { createReplica, startUpstream, type Upstream } from './site.ts'
import { constantFaults, refusals } from './upstream-faults.ts'
import { watchReplicas } from './watch.ts'

export interface SoakOptions {
  seed: number
  minutes: number
  folder: string
  replicas: number
  store: 'sqlite' | 'postgres'
  /** Chorus Pro refuses a number that it has. */
  dedupe: boolean
  perMinute: number
  /** Divides the gateway's waiting times. */
  timeScale: number
  say: (line: string) => void
}

export interface SoakResult {
  verdict: Verdict
  seconds: number
  /** What is wrong beside the verdict: a run in which nothing happened proves nothing. */
  trouble: string[]
  felt: Felt[]
}

const execFile = promisify(execFileWithCallback)

const mix = { structured: 0.15, data: 0.12, refused: 0.03, held: 0.02 }
const timeoutMs = 1_500
const leaseMs = timeoutMs * 3
/** How long a search goes on that finds nothing: thirty minutes on the PDF route, a day for flows. */
const horizons = (timeScale: number) => ({ pdf: 1_800_000 / timeScale, structured: 86_400_000 / timeScale })
const unfinished = ['received', 'deposited', 'submitting', 'unknown', 'submitted']

/** Load and faults at the same time for some minutes, then peace until everything has its end, then the checker. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { seed, minutes, folder, dedupe, perMinute, timeScale, say } = options
  const horizonMs = horizons(timeScale)
  const from = Date.now()
  mkdirSync(folder, { recursive: true })
  const random = createRandom(seed)
  const journal = openJournal<JournalRecord>(join(folder, 'journal.jsonl'))
  const history = openJournal<HistoryRecord>(join(folder, 'history.jsonl'))
  const searchLagMs = Math.round(random.next() * 0.8 * horizonMs.pdf)
  history.write({ kind: 'run', seed, searchLagMs, dedupe })
  const speed = 20
  const upstream = await startUpstream(folder, {
    speed,
    dedupe,
    flowDelayMs: 500 * speed,
    searchLagMs: [0, searchLagMs * speed]
  })
  const constant = [...refusals, ...constantFaults(timeoutMs, horizonMs.pdf / 3)]
  await upstream.faults(constant)
  const proxy = random.chance(0.7) ? await startProxy() : undefined
  const database = options.store === 'postgres' ? await startDatabase() : undefined
  const databaseUrl = await database?.freshUrl()
  const disk = database === undefined ? mountDisk(join(folder, 'data')) : database.disk
  const access = random.pick(['piste', 'certificate'] as const)
  const replicas = await Promise.all(
    Array.from({ length: options.replicas }, (_, index) =>
      createReplica({
        folder,
        name: `g${index + 1}`,
        upstream: upstream.facts,
        certificates: join(folder, 'certificates'),
        access,
        timeScale,
        timeoutMs,
        proxyUrl: proxy?.url,
        databaseUrl,
        spoilable: true
      })
    )
  )
  say(`${access}${proxy ? ', proxy' : ''}, dedupe ${dedupe ? 'on' : 'off'}, search lag up to ${searchLagMs} ms`)
  for (const replica of replicas) await replica.start()
  const nemesis = createNemesis({
    random: random.fork('nemesis'),
    history,
    replicas,
    upstream,
    constant,
    access,
    proxy,
    database,
    disk,
    leaseMs
  })
  const erp = createErp({
    run: `S${seed}`,
    random: random.fork('erp'),
    kindOf: (_, dice) => chooseKind(dice, mix),
    journal,
    urls: replicas.map(({ url }) => url)
  })
  const watched = watchReplicas(replicas, history)
  nemesis.start()
  const ends = Date.now() + minutes * 60_000
  const progress = setInterval(
    () => say(`${erp.posted()} invoices, ${Math.max(0, Math.round((ends - Date.now()) / 1000))} s left`),
    15_000
  )
  const load = erp.load(perMinute, ends)
  await sleep(Math.max(0, ends - Date.now()))
  clearInterval(progress)
  await nemesis.mend()
  await watched()
  say('peace: waiting for the last answers')
  const patience = setTimeout(() => erp.giveUp(), 60_000)
  await load
  clearTimeout(patience)
  const url = replicas[0]?.url ?? ''
  const left = await drain(url, horizonMs.structured * 1.5 + 30_000, say)
  if (left > 0) say(`${left} invoices came to no end`)
  for (const record of await refreshSome(url, upstream, random)) history.write(record)
  const verdict = await runChecker(folder, url)
  for (const replica of replicas) await replica.stop(15_000)
  await upstream.stop()
  await proxy?.close()
  if (database === undefined) {
    if (!verdict.good) cpSync(join(folder, 'data'), join(folder, 'data-kept'), { recursive: true })
    disk?.unmount()
  }
  await database?.close()
  journal.close()
  history.close()
  const planned = plannedFaults({
    access,
    proxy: proxy !== undefined,
    postgres: database !== undefined,
    disk: disk !== undefined
  })
  const felt = countFelt(readFeltEvidence(folder, replicas, from), planned)
  const { meant, unanswered, accepted } = verdict.counts
  const trouble = [
    ...(unanswered > 0 ? [`${unanswered} of ${meant} never got an answer`] : []),
    ...(accepted < minutes * perMinute * 0.2 ? [`only ${accepted} were accepted in ${minutes} minutes`] : [])
  ]
  return { verdict, seconds: Math.round((Date.now() - from) / 1000), trouble, felt }
}

function readFeltEvidence(folder: string, replicas: { name: string; firedFile: string }[], from: number): FeltEvidence {
  const lines = <T>(name: string) => readLines<T>(join(folder, `${name}.jsonl`))
  const slackMs = 1_800_000
  const isWrong = (at: number) => at < from - slackMs || at > Date.now() + slackMs
  return {
    journal: lines('journal'),
    history: lines('history'),
    ledger: lines('ledger'),
    finals: lines('finals'),
    wrongTimes: replicas.flatMap(({ name }) =>
      [...readFileSync(join(folder, `gateway-${name}.log`), 'utf8').matchAll(/"time":"([^"]+)"/g)]
        .map(([, time = '']) => ({ target: name, at: Date.parse(time) }))
        .filter(({ at }) => isWrong(at))
    ),
    patienceMs: timeoutMs,
    fired: replicas.flatMap(({ firedFile }) => readLines(firedFile)).length
  }
}

/** Asks the gateway to look again at some that were sent, and Chorus Pro what it has. */
async function refreshSome(url: string, upstream: Upstream, random: Random): Promise<PlatformStatus[]> {
  const ids = await listIds(url, 'integrated')
  const some = new Set(Array.from({ length: 60 }, () => random.pick(ids)))
  const refreshed = new Set<string>()
  for (const id of some) {
    const answer = await fetch(`${url}/v1/invoices/${id}/refresh`, { method: 'POST', headers })
    const { upstream: there } = (await answer.json()) as { upstream?: { invoiceId?: string } }
    if (answer.ok && there?.invoiceId !== undefined) refreshed.add(there.invoiceId)
  }
  const held = await upstream.invoices()
  return held.filter(({ id }) => refreshed.has(id)).map(({ id, status }) => ({ kind: 'platform', id, status }))
}

/** Waits until every invoice has its end; resolves to how many have none when the time is up. */
export async function drain(url: string, ms: number, say: (line: string) => void = () => {}): Promise<number> {
  const until = Date.now() + ms
  for (let told = 0; ; ) {
    const ids = await Promise.all(unfinished.map((state) => listIds(url, state).catch(() => ['?'])))
    const left = ids.flat().length
    if (left === 0 || Date.now() > until) return left
    if (Date.now() - told > 15_000) {
      told = Date.now()
      say(`${left} invoices are not finished`)
    }
    await sleep(200)
  }
}

/** A separate program: it sees what was written down, and what the gateway answers, and nothing else. */
export async function runChecker(folder: string, url: string): Promise<Verdict> {
  const checker = fileURLToPath(new URL('./checker.ts', import.meta.url))
  const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 180_000 } as const
  const { stdout, stderr } = await execFile(process.execPath, [checker, folder, '--url', url], options).catch(
    // A verdict that is not good is told by its exit code as well.
    (error: unknown) => error as { stdout: string; stderr: string }
  )
  try {
    return JSON.parse(stdout) as Verdict
  } catch {
    throw new Error(`the checker failed: ${stderr.slice(-2_000)}`)
  }
}
