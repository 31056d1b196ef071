import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createLoop, type Loop } from '../loop.ts'
import { nodeFiles } from '../store/files.ts'
import type { DirectoryCopy } from './copy.ts'

export interface RefreshOptions {
  copy: Pick<DirectoryCopy, 'facts' | 'take' | 'look'>
  /** The directory file as Chorus Pro gives it now. */
  download(): Promise<Readable>
  folder: string
  /** A copy older than this is fetched anew, milliseconds. */
  maxAgeMs: number
  /** Divides the waiting times. */
  timeScale: number
  now: () => Date
  log: { info(facts: object, message: string): void; warn(facts: object, message: string): void }
}

const firstAfterMs = 1_000
const lookEveryMs = 60_000
const retryAfterMs = 900_000

/** Keeps the local copy young, beside everything else the gateway does. A failure leaves the copy that is there. */
export function createRefresh({ copy, folder, maxAgeMs, timeScale, now, log, download }: RefreshOptions): Loop {
  let rounds = 0
  let notBefore = 0

  async function fetchCopy(): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    sweep(folder)
    const file = join(folder, `.directory-${process.pid}.download`)
    const asOf = now()
    try {
      await pipeline(await download(), createWriteStream(file, { mode: 0o600 }))
      const { organizations } = await copy.take(file, { asOf, from: 'download' })
      log.info({ organizations }, 'the recipients’ directory was copied')
    } finally {
      rmSync(file, { force: true })
    }
  }

  return createLoop(
    async () => {
      // The start belongs to callers.
      if (rounds++ === 0) return Math.max(20, firstAfterMs / timeScale)
      copy.look()
      const facts = copy.facts()
      const age = facts === undefined ? Number.POSITIVE_INFINITY : now().getTime() - Date.parse(facts.asOf)
      if (age >= maxAgeMs && now().getTime() >= notBefore) {
        notBefore = now().getTime() + retryAfterMs / timeScale
        await fetchCopy()
      }
      return Math.max(500, lookEveryMs / timeScale)
    },
    {
      onError: (error) => log.warn({ err: error }, 'the recipients’ directory could not be copied'),
      restAfterErrorMs: Math.max(500, lookEveryMs / timeScale)
    }
  )
}

const abandonedAfterMs = 3_600_000

/** What a process that died left behind; what is younger may still be written. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!/^\.directory-.*\.(part|download)$/.test(name)) continue
    if (Date.now() - (nodeFiles.modified(path) ?? 0) > abandonedAfterMs) rmSync(path, { force: true })
  }
}
