import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { apiKey } from '../helpers/gateway.ts'
import { type GatewayProcess, startProcess } from '../helpers/process.ts'

// What a gateway process keeps to itself and survives: rows H5, K9, K10, L1 and M4 of docs/security-tests.md.

const authorization = `Bearer ${apiKey}`
const ask = async ({ url }: GatewayProcess, headers: Record<string, string> = { authorization }) => {
  const answer = await fetch(`${url}/v1/invoices`, { headers })
  await answer.arrayBuffer()
  return answer.status
}
const linesLost = async ({ adminUrl }: GatewayProcess) =>
  Number(/^gateway_log_lines_lost_total (\d+)$/m.exec(await (await fetch(`${adminUrl}/metrics`)).text())?.[1])

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Goes on as it was: answers, audits, and stops when it is told to. */
async function goesOn(t: Test, gateway: GatewayProcess) {
  t.equal(await ask(gateway), 200, 'it answers')
  t.equal(await ask(gateway, { authorization: 'Bearer wrong-key-0123456789' }), 401)
  const refusals = async () => {
    const answer = await fetch(`${gateway.adminUrl}/admin/audit?kind=refused`)
    return ((await answer.json()) as { items: object[] }).items.length
  }
  for (const end = Date.now() + 10_000; (await refusals()) === 0 && Date.now() < end; ) await wait(100)
  t.equal(await refusals(), 1, 'the audit has what the log has not')
  const ended = new Promise((resolve) => gateway.child.once('exit', resolve))
  gateway.child.kill('SIGTERM')
  t.equal(await ended, 0, 'and it stops when it is told to')
}

t.test('K9: a log that cannot be written does not stop the service', async (t) => {
  t.test('a full device', { skip: !existsSync('/dev/full') && 'no /dev/full here' }, async (t) => {
    const fd = openSync('/dev/full', 'w')
    const gateway = await startProcess(t, { stdout: fd })
    closeSync(fd)
    const before = await linesLost(gateway)
    t.ok(before > 0, `${before} lines of its start are lost`)
    t.equal(await ask(gateway), 200)
    t.equal(await linesLost(gateway), before + 1, 'and one for each that follows')
    await goesOn(t, gateway)
  })

  t.test('a pipe that nobody reads, and that is closed later', async (t) => {
    const fifo = join(t.testdir({}), 'log')
    execFileSync('mkfifo', [fifo])
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
    const writer = openSync(fifo, 'w')
    const gateway = await startProcess(t, { stdout: writer })
    closeSync(writer)
    t.equal(await linesLost(gateway), 0, 'its first lines fit into the pipe')
    // A pipe holds 64 KiB, the gateway 1 MiB; a line is some 200 bytes.
    const statuses = new Set<number>()
    for (let round = 0; round < 100 && (await linesLost(gateway)) === 0; round++) {
      for (const status of await Promise.all(Array.from({ length: 100 }, () => ask(gateway)))) statuses.add(status)
    }
    t.strictSame([...statuses], [200], 'nobody waits for the log')
    const before = await linesLost(gateway)
    t.ok(before > 0, 'what does not fit is counted')
    closeSync(reader)
    t.equal(await ask(gateway), 200)
    t.ok((await linesLost(gateway)) > before, 'so is all that follows the end of the pipe')
    await goesOn(t, gateway)
  })
})
