// Accepts invoices until it is killed, and tells of each one that is safe. Run by the tests with a folder as argument.
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { openThreaded } from '../../../src/store/threaded.ts'
import { accepted, sample, start } from './samples.ts'

const { store, documents } = await openThreaded({ dataDir: process.argv[2] ?? '' })
const tell = (...words: string[]) => writeSync(1, `${words.join(' ')}\n`)

async function acceptForEver(worker: number): Promise<never> {
  for (let i = 0; ; i++) {
    const incoming = await documents.receive()
    await incoming.write(randomBytes(i % 7 === 0 ? 400_000 : 20_000))
    const { sha256, size } = await incoming.end()
    const document = {
      id: 'doc_1',
      role: 'invoice' as const,
      name: 'a.pdf',
      mediaType: 'application/pdf',
      size,
      sha256
    }
    const number = `${process.pid}-${worker}-${i}`
    const { invoice, job } = await accepted(
      store,
      sample({ number, documents: [document] }, { claimForMs: 3_600_000 }),
      [incoming]
    )
    tell('accepted', invoice.id)
    if (i % 3 !== 0) continue
    await start(store, invoice.id, job)
    tell('submitting', invoice.id)
  }
}

tell('ready')
await Promise.all(Array.from({ length: 8 }, (_, worker) => acceptForEver(worker)))
