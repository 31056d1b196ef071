import { SaxesParser } from 'saxes'
import { XmlRefusal } from './xml-text.ts'

export type XmlElement = {
  /** Local name. */
  name: string
  uri: string
  /** Values by local name; declarations of namespaces are left out. */
  attributes: Readonly<Record<string, string>>
  /** Where its start tag ended. */
  line: number
}

export type XmlVisitor = {
  /** A processing instruction, such as a style sheet. */
  instruction?(target: string, body: string): void
  open?(element: XmlElement, path: readonly string[]): void
  /** `text` is the element's own text: CDATA sections and pieces between comments are joined, trimmed. */
  close?(element: XmlElement, path: readonly string[], text: string): void
}

/** Far above any real invoice, far below what hurts. */
const limits = { depth: 100, attributesOfOne: 100, attributes: 500_000, elements: 500_000 }

/**
 * Reads a document from start to end and tells the visitor about every element; `path` has the local names from the
 * root down. There is no DTD, hence no entity but XML's own five. Throws an {@link XmlRefusal} where reading stops.
 */
export function walkXml(text: string, visitor: XmlVisitor): void {
  const parser = new SaxesParser({ xmlns: true })
  const path: string[] = []
  const open: { element: XmlElement; text: string }[] = []
  const seen = { attributes: 0, elements: 0, ofThis: 0 }
  const place = () => ({ line: parser.line, column: parser.column + 1 })

  parser.on('doctype', () => {
    throw new XmlRefusal('xml_dtd_forbidden', dtdForbidden, place())
  })
  parser.on('error', (error) => {
    const bare = bareAmpersand(text)
    const reason = error.message.replace(/^(?:[^:]*:)?\d+:\d+: /, '')
    throw bare === undefined ? malformed(reason, place()) : malformed('"&" has to be written &amp;', bare)
  })
  parser.on('processinginstruction', ({ target, body }) => visitor.instruction?.(target, body))
  parser.on('attribute', () => {
    seen.ofThis += 1
    seen.attributes += 1
    if (seen.ofThis > limits.attributesOfOne || seen.attributes > limits.attributes) {
      throw tooLarge('attributes', 'd’attributs', place())
    }
  })
  parser.on('opentag', (tag) => {
    seen.ofThis = 0
    seen.elements += 1
    if (seen.elements > limits.elements) throw tooLarge('elements', 'd’éléments', place())
    if (path.length >= limits.depth) throw tooLarge('levels', 'de niveaux', place())
    const element = { name: tag.local, uri: tag.uri, attributes: ownAttributes(tag.attributes), line: parser.line }
    path.push(tag.local)
    open.push({ element, text: '' })
    visitor.open?.(element, path)
  })
  const append = (piece: string): void => {
    const innermost = open.at(-1)
    if (innermost !== undefined) innermost.text += piece
  }
  parser.on('text', append)
  parser.on('cdata', append)
  parser.on('closetag', () => {
    const closed = open.pop()
    if (closed !== undefined) visitor.close?.(closed.element, path, closed.text.trim())
    path.pop()
  })
  parser.write(text).close()
}

function ownAttributes(
  attributes: Record<string, { local: string; prefix: string; value: string }>
): Record<string, string> {
  const own: Record<string, string> = Object.create(null)
  for (const { local, prefix, value } of Object.values(attributes)) {
    if (prefix !== 'xmlns' && local !== 'xmlns') own[local] = value
  }
  return own
}

const dtdForbidden = {
  message: 'xml_dtd_forbidden: the XML has a document type declaration (DOCTYPE), which could define entities.',
  messageFr: 'xml_dtd_forbidden : le XML contient une déclaration de type de document (DOCTYPE), interdite.',
  fix: 'Remove the <!DOCTYPE …> and write every value out instead of using entities.'
}

/**
 * Where an unescaped `&` stands, the commonest fault of home-made XML. The parser reads on to the next semicolon and
 * complains about something far behind it.
 */
function bareAmpersand(text: string): { line: number; column: number } | undefined {
  const marks = /<!\[CDATA\[|<!--|&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z_][\w.-]{0,40});)/g
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    if (found[0] === '&') {
      const before = text.slice(0, found.index)
      return { line: before.split('\n').length, column: found.index - before.lastIndexOf('\n') }
    }
    const end = text.indexOf(found[0] === '<!--' ? '-->' : ']]>', marks.lastIndex)
    if (end < 0) return undefined
    marks.lastIndex = end
  }
  return undefined
}

function malformed(problem: string, place: { line: number; column: number }): XmlRefusal {
  const reason = problem.slice(0, 200)
  const where = `line ${place.line}, column ${place.column}`
  return new XmlRefusal(
    'xml-malformed',
    {
      message: `The XML is not well formed at ${where}: ${reason}`,
      messageFr: `Le XML est mal formé, ligne ${place.line}, colonne ${place.column} : ${reason}`,
      fix: 'Open the file with an XML editor at that place; often `&` or `<` stands unescaped, or the end is missing.'
    },
    place
  )
}

function tooLarge(what: string, whatFr: string, place: { line: number; column: number }): XmlRefusal {
  return new XmlRefusal(
    'xml-limits',
    {
      message: `The XML has too many ${what} for an invoice (line ${place.line}).`,
      messageFr: `Le XML comporte trop ${whatFr} pour une facture (ligne ${place.line}).`,
      fix: 'Send the invoice as the standard writes it, without generated padding.'
    },
    place
  )
}
