// How soon a gateway is ready that finds 100,000 unfinished invoices, and whether it begins with the oldest without
// reading them all. `node test/bench/restart.ts [100000] [--postgres]`; ends with 1 above three seconds.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { endChildrenWithUs } from '../chaos/children.ts'
import { headers } from '../chaos/final-answers.ts'
import { createReplica, startUpstream } from '../chaos/site.ts'
import { formOf, goodInvoice } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { startPostgres } from '../helpers/postgres.ts'
import { multiply, type Run } from './multiply.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { postgres: { type: 'boolean', default: false } }
})
const few = 10
const rows = Math.round(Number(positionals[0] ?? 100_000) / few) * few
const mostMs = 3_000
/** So many are sent before it is looked at which. */
const sentFirst = 40

endChildrenWithUs()
const folder = mkdtempSync(join(tmpdir(), 'gateway-restart-'))
const ends: (() => unknown)[] = []
try {
  const postgres = values.postgres ? await startPostgres({ teardown: (end) => ends.push(end) }) : undefined
  if (values.postgres && postgres === undefined) throw new Error('there is no PostgreSQL to measure')
  const databaseUrl = await postgres?.freshUrl()
  const upstream = await startUpstream(folder, { dedupe: false })
  ends.push(upstream.stop)
  const replica = await createReplica({
    folder,
    name: 'g1',
    upstream: upstream.facts,
    certificates: join(folder, 'certificates'),
    access: 'piste',
    databaseUrl,
    timeScale: 100,
    timeoutMs: 5_000
  })
  await upstream.configure({ maintenance: true })
  await replica.start()
  const pdf = makePdf()
  for (let n = 0; n < few; n++) {
    const body = formOf(goodInvoice(), pdf)
    const answer = await fetch(`${replica.url}/v1/invoices`, {
      method: 'POST',
      body,
      headers: { ...headers, prefer: 'respond-async' }
    })
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
  }
  await replica.stop(10_000)
  await withLedger(folder, databaseUrl, async (run) => {
    await run('update job set run_at = 1, lease_until = 0')
    await multiply(run, { few, rows, dialect: databaseUrl === undefined ? 'sqlite' : 'postgres' })
  })
  await upstream.configure({ maintenance: false })

  const from = performance.now()
  const started = replica.start()
  while (!(await isReady(replica.url)) && performance.now() - from < 60_000) await sleep(5)
  const readyMs = performance.now() - from
  await started
  while ((await upstream.invoices()).length < sentFirst && performance.now() - from < 60_000) await sleep(10)
  const sentMs = performance.now() - from
  const megabytes = await residentMegabytes(replica.adminUrl)
  await replica.kill()
  const [found] = await withLedger(folder, databaseUrl, (run) =>
    run("select count(*) as sent, max(seq) as newest from invoice where state not in ('received', 'deposited')")
  )
  const [sent, newest] = [Number(found?.['sent']), Number(found?.['newest'])]
  // Copies are numbered in the order of their times; sixteen are under way at once.
  const oldestFirst = newest <= sent + 32
  console.log(
    `${values.postgres ? 'PostgreSQL' : 'SQLite'}, ${rows} unfinished invoices: ready after ${Math.round(readyMs)} ms, ` +
      `the first ${sentFirst} sent after ${Math.round(sentMs)} ms, ${oldestFirst ? 'the oldest first' : `not the oldest (${newest} of ${sent})`}, ` +
      `${megabytes} MB resident`
  )
  process.exitCode = readyMs < mostMs && oldestFirst ? 0 : 1
} finally {
  for (const end of ends.toReversed()) await end()
  rmSync(folder, { recursive: true, force: true })
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
  return answer?.ok === true
}

async function residentMegabytes(adminUrl: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text()
  return Math.round(Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 1e6)
}

async function withLedger<T>(place: string, url: string | undefined, act: (run: Run) => Promise<T>): Promise<T> {
  if (url === undefined) {
    const db = new DatabaseSync(join(place, 'data', 'ledger.db'))
    try {
      return await act(async (sql) => db.prepare(sql).all())
    } finally {
      db.close()
    }
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await act(async (sql) => (await client.query(sql)).rows)
  } finally {
    await client.end()
  }
}
