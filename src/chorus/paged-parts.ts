import { ChorusError } from './errors.ts'
import { type JsonObject, readInteger, readList, readObject } from './json.ts'

/** A list inside a document, with a pager of its own: names as upstream writes them. */
export interface PagedPart {
  /** The pager in the question, and its two members. */
  pager: string
  page: string
  size: string
  /** The block in the answer, its rows, and its two counters. */
  block: string
  rows: string
  pages: string
  total: string
}

const size = 100
const mostPages = 100

/** Every page of every list, and the answer to the first question. Throws when the rows are not as many as announced. */
export async function readPagedParts(
  service: string,
  parts: readonly PagedPart[],
  ask: (pagers: object) => Promise<JsonObject>
): Promise<{ answer: JsonObject; found: JsonObject[][] }> {
  const found: JsonObject[][] = parts.map(() => [])
  let first: JsonObject | undefined
  for (let page = 1, more = true; more && page <= mostPages; page += 1) {
    const pagers = parts.map((part) => [part.pager, { [part.page]: page, [part.size]: size }])
    const answer = await ask(Object.fromEntries(pagers))
    first ??= answer
    more = false
    for (const [index, part] of parts.entries()) {
      const block = readObject(answer[part.block])
      const held = found[index] ?? []
      const pages = readInteger(block[part.pages]) ?? 1
      if (page <= pages) held.push(...readList(block[part.rows]))
      if (page < pages) more = true
      const total = readInteger(block[part.total])
      if (page === pages && total !== undefined && total !== held.length)
        throw incomplete(service, part, total, held.length)
    }
  }
  return { answer: first ?? {}, found }
}

const incomplete = (service: string, { rows }: PagedPart, total: number, came: number) =>
  new ChorusError(`${service}: ${total} of ${rows} were announced and ${came} came`, {
    proof: 'unknown',
    problem: 'upstream-protocol-error',
    service,
    lane: false
  })
