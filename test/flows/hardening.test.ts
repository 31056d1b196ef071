import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { ConfigError, readConfig } from '../../src/config.ts'
import { mayDumpCore } from '../../src/own-process.ts'
import { apiKey } from '../helpers/gateway.ts'
import { type GatewayProcess, startProcess } from '../helpers/process.ts'

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

const production = {
  CHORUS_PRO_ENVIRONMENT: 'production',
  PISTE_CLIENT_ID: 'a',
  PISTE_CLIENT_SECRET: 'b',
  CHORUS_PRO_LOGIN: 'c',
  CHORUS_PRO_PASSWORD: 'd'
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
