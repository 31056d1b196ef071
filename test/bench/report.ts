import { contestants, type Name, type Result } from './cells.ts'
import { median, type Sample } from './measure.ts'
import type { RowsResult } from './rows.ts'

export interface Findings {
  results: Result[]
  connections?: { opened: number; resumed: number }
  startMs?: number
  stores?: { ratio: number; text: string }
  rows?: RowsResult
  /** In PostgreSQL. */
  sharedRows?: RowsResult
}

interface Goal {
  name: string
  value: number
  unit?: string
  must: number
  aim: number
  /** Small values are good ones. */
  atMost?: boolean
}

const of = (samples: Sample[], key: keyof Sample) => median(samples.map((sample) => sample[key]))
const peak = (samples: Sample[]) => Math.max(...samples.map((sample) => sample.peakMb))

/** Of each round by itself: what disturbs the machine disturbs neighbours alike. */
function ratio(result: Result, key: 'perSecond' | 'cpuMs' | 'p50', over: Name): number {
  const others = result.samples[over]
  return median(result.samples.gateway.map((sample, round) => sample[key] / (others[round]?.[key] ?? Number.NaN)))
}

function added(result: Result): number {
  return median(result.samples.gateway.map((sample, round) => sample.p50 - (result.samples.direct[round]?.p50 ?? NaN)))
}

function goals({ results, connections, startMs, stores, rows, sharedRows }: Findings): Goal[] {
  const list: Goal[] = []
  const of = (name: string, make: (result: Result) => Omit<Goal, 'name'>, title: string) => {
    const result = results.find(({ cell }) => cell.name === name)
    if (result !== undefined) list.push({ name: title, ...make(result) })
  }
  const overFloor = (must: number, aim: number) => (result: Result) => ({
    value: ratio(result, 'perSecond', 'floor'),
    must,
    aim
  })
  const memory = (must: number, aim: number) => (result: Result) => ({
    value: peak(result.samples.gateway),
    unit: 'MB',
    must,
    aim,
    atMost: true
  })
  const delay = (must: number, aim: number) => (result: Result) => ({
    value: added(result),
    unit: 'ms',
    must,
    aim,
    atMost: true
  })
  // DESIGN has 0.45 and 0.65 for one journal in place of a file and three commits: docs/decisions/0012.
  of('100 kB c16', overFloor(0.19, 0.27), 'PDF 100 kB, 16 at once ÷ floor')
  of('1 MB c16', overFloor(0.5, 0.7), 'PDF 1 MB, 16 at once ÷ floor')
  of('10 MB c64', overFloor(0.7, 0.85), 'PDF 10 MB, 64 at once ÷ floor')
  of('10 MB c64', memory(600, 450), 'PDF 10 MB, 64 at once: resident')
  of('10 MB c16', memory(300, 200), 'sixteen 10 MB at once: resident')
  of('10 MB c16 as JSON', memory(300, 200), 'sixteen 10 MB at once, as JSON: resident')
  of(
    '1 MB c16',
    (result) => ({ value: ratio(result, 'perSecond', 'direct'), must: 0.22, aim: 0.33 }),
    'PDF 1 MB, 16 at once ÷ undici direct'
  )
  of(
    '1 MB c16',
    (result) => ({ value: ratio(result, 'cpuMs', 'floor'), must: 2, aim: 1.4, atMost: true }),
    'PDF 1 MB, 16 at once: CPU ÷ floor’s'
  )
  of('read c1', delay(3, 2), 'added p50, facade read')
  of('100 kB c1', delay(8, 4), 'added p50, PDF 100 kB')
  of('1 MB c1', delay(20, 12), 'added p50, PDF 1 MB')
  if (connections !== undefined)
    list.push({
      name: 'new TLS connections, 1,000 deposits in a row',
      value: connections.opened,
      must: 20,
      aim: 4,
      atMost: true
    })
  if (stores !== undefined)
    list.push({ name: 'durable accepts, 100 kB, 16 callers ÷ bare store', value: stores.ratio, must: 0.45, aim: 0.6 })
  for (const [place, ledger] of Object.entries({ ledger: rows, PostgreSQL: sharedRows })) {
    if (ledger === undefined) continue
    const judgedOnes = ledger.operations.filter(({ name }) => /^(list|claim)/.test(name))
    const value = Math.max(...judgedOnes.map((operation) => operation.ratio))
    const name = `${place} at ${ledger.rows} rows ÷ at 1000, worst list or claim`
    list.push({ name, value, must: 1.5, aim: 1.1, atMost: true })
  }
  if (startMs !== undefined)
    list.push({ name: 'start to ready', value: startMs / 1000, unit: 's', must: 1, aim: 0.5, atMost: true })
  return list
}

function verdict({ value, must, aim, atMost = false }: Goal): string {
  if (Number.isNaN(value)) return '–'
  const meets = (limit: number) => (atMost ? value <= limit : value >= limit)
  return meets(aim) ? 'aim met' : meets(must) ? 'must met' : 'MISSED'
}

/** Three digits that count. */
export function round(value: number): string {
  if (Number.isNaN(value)) return '–'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))))
  return value.toFixed(Math.min(2, digits))
}

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`

/** Two tables to paste. */
export function report(findings: Findings): string {
  const head = [line(['goal', 'now', 'must', 'aim', '']), '|---|--:|--:|--:|---|']
  const judged = goals(findings).map((goal) => {
    const { name, value, unit, must, aim, atMost } = goal
    const sign = atMost === true ? '≤ ' : ''
    return line([
      name,
      `${round(value)}${unit === undefined ? '' : ` ${unit}`}`,
      sign + must,
      sign + aim,
      verdict(goal)
    ])
  })
  const columns = ['cell', 'who', 'req/s', 'MB/s', 'p50 ms', 'p99 ms', 'CPU ms/req', 'peak MB', 'throughput', 'CPU']
  const rows = findings.results.flatMap((result) =>
    contestants.filter((name) => result.samples[name].length > 0).map((name) => rowOf(result, name))
  )
  const table = [line(columns), '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|', ...rows]
  const ledger = (findings.rows?.operations ?? []).map(({ name, smallMs, largeMs, ratio: grown }) =>
    line([name, smallMs.toFixed(3), largeMs.toFixed(3), grown.toFixed(2)])
  )
  const ledgerHead = [
    line(['ledger operation', 'ms at 1000 rows', `ms at ${findings.rows?.rows} rows`, 'ratio']),
    '|---|--:|--:|--:|'
  ]
  return [
    ...head,
    ...judged,
    '',
    ...table,
    ...(ledger.length > 0 ? ['', ...ledgerHead, ...ledger] : []),
    ...(findings.stores === undefined ? [] : ['', '```', findings.stores.text, '```'])
  ].join('\n')
}

/** The last two columns: the gateway's share of this contestant, medians of the rounds. */
function rowOf(result: Result, name: Name): string {
  const samples = result.samples[name]
  const perSecond = of(samples, 'perSecond')
  const shares =
    name === 'gateway'
      ? ['', '']
      : [`÷ ${name} ${round(ratio(result, 'perSecond', name))}`, round(ratio(result, 'cpuMs', name))]
  const { size, kind } = result.cell.order
  return line([
    result.cell.name,
    name,
    round(perSecond),
    kind === 'organization' ? '' : round((perSecond * size) / 1e6),
    round(of(samples, 'p50')),
    round(of(samples, 'p99')),
    round(of(samples, 'cpuMs')),
    Math.round(peak(samples)),
    ...shares
  ])
}
