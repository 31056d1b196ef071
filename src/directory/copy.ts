import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeFiles, syncOnce, temporaryName } from '../store/files.ts'
import { type CopyFacts, type CopyFile, openCopy } from './copy-file.ts'
import { buildInThread } from './copy-thread.ts'

/** The recipients' directory as a file of our own: what was true when it was fetched. */
export interface DirectoryCopy extends Pick<CopyFile, 'find' | 'search'> {
  /** undefined while there is no copy. */
  facts(): CopyFacts | undefined
  /** Builds a copy from a directory file, ZIP or CSV, and puts it in the place of the old one; if it fails the old one stays. */
  take(file: string, origin: { asOf: Date; from: string }): Promise<CopyFacts>
  /** Notices a copy that another process made. */
  look(): void
  /** An import under way ends, and leaves nothing. */
  close(): void
}

/**
 * Copies are named after the time they were made: the newest counts, and takes its name only when it is whole and on
 * the disk. Nothing is opened before it is asked for.
 */
export function createDirectoryCopy({ folder, environment }: { folder: string; environment: string }): DirectoryCopy {
  const prefix = `directory-${environment}-`
  const ending = new AbortController()
  let current: { name: string; copy: CopyFile } | undefined
  let looked = false
  /** Where a file cannot be removed it is not opened again. */
  const damaged = new Set<string>()

  const names = () =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.startsWith(prefix) && name.endsWith('.db') && !damaged.has(name))
          .sort()
      : []

  function look(): void {
    looked = true
    for (const name of names().reverse()) {
      if (name === current?.name) break
      try {
        const copy = openCopy(join(folder, name))
        current?.copy.close()
        current = { name, copy }
        break
      } catch {
        // Of another version, or damaged: an older one may do.
      }
    }
    // Where an open file cannot be removed, the next look does it.
    for (const name of names()) if (current !== undefined && name < current.name) removeQuietly(join(folder, name))
  }

  function opened(): CopyFile | undefined {
    if (!looked) look()
    return current?.copy
  }

  /** A copy that turns out to be damaged is as good as none, and makes room for a new one: nobody's invoice waits for it. */
  function read<T>(work: (copy: CopyFile) => T): T | undefined {
    const copy = opened()
    if (copy === undefined) return undefined
    try {
      return work(copy)
    } catch (error) {
      if (!isDamage(error)) throw error
      copy.close()
      if (current !== undefined) {
        damaged.add(current.name)
        removeQuietly(join(folder, current.name))
      }
      current = undefined
      looked = false
      return read(work)
    }
  }

  return {
    facts: () => opened()?.facts,
    find: (identifier) => read((copy) => copy.find(identifier)),
    search: (filter, page) => read((copy) => copy.search(filter, page)) ?? { items: [] },
    async take(file, { asOf, from }) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const part = join(folder, `.directory-${temporaryName()}.part`)
      try {
        await buildInThread({ file, to: part, origin: { asOf: asOf.toISOString(), from } }, ending.signal)
        const newest = Number(names().at(-1)?.slice(prefix.length, -3) ?? 0)
        const name = `${prefix}${String(Math.max(Date.now(), newest + 1)).padStart(14, '0')}.db`
        await rename(part, join(folder, name))
        await syncOnce(nodeFiles, folder)
      } catch (error) {
        removeQuietly(part)
        throw error
      }
      look()
      const facts = opened()?.facts
      if (facts === undefined) throw new Error('the new copy cannot be opened')
      return facts
    },
    look,
    close() {
      ending.abort()
      current?.copy.close()
      current = undefined
    }
  }
}

/** SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, whatever the extended code says beyond. */
const isDamage = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  [10, 11, 26].includes(error.errcode & 0xff)

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Somebody has it open.
  }
}
