import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { DocumentDamaged, unopened } from './errors.ts'

/** A multiple of three, so that slices can be written in base64 one by one, and of a memory page. */
export const sliceBytes = 49_152
/** One read from the disk. */
const blockBytes = 8 * sliceBytes

/** The last slice is held back until the digest of the whole is right. */
export function openDocument(path: string, sha256: string): Readable {
  return Readable.from(slices(path, sha256), { objectMode: false, highWaterMark: blockBytes })
}

async function* slices(path: string, sha256: string): AsyncGenerator<Buffer> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    throw unopened(sha256, error)
  }
  try {
    const hash = createHash('sha256')
    let held: Buffer | undefined
    for (;;) {
      const block = await readBlock(file)
      hash.update(block)
      for (let at = 0; at < block.length; at += sliceBytes) {
        if (held !== undefined) yield held
        held = block.subarray(at, at + sliceBytes)
      }
      if (block.length < blockBytes) break
    }
    if (hash.digest('hex') !== sha256) throw new DocumentDamaged(sha256)
    if (held !== undefined) yield held
  } finally {
    await file.close()
  }
}

/** Full, unless the file ends. */
async function readBlock(file: FileHandle): Promise<Buffer> {
  const block = Buffer.allocUnsafeSlow(blockBytes)
  let length = 0
  while (length < blockBytes) {
    const { bytesRead } = await file.read(block, length, blockBytes - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return block.subarray(0, length)
}
