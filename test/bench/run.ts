// `npm run bench`: the goals of DESIGN.md, section 7, beside the bench's own floor and a bare client, in one run.
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createAuthority, issueClient, issueServer } from '../../src/simulator/certificates.ts'
import { cells, type Ground, type Name, runCell } from './cells.ts'
import { compareRows, compareStores, countConnections, timeStarts } from './extras.ts'
import { median } from './measure.ts'
import { cleanUp, makeFolder, startPart } from './processes.ts'
import { type Findings, report, round } from './report.ts'

const help = `npm run bench -- [options]

  --quick          about a minute: one round, without the large cells and the ledger of many rows
  --rounds N       rounds of each cell (3; 1 with --quick)
  --only TEXT      only the cells whose name begins so, e.g. --only "1 MB"; may be repeated; nothing else is run
  --rows N         rows of the large ledger (200000)
  --million        the same as --rows 1000000, a minute more
  --postgres       the large ledger in PostgreSQL as well
  --profile DIR    a CPU profile of the gateway for every cell
  --json FILE      the findings as JSON
  --help           this text

Everything runs on 127.0.0.1 and under one temporary folder, in processes of its own that are stopped at the end.`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true },
    rows: { type: 'string', default: '200000' },
    postgres: { type: 'boolean', default: false },
    million: { type: 'boolean', default: false },
    profile: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false }
  }
})

async function prepare(folder: string, profileDir: string | undefined): Promise<Ground> {
  const authority = await createAuthority()
  const [server, client] = await Promise.all([
    issueServer(authority, ['127.0.0.1', 'localhost']),
    issueClient(authority)
  ])
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 })
  write('ca.pem', authority.certificate)
  write('server.pem', server.certificate)
  write('server.key', server.key)
  write('client.pem', client.certificate)
  write('client.key', client.key)
  const key = randomBytes(24).toString('base64url')
  const sink = (await startPart('sink.ts', [folder])) as Ground['sink']
  const load = await startPart('load.ts', [key])
  const direct = await startPart('direct.ts', [String(sink.ready.port), folder])
  return { folder, key, sink, load, direct, profileDir }
}

const started = performance.now()
const say = (text: string) =>
  console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`)

async function bench(): Promise<Findings> {
  const { quick, only } = values
  const rounds = Number(values.rounds ?? (quick ? 1 : 3))
  const profileDir = values.profile
  if (profileDir !== undefined) mkdirSync(profileDir, { recursive: true })
  const ground = await prepare(makeFolder(), profileDir)
  const findings: Findings = { results: [] }
  const chosen = cells.filter(({ name, long }) =>
    only === undefined ? !(quick && long === true) : only.some((text) => name.startsWith(text))
  )
  for (const cell of chosen) {
    await unlessBroken(cell.name, async () => {
      const result = await runCell(ground, cell, rounds)
      findings.results.push(result)
      const rate = (name: Name) => round(median(result.samples[name].map((it) => it.perSecond)))
      return cell.among.map((name) => `${name} ${rate(name)}/s`).join(', ')
    })
  }
  if (only !== undefined) return findings
  await unlessBroken('new TLS connections per 1,000 deposits', async () => {
    findings.connections = await countConnections(ground, quick ? 500 : 1000)
    return `${findings.connections.opened}, ${findings.connections.resumed} of them resumed`
  })
  await unlessBroken('start to ready', async () => {
    findings.startMs = await timeStarts(ground, quick ? 3 : 7)
    return `${findings.startMs.toFixed(0)} ms`
  })
  await Promise.all([ground.load.stop(), ground.direct.stop(), ground.sink.stop()])
  await unlessBroken('durable accepts ÷ bare store', async () => {
    findings.stores = await compareStores()
    return String(findings.stores.ratio)
  })
  await unlessBroken('ledger of many rows', async () => {
    const rows = values.million ? 1_000_000 : Number(values.rows)
    const many = quick ? Math.min(rows, 50_000) : rows
    findings.rows = await compareRows(many, 'sqlite')
    if (values.postgres) findings.sharedRows = await compareRows(many, 'postgres')
    return `${many} compared`
  })
  return findings
}

/** What breaks is told, costs the exit code, and leaves the rest of the table. */
async function unlessBroken(what: string, work: () => Promise<string>): Promise<void> {
  try {
    say(`${what}: ${await work()}`)
  } catch (error) {
    process.exitCode = 1
    say(`BROKEN: ${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

process.on('exit', cleanUp)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

if (values.help) console.log(help)
else {
  // What else runs takes more from the one that works more: ratios of throughput are worth little then.
  const [busy = 0] = loadavg()
  if (busy > 0.5) say(`the machine is not idle: load ${busy.toFixed(1)} before the start`)
  const findings = await bench()
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}, load ${busy.toFixed(1)} before`
  console.log(`\n${machine}, ${new Date().toISOString().slice(0, 10)}; medians, ratios taken inside each round\n`)
  console.log(report(findings))
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(findings, null, 2))
  // The agents' idle connections would keep the process.
  process.exit()
}
