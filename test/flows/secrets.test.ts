// Promise: what is secret shows nowhere. A marker is planted for every secret and for the file of an invoice; then the real
// process is driven through every kind of trouble, at three levels of the log, and everything it ever says is looked through:
// as it is, in base64 at every place, URL-encoded, in hex, in pieces of twelve characters.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { audience, issuer, makeSigningKey } from '../helpers/company-tokens.ts'
import { freePort } from '../helpers/free-port.ts'
import { dataInvoice, formOf, goodInvoice } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { startPostgres } from '../helpers/postgres.ts'
import { trackerOf } from '../helpers/traces-of.ts'
import { makePki, pkcs12 } from '../src/chorus/fixtures.ts'

const root = join(import.meta.dirname, '../..')
t.setTimeout(240_000)
/** With characters that every encoding writes in its own way. */
const marker = () => ['é', '+', '/ '].map((each) => randomBytes(8).toString('hex') + each).join('')
const plain = () => randomBytes(16).toString('hex')

interface Site {
  url: string
  adminUrl: string
  child: ChildProcess
  log: () => string
  stop: () => Promise<void>
}

/** The process as it is started, with nothing of ours in its environment but this. */
async function start(t: Test, environment: Record<string, string>, folder: string): Promise<Site> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const env = { PATH: process.env['PATH'] ?? '', PORT: String(port), ADMIN_PORT: String(adminPort), ...environment }
  const child = spawn(process.execPath, [join(root, 'src/server.ts')], { cwd: folder, env })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (log += text.toString()))
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  t.teardown(stop)
  const url = `http://127.0.0.1:${port}`
  for (const end = Date.now() + 20_000; ; ) {
    if (
      await fetch(`${url}/health/live`).then(
        ({ ok }) => ok,
        () => false
      )
    )
      break
    if (Date.now() > end || child.exitCode !== null) throw new Error(`it does not start: ${log.slice(0, 2_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url, adminUrl: `http://127.0.0.1:${adminPort}`, child, log: () => log, stop }
}

const command = (environment: Record<string, string>, folder: string, ...arguments_: string[]) =>
  new Promise<string>((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ...environment }
    execFile(process.execPath, [join(root, 'src/bin/start.js'), ...arguments_], { cwd: folder, env }, (_, out, err) =>
      resolve(out + err)
    )
  })

/** Every file below, but the invoices' own. */
const filesOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.includes('documents') && statSync(join(folder, name)).isFile())
    .map((name) => readFileSync(join(folder, name)).toString('latin1'))
    .join('\n')

type Kind = Parameters<Simulator['control']['setFaults']>[0][number]['kind']

/** Good and bad calls of every kind; gives all answers, headers and bodies. */
async function story(
  { url, adminUrl }: Site,
  simulator: Simulator,
  faults: readonly Kind[],
  { key, adminToken, jwt, echo, file }: Record<'key' | 'adminToken' | 'jwt' | 'echo' | 'file', string>
): Promise<{ answers: string; made: string }> {
  const seen: string[] = []
  const ask = async (path: string, body?: FormData | object, headers: Record<string, string> = {}) => {
    const form = body instanceof FormData
    const init = body === undefined ? {} : { method: 'POST', body: form ? body : JSON.stringify(body) }
    const type = body === undefined || form ? {} : { 'content-type': 'application/json' }
    const base = path.startsWith('/admin') || path.startsWith('/lanes') ? adminUrl : url
    const bearer = base === url ? key : adminToken
    const response = await fetch(`${base}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${bearer}`, prefer: 'wait=1', ...type, ...headers }
    })
    const text = await response.text()
    seen.push(JSON.stringify([...response.headers]), text)
    return { status: response.status, text }
  }
  const pdf = makePdf({ text: file })
  const made = JSON.parse((await ask('/admin/keys', { name: 'erp' })).text) as { key: string }
  seen.splice(0)
  const all = async (dropIn = true) => {
    const { text } = await ask('/v1/invoices', formOf(goodInvoice(), pdf))
    const id = /inv_\w+/.exec(text)?.[0]
    if (id !== undefined) for (const part of ['', '/timeline']) await ask(`/v1/invoices/${id}${part}`)
    await ask('/v1/invoices', dataInvoice())
    await ask('/v1/directory/organizations/12345678200028?source=chorus-pro')
    await ask('/v1/account')
    if (dropIn) await ask('/cpro/structures/v1/rechercher', {})
    await ask('/lanes/retry', {})
  }
  await all()
  for (const kind of faults) {
    simulator.control.setFaults([{ operation: '.*', kind, times: 3 }])
    await all()
  }
  // Chorus Pro, or something in front of it, that repeats what it was sent. The drop-in door would pass that on, by design.
  simulator.control.setFaults([
    { operation: '.*', kind: 'error-code', codeRetour: 20001, libelle: `Refus ${echo}`, times: 6 }
  ])
  await all(false)
  simulator.control.setFaults([{ operation: '.*', kind: 'status', status: 500, body: `<pre>${echo}</pre>`, times: 6 }])
  await all(false)
  simulator.control.setFaults([])
  // Keys where they do not belong, and such that are nearly right.
  await ask(`/v1/invoices?api_key=${encodeURIComponent(key)}&token=${made.key}`)
  await ask(`/v1/invoices/${encodeURIComponent(key)}`)
  await ask(`/${made.key}`)
  await ask('/v1/invoices', { number: made.key, note: key })
  for (const bearer of [made.key, jwt, made.key.slice(0, -1), jwt.slice(0, -1), `${key}x`]) {
    await ask('/v1/invoices', undefined, { authorization: `Bearer ${bearer}` })
  }
  await ask('/admin/keys', undefined, { authorization: `Bearer ${adminToken}x` })
  for (const path of ['/admin/keys', '/admin/status', '/admin/renewal', '/admin/expiries', '/admin/audit?limit=200'])
    await ask(path)
  for (const path of ['/metrics', '/status', '/openapi.json'])
    seen.push(await (await fetch(`${adminUrl}${path}`)).text())
  await ask('/admin/doctor', {})
  await ask('/openapi.json')
  return { answers: seen.join('\n'), made: made.key }
}

const runs = {
  'PISTE, everything logged, exchanges traced': {
    access: 'piste',
    level: 'trace',
    faults: ['drop-answer', 'unauthorized', 'forbidden', 'html', 'maintenance', 'not-json']
  },
  'a certificate, at debug': { access: 'certificate', level: 'debug', faults: ['html'] },
  'PISTE, the usual log, PostgreSQL': {
    access: 'piste',
    level: 'info',
    faults: ['expired-password'],
    postgres: true
  }
} as const

for (const [name, run] of Object.entries(runs)) {
  t.test(`no secret shows anywhere: ${name}`, async (t) => {
    const postgres = 'postgres' in run ? await startPostgres(t) : undefined
    if ('postgres' in run && postgres === undefined) return
    const folder = t.testdir()
    const write = (file: string, content: string | Buffer) => {
      writeFileSync(join(folder, file), content)
      return join(folder, file)
    }
    const secrets = {
      password: marker(),
      clientSecret: marker(),
      clientId: plain(),
      passphrase: plain(),
      adminToken: plain(),
      apiKey: plain(),
      proxyPassword: marker(),
      file: plain()
    }
    const login = 'TECH_1_99900010200015@cpro.fr'
    const simulator = await createSimulator({
      speed: 100,
      login,
      password: secrets.password,
      clientId: secrets.clientId,
      clientSecret: secrets.clientSecret
    })
    t.teardown(() => simulator.close())
    // The certificate under a passphrase of ours, and its key as a secret of its own.
    const own = await simulator.issueClientCertificate()
    const signing = await makeSigningKey('one')
    const jwks = { keys: [signing.jwk] }
    const jwt = await signing.sign({ jti: plain() })
    mkdirSync(join(folder, 'data'))
    const environment = {
      DATA_DIR: join(folder, 'data'),
      ...(postgres !== undefined && { DATABASE_URL: await postgres.freshUrl(), DATABASE_ALLOW_UNSAFE: 'on' }),
      LOG_LEVEL: run.level,
      CHORUS_PRO_TRACE: run.level === 'trace' ? 'on' : 'off',
      GATEWAY_TIME_SCALE: '100',
      GATEWAY_API_KEY_FILE: write('key', secrets.apiKey),
      ADMIN_TOKEN_FILE: write('admin', secrets.adminToken),
      OIDC_ISSUER: issuer,
      OIDC_AUDIENCE: audience,
      OIDC_JWKS_FILE: write('jwks.json', JSON.stringify(jwks)),
      CHORUS_PRO_ACCESS: run.access,
      CHORUS_PRO_TIMEOUT_MS: '3000',
      CHORUS_PRO_CA_FILE: write('ca.pem', simulator.ca),
      CHORUS_PRO_LOGIN: login,
      CHORUS_PRO_PASSWORD: secrets.password,
      // Never asked, since everything is on this machine; its password is known all the same.
      CHORUS_PRO_PROXY_URL: `http://someone:${encodeURIComponent(secrets.proxyPassword)}@proxy.invalid:3128`,
      NO_PROXY: '127.0.0.1,localhost',
      ...(run.access === 'piste'
        ? {
            CHORUS_PRO_API_URL: simulator.pisteUrl,
            CHORUS_PRO_TOKEN_URL: simulator.tokenUrl,
            PISTE_CLIENT_ID: secrets.clientId,
            PISTE_CLIENT_SECRET_FILE: write('secret', secrets.clientSecret)
          }
        : {
            CHORUS_PRO_API_URL: simulator.certificateUrl,
            CHORUS_PRO_CERTIFICATE_FILE: write('client.pem', own.certificate),
            CHORUS_PRO_CERTIFICATE_KEY_FILE: write('client.key', own.key)
          })
    }
    const site = await start(t, environment, folder)
    // With a certificate it knows no secret of PISTE.
    const known = run.access === 'piste' ? secrets.clientSecret : ''
    const echo = `${secrets.password} ${known} ${Buffer.from(`${login}:${secrets.password}`).toString('base64')} ${encodeURIComponent(known)}`
    const { answers, made } = await story(site, simulator, run.faults, {
      key: secrets.apiKey,
      adminToken: secrets.adminToken,
      jwt,
      echo,
      file: secrets.file
    })

    // The next one cannot be read, and is named.
    const locked = write('locked.p12', pkcs12(makePki().client, [], plain()))
    const broken = {
      ...environment,
      CHORUS_PRO_ACCESS: 'certificate',
      CHORUS_PRO_CERTIFICATE_FILE: locked,
      CHORUS_PRO_CERTIFICATE_PASSPHRASE: secrets.passphrase,
      DATA_DIR: join(folder, 'other'),
      DATABASE_URL: ''
    }
    const inspect = ['certificate', 'inspect', locked, '--passphrase-file', write('wrong', secrets.passphrase)]
    const first = run.level === 'trace'
    const [audited, examined, ...more] = await Promise.all([
      command(environment, folder, 'audit', 'export'),
      command(environment, folder, 'doctor', '--bundle', join(folder, 'found.json')),
      ...(first
        ? [
            command({ ...environment, NO_PROXY: '' }, folder, 'doctor'),
            command({}, folder, ...inspect),
            command(broken, folder, 'serve')
          ]
        : [])
    ])
    await site.stop()
    if (first) await command(environment, folder, 'backup', '--to', join(folder, 'backup'))

    const places: Record<string, string> = {
      log: site.log(),
      answers,
      'doctor and others': [examined, ...more].join('\n'),
      bundle: readFileSync(join(folder, 'found.json'), 'utf8'),
      audit: audited,
      ledger:
        postgres === undefined
          ? filesOf(join(folder, 'data'))
          : await dumpOf(postgres.sql, new URL(environment.DATABASE_URL ?? '').searchParams.get('options')),
      ...(first && { backup: filesOf(join(folder, 'backup')) })
    }
    const tracker = trackerOf({
      ...secrets,
      made: made.split('_').at(-1) ?? '',
      jwt: jwt.split('.').at(-1) ?? '',
      // What stands at its start stands at the start of every RSA key.
      certificateKey: own.key.replace(/-----[A-Z ]+-----|\s/g, '').slice(60)
    })
    for (const [place, text] of Object.entries(places)) {
      t.ok(text.length > 40, `${place} was looked at: ${text.slice(0, 200)}`)
      t.strictSame(tracker.foundIn(text), [], place)
      for (const secret of Object.values(secrets))
        t.strictSame(tracker.foundIn(`${text.slice(0, 50)} ${secret}`).length, 1)
    }
    if (first) t.match(more, [/proxy\.invalid/, /passphrase/, /passphrase/])
    t.notMatch(site.log(), /(Bearer|Basic) (?!\*\*\*)[\w.+/=-]{6,}/i)
    for (const line of site.log().trim().split('\n')) t.doesNotThrow(() => JSON.parse(line), line.slice(0, 200))
    if (first) t.match(site.log(), /soumettre/, 'exchanges were traced')
  })
}

/** Every row of every table, as a dump has it; what invoices themselves are is theirs. */
async function dumpOf(
  sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>,
  options: string | null
): Promise<string> {
  const schema = /search_path=(\w+)/.exec(options ?? '')?.[1] ?? 'public'
  const tables = await sql('select table_name from information_schema.tables where table_schema = $1', [schema])
  const all: string[] = []
  for (const { table_name: table } of tables) {
    if (/chunk/.test(String(table))) continue
    for (const row of await sql(`select * from "${schema}"."${String(table)}"`)) all.push(JSON.stringify(row))
  }
  return all.join('\n')
}
