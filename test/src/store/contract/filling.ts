import { createHash, randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { DocumentStore } from '../../../../src/store/document-store.ts'

/** As uploads are: the file at the start of memory that is its own and larger. */
function fileOf(bytes: Buffer): Buffer {
  const memory = Buffer.allocUnsafeSlow(bytes.length + 1_000)
  bytes.copy(memory)
  return memory.subarray(0, bytes.length)
}

/** What every document store does with a document that is all in memory. */
export async function fillContract(t: Test, documents: DocumentStore): Promise<void> {
  for (const size of [0, 1, 100_000, 262_144, 262_145, 3_000_000]) {
    const bytes = randomBytes(size)
    const incoming = await documents.receive()
    const filled = await incoming.fill(fileOf(bytes))
    t.match(filled, { size, sha256: createHash('sha256').update(bytes).digest('hex') }, `${size} bytes`)
    t.ok(filled.bytes.equals(bytes), 'they are there to be sent')
    t.equal(await documents.has(filled.sha256), false, 'nothing is visible before it is kept')
    await t.rejects(incoming.fill(fileOf(bytes)), 'there is one content')
    await documents.keep([incoming])
    t.ok(filled.bytes.equals(bytes), 'still')
    await incoming.discard()
    t.ok((await documents.read(filled.sha256)).equals(bytes))
  }
  for (const size of [1_000, 3_000_000]) {
    const early = await documents.receive()
    const filling = early.fill(fileOf(randomBytes(size))).catch(() => undefined)
    await early.discard()
    await filling
    await t.rejects(documents.keep([early]), 'what is given up meanwhile is not kept')
    await early.discard()

    const late = await documents.receive()
    await late.fill(fileOf(randomBytes(size)))
    await late.discard()
    await t.rejects(documents.keep([late]), 'nor is what is given up afterwards')
  }
}
