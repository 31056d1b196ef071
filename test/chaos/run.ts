// npm run chaos: breaks a gateway in every way we know, and checks that no invoice was lost or sent twice.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from '../../src/bin/table.ts'
import { endChildrenWithUs } from './children.ts'
import { addFelt, type Felt, idle, neverDone, neverFelt } from './felt.ts'
import { type MatrixKind, matrixKinds, runMatrix } from './matrix.ts'
import { findingsOf, soakHead, soakRow } from './report.ts'
import { soak } from './soak.ts'

type Store = 'sqlite' | 'postgres'
/** Of the two minutes that the short run has; what a slow machine does not get done is told. */
const shortMatrixMs = 50_000
/** From here on a fault that nobody felt makes the run fail. */
const longMinutes = 10

const help = `npm run chaos -- [options]

  --minutes N          minutes of load and faults per seed (default 2)
  --seed S             first seed (default 1)
  --seeds N            how many seeds, one after the other (default 1); upstream refuses doubles on even ones
  --store sqlite|postgres|both   (default sqlite; PostgreSQL is started for the run, or is the one of
                       TEST_DATABASE_URL)
  --replicas N         gateways on one database (default 1 on sqlite, 2 on postgres)
  --rate N             invoices a minute (default 400)
  --scale N            divides the gateway's waiting times (default 1000, 5000 with --short)
  --dedupe on|off      the same for every seed
  --matrix ${matrixKinds.join('|')}
                       a crash at each failpoint, at pairs of them, or around each commit, in place of the soak
  --kind kill|throw|hang    what happens at the failpoint (default kill)
  --sample N           only N of the pairs, chosen by the seed
  --only NAME          only failpoints whose name holds this
  --short              the singles of the matrix, then one soak: about two minutes
  --keep               the folder with journals, histories and logs stays when nothing is broken, too
  --help

Ends with a table, and with code 1 when anything is broken. Kills only what it started.`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    store: { type: 'string', default: 'sqlite' },
    replicas: { type: 'string' },
    rate: { type: 'string', default: '400' },
    dedupe: { type: 'string' },
    scale: { type: 'string' },
    matrix: { type: 'string' },
    kind: { type: 'string', default: 'kill' },
    sample: { type: 'string' },
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

if (values.help) {
  console.log(help)
  process.exit(0)
}
endChildrenWithUs()
// A database that is started again and again listens for our end each time.
process.setMaxListeners(0)
const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
const stores = values.store === 'both' ? (['sqlite', 'postgres'] as const) : [oneStore(values.store)]
const firstSeed = Number(values.seed)
const started = Date.now()
const say = (line: string) => console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s  ${line}`)
let good = true

for (const store of stores) {
  if (values.matrix !== undefined || values.short) await matrix((values.matrix ?? 'singles') as MatrixKind, store)
}
if (values.matrix === undefined) await soaks(values.short ? 0.4 : Number(values.minutes))
if (good && !values.keep) rmSync(folder, { recursive: true, force: true })
else console.log(`journals, histories and logs: ${folder}`)
process.exit(good ? 0 : 1)

function oneStore(name: string): Store {
  if (name === 'sqlite' || name === 'postgres') return name
  console.error(`--store ${name}: sqlite, postgres or both`)
  process.exit(2)
}

async function matrix(which: MatrixKind, store: Store): Promise<void> {
  const result = await runMatrix({
    which,
    kind: values.kind as 'kill' | 'throw' | 'hang',
    folder: join(folder, `matrix-${store}`),
    ...(values.short && { budgetMs: shortMatrixMs }),
    seed: firstSeed,
    only: values.only,
    store,
    sample: values.sample === undefined ? undefined : Number(values.sample),
    say
  })
  if (!result.good) good = false
  console.log(result.text)
}

async function soaks(minutes: number): Promise<void> {
  const rows = [soakHead]
  const felt: Felt[][] = []
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => firstSeed + index)
  for (const { seed, store } of seeds.flatMap((each) => stores.map((place) => ({ seed: each, store: place })))) {
    const dedupe = values.dedupe === undefined ? seed % 2 === 0 : values.dedupe === 'on'
    const replicas = Number(values.replicas ?? (store === 'sqlite' ? 1 : 2))
    const { verdict, seconds, trouble, ...run } = await soak({
      seed,
      minutes,
      folder: join(folder, `${store}-seed-${seed}`),
      replicas,
      store,
      dedupe,
      perMinute: Number(values.rate),
      timeScale: Number(values.scale ?? (values.short ? 5_000 : 1_000)),
      say: (line) => say(`${store}, seed ${seed}: ${line}`)
    })
    felt.push(run.felt)
    rows.push(soakRow({ seed, store, dedupe, seconds, verdict, trouble }))
    if (!verdict.good || trouble.length > 0) good = false
    for (const line of [...trouble, ...findingsOf(verdict)]) say(`${store}, seed ${seed}: ${line}`)
  }
  console.log(`\n${table(rows)}\n`)
  tellFelt(addFelt(felt), minutes * felt.length)
}

/** A long run in which a fault of its plan did nothing to anybody is no proof against that fault. */
function tellFelt(felt: Felt[], minutes: number): void {
  const row = ({ fault, done, felt: noticed }: Felt) => [fault, String(done), String(noticed)]
  console.log(`${table([['fault', 'done', 'felt'], ...felt.map(row)])}\n`)
  const names = (rows: Felt[]) => rows.map(({ fault }) => fault).join(', ')
  const missing = neverDone(felt)
  const unfelt = neverFelt(felt)
  if (missing.length > 0) console.log(`NEVER DONE, and so not proven: ${names(missing)}`)
  if (unfelt.length > 0) console.log(`NEVER FELT, and so not proven: ${names(unfelt)}`)
  if (minutes >= longMinutes && idle(felt).length > 0) good = false
}
