import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createDocuments } from './documents.ts'
import { type Files, nodeFiles, syncOnce } from './files.ts'
import { lockInstance } from './instance-lock.ts'
import { keepFirst } from './keep-first.ts'
import { createLedger } from './ledger.ts'
import { migrate } from './migrations.ts'
import { endLeases } from './recover.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'

/** The file that `copyStore` leaves in a folder whose invoices are somebody else's now. */
export const movedMark = 'moved-to-postgresql'

/** Thrown at start on a folder that was copied to PostgreSQL. */
export class StoreMoved extends Error {
  constructor(folder: string) {
    super(
      `the store in ${folder} was copied to PostgreSQL: set DATABASE_URL. Used again, its invoices would be sent twice; ` +
        `if nothing was ever started on the copy, remove the file ${movedMark} there.`
    )
    this.name = 'StoreMoved'
  }
}

/**
 * The store in a folder of this machine. Exclusive, it is this process's alone (StoreInUse otherwise), what earlier
 * processes left is swept, and their leases are over: `recover` resumes their work at once. The command line opens it
 * beside a gateway that runs, not exclusive.
 */
export async function openEmbedded({
  dataDir,
  exclusive = true,
  now = Date.now,
  files = nodeFiles
}: {
  dataDir: string
  exclusive?: boolean
  now?: () => number
  files?: Files
}): Promise<{ store: Store; documents: ReturnType<typeof createDocuments> }> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  if (exclusive && existsSync(join(dataDir, movedMark))) throw new StoreMoved(dataDir)
  const lock = exclusive ? lockInstance(dataDir) : undefined
  try {
    const engine = openSqlite({ file: join(dataDir, 'ledger.db'), now })
    const documents = createDocuments({ dataDir, files })
    try {
      await migrate(engine)
      if (exclusive) {
        await endLeases(engine)
        await documents.sweep()
      }
      await syncOnce(files, dataDir)
    } catch (error) {
      await engine.close()
      throw error
    }
    const ledger = createLedger({ engine })
    const close = async () => {
      await ledger.close()
      lock?.release()
    }
    return { store: { ...ledger, accept: keepFirst(ledger.accept, documents), close }, documents }
  } catch (error) {
    lock?.release()
    throw error
  }
}
