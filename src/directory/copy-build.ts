import { existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type ListedOrganization, readerOf } from '../chorus/directory-file.ts'
import { syncFile } from '../store/files.ts'
import { tablesOf } from './archive.ts'
import { readCsv } from './csv.ts'

/** Where a copy comes from. */
export interface CopyOrigin {
  /** When Chorus Pro said so: RFC 3339. */
  asOf: string
  /** `download`, or the name of the file that was imported. */
  from: string
}

export const copyVersion = 1

/**
 * Builds the copy's database from the directory file, ZIP or CSV. What is not whole has no use: anything that breaks on
 * the way throws, and nothing is left. On the disk when resolved. Memory stays small whatever the size of the file.
 */
export async function buildCopy(file: string, to: string, origin: CopyOrigin): Promise<{ organizations: number }> {
  if (existsSync(to)) rmSync(to)
  const database = new DatabaseSync(to)
  try {
    database.exec(tables)
    const organizations = await fill(database, file)
    if (organizations === 0) throw new Error('the file lists no structure: no CSV in it has the known columns')
    const meta = database.prepare('insert into meta (name, value) values (?, ?)')
    for (const [name, value] of Object.entries({ ...origin, organizations, version: copyVersion })) {
      meta.run(name, String(value))
    }
    database.exec('commit')
    database.close()
    await syncFile(to)
    return { organizations }
  } catch (error) {
    if (database.isOpen) database.close()
    rmSync(to, { force: true })
    throw error
  }
}

/** Synced once, at the end: until then it is nobody's. */
const tables = `
  pragma journal_mode = off;
  pragma synchronous = off;
  begin;
  create table meta (name text primary key, value text not null);
  create table organization (
    id integer primary key, identifier text not null, identifier_type text not null, name text, active integer,
    service_code integer, commitment_number integer, service_or_commitment integer,
    works_owner integer, works_only integer, payment_reported integer,
    street text, postal_code text, town text, country text
  );
  create virtual table words using fts5 (
    name, town, marks, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5 6 7', detail = 'column'
  );`

const indexes = `
  create index organization_identifier on organization (identifier);
  insert into words (words) values ('optimize');`

async function fill(database: DatabaseSync, file: string): Promise<number> {
  const columns = 'identifier, identifier_type, name, active, service_code, commitment_number, service_or_commitment'
  const insert = database.prepare(
    `insert into organization (${columns}, works_owner, works_only, payment_reported, street, postal_code, town, country)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const insertWords = database.prepare('insert into words (rowid, name, town, marks) values (?, ?, ?, ?)')
  let count = 0
  for await (const table of tablesOf(file)) {
    let read: ReturnType<typeof readerOf>
    let first = true
    for await (const records of readCsv(table.read())) {
      if (first) read = readerOf(records.shift() ?? [])
      first = false
      if (read === undefined) break
      for (const cells of records) {
        const one = read(cells)
        if (one === undefined) continue
        const { lastInsertRowid } = insert.run(...valuesOf(one))
        insertWords.run(lastInsertRowid, one.name ?? '', one.town ?? '', marksOf({ active: true, ...one }).join(' '))
        count++
      }
    }
  }
  database.exec(indexes)
  return count
}

/**
 * What a structure is, as words: every condition of a search is a word then, and a page costs the same whatever the
 * conditions leave. An active structure and one of which nothing is said carry the same mark.
 */
export function marksOf(one: Partial<ListedOrganization>): string[] {
  const mark = (kind: string, value: string | boolean | undefined) =>
    value === undefined
      ? []
      : [
          `${kind}${String(value)
            .toLowerCase()
            .replaceAll(/[^\p{L}\p{N}]/gu, 'x')}`
        ]
  return [
    ...mark('type', one.identifierType),
    ...mark('post', one.postalCode),
    ...mark('land', one.country),
    ...mark('active', one.active),
    ...mark('owner', one.worksOwner),
    ...mark('works', one.worksOnly)
  ].map((word) => word.replaceAll('_', ''))
}

const flag = (value: boolean | undefined) => (value === undefined ? null : value ? 1 : 0)

const valuesOf = (one: ListedOrganization) => [
  one.identifier,
  one.identifierType,
  one.name ?? null,
  flag(one.active),
  flag(one.serviceCode),
  flag(one.commitmentNumber),
  flag(one.serviceOrCommitment),
  flag(one.worksOwner),
  flag(one.worksOnly),
  flag(one.paymentReported),
  one.street ?? null,
  one.postalCode ?? null,
  one.town ?? null,
  one.country ?? null
]
