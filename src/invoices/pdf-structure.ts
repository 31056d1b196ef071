/** How far we look for the end of one object; page tree nodes are small. */
const objectSpan = 65_536
const treeLimit = 500
const sectionLimit = 50

type Section = { ranges: { first: number; count: number; at: number }[]; trailer: string }

/**
 * The number of pages of a PDF whose structure is in plain sight: classic cross-reference tables, a catalogue and a
 * page tree that hold together. Undefined when anything is unusual; then only a full parse can tell.
 */
export function countPlainPages(bytes: Buffer): number | undefined {
  const sections = readSections(bytes)
  const root = sections?.map(({ trailer }) => reference(trailer, 'Root')).find((found) => found !== undefined)
  if (sections === undefined || root === undefined) return undefined
  const catalog = readObject(bytes, sections, root)
  const tree = catalog === undefined ? undefined : reference(catalog, 'Pages')
  if (catalog === undefined || tree === undefined || !/\/Type\s*\/Catalog\b/.test(catalog)) return undefined
  return countPages(bytes, sections, tree)
}

function countPages(bytes: Buffer, sections: readonly Section[], root: number): number | undefined {
  const seen = new Set<number>()
  const waiting = [root]
  let pages = 0
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node) || seen.size >= treeLimit) return undefined
    seen.add(node)
    const body = readObject(bytes, sections, node)
    if (body === undefined) return undefined
    if (/\/Type\s*\/Page\b/.test(body)) pages += 1
    else {
      const kids = /\/Type\s*\/Pages\b/.test(body) ? /\/Kids\s*\[([^\]]*)\]/.exec(body)?.[1] : undefined
      if (kids === undefined) return undefined
      for (const [, kid] of kids.matchAll(/(\d+)\s+\d+\s+R\b/g)) waiting.push(Number(kid))
    }
  }
  return pages === 0 ? undefined : pages
}

/** The cross-reference sections, newest first, by `startxref` and `/Prev`. */
function readSections(bytes: Buffer): Section[] | undefined {
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - 1100))
  const start = /startxref\s+(\d{1,10})\s+%%EOF\s*$/.exec(tail.slice(tail.lastIndexOf('startxref')))?.[1]
  const sections: Section[] = []
  const seen = new Set<number>()
  let next = start === undefined ? undefined : Number(start)
  if (next === undefined) return undefined
  while (next !== undefined) {
    if (seen.has(next) || seen.size >= sectionLimit) return undefined
    seen.add(next)
    const section = readSection(bytes, next)
    if (section === undefined) return undefined
    sections.push(section)
    const previous: string | undefined = /\/Prev\s+(\d{1,10})\b/.exec(section.trailer)?.[1]
    next = previous === undefined ? undefined : Number(previous)
  }
  return sections
}

function readSection(bytes: Buffer, offset: number): Section | undefined {
  const keyword = /^\s{0,2}xref\s+/.exec(bytes.toString('latin1', offset, offset + 16))
  if (keyword === null) return undefined
  const ranges: Section['ranges'] = []
  let at = offset + keyword[0].length
  for (;;) {
    const range = /^\s*(\d{1,10})\s+(\d{1,10})\s*?\r?\n?(?=\d{10} )/.exec(bytes.toString('latin1', at, at + 48))
    if (range === null) break
    at += range[0].length
    const count = Number(range[2])
    ranges.push({ first: Number(range[1]), count, at })
    at += count * 20
    if (at > bytes.length) return undefined
  }
  const rest = bytes.toString('latin1', at, at + 4096)
  const trailer = /^\s*trailer\s*<<([\s\S]*?)startxref/.exec(rest)?.[1]
  return trailer === undefined || ranges.length === 0 ? undefined : { ranges, trailer }
}

/** The text of an object, from behind `obj` to its end; undefined when the table does not lead to it. */
function readObject(bytes: Buffer, sections: readonly Section[], number: number): string | undefined {
  const offset = findOffset(bytes, sections, number)
  if (offset === undefined) return undefined
  const head = /^\s{0,2}(\d{1,10})\s+\d{1,5}\s+obj\b/.exec(bytes.toString('latin1', offset, offset + 32))
  if (head === null || Number(head[1]) !== number) return undefined
  const end = bytes.subarray(offset, offset + objectSpan).indexOf('endobj')
  return end < 0 ? undefined : bytes.toString('latin1', offset + head[0].length, offset + end)
}

function findOffset(bytes: Buffer, sections: readonly Section[], number: number): number | undefined {
  for (const { ranges } of sections) {
    const range = ranges.find(({ first, count }) => number >= first && number < first + count)
    if (range === undefined) continue
    const at = range.at + (number - range.first) * 20
    const entry = /^(\d{10}) \d{5} n/.exec(bytes.toString('latin1', at, at + 18))?.[1]
    return entry === undefined ? undefined : Number(entry)
  }
  return undefined
}

function reference(dictionary: string, key: string): number | undefined {
  const number = new RegExp(`/${key}\\s+(\\d{1,10})\\s+\\d{1,5}\\s+R\\b`).exec(dictionary)?.[1]
  return number === undefined ? undefined : Number(number)
}
