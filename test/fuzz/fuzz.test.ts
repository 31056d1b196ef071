import t from 'tap'
import { buildGateway } from '../helpers/gateway.ts'
import { fuzzDocuments } from './documents.ts'
import { fuzzMultipart } from './multipart.ts'
import { fuzzOperations } from './operations.ts'
import { fuzzSockets } from './sockets.ts'
import { assertQuiet, createWatch } from './watch.ts'

// FUZZ_SEED repeats a run, FUZZ_SECONDS makes it longer (`npm run fuzz`).
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000)
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 0)

if (seconds > 0) t.setTimeout(seconds * 4_000 + 120_000)

const parts = {
  'requests by the contract': { run: fuzzOperations, atLeast: 300 },
  'forms over a raw socket': { run: fuzzMultipart, atLeast: 300 },
  'mutated PDFs and XMLs': { run: fuzzDocuments, atLeast: 500 },
  'HTTP that is none': { run: fuzzSockets, atLeast: 200 }
}

for (const [name, { run, atLeast }] of Object.entries(parts)) {
  t.test(`${name}: answered, never with a fault of ours, and nothing is left over`, async (t) => {
    const g = await buildGateway(t, { environment: { UPLOAD_IDLE_TIMEOUT_MS: '1000', WRONG_KEYS_PER_MINUTE: '0' } })
    const watch = createWatch()
    const until = Date.now() + (seconds * 1000) / Object.keys(parts).length
    const sent = await run(g, watch, { seed, until, atLeast })
    await assertQuiet(g, watch)
    t.strictSame(watch.findings, [], `FUZZ_SEED=${seed}`)
    t.equal(({} as { polluted?: unknown }).polluted, undefined)
    t.ok(watch.answers > sent / 2, `${watch.answers} of ${sent} were answered`)
    t.comment(`FUZZ_SEED=${seed}: ${sent} sent, ${watch.answers} answered`)
  })
}
