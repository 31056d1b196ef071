import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { readConfig, Settings } from '../src/config.ts'
import { secrets as secretSettings } from '../src/settings.ts'
import { formOf, goodInvoice } from './helpers/gateway.ts'
import { makePdf } from './helpers/pdf.ts'
import { startSealed } from './helpers/sealed-run.ts'

const root = join(import.meta.dirname, '..')

interface Locked {
  version: string
  dev?: true
  devOptional?: true
  optional?: true
  license?: string
  integrity?: string
  hasInstallScript?: true
}
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>
}
const everything = Object.entries(packages).filter(([path]) => path !== '')
/** What runs where the gateway runs; the optional ones are the Node of each machine, which the image leaves out. */
const production = everything.filter(([, { dev, devOptional, optional }]) => !dev && !devOptional && !optional)

/** One of them is enough where there is a choice. */
const allowed = [
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0'
]

t.test('production packages have licences that allow everything but forgetting them, and are few', async (t) => {
  for (const [path, { license = 'none' }] of production) {
    const choices = license.replace(/[()]/g, '').split(' OR ')
    t.ok(
      choices.some((choice) => allowed.includes(choice)),
      `${path}: ${license}`
    )
  }
  // A number to look at when it grows, not a law.
  t.ok(production.length <= 125, `${production.length} packages`)
})

t.test('every production package is pinned by its content, and none runs anything when it is installed', async (t) => {
  t.strictSame(
    production.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path),
    []
  )
  const scripts = production.filter(([, { hasInstallScript }]) => hasInstallScript === true)
  t.strictSame(
    scripts.map(([path]) => path),
    []
  )
  t.match(readFileSync(join(root, 'Dockerfile'), 'utf8'), /npm ci [^\n]*--ignore-scripts/)
})

t.test('npm run sbom lists exactly what production installs', async (t) => {
  const text = await new Promise<string>((resolve, reject) =>
    execFile(process.execPath, [join(root, 'deploy/sbom.ts')], { maxBuffer: 64 * 1024 * 1024 }, (error, out) =>
      error === null ? resolve(out) : reject(error)
    )
  )
  const bom = JSON.parse(text) as {
    bomFormat: string
    components: { name: string; version: string; group?: string; licenses?: unknown[]; hashes?: unknown[] }[]
  }
  t.equal(bom.bomFormat, 'CycloneDX')
  for (const { name, licenses = [], hashes = [] } of bom.components) {
    t.ok(licenses.length === 1 && hashes.length === 1, name)
  }
  const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`))
  const installed = new Set(
    production.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`)
  )
  t.strictSame([...listed].sort(), [...installed].sort())
})

t.test(
  'the gateway runs as the image has it: no install script, nothing writable but data and TMPDIR, no rights',
  async (t) => {
    const secrets = mkdtempSync(join(tmpdir(), 'secrets-'))
    t.teardown(() => rmSync(secrets, { recursive: true, force: true }))
    const key = 'a-key-that-lies-in-a-file'
    writeFileSync(join(secrets, 'key'), `${key}\n`)
    for (const path of [secrets, join(secrets, 'key')]) chmodSync(path, 0o755)
    // What the Dockerfile copies; the packages are copied and not installed: none of their scripts has run.
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
    const copied = [...dockerfile.matchAll(/^COPY (?!--from|.*package-lock)(.+) \S+$/gm)]
    const parts = copied.flatMap(([, names = '']) => names.split(' '))
    const packages = production.map(([path]) => path).filter((path) => existsSync(join(root, path)))
    t.equal(packages.length, production.length)
    t.ok(parts.includes('src') && parts.includes('package.json'), parts.join(' '))

    const run = await startSealed(t, {
      packages,
      parts,
      environment: { PORT: '0', ADMIN_PORT: '0', GATEWAY_API_KEY_FILE: join(secrets, 'key'), NODE_ENV: 'production' }
    })
    t.comment(`sealed by ${run.sealedBy}`)
    const answer = await fetch(`${run.url}/v1/invoices`, {
      method: 'POST',
      body: formOf(goodInvoice(), makePdf()),
      headers: { authorization: `Bearer ${key}` }
    })
    t.equal(answer.status, 201, 'an invoice goes all the way')
    t.equal((await fetch(`${run.url}/docs/`)).status, 200)
    if (run.sealedBy === 'mounts') {
      const proc = readFileSync(`/proc/${run.child.pid}/status`, 'utf8')
      t.match(proc, /^Uid:\t10001\t10001/m)
      t.match(proc, /^CapEff:\t0+$/m)
      t.match(proc, /^CapBnd:\t0+$/m)
      t.match(proc, /^NoNewPrivs:\t1$/m)
      const mounts = readFileSync(`/proc/${run.child.pid}/mountinfo`, 'utf8').split('\n')
      t.match(
        mounts.filter((line) => line.split(' ')[4] === '/').map((line) => line.split(' ')[5]),
        [/^ro\b/],
        'the root file system is read-only'
      )
    }
    run.child.kill('SIGTERM')
    t.strictSame(await once(run.child, 'exit'), [0, null], run.log.slice(-3).join('\n'))
  }
)

t.test('compose.yaml takes all rights away, and no secret is in its environment', async (t) => {
  const { services, secrets } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
    services: Record<string, { environment?: Record<string, string>; tmpfs?: string[] }>
    secrets: Record<string, { file?: string }>
  }
  for (const [name, service] of Object.entries(services)) {
    const hard = { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], ulimits: { core: 0 } }
    t.match(service, hard, name)
    t.ok(
      service.tmpfs?.some((mount) => mount.startsWith('/tmp:noexec')),
      name
    )
    // A login names an account and opens nothing.
    const open = secretSettings.filter((variable) => service.environment?.[variable] !== undefined)
    t.strictSame(
      open.filter((variable) => variable !== 'CHORUS_PRO_LOGIN'),
      [],
      name
    )
  }
  for (const [name, { file }] of Object.entries(secrets)) t.ok(file, name)
  t.match(readFileSync(join(root, 'Dockerfile'), 'utf8'), /^USER [1-9]\d*:[1-9]\d*$/m)
})

t.test('every secret may come from a file, and README and .env.example say so', async (t) => {
  const sensitive = /(PASSWORD|SECRET|PASSPHRASE|TOKEN|API_KEY|DATABASE_URL|PROXY_URL|LOGIN|CLIENT_ID)$/
  const expected = Object.keys(Settings.properties).filter((name) => sensitive.test(name))
  t.strictSame([...secretSettings].sort(), expected.sort())
  const readme = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| `([A-Z_]+)` ▪ \|/gm)]
  t.strictSame(readme.map(([, name = '']) => name).sort(), expected)
  const example = readFileSync(join(root, '.env.example'), 'utf8')
  const listed = /may also come from a file[^]*?\n#\n/.exec(example)?.[0] ?? ''
  for (const name of secretSettings) {
    t.ok(new RegExp(`\\b${name}[,.]`).test(listed), name)
    t.throws(() => readConfig({ [`${name}_FILE`]: '/nowhere' }), { message: new RegExp(`${name}_FILE cannot be read`) })
  }
})
