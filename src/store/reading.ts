import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentStore } from './document-store.ts'
import { DocumentDamaged, unopened } from './errors.ts'
import { openDocument } from './outgoing.ts'

/** Documents that were kept, as files of this folder named by their SHA-256. */
export function createReading(folder: string): Pick<DocumentStore, 'open' | 'read' | 'has'> {
  function pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256')
    return join(folder, sha256)
  }
  return {
    open: (sha256) => openDocument(pathOf(sha256), sha256),
    async read(sha256) {
      let bytes: Buffer
      try {
        bytes = await readFile(pathOf(sha256))
      } catch (error) {
        throw unopened(sha256, error)
      }
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new DocumentDamaged(sha256)
      return bytes
    },
    has: (sha256) =>
      access(pathOf(sha256)).then(
        () => true,
        () => false
      )
  }
}
