import t from 'tap'
import { buildGateway } from '../helpers/gateway.ts'
import { fuzzAnswers, withSpoiler } from './answers.ts'
import { fuzzDocuments } from './documents.ts'
import { fuzzMultipart } from './multipart.ts'
import { fuzzOperations } from './operations.ts'
import { fuzzSockets } from './sockets.ts'
import { assertQuiet, createWatch } from './watch.ts'

// `npm test` always tries the same; `npm run fuzz` rolls a seed and goes on for longer. FUZZ_SEED repeats a run.
const seed = Number(process.env['FUZZ_SEED'] ?? 1)
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 0)

if (seconds > 0) t.setTimeout(seconds * 4_000 + 120_000)

const parts = {
  'requests by the contract': { run: fuzzOperations, atLeast: 300 },
  'forms over a raw socket': { run: fuzzMultipart, atLeast: 300 },
  'mutated PDFs and XMLs': { run: fuzzDocuments, atLeast: 500 },
  'HTTP that is none': { run: fuzzSockets, atLeast: 200 }
}
const share = (seconds * 1000) / (Object.keys(parts).length + 1)

for (const [name, { run, atLeast }] of Object.entries(parts)) {
  t.test(`${name}: answered, never with a fault of ours, and nothing is left over`, async (t) => {
    const g = await buildGateway(t, { environment: { UPLOAD_IDLE_TIMEOUT_MS: '1000', WRONG_KEYS_PER_MINUTE: '0' } })
    const watch = createWatch()
    const sent = await run(g, watch, { seed, until: Date.now() + share, atLeast })
    await assertQuiet(g, watch)
    t.strictSame(watch.findings, [], `FUZZ_SEED=${seed}`)
    t.equal(({} as { polluted?: unknown }).polluted, undefined)
    t.ok(watch.answers > sent / 2, `${watch.answers} of ${sent} were answered`)
    t.comment(`FUZZ_SEED=${seed}: ${sent} sent, ${watch.answers} answered`)
  })
}

t.test(
  'answers of Chorus Pro that are damaged: no fault of ours, nothing twice, no state that is not true',
  async (t) => {
    const site = await withSpoiler(t)
    const watch = createWatch()
    const { sent, states } = await fuzzAnswers(site, watch, { seed, until: Date.now() + share, atLeast: 200 })
    await assertQuiet(site.g, watch)
    t.strictSame(watch.findings, [], `FUZZ_SEED=${seed}`)
    t.equal(({} as { polluted?: unknown }).polluted, undefined)
    t.equal(watch.answers, sent)
    t.ok((states['submitted'] ?? 0) + (states['integrated'] ?? 0) > 10, 'and much gets through all the same')
    t.comment(
      `FUZZ_SEED=${seed}: ${sent} calls, ${site.spoiler.done.length} answers damaged, ${JSON.stringify(states)}`
    )
  }
)
