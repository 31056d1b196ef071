import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite'
import type { ListedOrganization } from '../chorus/directory-file.ts'
import { type CopyOrigin, copyVersion, marksOf } from './copy-build.ts'

export interface CopyFacts extends CopyOrigin {
  organizations: number
}

/** All conditions count together. */
export type CopyFilter = Partial<
  Pick<
    ListedOrganization,
    'identifier' | 'identifierType' | 'postalCode' | 'country' | 'active' | 'worksOwner' | 'worksOnly'
  >
> & {
  /** Words, in any order, each by its beginning; accents and case do not count. */
  name?: string
  town?: string
  /** As `name`; a word may stand in either. */
  nameOrTown?: string
}

/** One built copy, open for reading. */
export interface CopyFile {
  facts: CopyFacts
  find(identifier: string): ListedOrganization | undefined
  /** In the order of the file; `next` leads on. */
  search(filter: CopyFilter, page: { limit: number; after: number }): { items: ListedOrganization[]; next?: number }
  close(): void
}

/** Throws when the file is none of ours, or of another version. */
export function openCopy(path: string): CopyFile {
  const database = new DatabaseSync(path, { readOnly: true })
  const facts = readFacts(database)
  const find = database.prepare('select * from organization where identifier = ? order by active desc, id limit 1')
  return {
    facts,
    find(identifier) {
      const row = find.get(identifier)
      return row === undefined ? undefined : fromRow(row)
    },
    search(filter, { limit, after }) {
      // Signs alone are no word: nothing has them in its name.
      const texts = [filter.name, filter.town, filter.nameOrTown]
      if (texts.some((text) => text !== undefined && !/[\p{L}\p{N}]/u.test(text))) return { items: [] }
      const { sql, values } = query(filter)
      const rows = database.prepare(sql).all(...values, after, limit + 1)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)?.['id']
      return { items: shown.map(fromRow), ...(rows.length > limit && last !== undefined && { next: Number(last) }) }
    },
    close: () => database.close()
  }
}

function readFacts(database: DatabaseSync): CopyFacts {
  const meta = new Map(
    database
      .prepare('select name, value from meta')
      .all()
      .map((row) => [String(row['name']), String(row['value'])])
  )
  if (meta.get('version') !== String(copyVersion)) {
    database.close()
    throw new Error('a copy of another version')
  }
  return {
    asOf: meta.get('asOf') ?? '',
    from: meta.get('from') ?? '',
    organizations: Number(meta.get('organizations'))
  }
}

/** An identifier leaves one. Everything else is a word: the walk goes through the ids that have them all, and ends after the rows of one page. */
function query(filter: CopyFilter): { sql: string; values: SQLInputValue[] } {
  if (filter.identifier !== undefined) {
    const sql = 'select * from organization where identifier = ? and id > ? order by id limit ?'
    return { sql, values: [filter.identifier] }
  }
  const words = [
    ...wordsOf('name', filter.name),
    ...wordsOf('town', filter.town),
    ...wordsOf('{name town}', filter.nameOrTown),
    ...marksOf(filter).map((mark) => `marks : "${mark}"`)
  ]
  if (words.length === 0) {
    return { sql: 'select * from organization where id > ? order by id limit ?', values: [] }
  }
  const sql = `select organization.* from words cross join organization on id = words.rowid
    where words match ? and words.rowid > ? order by words.rowid limit ?`
  return { sql, values: [words.join(' AND ')] }
}

/** A single letter stands for itself: as a beginning it would stand for a tenth of the directory. */
const wordsOf = (column: string, text: string | undefined): string[] =>
  (text?.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `${column} : "${word}"${word.length > 1 ? '*' : ''}`)

function fromRow(row: Record<string, SQLOutputValue>): ListedOrganization {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : undefined)
  const flag = (name: string) => (row[name] === null ? undefined : row[name] === 1)
  const members = {
    name: text('name'),
    active: flag('active'),
    serviceCode: flag('service_code'),
    commitmentNumber: flag('commitment_number'),
    serviceOrCommitment: flag('service_or_commitment'),
    worksOwner: flag('works_owner'),
    worksOnly: flag('works_only'),
    paymentReported: flag('payment_reported'),
    street: text('street'),
    postalCode: text('postal_code'),
    town: text('town'),
    country: text('country')
  }
  return {
    identifier: text('identifier') ?? '',
    identifierType: text('identifier_type') ?? 'other',
    ...present(members)
  }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
const present = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>
