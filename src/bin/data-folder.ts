import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ConfigError, readStorePlace } from '../config.ts'
import { type OpenedStore, openStore, placeName, type StorePlace } from '../store/open.ts'
import { CommandError } from './arguments.ts'

export const storeFolder = {
  type: 'string',
  description: 'folder of the embedded store; when absent DATABASE_URL, DATA_DIR, or ./data',
  valueHint: 'folder'
} as const

/** The folder as given; else the store as the gateway itself would find it, by DATABASE_URL or DATA_DIR. */
export function placeOf(given: string | undefined): StorePlace {
  try {
    process.loadEnvFile()
  } catch {
    // No .env file.
  }
  if (given !== undefined) return { dataDir: resolve(given) }
  try {
    const place = readStorePlace(process.env)
    return { ...place, dataDir: resolve(place.dataDir) }
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, 78)
    throw error
  }
}

/** A question to a store that is not there is a wrong folder, most often: making an empty one would hide it. */
export function existingPlace(given: string | undefined): StorePlace {
  const place = placeOf(given)
  if (place.database !== undefined || existsSync(join(place.dataDir, 'ledger.db'))) return place
  throw new CommandError(`There is no store in ${place.dataDir}: name the gateway's folder with --data or DATA_DIR.`)
}

/** What a failure of the store says, with the words of the driver below it. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}

/** Beside a gateway that runs, if one does. */
export async function withStore<T>(place: StorePlace, work: (opened: OpenedStore) => Promise<T>): Promise<T> {
  const opened = await openStore(place, { exclusive: false }).catch((error: unknown) => {
    throw new CommandError(`The store in ${placeName(place)} cannot be opened: ${reasonOf(error)}`, 1, { cause: error })
  })
  try {
    return await work(opened)
  } finally {
    await opened.documents.close()
    await opened.store.close()
  }
}
