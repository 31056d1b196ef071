import { isDuplicate } from './wording.ts'

/** One complaint of a flow's report: there are texts, never codes (errors.md, section 4). */
export interface FlowComplaint {
  raw: string
  /** A problem code, where the text is one of the kinds that were seen. */
  rule?: string
  message?: string
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase()

const unknown = /(non|pas|n'est pas|aucun)\b.*(referenc|connu|trouve|exist)|inconnu|inexistant|introuvable/
const missing = /obligatoire|absent|manquant|non renseign|doit etre renseign/

/** From the narrowest to the widest. */
const kinds: [fits: (text: string, raw: string) => boolean, rule: string, message: string][] = [
  [(_text, raw) => isDuplicate(raw), 'duplicate-invoice', 'The seller has used this invoice number already.'],
  [
    (text) => /engagement|bon de commande/.test(text) && missing.test(text),
    'commitment-number-required',
    'The recipient demands a commitment number.'
  ],
  [
    (text) => /service/.test(text) && missing.test(text),
    'service-code-required',
    'The recipient demands a service code.'
  ],
  [(text) => /service/.test(text) && unknown.test(text), 'service-code-unknown', 'The recipient has no such service.'],
  [
    (text) => /fournisseur|emetteur/.test(text) && unknown.test(text),
    'seller-not-registered',
    'Chorus Pro does not know the seller.'
  ],
  [
    (text) => /destinataire|recipiendaire|debiteur/.test(text) && /inacti|desactiv/.test(text),
    'recipient-inactive',
    'The recipient is inactive.'
  ],
  [
    (text) => /destinataire|recipiendaire|debiteur/.test(text) && unknown.test(text),
    'recipient-unknown',
    'Chorus Pro does not know the recipient.'
  ],
  [(text) => /irrecevabilite/.test(text), 'validation-failed', 'The file does not follow the format of its syntax.'],
  [(text) => missing.test(text), 'validation-failed', 'Something that must be in the file is missing.']
]

export function readComplaint(raw: string): FlowComplaint {
  const text = plain(raw)
  const kind = kinds.find(([fits]) => fits(text, raw))
  return kind === undefined ? { raw } : { raw, rule: kind[1], message: kind[2] }
}
