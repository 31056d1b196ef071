import { type Fields, number, text } from './fields.ts'
import { columnMember, compareValues, cutPage, pageSize } from './pages.ts'

export interface NestedNames {
  /** Members of the pager; they carry the list's name, not always spelt like that of the counters. */
  page: string
  size: string
  sort: string
  /** Suffix of the four counters. */
  counters: string
}

/** One of several paged lists inside an answer. An empty list has one page (consulter-historique.json). */
export function nestedList<T extends object>(
  rows: readonly T[],
  pager: Fields,
  names: NestedNames,
  defaults: { column?: string; descending?: boolean } = {}
): { rows: T[]; counters: Record<string, number> } {
  const column = text(pager, `triColonne${names.sort}`) ?? defaults.column
  const direction = text(pager, `triSens${names.sort}`)?.trim().toLowerCase()
  const descending = direction === undefined ? (defaults.descending ?? false) : direction.startsWith('desc')
  const sorted =
    column === undefined ? [...rows] : rows.toSorted((a, b) => compareValues(value(a, column), value(b, column)))
  if (descending) sorted.reverse()
  const { rows: shown, counters } = cutPage(sorted, {
    page: Math.max(1, number(pager, names.page) ?? 1),
    size: pageSize(pager, names.size),
    maximum: Number.POSITIVE_INFINITY
  })
  return {
    rows: shown,
    counters: {
      [`pageCourante${names.counters}`]: counters.pageCourante,
      [`pages${names.counters}`]: Math.max(1, counters.pages),
      [`nbResultatsParPage${names.counters}`]: counters.nbResultatsParPage,
      [`total${names.counters}`]: counters.total
    }
  }
}

const value = (row: object, column: string): unknown => (row as Record<string, unknown>)[columnMember(column)]
