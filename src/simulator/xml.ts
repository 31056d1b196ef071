import { type SaxesAttributeNS, SaxesParser } from 'saxes'

/** An element by its local name; namespaces play no part in reading an invoice. */
export interface XmlNode {
  name: string
  attributes: Record<string, string>
  children: XmlNode[]
  text: string
}

export class XmlFault extends Error {
  readonly line: number
  readonly column: number
  constructor(message: string, line: number, column: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

const deepest = 64

/** Throws XmlFault: not well-formed, a document type, or nested beyond reason. */
export function parseXml(text: string): XmlNode {
  const parser = new SaxesParser({ xmlns: true })
  const top: XmlNode = { name: '', attributes: {}, children: [], text: '' }
  const open: XmlNode[] = [top]
  const fail = (message: string): never => {
    throw new XmlFault(message, parser.line, parser.column)
  }
  parser.on('error', (error) => fail(error.message))
  parser.on('doctype', () => fail('DOCTYPE is not allowed'))
  parser.on('opentag', (tag) => {
    if (open.length > deepest) fail('too many levels')
    const attributes: Record<string, string> = {}
    for (const attribute of Object.values(tag.attributes as Record<string, SaxesAttributeNS>)) {
      attributes[attribute.local] = attribute.value
    }
    const node: XmlNode = { name: tag.local, attributes, children: [], text: '' }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  const addText = (piece: string): void => {
    const node = open.at(-1)
    if (node !== undefined) node.text += piece
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(text.replace(/^﻿/, '')).close()
  return top.children[0] ?? fail('no element')
}

/** All elements at a path such as `Party/PartyIdentification/ID`. */
export function nodes(from: XmlNode | undefined, path: string): XmlNode[] {
  let found = from === undefined ? [] : [from]
  for (const name of path.split('/'))
    found = found.flatMap((node) => node.children.filter((child) => child.name === name))
  return found
}

export const node = (from: XmlNode | undefined, path: string): XmlNode | undefined => nodes(from, path)[0]

/** The trimmed text of the first element at the path; undefined if absent or empty. */
export function textAt(from: XmlNode | undefined, path: string): string | undefined {
  const text = node(from, path)?.text.trim()
  return text === '' ? undefined : text
}

export function numberAt(from: XmlNode | undefined, path: string): number | undefined {
  const text = textAt(from, path)
  const value = text === undefined ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}
