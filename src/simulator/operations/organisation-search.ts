import { type Fields, values } from '../fields.ts'
import { compareValues } from '../pages.ts'
import { EdgeRefusal } from '../refusal.ts'

/** Criteria `{op, val}`, one for each member, plus `_sort`, `_desc` and `_fields` (other-domains.json). */

type Row = Record<string, unknown>

/** The name of this error is shown nowhere. */
const malformed = (member: string): EdgeRefusal =>
  new EdgeRefusal(400, {}, [
    { error: 'ParamsInvalid', message: `Le critère ${member} n'est pas valide.`, detail: null }
  ])

/** Compared without regard to case. */
const asText = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toUpperCase()

function test(found: unknown, op: unknown, wanted: unknown): boolean {
  const one = asText(found)
  const other = asText(wanted)
  switch (op) {
    case '=':
      return one === other
    case 'CONTAINS':
      return one.includes(other)
    case 'IN':
      // A list, or a text of several values: which one is meant is not told.
      return (Array.isArray(wanted) ? wanted.map(asText) : other.split(',').map((value) => value.trim())).includes(one)
    case '>':
      return one > other
    case '<':
      return found !== undefined && one < other
    case '>=':
      return one >= other
    case '<=':
      return found !== undefined && one <= other
    default:
      return false
  }
}

const known = new Set(['=', '>', '<', '>=', '<=', 'IN', 'CONTAINS'])

function isCriterion(value: unknown): value is { op: string; val: unknown } {
  return typeof value === 'object' && value !== null && 'op' in value && 'val' in value && known.has(String(value.op))
}

/** At least one criterion is demanded. Without a match the list is empty: what upstream says then is unknown. */
export function runCriteria(fields: Fields, rows: Row[]): Row[] {
  const criteria = Object.entries(fields).filter(([name, value]) => !name.startsWith('_') && value !== null)
  if (criteria.length === 0) throw malformed('')
  const tests = criteria.map(([name, value]) => {
    if (!isCriterion(value)) throw malformed(name)
    return (row: Row): boolean => test(row[name], value.op, value.val)
  })
  const found = rows.filter((row) => tests.every((passes) => passes(row)))
  const descending = values(fields, '_desc').map(String)
  const columns = new Set([...values(fields, '_sort').map(String), ...descending])
  for (const name of [...columns].toReversed()) {
    const sign = descending.includes(name) ? -1 : 1
    found.sort((a, b) => sign * compareValues(a[name], b[name]))
  }
  const shown = values(fields, '_fields').map(String)
  return shown.length === 0
    ? found
    : found.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => shown.includes(name))))
}
