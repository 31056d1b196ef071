import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Store } from '../store/store.ts'
import { CommandError } from './arguments.ts'

/** The folder of the embedded store: as given, or as the gateway itself would find it. */
export function folderOf(given: string | undefined): string {
  try {
    process.loadEnvFile()
  } catch {
    // No .env file.
  }
  if (given === undefined && process.env.DATABASE_URL) {
    throw new CommandError(
      'DATABASE_URL: PostgreSQL comes with a later version; unset it to use the embedded store',
      78
    )
  }
  return resolve(given ?? (process.env.DATA_DIR || './data'))
}

/** A question to a store that is not there is a wrong folder, most often: making an empty one would hide it. */
export function existingFolder(given: string | undefined): string {
  const folder = folderOf(given)
  if (existsSync(join(folder, 'ledger.db'))) return folder
  throw new CommandError(`There is no store in ${folder}: name the gateway's folder with --data or DATA_DIR.`)
}

/** Beside a gateway that runs, if one does. */
export async function withStore<T>(folder: string, work: (store: Store) => Promise<T>): Promise<T> {
  const { openEmbedded } = await import('../store/embedded.ts')
  const { store, documents } = await openEmbedded({ dataDir: folder, exclusive: false }).catch((error: unknown) => {
    throw new CommandError(`The store in ${folder} cannot be opened: ${(error as Error).message}`, 1, { cause: error })
  })
  try {
    return await work(store)
  } finally {
    await documents.close()
    await store.close()
  }
}
