// Accepts a few invoices one after the other and tells of each. Traced by durability.test.ts.
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openThreaded } from '../../../src/store/threaded.ts'
import { accepted, sample } from './samples.ts'

const { store, documents } = await openThreaded({ dataDir: process.argv[2] ?? '' })
writeSync(1, 'ready\n')
for (const size of [1_000, 300_000, 2_000_000]) {
  const incoming = await documents.receive()
  const bytes = randomBytes(size)
  for (let at = 0; at < size; at += 65_536) await incoming.write(bytes.subarray(at, at + 65_536))
  const { sha256 } = await incoming.end()
  const document = { id: 'd', role: 'invoice' as const, name: 'a.pdf', mediaType: 'application/pdf', size, sha256 }
  await accepted(store, sample({ documents: [document] }), [incoming])
  writeSync(1, `accepted ${sha256}\n`)
}
process.exit(0)
