import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { Settings } from '../src/config.ts'

const root = join(import.meta.dirname, '..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root })

t.test('the README lists every setting with its default', async (t) => {
  const rows = new Map(
    [...read('README.md').matchAll(/^\| `([A-Z_]+)`( ▪)? \|([^|]*)\|/gm)].map(([, name, , fallback]) => [
      name ?? '',
      (fallback ?? '').trim()
    ])
  )
  t.strictSame([...rows.keys()].sort(), Object.keys(Settings.properties).sort())
  for (const [name, schema] of Object.entries(Settings.properties) as [string, { default?: string }][]) {
    if (schema.default !== undefined) t.equal(rows.get(name), `\`${schema.default}\``, name)
  }
})

t.test('every script, file and setting that a document names exists', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const document of documents) {
    const text = read(document)
    for (const [, script] of text.matchAll(/npm run ([a-z:]+)/g))
      t.ok(scripts[script ?? ''], `${document}: npm run ${script}`)
    for (const [, link] of text.matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g)) {
      t.ok(existsSync(join(root, dirname(document), link ?? '')), `${document}: ${link}`)
    }
    for (const [, path] of text.matchAll(/`((?:src|routes|schemas|test|docs|deploy|\.ci)\/[\w./-]+)`/g)) {
      t.ok(existsSync(join(root, path ?? '')), `${document}: ${path}`)
    }
  }
})
