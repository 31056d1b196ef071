import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  accessSync,
  chmodSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

export interface Squid {
  port: number
  /** `http://user:password@127.0.0.1:port` */
  url: (user: string, password: string) => string
  /** Who may come in from now on. */
  allow: (user: string, password: string) => void
  /** One line a request: user, method, target, status. A tunnel is written down when it ends. */
  accesses: () => string[]
  start: () => Promise<void>
  /** Ends it at once, with everything that is under way. In order it would take two seconds. */
  stop: () => Promise<void>
}

const places = ['/usr/sbin/squid', '/usr/local/sbin/squid', '/usr/local/squid/sbin/squid']

const isProgram = (place: string) => {
  try {
    accessSync(place, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Where squid is installed, or undefined. */
export const squidBinary = places.find(isProgram)

/** A squid that can open TLS connections: Debian's squid-openssl. Its `squid` is built with GnuTLS and cannot. */
export const bumpingSquid = places.filter(isProgram).flatMap((binary) => {
  const built = execFileSync(binary, ['-v'], { encoding: 'utf8' })
  const certgen = `${/--libexecdir=([^'\s]+)/.exec(built)?.[1]}/security_file_certgen`
  return built.includes('--enable-ssl-crtd') && isProgram(certgen) ? [{ binary, certgen }] : []
})[0]

export interface SquidOptions {
  directives?: string[]
  /** Opens TLS with certificates of this authority, and trusts that of whom it is asked for. Needs `bumpingSquid`. */
  bump?: { authority: { cert: string; key: string }; upstreamCa: string }
}

/** A real squid on a free port of this machine, with Basic authentication, that ends with the test. */
export async function startSquid(t: Test, { directives = [], bump }: SquidOptions = {}): Promise<Squid> {
  const folder = mkdtempSync(join(tmpdir(), 'squid-test-'))
  // Started by root, squid becomes another user, who must get in here.
  chmodSync(folder, 0o777)
  const port = await freePort()
  const file = (name: string) => join(folder, name)
  const users = file('users')
  const log = file('access.log')

  const allow = (user: string, password: string) => {
    // Squid hands both to its helper percent-encoded, so that a space stays a separator.
    writeFileSync(users, `${encode(user)} ${encode(password)}\n`)
    chmodSync(users, 0o644)
  }
  allow('nobody', 'nothing')
  // Asked with "user password" a line; reads the file at every question.
  writeFileSync(
    file('helper'),
    `#!/bin/sh\nwhile read -r line; do [ "$line" = "$(cat ${users})" ] && echo OK || echo ERR; done\n`
  )
  chmodSync(file('helper'), 0o755)
  writeFileSync(
    file('squid.conf'),
    [
      `http_port 127.0.0.1:${port}${bump === undefined ? '' : ` ssl-bump tls-cert=${file('authority.pem')}`}`,
      ...(bump === undefined ? [] : bumping(folder, bump)),
      'visible_hostname proxy.test',
      'pid_filename none',
      `coredump_dir ${folder}`,
      'cache deny all',
      'cache_mem 8 MB',
      'digest_generation off',
      'pinger_enable off',
      'max_filedescriptors 1024',
      'shutdown_lifetime 0 seconds',
      `auth_param basic program ${file('helper')}`,
      'auth_param basic children 2 startup=1 idle=1',
      'auth_param basic credentialsttl 1 second',
      ...directives,
      'acl known proxy_auth REQUIRED',
      'http_access allow known',
      'http_access deny all',
      'logformat brief %un %rm %ru %>Hs',
      `access_log stdio:${log} brief`,
      'buffered_logs off',
      `cache_log ${file('cache.log')}`,
      'cache_store_log none',
      ''
    ].join('\n')
  )

  // -N: one process in the foreground. -n: names its shared memory, so that several squids get along.
  const name = `test${process.pid}p${port}`
  const args = ['-N', '-n', name, '-f', file('squid.conf')]
  let child: ChildProcess | undefined
  const start = async () => {
    const started = spawn((bump === undefined ? squidBinary : bumpingSquid?.binary) ?? 'squid', args, {
      stdio: ['ignore', 'ignore', 'pipe']
    })
    child = started
    const said: string[] = []
    started.stderr?.on('data', (text: Buffer) => said.push(String(text)))
    const end = Date.now() + 10_000
    while (!(await answers(port))) {
      if (started.exitCode !== null || Date.now() > end) throw new Error(`squid does not start: ${said.join('')}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const stop = async () => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill('SIGKILL')
    await ended
    for (const part of ['metadata', 'queues', 'readers']) rmSync(`/dev/shm/${name}-cf__${part}.shm`, { force: true })
  }
  // A test that runs out of time has no teardown.
  const end = () => void child?.kill('SIGKILL')
  process.once('exit', end)
  t.teardown(async () => {
    process.off('exit', end)
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })
  await start()
  return {
    port,
    url: (user, password) => `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    allow,
    accesses: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => / (CONNECT|GET|POST) /.test(line)),
    start,
    stop
  }
}

/** What makes it open every tunnel, as companies that inspect TLS have it. */
function bumping(folder: string, { authority, upstreamCa }: NonNullable<SquidOptions['bump']>): string[] {
  const file = (name: string) => join(folder, name)
  writeFileSync(file('authority.pem'), `${authority.cert}${authority.key}`)
  writeFileSync(file('upstream.pem'), upstreamCa)
  const certgen = bumpingSquid?.certgen ?? ''
  execFileSync(certgen, ['-c', '-s', file('made'), '-M', '4MB'], { stdio: 'ignore' })
  for (const path of [file('made'), ...readdirSync(file('made')).map((name) => join(file('made'), name))]) {
    chmodSync(path, 0o777)
  }
  return [
    `sslcrtd_program ${certgen} -s ${file('made')} -M 4MB`,
    'sslcrtd_children 1',
    `tls_outgoing_options cafile=${file('upstream.pem')}`,
    'acl first at_step SslBump1',
    'ssl_bump peek first',
    'ssl_bump bump all'
  ]
}

const encode = (text: string) => text.replace(/[%\s"<>#{}|\\^~[\]`]/g, encodeURIComponent)

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (open: boolean) => resolve((socket.destroy(), open))
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
