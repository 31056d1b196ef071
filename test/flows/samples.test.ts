import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { buildGateway, formOf, goodInvoice } from '../helpers/gateway.ts'

const folder = join(import.meta.dirname, '../../../shared/samples')

const missing = existsSync(folder) ? false : 'the folder of sample files is not beside the project'

t.test('every real file gets an answer that explains itself', { skip: missing }, async (t) => {
  const g = await buildGateway(t)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && !/^(README|licences|samples)/.test(entry.name) && !entry.parentPath.includes('licences')
    )
    .map((entry) => join(entry.parentPath, entry.name))
  t.ok(files.length > 200, `${files.length} files`)
  const seen: Record<string, number> = {}
  for (const path of files) {
    const bytes = readFileSync(path)
    for (const invoice of [{}, goodInvoice({ submissionMode: 'pdf' })]) {
      const started = performance.now()
      const answer = await g.post('/v1/invoices', formOf(invoice, bytes, basename(path)), { prefer: 'wait=0' })
      const ms = performance.now() - started
      const what = `${answer.status} ${answer.body.code ?? answer.body.submission?.mode ?? ''}`
      seen[what] = (seen[what] ?? 0) + 1
      if (answer.status >= 500 || ms > 5_000)
        t.fail(`${path}: ${what} after ${Math.round(ms)} ms`, { body: answer.body })
      if (answer.status >= 400) {
        const explained = typeof answer.body.detail === 'string' && answer.body.detail.length > 10
        if (!explained) t.fail(`${path}: ${what} explains nothing`, { body: answer.body })
        for (const error of answer.body.errors ?? []) {
          if (!error.message || !error.messageFr || !error.fix || typeof error.pointer !== 'string')
            t.fail(`${path}: ${JSON.stringify(error)}`)
        }
      }
    }
  }
  t.comment(JSON.stringify(seen))
  t.ok((seen['202 pdf'] ?? 0) + (seen['201 pdf'] ?? 0) > 30, 'plain PDFs are taken')
  t.same(readdirSync(join(g.dataDir, 'tmp')), [])
  t.equal((await g.get('/health/ready')).status, 200)
})
