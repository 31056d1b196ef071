import { createHash } from 'node:crypto'
import type { Id } from './json.ts'

export interface StoredFile {
  id: Id
  name: string
  extension: string
  mime: string
  size: number
  digest: string
  /** Gone when the memory kept for files was needed for newer ones. */
  bytes: Buffer | undefined
  owner: string
}

export interface DecodedFile {
  bytes: Buffer
  /** SHA-256, hexadecimal. */
  digest: string
}

/** Standard alphabet, padding kept, on a single line (behaviour.md 8). Anything else is undefined. */
export function decodeBase64(encoded: Buffer): DecodedFile | undefined {
  const length = encoded.length
  if (length % 4 !== 0 || encoded.includes(0x0a) || encoded.includes(0x0d)) return undefined
  // The decoder would take the URL alphabet too, and skip what it does not know: hence the check of the length.
  if (encoded.includes(0x2d) || encoded.includes(0x5f)) return undefined
  const padding = encoded[length - 2] === 0x3d ? 2 : encoded[length - 1] === 0x3d ? 1 : 0
  const bytes = Buffer.allocUnsafe((length / 4) * 3 - padding)
  const slice = 1_048_576
  let written = 0
  for (let at = 0; at < length; at += slice) {
    written += bytes.write(encoded.toString('latin1', at, Math.min(at + slice, length)), written, 'base64')
  }
  if (written !== bytes.length) return undefined
  return { bytes, digest: createHash('sha256').update(bytes).digest('hex') }
}

/** Keeps digest and size of every file, and the bytes of the newest within the budget. */
export function createFiles({ budget, nextId }: { budget: number; nextId: () => Id }) {
  const files = new Map<Id, StoredFile>()
  let held: StoredFile[] = []
  let holding = 0
  return {
    find: (id: Id | undefined): StoredFile | undefined => (id === undefined ? undefined : files.get(id)),
    all: (): Iterable<StoredFile> => files.values(),
    add({
      decoded,
      ...facts
    }: Omit<StoredFile, 'id' | 'size' | 'digest' | 'bytes'> & { decoded: DecodedFile }): StoredFile {
      const file: StoredFile = {
        id: nextId(),
        ...facts,
        size: decoded.bytes.length,
        digest: decoded.digest,
        bytes: decoded.bytes
      }
      files.set(file.id, file)
      held.push(file)
      holding += file.size
      while (holding > budget) {
        const oldest = held.shift() as StoredFile
        holding -= oldest.size
        oldest.bytes = undefined
      }
      return file
    },
    clear() {
      files.clear()
      held = []
      holding = 0
    }
  }
}

export type Files = ReturnType<typeof createFiles>
