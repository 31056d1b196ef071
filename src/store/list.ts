import { decodeCursor, encodeCursor, type Position } from './cursor.ts'
import type { Engine, Row, Tx, Value } from './engine.ts'
import { int, invoiceFrom, text } from './rows.ts'
import type { InvoiceFilter, Store } from './store.ts'
import { type SubmissionState, submissionStates } from './stored-invoice.ts'

type Column = 'seller_siret' | 'buyer_siret' | 'state' | 'status_code' | 'number'
type Order = 'created_at' | 'issue_date'

/** States that an invoice passes through: few are in them at any time. */
const passing = new Set<SubmissionState>(submissionStates.filter((it) => it !== 'submitted' && it !== 'integrated'))
/** With more sellers than this, one walk through the caller's invoices is cheaper than one for each seller. */
const sellersWalked = 40

/** One walk along one index, newest first. */
export interface Walk {
  sql: string
  params: Value[]
  order: Order
}

/**
 * Which walks find the page. Each starts where the cursor is and ends after `limit` rows, whatever the size of the ledger:
 * the index is led by the equality that leaves fewest rows, and a filter of many values becomes a walk for each.
 */
export function walksOf(filter: InvoiceFilter, callers: string[], limit: number, after?: Position): Walk[] {
  const lead = leadOf(filter)
  const order: Order = lead === undefined && hasIssueDate(filter) ? 'issue_date' : 'created_at'
  const sellers =
    lead === 'seller_siret' && filter.sellerSiret === undefined ? (filter.sellerSirets ?? []) : [undefined]
  // An invoice number is rare enough without its caller.
  const perCaller = lead === 'number' ? [filter.caller] : filter.caller === undefined ? callers : [filter.caller]
  return perCaller.flatMap((caller) =>
    sellers.map((seller) =>
      walk({ ...filter, ...(caller !== undefined && { caller }) }, lead, order, limit, seller, after)
    )
  )
}

function leadOf(filter: InvoiceFilter): Column | undefined {
  if (filter.number !== undefined) return 'number'
  if (filter.state !== undefined && passing.has(filter.state)) return 'state'
  if (filter.buyerSiret !== undefined) return 'buyer_siret'
  if (filter.sellerSiret !== undefined) return 'seller_siret'
  if (filter.statusCode !== undefined) return 'status_code'
  if (filter.state !== undefined) return 'state'
  const sellers = filter.sellerSirets?.length ?? Number.POSITIVE_INFINITY
  return sellers <= sellersWalked && !hasIssueDate(filter) ? 'seller_siret' : undefined
}

const hasIssueDate = ({ issueDateFrom, issueDateTo }: InvoiceFilter) =>
  issueDateFrom !== undefined || issueDateTo !== undefined

function walk(
  filter: InvoiceFilter,
  lead: Column | undefined,
  order: Order,
  limit: number,
  seller: string | undefined,
  after: Position | undefined
): Walk {
  const params: Value[] = []
  const where: string[] = []
  const bind = (value: Value) => `$${params.push(value)}`
  const equal = (column: Column | 'caller', value: string | undefined) => {
    if (value === undefined) return
    const leads = column === lead || (column === 'caller' && lead !== 'number')
    // The others are kept out of the choice of the index.
    where.push(`${leads ? column : `coalesce(${column}, '')`} = ${bind(value)}`)
  }
  equal('caller', filter.caller)
  equal('number', filter.number)
  equal('buyer_siret', filter.buyerSiret)
  equal('seller_siret', filter.sellerSiret ?? seller)
  equal('status_code', filter.statusCode)
  equal('state', filter.state)
  if (seller === undefined && filter.sellerSirets !== undefined) {
    const list = filter.sellerSirets.map(bind).join(', ')
    where.push(list === '' ? '1 = 0' : `coalesce(seller_siret, '') in (${list})`)
  }

  const range = (column: Order, from: Value | undefined, to: Value | undefined) => {
    const name = column === order ? column : `coalesce(${column}, ${column === 'created_at' ? 0 : "''"})`
    if (from !== undefined) where.push(`${name} >= ${bind(from)}`)
    if (to !== undefined) where.push(`${name} <= ${bind(to)}`)
    // Undated invoices are in no range of dates.
    if (column === 'issue_date' && column !== order && (from ?? to) !== undefined) where.push('issue_date is not null')
  }
  const bound = after?.key
  const to = (own: string | number | undefined) => (bound === undefined ? own : bound)
  const [createdFrom, createdTo] = [startOf(filter.createdFrom), endOf(filter.createdTo)]
  range('created_at', createdFrom, order === 'created_at' ? to(createdTo) : createdTo)
  range('issue_date', filter.issueDateFrom, order === 'issue_date' ? to(filter.issueDateTo) : filter.issueDateTo)
  if (order === 'issue_date') where.push('issue_date is not null')
  if (after !== undefined) where.push(`(${order} < ${bind(after.key)} or seq < ${bind(after.seq)})`)

  const condition = where.length === 0 ? '' : ` where ${where.join(' and ')}`
  const sql = `select * from invoice${condition} order by ${order} desc, seq desc limit ${bind(limit)}`
  return { sql, params, order }
}

/** A date alone means the whole day. */
const startOf = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time))
const endOf = (time: string | undefined) =>
  time === undefined ? undefined : Date.parse(time) + (time.length === 10 ? 86_399_999 : 0)

/** Every caller that has an invoice, by hops over the index. */
async function callersOf(tx: Tx): Promise<string[]> {
  const rows = await tx.all(`with recursive known (caller) as (
      select (select caller from invoice order by caller limit 1)
      union all
      select (select caller from invoice where caller > known.caller order by caller limit 1)
      from known where known.caller is not null
    )
    select caller from known where caller is not null`)
  return rows.map((row) => text(row, 'caller'))
}

export function createList(engine: Engine): Store['list'] {
  return async (filter, { limit, cursor }) => {
    const after = cursor === undefined ? undefined : decodeCursor(filter, cursor)
    return await engine.read(async (tx) => {
      const callers = filter.caller === undefined ? await callersOf(tx) : [filter.caller]
      const walks = walksOf(filter, callers, limit + 1, after)
      const found: Row[] = []
      for (const { sql, params } of walks) found.push(...(await tx.all(sql, params)))
      const order = walks[0]?.order ?? 'created_at'
      const key = (row: Row) => (order === 'created_at' ? int(row, order) : text(row, order))
      if (walks.length > 1) {
        found.sort((a, b) => (key(a) === key(b) ? int(b, 'seq') - int(a, 'seq') : key(a) < key(b) ? 1 : -1))
      }
      const rows = found.slice(0, limit)
      const last = rows.at(-1)
      return {
        items: rows.map(invoiceFrom),
        ...(found.length > limit &&
          last !== undefined && { nextCursor: encodeCursor(filter, { key: key(last), seq: int(last, 'seq') }) })
      }
    })
  }
}
