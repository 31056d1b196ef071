import { plainDecimal, type XmlInvoice } from './xml-model.ts'
import type { XmlElement } from './xml-walk.ts'

/** An invoice while it is read: notes header values that stand twice, and picks the totals in the invoice's currency. */
export type Draft = {
  invoice: XmlInvoice
  /** Keeps the first non-empty value of a header term; a second element of it is a fault. */
  once(term: string, element: XmlElement, text: string, keep: (text: string) => void): void
  /** The same for a total, which may stand once in each of two currencies; decided when all is read. */
  amount(term: string, element: XmlElement, text: string, keep: (text: string) => void): void
  finish(): XmlInvoice
}

export function createDraft(invoice: XmlInvoice): Draft {
  const seen = new Set<string>()
  const amounts = new Map<string, { element: XmlElement; text: string; keep: (text: string) => void }[]>()
  const once: Draft['once'] = (term, element, text, keep) => {
    if (seen.has(term)) {
      invoice.faults.push({ rule: 'xml-duplicate-element', term, element: element.name, line: element.line })
      return
    }
    seen.add(term)
    if (text !== '') keep(text)
  }
  return {
    invoice,
    once,
    amount(term, element, text, keep) {
      const before = amounts.get(term)
      if (before === undefined) amounts.set(term, [{ element, text, keep }])
      else before.push({ element, text, keep })
    },
    finish() {
      for (const [term, all] of amounts) {
        const ours = all.filter(({ element: { attributes } }) => isOurs(attributes.currencyID, invoice))
        for (const { element, text, keep } of ours.length > 0 ? ours : all.slice(0, 1)) {
          once(term, element, plainDecimal(text), keep)
        }
      }
      return invoice
    }
  }
}

/** Whether an amount is in the invoice's currency (BT-5); the other one is that of VAT accounting (BT-6). */
export function isOurs(currency: string | undefined, invoice: XmlInvoice): boolean {
  return currency === undefined || currency === invoice.currency
}
