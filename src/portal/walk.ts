import type { Page } from '../chorus/asker.ts'
import { decodePage, encodePage, type PageRequest } from '../page-cursor.ts'
import { ProblemError } from '../problem.ts'

/** One search of Chorus Pro. A list is one or several, read one after the other. */
export interface Leg<T> {
  /** Tells it from the other legs of the list. */
  name: string
  page(at: PageRequest): Promise<Page<T>>
}

export interface Walked<T> {
  items: T[]
  nextCursor?: string
  total?: number
}

/** Rows that are left out may leave pages empty: so many are read for one answer, then the caller goes on himself. */
const mostPages = 20

/** One page. `list` names the list with its filter: a cursor is good for nothing else. */
export async function walk<T>(
  list: Record<string, unknown>,
  legs: readonly Leg<T>[],
  { limit = 50, cursor }: { limit?: number | undefined; cursor?: string | undefined }
): Promise<Walked<T>> {
  const named = legs.map((leg) => ({ leg, list: { ...list, leg: leg.name } }))
  let [index, at] = start(named, cursor, limit)
  let items: T[] = []
  let total: number | undefined
  for (let pages = 0; pages < mostPages && index < named.length && items.length === 0; pages++) {
    const current = named[index]
    if (current === undefined) break
    const page = await current.leg.page(at)
    items = page.items
    total = page.total
    if (page.next !== undefined) at = page.next
    else [index, at] = [index + 1, { page: 1, size: at.size, seen: 0 }]
  }
  const next = named[index]
  return {
    items,
    ...(next !== undefined && { nextCursor: encodePage(next.list, at) }),
    ...(total !== undefined && legs.length === 1 && { total })
  }
}

type Named = { list: Record<string, unknown> }[]

function start(named: Named, cursor: string | undefined, limit: number): [number, PageRequest] {
  if (cursor === undefined || named.length === 0) return [0, decodePage({}, undefined, limit)]
  for (const [index, { list }] of named.slice(0, -1).entries()) {
    try {
      return [index, decodePage(list, cursor)]
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
    }
  }
  // The last one says what is wrong with a cursor of another list.
  return [named.length - 1, decodePage(named.at(-1)?.list ?? {}, cursor)]
}

/** Keeps the rows that may be shown. A page that lost some tells no total: it would count what is hidden. */
export function onlyThose<T>({ items, total, ...page }: Page<T>, keep: (row: T) => boolean): Page<T> {
  const kept = items.filter(keep)
  return { ...page, items: kept, ...(total !== undefined && kept.length === items.length && { total }) }
}
