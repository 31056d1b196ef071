import { ciiNamespace, ciiVisitor, zugferd1Namespace } from './cii.ts'
import { ublCreditNoteNamespace, ublInvoiceNamespace, ublVisitor } from './ubl.ts'
import { createDraft, type Draft } from './xml-draft.ts'
import { emptyInvoice, profileOf, readIdentifiers, type XmlInvoice } from './xml-model.ts'
import { decodeXml } from './xml-text.ts'
import { walkXml, type XmlVisitor } from './xml-walk.ts'

export type { XmlInvoice, XmlLine, XmlParty } from './xml-model.ts'
export { XmlRefusal } from './xml-text.ts'

export type XmlReading = {
  /** Local name and namespace of the outermost element. */
  root: { name: string; namespace: string }
  /** Chorus Pro's name for the interface, such as FSO1110A, where a style sheet of that name is called for. */
  interfaceCode: string | undefined
  /** Undefined when the document is well-formed XML but no invoice that we read. */
  invoice: XmlInvoice | undefined
}

const readers: readonly {
  name: string
  namespace: string
  syntax: XmlInvoice['syntax']
  visitor: (draft: Draft) => XmlVisitor
}[] = [
  { name: 'CrossIndustryInvoice', namespace: ciiNamespace, syntax: 'cii', visitor: ciiVisitor },
  { name: 'CrossIndustryDocument', namespace: zugferd1Namespace, syntax: 'cii', visitor: ciiVisitor },
  { name: 'Invoice', namespace: ublInvoiceNamespace, syntax: 'ubl-invoice', visitor: ublVisitor },
  { name: 'CreditNote', namespace: ublCreditNoteNamespace, syntax: 'ubl-credit-note', visitor: ublVisitor }
]

/** Reads any XML once, to its end: what it is and, when it is an invoice, what it says. Throws an XmlRefusal. */
export function readXml(xml: Uint8Array): XmlReading {
  const root = { name: '', namespace: '' }
  let draft: Draft | undefined
  let visitor: XmlVisitor | undefined
  let interfaceCode: string | undefined
  walkXml(decodeXml(xml), {
    instruction(target, body) {
      if (target === 'xml-stylesheet') interfaceCode ??= /href\s*=\s*["'](FSO\d{4}[A-Z])\.xsl["']/.exec(body)?.[1]
    },
    open(element, path) {
      if (path.length === 1) {
        root.name = element.name
        root.namespace = element.uri
        const reader = readers.find((one) => one.name === element.name && one.namespace === element.uri)
        if (reader !== undefined) {
          draft = createDraft(emptyInvoice(reader.syntax, element.uri))
          visitor = reader.visitor(draft)
        }
      }
      visitor?.open?.(element, path)
    },
    close(element, path, text) {
      visitor?.close?.(element, path, text)
    }
  })
  const invoice = draft?.finish()
  if (invoice !== undefined) {
    readIdentifiers(invoice.seller)
    readIdentifiers(invoice.buyer)
    const profile = invoice.guideline === undefined ? undefined : profileOf(invoice.guideline)
    if (profile !== undefined) invoice.profile = profile
  }
  return { root, interfaceCode, invoice }
}

/** The invoice in an XML file, or undefined when it is another document. Throws an XmlRefusal. */
export function readXmlInvoice(xml: Uint8Array): XmlInvoice | undefined {
  return readXml(xml).invoice
}
