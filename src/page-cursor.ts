import { createHash } from 'node:crypto'
import { badValue, type ProblemError } from './problem.ts'

/** A place in a list of Chorus Pro: its pages are numbered from 1, `seen` counts the rows before. */
export interface PageRequest {
  page: number
  size: number
  seen: number
}

/** What makes two lists the same one: the resource and its filter. */
type List = Record<string, unknown>

export const defaultPageSize = 50

/** Opaque, and good for the same list and this place alone: a place that nobody was given is none. */
export function encodePage(list: List, { page, size, seen }: PageRequest): string {
  return Buffer.from(JSON.stringify([digestOf(list, page, size, seen), page, size, seen])).toString('base64url')
}

/** The first page without a cursor. Throws `malformed-request` for a cursor of another list. */
export function decodePage(list: List, cursor: string | undefined, size: number = defaultPageSize): PageRequest {
  if (cursor === undefined) return { page: 1, size, seen: 0 }
  const parts = parse(cursor)
  const numbers = parts.slice(1).filter((part): part is number => Number.isSafeInteger(part) && Number(part) >= 0)
  const [page, cursorSize, seen] = numbers
  if (page === undefined || cursorSize === undefined || seen === undefined) throw foreignCursor()
  if (parts[0] !== digestOf(list, page, cursorSize, seen)) throw foreignCursor()
  return { page, size: cursorSize, seen }
}

/** A page as callers read it: the next one by its cursor. */
export function toPage<T>(list: List, page: { items: T[]; total?: number; next?: PageRequest }) {
  const { next, ...rest } = page
  return { ...rest, ...(next !== undefined && { nextCursor: encodePage(list, next) }) }
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

function digestOf(list: List, ...place: number[]): string {
  const parts = Object.entries(list)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([parts, place]))
    .digest('base64url')
    .slice(0, 12)
}

export const foreignCursor = (): ProblemError =>
  badValue('/cursor', {
    detail: 'The cursor belongs to another list. Start again without it.',
    message: 'The cursor belongs to another list.',
    messageFr: 'Le curseur appartient à une autre liste.',
    fix: 'Start again without a cursor.'
  })
