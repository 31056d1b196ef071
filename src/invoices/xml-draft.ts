import type { XmlInvoice } from './xml-model.ts'
import type { XmlElement } from './xml-walk.ts'

/** An invoice while it is read: notes header values that stand twice, and picks the VAT total in the invoice's currency. */
export type Draft = {
  invoice: XmlInvoice
  /** Keeps the first non-empty value of a header term; a second element of it is a fault. */
  once(term: string, element: XmlElement, text: string, keep: (text: string) => void): void
  vatTotal(element: XmlElement, text: string): void
  finish(): XmlInvoice
}

export function createDraft(invoice: XmlInvoice): Draft {
  const seen = new Set<string>()
  const vatTotals: { amount: string; currency: string | undefined; element: XmlElement }[] = []
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
    vatTotal(element, amount) {
      vatTotals.push({ amount, currency: element.attributes.currencyID, element })
    },
    finish() {
      const ours = vatTotals.filter((total) => total.currency === undefined || total.currency === invoice.currency)
      for (const { amount, element } of ours.length > 0 ? ours : vatTotals.slice(0, 1)) {
        once('BT-110', element, amount, (text) => {
          invoice.totals.tax = text
        })
      }
      return invoice
    }
  }
}
