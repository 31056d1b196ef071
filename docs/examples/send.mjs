// Sends a PDF with its invoice's fields, waits until Chorus Pro has it and prints its status; on refusal the problem.
//   npm install chorus-pro-gateway
//   GATEWAY_URL=http://127.0.0.1:3000 GATEWAY_KEY=cpg_… node send.mjs facture.pdf FA-2026-0042 [buyer's SIRET]
// Node 20 or newer. Run again with the same number, it sends nothing twice.
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, GatewayProblem } from 'chorus-pro-gateway/client'

const [pdf, number, buyer = '12345678200051'] = process.argv.slice(2)
const { GATEWAY_URL: baseUrl = 'http://127.0.0.1:3000', GATEWAY_KEY: key } = process.env
const client = createClient({ baseUrl, key })

try {
  const fields = {
    number,
    issueDate: '2026-09-01',
    seller: { siret: '99900010200015' },
    buyer: { siret: buyer },
    payment: { meansCode: '30' },
    totals: { taxExclusive: '1000.00', tax: '200.00', taxInclusive: '1200.00', payable: '1200.00' }
  }
  const file = { name: basename(pdf), content: await openAsBlob(pdf, { type: 'application/pdf' }) }
  let { invoice } = await client.send(fields, { file, idempotencyKey: number, wait: 30 })
  const settled = ['integrated', 'rejected', 'held', 'cancelled']
  for (let tries = 60; tries > 0 && !settled.includes(invoice.submission.state); tries -= 1) {
    await sleep(1000)
    invoice = await client.get('/v1/invoices/{id}', { params: { id: invoice.id } })
  }
  const { state, error } = invoice.submission
  console.log(invoice.id, state, invoice.status?.code ?? '')
  if (['rejected', 'held', 'cancelled'].includes(state)) {
    console.error(error?.detail)
    process.exitCode = 1
  }
} catch (error) {
  if (!(error instanceof GatewayProblem)) throw error
  console.error(`refused (${error.status}): ${error.message}`)
  for (const { pointer, message, fix } of error.problem.errors ?? []) console.error(`  ${pointer}: ${message} ${fix}`)
  process.exitCode = 1
}
