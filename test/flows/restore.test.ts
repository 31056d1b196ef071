import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { backup } from '../../src/store/backup.ts'
import { buildGateway, formOf, goodInvoice } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

const pdf = makePdf()

t.test('what was sent after the backup is found again, and not sent again', async (t) => {
  const g = await buildGateway(t)
  const { control } = g.simulator
  control.setFaults([{ operation: '.*', kind: 'status', status: 503 }])
  const invoice = goodInvoice()
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'respond-async' })
  t.equal(answer.status, 202)
  const folder = mkdtempSync(join(tmpdir(), 'gateway-restore-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const to = join(folder, 'copy')
  await backup({ dataDir: g.dataDir, to })
  control.clearFaults()
  await g.until(answer.body.id, ({ submission }) => submission.state === 'integrated')
  await g.gateway.close()

  const { certificateUrl: apiUrl, login, password, ca: extraCa, clientPkcs12, clientPkcs12Passphrase } = g.simulator
  const certificate = { pkcs12: clientPkcs12, passphrase: clientPkcs12Passphrase }
  const restored = await buildGateway(t, {
    environment: { DATA_DIR: to },
    upstream: () => ({ apiUrl, login, password, extraCa, certificate })
  })
  const first = await restored.get(`/v1/invoices/${answer.body.id}`)
  t.match(first.body.submission, { state: 'unknown', outcome: 'unknown' })
  const found = await restored.until(answer.body.id, ({ submission }) => submission.state !== 'unknown')
  t.match(found.submission, { state: 'integrated' })
  t.equal(control.ledger().acceptances.filter(({ number }) => number === invoice.number).length, 1, 'sent once')
  t.ok(restored.log.some((line) => line.includes('older copy')))
})
