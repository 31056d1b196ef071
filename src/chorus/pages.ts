import { failpoint } from '../failpoint.ts'
import { ChorusError, type Evidence } from './errors.ts'
import { type Json, type JsonObject, readInteger, readList, readObject, readText } from './json.ts'
import type { Answer } from './request.ts'

export const pageSize = 100
/** A search that never ends is a fault of the other side, not a reason to go on. */
const mostPages = 10_000

interface Search {
  service: string
  /** The member that holds the rows. */
  rows: string
  /** Demands the total: an answer that cannot be checked is no information (reliability brief, 2.3). */
  strict: boolean
  /** Names a row: one that comes on two pages hides another that came on none. */
  id?: string
  /** False for the services that take no page: what they give is all. */
  paged: boolean
  ask: (page: number) => Promise<Answer>
  /** What was looked for is among the rows: the others, and their number, do not matter. */
  enough?: (rows: JsonObject[]) => boolean
}

/** What arrives while the pages are read moves the rows: the whole of it is read again, so often in all. */
const mostReadings = 4

/** Every row of every page, or an error: never a part of them. No result is an empty list. */
export async function readPages(search: Search): Promise<JsonObject[]> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await readOnce(search)
    } catch (error) {
      if (!(error instanceof RowsMoved) || reading === mostReadings) throw error
    }
  }
}

class RowsMoved extends ChorusError {}

async function readOnce(search: Search): Promise<JsonObject[]> {
  const found: JsonObject[] = []
  let announced: number | undefined
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = page === 1 ? await firstPage(search) : (await search.ask(page)).answer
    failpoint('search-page', search.service)
    if (answer === undefined) return []
    // Under parametresRetour, or at the root (behaviour.md, section 11).
    const counters: JsonObject = { ...answer, ...readObject(answer['parametresRetour']) }
    const total = readInteger(counters['total'])
    const pages = readInteger(counters['pages'])
    if (!search.paged) return readList(answer[search.rows])
    if (search.strict && total === undefined) throw doubt(search, 'the answer announces no total')
    if (page > 1 && total !== announced) throw moved(search, `the total changed from ${announced} to ${total}`)
    announced = total
    const rows = readList(answer[search.rows] as Json | undefined)
    found.push(...rows)
    if (search.enough?.(found) === true) return found
    const more = total === undefined ? page < (pages ?? 1) : found.length < total
    if (!more || rows.length === 0) break
  }
  if (announced !== undefined && found.length !== announced) {
    throw moved(search, `${announced} rows were announced and ${found.length} came`)
  }
  const { id } = search
  if (id !== undefined) {
    const ids = found.map((row) => readText(row[id]))
    if (ids.includes(undefined)) throw doubt(search, `a row has no ${id}`)
    if (new Set(ids).size !== ids.length) throw moved(search, 'a row came twice')
  }
  return found
}

async function firstPage(search: Search): Promise<JsonObject | undefined> {
  try {
    return (await search.ask(1)).answer
  } catch (error) {
    if (isNoResult(error)) return undefined
    throw error
  }
}

/** A code, not an empty list (errors.md, section 3.4). The same number with another key means something else. */
export function isNoResult(error: unknown): boolean {
  if (!(error instanceof ChorusError)) return false
  const { service, exchange } = error.evidence
  const [code, key] = service.startsWith('facturesTravaux/')
    ? [20007, /GFT_MSG_01[._]075/]
    : [20000, /TRA_MSG_00[._]015/]
  const label = exchange?.label ?? ''
  return exchange?.returnCode === code && (key.test(label) || !/[A-Z]{3}_MSG_\d/.test(label))
}

const doubt = (search: Search, what: string) => new ChorusError(...unclear(search, what))
const moved = (search: Search, what: string) => new RowsMoved(...unclear(search, what))

function unclear({ service }: Search, what: string): [message: string, evidence: Evidence] {
  return [`${service}: ${what}`, { proof: 'unknown', problem: 'upstream-protocol-error', service, lane: false }]
}
