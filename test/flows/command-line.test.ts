import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { examine } from '../../src/bin/doctor.ts'
import { difference } from '../../src/bin/openapi.ts'
import { Settings } from '../../src/config.ts'
import { curlOf } from '../../src/demo/call.ts'
import { buildGateway } from '../helpers/gateway.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const start = join(root, 'src/bin/start.js')

interface Ended {
  code: number
  out: string
  err: string
}

/** In a folder without .env, with nothing of ours in the environment. */
const folder = t.testdir()
function run(arguments_: string[], environment: Record<string, string> = {}, before: string[] = []): Promise<Ended> {
  const { PATH = '', TMPDIR } = process.env
  const env = { PATH, ...(TMPDIR !== undefined && { TMPDIR }), ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, [...before, start, ...arguments_], { cwd: folder, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    )
  })
}
const openssl = (...arguments_: string[]): Promise<string | undefined> =>
  new Promise((resolve) =>
    execFile('openssl', arguments_, { cwd: folder }, (error, out) => resolve(error === null ? out : undefined))
  )

// Takes some seconds, most of them waiting: told while the other tests run.
const demo = run(['demo', '--exit', '--port', '0'])

t.test('help and version are there everywhere, and what is not known ends with 2', async (t) => {
  const [help, inner, version, command, option, none, value] = await Promise.all([
    run(['--help']),
    run(['keys', 'create', '--help']),
    run(['certificate', 'inspect', '--version']),
    run(['sevre']),
    run(['serve', '--chek']),
    run(['keys']),
    run(['keys', 'create', '--name'])
  ])
  t.equal(help.code, 0)
  for (const name of ['serve', 'simulator', 'demo', 'doctor', 'keys', 'certificate', 'openapi']) {
    t.match(help.out, new RegExp(`^ +${name}  `, 'm'))
  }
  t.notOk(help.out.includes('\u001b'), 'no colours into a pipe')
  t.match(inner, { code: 0, out: /--seller=<SIRET>/, err: '' })
  t.match(version, { code: 0, out: /^\d+\.\d+\.\d+\n$/, err: '' })
  t.match(command, { code: 2, out: '', err: /Unknown command: sevre\. Did you mean serve\?/ })
  t.match(option, { code: 2, out: '', err: /Unknown option: --chek\. Did you mean --check\?/ })
  t.match(none, { code: 2, out: /create/ })
  t.match(value, { code: 2, err: /--name needs a value/ })
})

t.test('an older Node is told so in one line', async (t) => {
  const older = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})`
  const ended = await run(['--help'], {}, ['--import', older])
  t.match(ended, { code: 78, out: '', err: /^chorus-pro-gateway needs Node 24 or newer; .*\n$/ })
})

t.test('a key made beside a running gateway works at once, and no longer once it is revoked', async (t) => {
  const gateway = await buildGateway(t)
  const environment = { DATA_DIR: gateway.dataDir }
  const created = await run(
    [
      'keys',
      'create',
      '--name',
      'erp',
      '--scope',
      'invoices:read',
      '--seller',
      '99900010200015',
      '--expires',
      '90d',
      '--json'
    ],
    environment
  )
  t.match(created, { code: 0, err: '' })
  const { key, id } = JSON.parse(created.out) as { key: string; id: string }
  t.match(key, /^cpg_[0-9a-z]{12,}_[A-Za-z0-9_-]{43}$/)
  const headers = { authorization: `Bearer ${key}` }
  t.equal((await gateway.get('/v1/invoices', headers)).status, 200)
  t.match(await gateway.post('/v1/invoices', {}, headers), { status: 403, body: { code: 'insufficient-scope' } })

  const listed = await run(['keys', 'list'], environment)
  t.match(listed, { code: 0, out: new RegExp(`${id} +erp +active .* 99900010200015 +invoices:read`) })
  t.notMatch(listed.out, key.split('_').slice(2).join('_'))

  t.match(await run(['keys', 'revoke', key], environment), { code: 0, out: /is revoked/ })
  const end = Date.now() + 5_000
  let status = 200
  while (status === 200 && Date.now() < end) status = (await gateway.get('/v1/invoices', headers)).status
  t.equal(status, 401)

  const wrong = await Promise.all([
    run(['keys', 'create', '--name', 'x', '--scope', 'everything'], environment),
    run(['keys', 'create', '--name', 'x', '--seller', '123'], environment),
    run(['keys', 'create', '--name', 'x', '--expires', '2020-01-01'], environment),
    run(['keys', 'list', '--data', join(folder, 'elsewhere')])
  ])
  t.match(wrong, [
    { code: 2, err: /no right everything/ },
    { code: 2, err: /14 digits/ },
    { code: 2, err: /past/ },
    { code: 1, err: /no store in .*elsewhere/ }
  ])
  t.notOk(existsSync(join(folder, 'elsewhere')), 'a question leaves nothing behind')

  await t.test('the doctor walks to Chorus Pro, and names the remedy in two languages', async (t) => {
    const { simulator } = gateway
    const file = (name: string, content: string | Buffer) => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    }
    const settings = {
      CHORUS_PRO_ACCESS: 'certificate',
      CHORUS_PRO_API_URL: simulator.certificateUrl,
      CHORUS_PRO_LOGIN: simulator.login,
      CHORUS_PRO_PASSWORD: simulator.password,
      CHORUS_PRO_CERTIFICATE_FILE: file('client.p12', simulator.clientPkcs12),
      CHORUS_PRO_CERTIFICATE_PASSPHRASE: simulator.clientPkcs12Passphrase,
      CHORUS_PRO_CA_FILE: file('ca.pem', simulator.ca)
    }
    const walk = async (changes: Record<string, string>) => {
      const lines: string[] = []
      const { well } = await examine({ ...settings, ...changes }, (line) => void lines.push(line))
      return { well, text: lines.join('\n') }
    }
    const good = await walk({})
    t.match(good, { well: true, text: /structures +The account is attached to 99900010200015/ })
    const refused = await walk({ CHORUS_PRO_PASSWORD: 'un-autre-mot' })
    t.match(refused, { well: false, text: /^FAILED {2}technical-account .*\n {2}en .*expires.*\n {2}fr .*expire/m })
    const closed = await walk({ CHORUS_PRO_PROXY_URL: 'http://someone:proxy-secret@127.0.0.1:1' })
    t.match(closed, { well: false, text: /^FAILED {2}proxy +127.0.0.1:1 cannot be reached \(ECONNREFUSED\)/m })
    t.match(await walk({ CHORUS_PRO_LOGIN: '' }), {
      well: false,
      text: /CHORUS_PRO_LOGIN is needed.*\n(.*\n)*? {2}en {4}Set or correct.*\n {2}fr {4}Renseignez/
    })
    t.equal(refused.text.split('make a new one on the portal').length, 2, 'a remedy is told once')
    for (const secret of [simulator.password, simulator.clientPkcs12Passphrase, 'un-autre-mot', 'proxy-secret']) {
      const told = [good, refused, closed].map(({ text }) => text.replaceAll(/set: .*/g, '')).join('\n')
      t.notOk(told.includes(`:${secret}`) || told.includes(` ${secret}`), 'no secret is said')
    }
  })

  await t.test('a certificate is explained, and its chain exported', async (t) => {
    const environment = { CHORUS_PRO_CERTIFICATE_PASSPHRASE: gateway.simulator.clientPkcs12Passphrase }
    const [good, wrong, exported] = await Promise.all([
      run(['certificate', 'inspect', 'client.p12'], environment),
      run(['certificate', 'inspect', 'client.p12'], { CHORUS_PRO_CERTIFICATE_PASSPHRASE: 'wrong' }),
      run(['certificate', 'export-p7b', 'client.p12', '--out', 'client.p7b'], environment)
    ])
    t.match(good, { code: 0, out: /valid .* \d+ days left\n(.*\n)*chain +2 certificates, complete/ })
    t.match(wrong, { code: 1, out: '', err: /does not open with this passphrase.*--passphrase-file/ })
    t.match(exported, { code: 0 })
    if ((await openssl('version')) === undefined) return t.pass('there is no openssl to judge the export')
    t.match(await openssl('pkcs7', '-in', 'client.p7b', '-print_certs', '-noout'), /(subject=(.*\n)*){2}/)

    t.match(good.out, /complete, up to its root/)
    writeFileSync(join(folder, 'alone.pem'), gateway.simulator.clientCertificate)
    writeFileSync(join(folder, 'authority.pem'), gateway.simulator.ca)
    const [alone, helped, whole, fromP7b] = await Promise.all([
      run(['certificate', 'inspect', 'alone.pem']),
      run(['certificate', 'inspect', 'alone.pem', '--chain', 'authority.pem']),
      run(['certificate', 'export-p7b', 'alone.pem', '--chain', 'authority.pem', '--out', 'whole.p7b']),
      run(['certificate', 'inspect', 'alone.pem', '--chain', 'client.p7b'])
    ])
    t.match(alone, { code: 0, out: /1 certificate, incomplete[\s\S]*needs the private key[\s\S]*issuer is missing/ })
    t.match([helped.out, fromP7b.out], [/2 certificates, complete/, /2 certificates, complete/])
    t.equal(whole.code, 0)
    t.match(await openssl('pkcs7', '-in', 'whole.p7b', '-print_certs', '-noout'), /(subject=(.*\n)*){2}/)

    writeFileSync(join(folder, 'alone.key'), gateway.simulator.clientKey)
    const old = [
      '-export',
      '-legacy',
      '-in',
      'alone.pem',
      '-inkey',
      'alone.key',
      '-out',
      'old.p12',
      '-passout',
      'pass:x'
    ]
    if ((await openssl('pkcs12', ...old)) !== undefined) {
      const said = await run(['certificate', 'inspect', 'old.p12'], { CHORUS_PRO_CERTIFICATE_PASSPHRASE: 'x' })
      t.match(said, { code: 0, out: /ciphers +old \(RC2-40[\s\S]*openssl pkcs12 -legacy/ })
    }

    await openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', 'ec.key')
    await openssl('req', '-x509', '-key', 'ec.key', '-out', 'ec.pem', '-days', '1', '-subj', '/CN=courbe')
    await run(['certificate', 'export-p7b', 'ec.pem', '--out', 'ec.p7b', '--der'])
    t.match(await openssl('pkcs7', '-inform', 'der', '-in', 'ec.p7b', '-print_certs', '-noout'), /courbe/)
  })
})

t.test('the contract is written without a store, and a drifted one is noticed', async (t) => {
  const written = await run(['openapi', '--out', 'contract.yaml'])
  t.match(written, { code: 0, err: '' })
  t.notOk(existsSync(join(folder, 'data')), 'no folder of data appears')
  const file = join(folder, 'contract.yaml')
  const contract = readFileSync(file, 'utf8')
  t.match(contract, /^openapi: .*[\s\S]*\n {2}\/v1\/invoices:/)
  writeFileSync(file, contract.replace('submitInvoice', 'sendInvoice'))
  const drifted = await run(['openapi', '--check', '--out', 'contract.yaml'])
  t.match(drifted, { code: 1, err: /has drifted[\s\S]*- .*sendInvoice[\s\S]*\+ .*submitInvoice/ })
  t.equal(difference('a\nb\n', 'a\nb\n'), undefined)
  t.match(difference('a\nb', 'a'), /line 2/)
})

t.test('.env.example explains every setting, and shows the defaults as they are', async (t) => {
  const example = readFileSync(join(root, '.env.example'), 'utf8')
  const shown = new Map(Array.from(example.matchAll(/^#?([A-Z_]+)=(.*)$/gm), ([, name, value]) => [name, value]))
  t.strictSame(new Set(shown.keys()), new Set(Object.keys(Settings.properties)))
  t.notOk(/^[A-Z]/m.test(example), 'copied as it is, it changes nothing')
  for (const [name, schema] of Object.entries(Settings.properties)) {
    const fallback = (schema as { default?: string }).default
    if (fallback !== undefined) t.equal(shown.get(name), fallback, name)
  }
})

t.test('the curl lines of the demo fit the shell', async (t) => {
  const call = {
    path: '/v1/invoices',
    form: { file: '/tmp/a b.pdf', fields: [['number', 'F-1']] as [string, string][] }
  }
  t.equal(
    curlOf('http://h', 'k', call, 'linux'),
    'curl -i http://h/v1/invoices \\\n  -H "Authorization: Bearer k" -F "file=@/tmp/a b.pdf" -F number=F-1'
  )
  t.match(curlOf('http://h', 'k', call, 'win32'), / \^\n/)
})

t.test('the demo works with nothing configured, and leaves nothing behind', async (t) => {
  const { code, out, err } = await demo
  t.equal(err, '', 'no warning')
  t.equal(code, 0)
  t.match(out, /201 Created[\s\S]*made_available[\s\S]*Idempotency-Replayed[\s\S]*422 service-code-required/)
  t.match(out, /202 Accepted, submission unknown[\s\S]*found there: integrated[\s\S]*Every step worked/)
  const ledger = /its ledger in (.*)$/m.exec(out)?.[1] ?? ''
  t.match(ledger, /chorus-pro-demo-/)
  t.notOk(existsSync(ledger))
})
