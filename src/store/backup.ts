import { constants, existsSync } from 'node:fs'
import { copyFile, link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { documentsInUse } from './document-use.ts'
import type { Engine } from './engine.ts'
import { nodeFiles, syncFile, syncOnce } from './files.ts'
import { migrate } from './migrations.ts'
import { backupMark } from './restore.ts'
import { int } from './rows.ts'
import { openSqlite } from './sqlite.ts'

export interface BackupFacts {
  at: string
  invoices: number
  documents: number
  bytes: number
}

/** Thrown when the copy cannot be made where it was asked for. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}

/**
 * Copies the folder's ledger and documents to a new folder while the gateway works. The ledger as of one moment, then
 * every document that it names: those are on the disk before the ledger names them, and never change. The copy has its
 * name only when it is whole and on the disk.
 */
export async function backup({
  dataDir,
  to,
  now = () => new Date()
}: {
  dataDir: string
  to: string
  now?: () => Date
}): Promise<BackupFacts> {
  if (existsSync(to) && (await readdir(to)).length > 0) throw new BackupRefused(`${to} is not empty`)
  const partial = `${to}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(join(partial, 'documents'), { recursive: true, mode: 0o700 })
  const ledger = join(partial, 'ledger.db')
  const at = now()
  snapshot(join(dataDir, 'ledger.db'), ledger)
  const engine = openSqlite({ file: ledger })
  try {
    await migrate(engine)
    // The gateway that is started on it has to ask before it sends.
    await engine.write((tx) => tx.run('insert into heartbeat (name, at) values ($1, $2)', [backupMark, at.getTime()]))
    const copied = await takeAll(engine, join(dataDir, 'documents'), join(partial, 'documents'))
    const [row] = await engine.read((tx) => tx.all('select count(*) as n from invoice'))
    const facts = { at: at.toISOString(), invoices: int(row ?? {}, 'n'), ...copied }
    await engine.close()
    await writeFile(join(partial, 'backup.json'), `${JSON.stringify(facts, null, 2)}\n`)
    for (const name of ['ledger.db', 'backup.json']) await syncFile(join(partial, name))
    for (const folder of [join(partial, 'documents'), partial]) await syncOnce(nodeFiles, folder)
    await rm(to, { recursive: true, force: true })
    await rename(partial, to)
    await syncOnce(nodeFiles, join(to, '..'))
    return facts
  } catch (error) {
    await engine.close()
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

async function takeAll(engine: Engine, from: string, to: string): Promise<{ documents: number; bytes: number }> {
  const taken = { documents: 0, bytes: 0 }
  for (let after = ''; ; ) {
    const page = await engine.read((tx) => documentsInUse(tx, after, 1_000))
    for (const sha256 of page) {
      if (!(await take(join(from, sha256), join(to, sha256)))) continue
      taken.documents++
      taken.bytes += nodeFiles.size(join(to, sha256)) ?? 0
    }
    const last = page.at(-1)
    if (last === undefined) return taken
    after = last
  }
}

function snapshot(from: string, to: string): void {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 10_000 })
  try {
    source.prepare('vacuum into ?').run(to)
  } finally {
    source.close()
  }
}

/** A second name for the same bytes where that is possible: documents are never written to again. */
async function take(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Purged since the ledger was copied.
    if (code === 'ENOENT') return false
    if (code === 'EEXIST') return true
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  await syncFile(to)
  return true
}
