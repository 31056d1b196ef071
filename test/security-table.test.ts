import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')
const rows = [
  ...readFileSync(join(root, 'docs/security-tests.md'), 'utf8').matchAll(/^\| ([A-M]\d+) \| ([^|]+) \| ([^|]+) \|$/gm)
]
/** How many of each letter. */
const counts = { A: 10, B: 12, C: 12, D: 14, E: 14, F: 12, G: 11, H: 6, I: 16, J: 15, K: 12, L: 12, M: 5 }

t.test('every security requirement has its row', async (t) => {
  const expected = Object.entries(counts).flatMap(([letter, many]) =>
    Array.from({ length: many }, (_, index) => `${letter}${index + 1}`)
  )
  t.equal(expected.length, 151)
  t.strictSame(
    rows.map(([, id]) => id),
    expected
  )
})

t.test('every test that a row names is there; a row without one says why', async (t) => {
  for (const [, id = '', , proof = ''] of rows) {
    const named = [...proof.matchAll(/`(test\/[\w./-]+)`: (.+?)(?=\. [A-Z]|; `npm|\.$| · |$)/g)]
    if (named.length === 0) t.match(proof, /^Not (applicable|automated): .{20,}/, id)
    for (const [, file = '', title = ''] of named) {
      const there = existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8')
      t.ok(there && there.includes(title.trim()), `${id}: ${file}: ${title}`)
    }
  }
})
