const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openList = 0x5b
const backslash = 0x5c
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** What is done with the member that is lifted out. */
export interface MemberParts {
  /** Member of the outermost object. */
  name: string
  /** A piece of its text, escapes undone. */
  text: (piece: string) => void
  end: () => void
}

export interface MemberFilter {
  /** Gives what is left of a piece: put together, the same JSON with an empty text. */
  take: (piece: Buffer) => Buffer
  /** True while the text of the member passes. */
  inside: () => boolean
}

/**
 * Lifts the text of one member out of a JSON object that passes in pieces, wherever it stands among the others. What is
 * no JSON object passes whole.
 */
export function createMemberFilter(parts: MemberParts): MemberFilter {
  let depth = 0
  let kind: 'unknown' | 'object' | 'other' = 'unknown'
  let place: 'outside' | 'string' | 'key' | 'content' = 'outside'
  let keyNext = false
  let escaped = false
  let key: number[] = []
  /** The name was read, its value is next. */
  let wanted = false
  let found = false
  const unescape = createUnescaper()

  function outside(byte: number): void {
    if (byte <= 0x20) return
    if (byte === quote) {
      place = wanted ? 'content' : keyNext && depth === 1 ? 'key' : 'string'
      if (wanted) found = true
      key = []
      wanted = false
      return
    }
    if (byte === colon && depth === 1) {
      wanted = !found && sameName(key, parts.name)
      keyNext = false
      return
    }
    wanted = false
    if (byte === openObject || byte === openList) {
      depth += 1
      keyNext = byte === openObject
    } else if (byte === closeObject || byte === closeList) depth -= 1
    else if (byte === comma && depth === 1) keyNext = true
  }

  function inside(byte: number): void {
    if (escaped) escaped = false
    else if (byte === backslash) escaped = true
    else if (byte === quote) {
      place = 'outside'
      return
    }
    if (place === 'key') key.push(byte)
  }

  function take(piece: Buffer): Buffer {
    if (kind === 'unknown') kind = kindOf(piece)
    if (kind !== 'object') return piece
    const kept: Buffer[] = []
    let keepFrom = 0
    for (let at = 0; at < piece.length; ) {
      if (place === 'content') {
        kept.push(piece.subarray(keepFrom, at))
        const behind = unescape(piece, at, parts.text)
        // Its closing quote is kept, as the opening one was.
        keepFrom = behind === undefined ? piece.length : behind - 1
        at = behind ?? piece.length
        if (behind === undefined) continue
        place = 'outside'
        parts.end()
        continue
      }
      const byte = piece[at] ?? 0
      at += 1
      if (place === 'outside') outside(byte)
      else inside(byte)
    }
    kept.push(piece.subarray(keepFrom))
    return Buffer.concat(kept)
  }

  return { take, inside: () => place === 'content' }
}

/** By the first byte that is neither blank nor of a byte order mark. */
function kindOf(piece: Buffer): 'unknown' | 'object' | 'other' {
  const first = piece.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
  return first === undefined ? 'unknown' : first === openObject ? 'object' : 'other'
}

function sameName(key: number[], name: string): boolean {
  try {
    return JSON.parse(`"${Buffer.from(key).toString('utf8')}"`) === name
  } catch {
    return false
  }
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** Reads a JSON text up to its closing quote; gives the place behind it, or undefined when the piece ends first. */
function createUnescaper() {
  /** An escape of which the rest is in the next piece, without its backslash. */
  let open: string | undefined
  return (piece: Buffer, from: number, text: (piece: string) => void): number | undefined => {
    let at = from
    let gathered = ''
    let closing = piece.indexOf(quote, at)
    while (at < piece.length) {
      if (open !== undefined) {
        open += String.fromCharCode(piece[at] ?? 0)
        at += 1
        if (open.startsWith('u') && open.length < 5) continue
        gathered += open.startsWith('u')
          ? String.fromCharCode(Number.parseInt(open.slice(1), 16))
          : (escapes[open] ?? open)
        open = undefined
        if (closing >= 0 && closing < at) closing = piece.indexOf(quote, at)
        continue
      }
      const slash = piece.subarray(0, closing < 0 ? piece.length : closing).indexOf(backslash, at)
      const until = slash >= 0 ? slash : closing >= 0 ? closing : piece.length
      gathered += piece.toString('latin1', at, until)
      at = until + 1
      if (slash >= 0) open = ''
      else {
        if (gathered !== '') text(gathered)
        return closing >= 0 ? at : undefined
      }
    }
    if (gathered !== '') text(gathered)
    return undefined
  }
}
