import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { ConfigError, readConfig } from '../../src/config.ts'
import { mayDumpCore } from '../../src/own-process.ts'
import { addKey } from '../helpers/callers.ts'
import { type Answer, apiKey, buildGateway, dataInvoice, formOf, goodInvoice } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { type GatewayProcess, startProcess } from '../helpers/process.ts'
import { production } from '../helpers/production.ts'

// What a gateway process keeps to itself and survives: rows H5, K9, K10, L1 and M4 of docs/security-tests.md.

const root = join(import.meta.dirname, '../..')
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

/** Sockets that a process listens on. */
function listening(pid: number | undefined): number {
  const sockets = new Set<string>()
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`)) ?? []
    if (inode !== undefined) sockets.add(inode)
  }
  const states = ['tcp', 'tcp6'].flatMap((kind) => readFileSync(`/proc/net/${kind}`, 'latin1').split('\n').slice(1))
  return states
    .map((line) => line.trim().split(/ +/))
    .filter(([, , , state, , , , , , inode = '']) => state === '0A' && sockets.has(inode)).length
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

t.test('K10: no debugger, no report, no core and no listing of processes holds a secret', async (t) => {
  t.test('a signal opens no debugger', { skip: !existsSync('/proc/self/fd') && 'no /proc here' }, async (t) => {
    const open = spawn(process.execPath, ['--inspect-port=0', '-e', 'console.log(1);setInterval(() => {}, 1e6)'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'] }
    })
    t.teardown(() => open.kill('SIGKILL'))
    await once(open.stdout, 'data')
    open.kill('SIGUSR1')
    for (const end = Date.now() + 10_000; listening(open.pid) === 0 && Date.now() < end; ) await wait(50)
    t.equal(listening(open.pid), 1, 'any other Node opens one, and this test sees it')
    for (const program of [['src/server.ts'], ['src/bin/start.js', 'serve']]) {
      const gateway = await startProcess(t, { program, environment: { NODE_OPTIONS: '--inspect-port=0' } })
      const before = listening(gateway.child.pid)
      for (let again = 0; again < 3; again++) {
        gateway.child.kill('SIGUSR1')
        await wait(200)
      }
      t.equal(await ask(gateway), 200, `${program.join(' ')}: it goes on`)
      t.equal(listening(gateway.child.pid), before, 'nothing listens that did not before')
      t.notMatch(gateway.out(), /Debugger listening/)
    }
  })

  t.test('secrets from files stand in no argument, no environment and no report', async (t) => {
    const folder = t.testdir({})
    const secret = (name: string) => {
      const path = join(folder, name)
      writeFileSync(path, `planted-${name}-secret`, { mode: 0o600 })
      return path
    }
    const gateway = await startProcess(t, {
      // A signal that the gateway has no use for itself.
      flags: ['--report-on-signal', '--report-signal=SIGWINCH', `--report-directory=${folder}`],
      environment: {
        GATEWAY_API_KEY: '',
        GATEWAY_API_KEY_FILE: secret('key'),
        CHORUS_PRO_PASSWORD_FILE: secret('password'),
        ADMIN_TOKEN_FILE: secret('admin-token'),
        NOT_FOR_REPORTS: 'planted-in-the-environment'
      }
    })
    const { pid } = gateway.child
    if (existsSync(`/proc/${pid}/environ`)) {
      for (const file of ['cmdline', 'environ']) {
        t.notMatch(readFileSync(`/proc/${pid}/${file}`, 'latin1'), /planted-\w+-secret/, file)
      }
    }
    const reports = () => readdirSync(folder).filter((name) => name.endsWith('.json'))
    gateway.child.kill('SIGWINCH')
    for (const end = Date.now() + 20_000; reports().length === 0 && Date.now() < end; ) await wait(100)
    await wait(200)
    const [name = ''] = reports()
    const report = readFileSync(join(folder, name), 'utf8')
    t.match(report, /"javascriptHeap"/)
    t.notMatch(report, /planted/)
    t.notMatch(gateway.out(), /planted/)
  })

  t.test('flags that give away the memory are refused in production, and a warning elsewhere', async (t) => {
    for (const flag of ['--inspect', '--inspect-brk=0', '--heapsnapshot-signal=SIGUSR2', '--tls-keylog=x']) {
      t.throws(() => readConfig({ ...production, NODE_OPTIONS: flag }), ConfigError, flag)
      t.match(readConfig({ NODE_OPTIONS: `--no-warnings ${flag}` }).warnings.join(), flag.replace(/=.*/, ''))
    }
    t.strictSame(readConfig({ NODE_OPTIONS: '--inspect-port=0 --import ./inspect.js' }).warnings, [])
    const started = spawnSync(process.execPath, ['--inspect=0', 'src/server.ts', '--check'], {
      cwd: root,
      env: { PATH: process.env['PATH'], ...production },
      encoding: 'utf8'
    })
    t.equal(started.status, 78)
    t.match(started.stderr, /--inspect of Node gives away/)
  })

  t.test('a core size above nothing is told, and the containers have none', async (t) => {
    const limits = (soft: string) =>
      `Limit  Soft Limit  Hard Limit  Units\nMax core file size        ${soft}        unlimited   bytes\n`
    t.equal(mayDumpCore(limits('unlimited')), true)
    t.equal(mayDumpCore(limits('0')), false)
    t.equal(mayDumpCore(''), false, 'where nobody tells')
    const sizes = spawnSync(
      'sh',
      [
        '-c',
        'ulimit -c 0; exec "$0" "$@"',
        process.execPath,
        '-e',
        `import('${root}/src/own-process.ts').then((it) => console.log(it.mayDumpCore()))`
      ],
      { env: { PATH: process.env['PATH'] }, encoding: 'utf8' }
    )
    t.equal(sizes.stdout.trim(), 'false')
    const { services } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
      services: Record<string, object>
    }
    for (const [name, service] of Object.entries(services)) t.match(service, { ulimits: { core: 0 } }, name)
  })
})

t.test('M4: what people wrote, and their names, are in no log and not in the audit', async (t) => {
  t.test('at every level', (t) => tellStory(t, false))
  t.test('with the trace of what goes to Chorus Pro', (t) => tellStory(t, true))
})

async function tellStory(t: Test, trace: boolean) {
  const g = await buildGateway(t, { environment: { CHORUS_PRO_TRACE: trace ? 'on' : 'off' } })
  const operator = await addKey(g, { scopes: ['invoices:read', 'operator'] })
  /** One that a careless line would show: as a text with blanks and as a single word. */
  let planted = 0
  const marker = (words = ' écrit par Mme') => `Zorglub${planted++}${words}`
  const texts = () => ({
    note: marker(),
    externalId: marker(),
    tags: [marker(), marker('')]
  })
  const form = (invoice: object) => {
    const made = formOf(invoice, makePdf({ text: marker() }), `${marker()}.pdf`)
    made.append('attachments', new Blob([marker()]), `${marker()}.txt`)
    return made
  }
  const answers: string[] = []
  const note = (answer: Answer) => {
    answers.push(`${answer.status} ${answer.body?.code ?? ''}`)
    return answer
  }
  const typed = {
    ...dataInvoice(),
    vatBreakdown: [{ categoryCode: 'S', rate: '20', taxable: '1000.00', tax: '200.00', exemptionReason: marker() }],
    lines: [
      {
        id: marker(''),
        name: marker(),
        unitCode: marker(''),
        quantity: '2',
        netPrice: '500.00',
        netAmount: '1000.00',
        vat: { categoryCode: 'S', rate: '20' }
      }
    ],
    note: marker()
  }

  const { body: sent } = note(await g.post('/v1/invoices', form(goodInvoice(texts()))))
  note(await g.post('/v1/invoices', typed, { 'idempotency-key': marker('') }))
  note(await g.post('/v1/invoices', form(goodInvoice({ ...texts(), payment: { bankAccount: marker() } }))))
  note(
    await g.post('/v1/invoices', form(goodInvoice({ ...texts(), [marker()]: marker(), seller: { siret: marker() } })))
  )
  note(await g.post('/v1/invoices', `{"note":"${marker()}", "broken`, { 'idempotency-key': marker() }))
  note(await g.post('/v1/invoices/validate', form(goodInvoice({ note: marker() }))))
  g.simulator.control.setFaults([{ operation: '.*soumettre', kind: 'drop-answer', times: 1 }])
  note(await g.post('/v1/invoices', form(goodInvoice(texts())), { prefer: 'wait=1' }))
  g.simulator.control.setFaults([])

  const id = sent.upstream.invoiceId
  const path = `/v1/issued-invoices/${id}`
  g.simulator.control.setStatus(id, 'SUSPENDUE', marker())
  note(await g.get(path))
  note(await g.get(`${path}/history`))
  const completion = new FormData()
  completion.set('comment', marker())
  completion.append('attachments', new Blob([marker()]), `${marker()}.txt`)
  note(await g.post(`${path}/completion`, completion))
  note(await g.post(`/v1/invoices/${sent.id}/refresh`, {}))
  note(await g.get(`/v1/issued-invoices?buyerName=${encodeURIComponent(marker())}`))
  note(await g.get(`/v1/invoices?externalId=${encodeURIComponent(marker())}`))
  note(await g.get(`/v1/directory/organizations?name=${encodeURIComponent(marker())}`))
  note(await g.get(`/${marker('')}/${encodeURIComponent(marker())}`))
  note(await g.get('/v1/account'))

  // One that is held, and about which a person decides.
  g.simulator.control.setFaults([{ operation: '.*deposer.*', kind: 'status', status: 429, times: 'always' }])
  const { body: held } = note(await g.post('/v1/invoices', form(goodInvoice(texts())), { prefer: 'respond-async' }))
  await g.until(held.id, (read) => read.submission.error !== undefined)
  rmSync(join(g.dataDir, 'documents', held.documents[0].sha256))
  g.simulator.control.setFaults([])
  await g.until(held.id, (read) => read.submission.state === 'held')
  note(await g.post(`/v1/invoices/${held.id}/resolution`, { action: 'close', reason: marker() }, operator))

  // In the words of Chorus Pro themselves, which a trace is there to show.
  for (const libelle of trace ? [] : [marker(), `Le compte de ${marker()} n’est pas habilité`]) {
    g.simulator.control.setFaults([{ operation: '.*soumettre', kind: 'error-code', codeRetour: 20003, libelle }])
    note(await g.post('/v1/invoices', form(goodInvoice())))
  }

  t.comment(answers.join(', '))
  t.ok(planted > 40, `${planted} texts were planted`)
  await g.restart()
  const { store } = g.gateway.parts
  const audit = (await store.listAudit({}, { limit: 1_000 })).map((row) => JSON.stringify(row))
  t.ok(audit.some((row) => row.includes('operator-decided')) && audit.some((row) => row.includes('refused')))
  t.equal(
    g.log.some((one) => one.includes('upstream exchange') && one.includes('soumettre')),
    trace
  )
  t.ok(
    g.log.some((one) => one.includes('"level":"trace"')),
    'at every level'
  )
  const metrics = await (await fetch(`${g.adminUrl}/metrics`)).text()
  const shown = [...g.log, ...audit, metrics].filter((text) => /zorglub|Wm9yZ2x1Y/i.test(text))
  t.strictSame(
    shown.map((text) => text.slice(0, 3_000)),
    []
  )
}

t.test('H5: the largest legal invoices, twenty at once, do not stop everybody else', async (t) => {
  const gateway = await startProcess(t)
  const cents = (amount: number) => (amount / 100).toFixed(2)
  const many = 5_000
  const totals = {
    taxExclusive: cents(many * 100),
    tax: cents(many * 20),
    taxInclusive: cents(many * 120),
    payable: cents(many * 120)
  }
  const vat = { categoryCode: 'S', rate: '20' }
  const body = JSON.stringify({
    ...dataInvoice(),
    totals,
    vatBreakdown: [{ ...vat, taxable: totals.taxExclusive, tax: totals.tax }],
    lines: Array.from({ length: many }, (_, index) => ({
      id: String(index + 1),
      name: `Poste ${index} ${'x'.repeat(50)}`,
      quantity: '1',
      unitCode: 'lot',
      netPrice: '1.00',
      netAmount: '1.00',
      vat
    }))
  })
  const large = async () => {
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await fetch(`${gateway.url}/v1/invoices/validate`, { method: 'POST', headers, body })
    return ((await answer.json()) as { verdict: string }).verdict
  }
  t.equal(await large(), 'valid', `${body.length} bytes`)

  let underWay = true
  const began = performance.now()
  const all = Promise.all(Array.from({ length: 20 }, large)).finally(() => {
    underWay = false
  })
  const waits: number[] = []
  for (let from = performance.now(); underWay; from = performance.now()) {
    t.equal(await ask(gateway), 200)
    waits.push(performance.now() - from)
  }
  const took = performance.now() - began
  t.strictSame(new Set(await all), new Set(['valid']))
  t.comment(`${Math.round(took)} ms for all, ${waits.length} small ones meanwhile, ${waits.map(Math.round).join(' ')}`)
  // Counted and not timed: a slow machine makes both slower.
  t.ok(waits.length >= 10, `${waits.length} small ones were answered meanwhile`)
  t.ok(Math.max(...waits) < took / 3, 'and none waited for all of the large ones')
})

t.test(
  'L1: secrets in files that everybody can read',
  { skip: process.platform === 'win32' && 'no modes' },
  async (t) => {
    const folder = t.testdir({})
    const put = (name: string, content: string | Buffer, mode: number) => {
      const path = join(folder, name)
      writeFileSync(path, content)
      chmodSync(path, mode)
      return path
    }
    const file = (mode: number) => ({ CHORUS_PRO_PASSWORD_FILE: put('password', 'planted-password', mode) })
    const { CHORUS_PRO_PASSWORD: _password, ...real } = production
    t.doesNotThrow(() => readConfig({ ...real, ...file(0o600) }))
    t.doesNotThrow(() => readConfig({ ...real, ...file(0o440) }), 'the group is the operator’s affair')
    const refused = (environment: Record<string, string>) => {
      try {
        readConfig(environment)
        return []
      } catch (error) {
        return error instanceof ConfigError ? error.faults : [String(error)]
      }
    }
    const faults = refused({ ...real, ...file(0o644), GATEWAY_TIME_SCALE: '50', NODE_OPTIONS: '--inspect' })
    t.match(
      faults.toSorted().join('\n'),
      /--inspect[^]+CHORUS_PRO_PASSWORD_FILE is a file[^]+GATEWAY_TIME_SCALE/,
      'at once'
    )
    t.notMatch(faults.join(), /planted/)
    t.doesNotThrow(() => readConfig({ ...real, ...file(0o644), SECRET_FILES_ALLOW_READABLE: 'on' }))
    t.match(readConfig(file(0o644)).warnings.join(), /CHORUS_PRO_PASSWORD_FILE is a file that every user/)
    t.strictSame(readConfig(file(0o600)).warnings, [])

    const warnings = (name: string, content: string | Buffer) =>
      readConfig({ [name]: put(name, content, 0o644) }).warnings.filter((warning) => warning.includes('every user'))
        .length
    const certificate = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
    const key = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n'
    t.equal(warnings('CHORUS_PRO_CERTIFICATE_FILE', certificate), 0, 'a certificate is public')
    t.equal(warnings('CHORUS_PRO_CA_FILE', certificate), 0)
    t.equal(warnings('CHORUS_PRO_CERTIFICATE_FILE', `${certificate}${key}`), 1, 'its key is not')
    t.equal(warnings('CHORUS_PRO_CERTIFICATE_KEY_FILE', key), 1)
    t.equal(warnings('CHORUS_PRO_CERTIFICATE_FILE', Buffer.from('3082000100', 'hex')), 1, 'PKCS#12')
    const half = { ...production, CHORUS_PRO_CERTIFICATE_FILE: put('p12', Buffer.from('3082000100', 'hex'), 0o644) }
    t.match(
      readConfig(half).warnings.join(),
      /CHORUS_PRO_CERTIFICATE_FILE/,
      'what has a passphrase is a warning, always'
    )

    const started = spawnSync(process.execPath, ['src/server.ts', '--check'], {
      cwd: root,
      env: { PATH: process.env['PATH'], ...real, ...file(0o644) },
      encoding: 'utf8'
    })
    t.equal(started.status, 78)
    t.match(started.stderr, /CHORUS_PRO_PASSWORD_FILE is a file that every user of this machine can read/)
  }
)
