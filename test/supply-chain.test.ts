import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

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
