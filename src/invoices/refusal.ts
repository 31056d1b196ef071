import type { FieldError } from '../../schemas/problem.ts'

/** Chorus Pro’s texts name things, not members: the first word that fits says which member it means. */
const wordings: [RegExp, pointer: string, term: string | undefined, fix: string][] = [
  [
    /num[eé]ro de (la )?facture|d[eé]j[aà] d[eé]pos/i,
    '/number',
    'BT-1',
    'Use a number that the seller has not used before.'
  ],
  [
    /code service|service ex[eé]cutant|\bservice\b/i,
    '/buyer/serviceCode',
    'BT-10',
    'Ask the recipient for the right service code.'
  ],
  [/engagement|bon de commande/i, '/commitmentNumber', 'BT-13', 'Ask the recipient for the right commitment number.'],
  [/destinataire/i, '/buyer/siret', 'BT-47', 'Check the recipient’s SIRET.'],
  [
    /coordonn[eé]es? bancaires?|iban|\brib\b/i,
    '/payment/bankAccount',
    'BT-84',
    'Check the bank account in Chorus Pro.'
  ],
  [
    /PaymentMeans|mode de (paiement|r[eè]glement)/i,
    '/payment/meansCode',
    'BT-81',
    'Give the payment means, for instance 30.'
  ],
  [/valideur/i, '/validator/siret', undefined, 'Check the validator.'],
  [/fournisseur/i, '/seller/siret', 'BT-30', 'Check the seller’s SIRET and that our account is attached to it.'],
  [/date/i, '/issueDate', 'BT-2', 'Check the dates.'],
  [/tva|taux/i, '/vatBreakdown', 'BG-23', 'Check VAT rates and amounts.'],
  [/montant|total/i, '/totals', 'BG-22', 'Check the amounts.'],
  [/march[eé]/i, '/contractReference', 'BT-12', 'Check the contract number.'],
  [/pi[eè]ce jointe|fichier|pdf|taille/i, '/file', undefined, 'Check the file.']
]

/** One refusal text of Chorus Pro, or several joined by `|`, as errors with a pointer where the text allows one. */
export function explainRefusal(text: string): FieldError[] {
  return text
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const found = wordings.find(([wording]) => wording.test(part))
      const term = found?.[2]
      return {
        pointer: found?.[1] ?? '',
        ...(term !== undefined && { term }),
        rule: 'deposit-refused',
        message: `Chorus Pro: ${part.slice(0, 500)}`,
        messageFr: part.slice(0, 500),
        fix: found?.[3] ?? 'Read Chorus Pro’s text; correct the invoice and send it again with `replaces`.'
      }
    })
}

/** True when a text says that this number is already there: evidence to check by a search, never a refusal by itself. */
export function saysDuplicate(text: string): boolean {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return (
    plain.includes('deja depose') || (plain.includes('numero') && plain.includes('deja') && plain.includes('facture'))
  )
}

/** True when Chorus Pro does not know a file that it was given before: it can be given again. Known by wordings only (errors.md, 3.1). */
export function saysFileForgotten(text: string): boolean {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const file = /pieces? jointes?/.test(plain) && !/\btype\b/.test(plain)
  return file && /inconnue?s?\b|n'existe|n’existe|introuvable|absente|expire/.test(plain)
}
