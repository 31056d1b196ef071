// Durable accepts of 100 kB by 16 callers at once: the ledger beside a bare store that writes the same file under its
// SHA-256 with the same syncs, one row, and nothing else. Interleaved rounds after a warm-up, in which a disk that rested uses up what it saved. Twenty seconds:
// `node test/bench/store.ts`
import { hash, randomBytes } from 'node:crypto'
import fs, { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { newId } from '../../src/store/ids.ts'
import type { NewInvoice } from '../../src/store/store.ts'
import { openThreaded } from '../../src/store/threaded.ts'

const callers = 16
const bytes = 100_000
const roundMs = 300
const rounds = 9
const warmUpMs = 4_000

interface Contestant {
  accept: (file: Buffer, n: number) => Promise<void>
  close: () => Promise<void>
}

/**
 * File synced, renamed to its digest, folder synced for all who wait, one row in one transaction for all who wait.
 * `arrivals` is where files are made: ext4 looks long for an inode where many were freed a minute ago, so that both make
 * theirs in one folder.
 */
function openBare(folder: string, arrivals: string): Contestant {
  const fdatasync = promisify(fs.fdatasync)
  const fsync = promisify(fs.fsync)
  const db = new DatabaseSync(join(folder, 'bare.db'))
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = full; create table invoice (id integer primary key, name text)'
  )
  const insert = db.prepare('insert into invoice (name) values (?)')
  const directory = fs.openSync(folder, 'r')

  function grouped(act: (names: string[]) => Promise<void>): (name: string) => Promise<void> {
    let waiting: { name: string; resolve: () => void }[] = []
    let running = false
    return (name) =>
      new Promise((resolve) => {
        waiting.push({ name, resolve })
        if (running) return
        running = true
        setImmediate(() => void drain())
      })

    async function drain(): Promise<void> {
      while (waiting.length > 0) {
        const group = waiting
        waiting = []
        await act(group.map((it) => it.name))
        for (const it of group) it.resolve()
      }
      running = false
    }
  }
  const syncFolder = grouped(() => fsync(directory))
  const insertRow = grouped(async (names) => {
    db.exec('begin immediate')
    for (const name of names) insert.run(name)
    db.exec('commit')
  })
  return {
    async accept(file, n) {
      const path = join(folder, hash('sha256', file))
      const arrival = join(arrivals, `${n}.tmp`)
      const fd = fs.openSync(arrival, 'wx')
      fs.writeSync(fd, file)
      await fdatasync(fd)
      fs.closeSync(fd)
      fs.renameSync(arrival, path)
      await syncFolder(path)
      await insertRow(path)
    },
    async close() {
      db.close()
      fs.closeSync(directory)
    }
  }
}

async function openOurs(folder: string): Promise<Contestant> {
  const { store, documents } = await openThreaded({ dataDir: folder })
  return {
    async accept(file, n) {
      const incoming = await documents.receive()
      for (let at = 0; at < file.length; at += 65_536) await incoming.write(file.subarray(at, at + 65_536))
      const { sha256, size } = await incoming.end()
      const result = await store.accept(invoiceOf(n, sha256, size), [incoming])
      if (result.kind !== 'accepted') throw new Error(result.kind)
    },
    close: () => store.close()
  }
}

function invoiceOf(n: number, sha256: string, size: number): NewInvoice {
  const number = `FA-${n}`
  const [sellerSiret, buyerSiret] = ['12345678901234', String(10_000_000_000_000 + (n % 500))]
  return {
    invoice: {
      id: newId('inv', Date.now()),
      caller: `erp-${n % 3}`,
      environment: 'simulator',
      connection: 'default',
      content: {
        number,
        issueDate: '2026-11-20',
        seller: { siret: sellerSiret },
        buyer: { siret: buyerSiret, serviceCode: 'SERVICE' },
        commitmentNumber: 'ENG-1',
        totals: { taxExclusive: '100.00', tax: '20.00', taxInclusive: '120.00', payable: '120.00' },
        vatBreakdown: [{ categoryCode: 'S', rate: '20.00', taxable: '100.00', tax: '20.00' }]
      },
      sellerSiret,
      buyerSiret,
      number,
      issueDate: '2026-11-20',
      mode: 'pdf',
      modeReason: 'a PDF without structured data',
      signed: false,
      documents: [
        { id: newId('doc', Date.now()), role: 'invoice', name: 'a.pdf', mediaType: 'application/pdf', size, sha256 }
      ],
      warnings: []
    },
    idempotency: { key: `key-${n}`, fingerprint: sha256 },
    naturalKey: `simulator|${sellerSiret}|${number}|2026`,
    fingerprint: sha256,
    claimForMs: 60_000
  }
}

let made = 0
const file = randomBytes(bytes)

async function round(
  { accept }: Contestant,
  ms = roundMs
): Promise<{ perSecond: number; cpuMs: number; p50: number; p99: number }> {
  const times: number[] = []
  const started = performance.now()
  const cpu = process.cpuUsage()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      // No two files are equal, and none costs time or memory to make.
      const copy = Buffer.from(file)
      while (performance.now() - started < ms) {
        copy.writeUInt32LE(++made)
        const from = performance.now()
        await accept(copy, made)
        times.push(performance.now() - from)
      }
    })
  )
  const elapsed = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  return {
    perSecond: (times.length / elapsed) * 1000,
    cpuMs: (user + system) / 1000 / times.length,
    p50: at(0.5),
    p99: at(0.99)
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-store-'))
try {
  fs.mkdirSync(join(folder, 'bare'))
  const ledger = await openOurs(join(folder, 'ours'))
  const contestants = { bare: openBare(join(folder, 'bare'), join(folder, 'ours', 'tmp')), ledger }
  const results: Record<keyof typeof contestants, Awaited<ReturnType<typeof round>>[]> = { bare: [], ledger: [] }
  for (const one of Object.values(contestants)) await round(one, warmUpMs)
  for (let i = 0; i < rounds; i++) {
    for (const name of ['bare', 'ledger'] as const) results[name].push(await round(contestants[name]))
  }
  for (const { close } of Object.values(contestants)) await close()
  console.log('durable accepts, 100 kB, 16 at once   per second   CPU ms   p50 ms   p99 ms')
  for (const name of ['bare', 'ledger'] as const) {
    const of = (key: 'perSecond' | 'cpuMs' | 'p50' | 'p99') => median(results[name].map((it) => it[key]))
    const cells = [of('perSecond').toFixed(0), of('cpuMs').toFixed(2), of('p50').toFixed(1), of('p99').toFixed(1)]
    console.log(`${name.padEnd(38)}${cells.map((cell, i) => cell.padStart([10, 9, 9, 9][i] ?? 0)).join('')}`)
  }
  const ratios = results.ledger.map((it, i) => it.perSecond / (results.bare[i]?.perSecond ?? 1))
  console.log(`ledger / bare: ${median(ratios).toFixed(2)} (must 0.45, aim 0.60)`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
