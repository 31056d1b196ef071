import { type Fields, number, text } from './fields.ts'
import { nothingFound } from './refusal.ts'

export interface Counters {
  pageCourante: number
  pages: number
  nbResultatsParPage: number
  total: number
}

export interface PageWish {
  page: number
  size: number
  /** Most results wanted in all. */
  maximum: number
  column: string
  descending: boolean
}

export interface PageDefaults {
  column: string
  descending: boolean
  maximum?: number
}

/** Page 1, 10 per page, at most 200 results where the search has that member (behaviour.md 11). Zero counts as absent. */
export function pageWish(fields: Fields, defaults: PageDefaults, sizeCap: number | null): PageWish {
  const size = pageSize(fields, 'nbResultatsParPage')
  const direction = text(fields, 'triSens')?.trim().toLowerCase()
  return {
    page: Math.max(1, Math.floor(number(fields, 'pageResultatDemandee') ?? 1)),
    size: sizeCap === null ? size : Math.min(size, sizeCap),
    maximum: Math.max(1, number(fields, 'nbResultatsMaximum') || (defaults.maximum ?? Number.POSITIVE_INFINITY)),
    column: text(fields, 'triColonne') ?? defaults.column,
    descending: direction === undefined ? defaults.descending : direction.startsWith('desc')
  }
}

export const pageSize = (fields: Fields, name: string): number => Math.max(1, Math.floor(number(fields, name) || 10))

export function cutPage<T>(rows: readonly T[], wish: Pick<PageWish, 'page' | 'size' | 'maximum'>) {
  const total = Math.min(rows.length, wish.maximum)
  const start = (wish.page - 1) * wish.size
  const counters: Counters = {
    pageCourante: wish.page,
    pages: Math.ceil(total / wish.size),
    nbResultatsParPage: wish.size,
    total
  }
  return { rows: rows.slice(start, Math.min(start + wish.size, total)), counters }
}

/** As `cutPage`; nothing on the page is "no result" (errors.md 3.4). A page beyond the last: unknown, taken alike. */
export function cutPageOrNothing<T>(rows: readonly T[], wish: PageWish) {
  const page = cutPage(rows, wish)
  if (page.rows.length === 0) throw nothingFound()
  return page
}

/** `DateDepot` sorts by the member `dateDepot`; the 2017 annex wrote columns in camelCase (enums.json triColonne). */
export const columnMember = (column: string): string => column.charAt(0).toLowerCase() + column.slice(1)

export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (a === undefined || a === null) return -1
  if (b === undefined || b === null) return 1
  // Rows hold texts, numbers and ids; two values of one column are of one kind.
  return (a as string | number | bigint) < (b as string | number | bigint) ? -1 : 1
}

/** Stable; equal values keep the order they came in. */
export function sortRows<T extends object>(rows: readonly T[], column: string, descending: boolean): T[] {
  const member = columnMember(column)
  const value = (row: T): unknown => (row as Record<string, unknown>)[member]
  const sorted = rows.toSorted((a, b) => compareValues(value(a), value(b)))
  return descending ? sorted.reverse() : sorted
}

/** Old answers wrote a list of one as an object (behaviour.md 17); only where that was seen, and only if asked for. */
export const maybeAlone = <T>(
  rows: readonly T[],
  { singleAsObject }: { singleAsObject: boolean }
): readonly T[] | T => {
  const [only, ...others] = rows
  return singleAsObject && only !== undefined && others.length === 0 ? only : rows
}

/**
 * Counters of an answer that has no pages. The Swagger declares them at the root of some code lists; observed answers
 * lack them, yet a known client demands them, and none minds them.
 */
export const onePage = (rows: readonly unknown[]): Counters => ({
  pageCourante: 1,
  pages: 1,
  nbResultatsParPage: rows.length,
  total: rows.length
})
