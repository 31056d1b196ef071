import type { DocumentStore } from './document-store.ts'
import { openEmbedded } from './embedded.ts'
import type { Store } from './store.ts'

/** Which store a configuration means. */
export interface StorePlace {
  dataDir: string
  /** PostgreSQL, instead of the folder. */
  database?: { url: string; allowUnsafe: boolean }
}

export interface OpenedStore {
  store: Store
  documents: DocumentStore
  /** Other processes may work on it at the same time. */
  shared: boolean
  /** The store's own time: what its times are to be compared with (reliability brief, 2.2 case 60). */
  now: () => Date
  /** What may be lost, where the configuration allows it. */
  unsafe: string[]
}

/**
 * The command line opens it beside a gateway that runs, not exclusive; the gateway has an embedded one work in a thread of
 * its own. Throws what `openEmbedded` or `openShared` throw. */
export async function openStore(
  { dataDir, database }: StorePlace,
  {
    exclusive = true,
    thread = false,
    waitMs = 0,
    onTrouble
  }: { exclusive?: boolean; thread?: boolean; waitMs?: number; onTrouble?: (error: Error) => void } = {}
): Promise<OpenedStore> {
  if (database === undefined) {
    const opened = thread
      ? await (await import('./threaded.ts')).openThreaded({ dataDir })
      : await openEmbedded({ dataDir, exclusive })
    return { ...opened, shared: false, now: () => new Date(), unsafe: [] }
  }
  // Only now: the driver costs a start something.
  const { openShared } = await import('./shared.ts')
  return { ...(await openShared({ ...database, waitMs, ...(onTrouble && { onTrouble }) })), shared: true }
}

/** A database that is started together with the gateway may need so long. */
const databaseStartMs = 30_000

/** As a gateway that listens needs it. */
export function openToServe(
  place: StorePlace,
  log: { warn: (facts: object, message: string) => void }
): Promise<OpenedStore> {
  return openStore(place, {
    thread: true,
    waitMs: databaseStartMs,
    onTrouble: (error) => log.warn({ err: error }, 'a connection to the database broke')
  })
}

/** For people and logs: no user, no password. */
export function placeName({ dataDir, database }: StorePlace): string {
  if (database === undefined) return dataDir
  const { host, pathname, searchParams } = new URL(database.url)
  return `the PostgreSQL ${host || (searchParams.get('host') ?? 'here')}${pathname}`
}
