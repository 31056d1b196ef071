import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { failpoints } from '../src/failpoint.ts'
import { plannedFaults } from './chaos/felt.ts'

const root = join(import.meta.dirname, '..')
const rows = [
  ...readFileSync(join(root, 'docs/failure-cases.md'), 'utf8').matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \|$/gm)
]
const everything = { proxy: true, postgres: true, disk: true }
const faults = new Set([
  ...plannedFaults({ ...everything, access: 'piste' }),
  ...plannedFaults({ ...everything, access: 'certificate' })
])
const places = new Set<string>(failpoints)

t.test('every failure case has its row', async (t) => {
  t.strictSame(
    rows.map(([, number]) => Number(number)),
    Array.from({ length: 65 }, (_, index) => index + 1)
  )
})

t.test('whatever a row names is there; a row without a proof says why', async (t) => {
  for (const [, number = '', , proof = ''] of rows) {
    if (/^Not applicable: .{20,}/.test(proof)) continue
    for (const one of proof.split(' · ')) {
      const [, kind = '', rest = ''] = /^(matrix|soak|`test\/[\w./-]+`): (.+)$/.exec(one) ?? []
      const names = [...rest.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
      if (kind === 'matrix') t.ok(names.length > 0 && names.every((name) => places.has(name)), `${number}: ${one}`)
      else if (kind === 'soak') t.ok(names.length > 0 && names.every((name) => faults.has(name)), `${number}: ${one}`)
      else {
        const file = join(root, kind.replaceAll('`', ''))
        t.ok(kind !== '' && existsSync(file) && readFileSync(file, 'utf8').includes(rest), `${number}: ${one}`)
      }
    }
  }
})

t.test('every fault of the soak belongs to a case', async (t) => {
  const text = rows.map(([row]) => row).join('\n')
  // Those that every case of a crash stands for, and the lag that the search has all the time.
  const everywhere = new Set(['kill', 'failpoint', 'search lags', 'certificate foreign'])
  t.same(
    [...faults].filter((fault) => !everywhere.has(fault) && !text.includes(`\`${fault}\``)),
    []
  )
})
