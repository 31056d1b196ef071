const separator = ';'
/** A quoted cell may hold line ends; one that never closes is taken as it stands. */
const mostLines = 16
const longestLine = 64 * 1024

/**
 * Records of a CSV with semicolons, some hundred at a time, in bounded memory. Quotes are honoured where they make a
 * record of as many cells as the first one has, and are plain characters where they do not: names hold them.
 */
export async function* readCsv(source: AsyncIterable<Buffer>): AsyncGenerator<string[][]> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  let width: number | undefined
  let held: string[] = []

  const take = (lines: string[]): string[][] => {
    const records: string[][] = []
    for (const line of lines) {
      if (held.length === 0 && line.trim() === '') continue
      held.push(line)
      const record = split(held.join('\n'), width)
      if (record === undefined && held.length < mostLines) continue
      for (const one of record === undefined ? held.map((each) => each.split(separator)) : [record]) {
        width ??= one.length
        records.push(one)
      }
      held = []
    }
    return records
  }

  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n/)
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw new RangeError(`a line is longer than ${longestLine} characters`)
    const records = take(lines)
    if (records.length > 0) yield records
  }
  const last = take((rest + decoder.decode()).split(/\r\n|\n/))
  last.push(...held.map((line) => line.split(separator)))
  if (last.length > 0) yield last
}

/** undefined while a quoted cell is open. */
function split(text: string, width: number | undefined): string[] | undefined {
  if (!text.includes('"')) return text.split(separator)
  const cells = splitQuoted(text)
  if (cells !== undefined && (width === undefined || cells.length === width)) return cells
  const plain = text.split(separator)
  return plain.length === width ? plain : cells
}

function splitQuoted(text: string): string[] | undefined {
  const cells: string[] = []
  for (let at = 0; ; ) {
    const quote = text[at] === '"' ? closingQuote(text, at) : undefined
    if (text[at] === '"' && quote === undefined) return undefined
    const end = quote === undefined ? indexOr(text, separator, at) : quote + 1
    cells.push(quote === undefined ? text.slice(at, end) : text.slice(at + 1, quote).replaceAll('""', '"'))
    if (end >= text.length) return cells
    at = end + 1
  }
}

/** The quote that ends a cell: what follows it is a separator or the end. */
function closingQuote(text: string, start: number): number | undefined {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    if (text[at + 1] === '"') at++
    else if (at + 1 === text.length || text[at + 1] === separator) return at
  }
  return undefined
}

const indexOr = (text: string, wanted: string, from: number): number => {
  const at = text.indexOf(wanted, from)
  return at === -1 ? text.length : at
}
