import type { CheckedInvoice, CheckMode } from './checks.ts'
import type { Notes } from './checks-findings.ts'
import { hasSiretCheckDigit } from './siret.ts'

const currencies = new Set(Intl.supportedValuesOf('currency'))

/** Header members one by one: present where needed, well written, known codes. */
export function checkFields(invoice: CheckedInvoice, mode: CheckMode, notes: Notes): void {
  checkNumber(invoice.number, mode, notes)
  checkDates(invoice, mode, notes)
  checkCodes(invoice, mode, notes)
  checkParties(invoice, mode, notes)
  checkLength('/commitmentNumber', invoice.commitmentNumber, 50, notes)
  checkLength('/contractReference', invoice.contractReference, 50, notes)
  checkLength('/buyer/serviceCode', invoice.buyer?.serviceCode, 100, notes)
  checkLength('/seller/serviceCode', invoice.seller?.serviceCode, 100, notes)
  checkLength('/validator/serviceCode', invoice.validator?.serviceCode, 100, notes)
  if (mode === 'structured') return
  checkLength('/note', invoice.note, 2000, notes)
  if (invoice.note !== undefined && invoice.note.length > 1000 && invoice.note.length <= 2000) {
    notes.warning({
      pointer: '/note',
      detailRule: 'note-long',
      message: `The note has ${invoice.note.length} characters; some Chorus Pro services keep only the first 1000.`,
      messageFr: `Le commentaire fait ${invoice.note.length} caractères ; certains services de Chorus Pro n’en gardent que 1000.`,
      fix: 'Shorten the note to 1000 characters, or move the text into an attachment.'
    })
  }
}

/** A member that has to be there. With `completeFromDocument` it may still come from the document. */
export function demand(
  invoice: CheckedInvoice,
  pointer: string,
  value: unknown,
  names: { en: string; fr: string; example: string },
  notes: Notes
): void {
  if (value !== undefined && value !== '') return
  const later = invoice.completeFromDocument === true
  const member = pointer.slice(1).replaceAll('/', '.')
  notes.tell(later ? 'warning' : 'error', {
    pointer,
    detailRule: 'required',
    message: `${names.en} is missing${later ? '; it has to be found in the document' : ''}.`,
    messageFr: `${names.fr} : valeur absente${later ? ', à trouver dans le document' : ''}.`,
    fix: `Give ${member}, for example "${names.example}".`
  })
}

function checkNumber(number: string | undefined, mode: CheckMode, notes: Notes): void {
  if (mode === 'data') {
    if (number === undefined) return
    notes.warning({
      pointer: '/number',
      detailRule: 'number-ignored',
      message: 'In mode data Chorus Pro makes the invoice number; yours is not sent.',
      messageFr: 'En mode data, Chorus Pro attribue le numéro de facture ; le vôtre n’est pas transmis.',
      fix: 'Keep your number in externalId and read the one given from the answer.'
    })
  } else if (number !== undefined && !/^[A-Za-z0-9_/+-]{1,20}$/.test(number)) {
    notes.error({
      pointer: '/number',
      detailRule: 'number-format',
      message: `Chorus Pro takes at most 20 letters, digits and - _ / + in a number; this one has ${number.length} characters${/[^A-Za-z0-9_/+-]/.test(number) ? ' and others among them' : ''}.`,
      messageFr: 'Le numéro de facture compte au plus 20 caractères : lettres, chiffres et - _ / +, sans espace.',
      fix: 'Shorten the number, and replace blanks, dots and accents.'
    })
  }
}

function checkDates(invoice: CheckedInvoice, mode: CheckMode, notes: Notes): void {
  for (const name of ['issueDate', 'dueDate'] as const) {
    const value = invoice[name]
    if (value === undefined || isDate(value)) continue
    notes.error({
      pointer: `/${name}`,
      detailRule: 'date-invalid',
      message: `"${value.slice(0, 30)}" is no day of the calendar written YYYY-MM-DD.`,
      messageFr: `« ${value.slice(0, 30)} » n’est pas un jour du calendrier au format AAAA-MM-JJ.`,
      fix: 'Write the date as YYYY-MM-DD, for example "2026-09-01".'
    })
  }
  const { issueDate, dueDate } = invoice
  if (mode === 'data' && issueDate !== undefined) {
    notes.warning({
      pointer: '/issueDate',
      detailRule: 'issue-date-ignored',
      message: 'In mode data Chorus Pro dates the invoice on the day it receives it; this date is not sent.',
      messageFr: 'En mode data, Chorus Pro date la facture du jour de réception ; cette date n’est pas transmise.',
      fix: 'Leave issueDate out, or send the invoice as a PDF.'
    })
  }
  if (issueDate === undefined || dueDate === undefined || !isDate(issueDate) || !isDate(dueDate)) return
  if (dueDate < issueDate) {
    notes.warning({
      pointer: '/dueDate',
      detailRule: 'due-date-early',
      message: `The due date ${dueDate} lies before the issue date ${issueDate}.`,
      messageFr: `L’échéance ${dueDate} précède la date d’émission ${issueDate}.`,
      fix: 'Check both dates.'
    })
  }
}

/** True for a day that exists, written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function checkCodes({ typeCode, currency, precedingInvoice }: CheckedInvoice, mode: CheckMode, notes: Notes): void {
  if (typeCode !== undefined && !['380', '381', '386'].includes(typeCode)) {
    notes.tell(mode === 'structured' ? 'warning' : 'error', {
      pointer: '/typeCode',
      detailRule: 'type-code',
      message: `Type ${typeCode.slice(0, 20)} is not among 380 (invoice), 381 (credit note) and 386 (prepayment).`,
      messageFr: `Le type ${typeCode.slice(0, 20)} n’est ni 380 (facture), ni 381 (avoir), ni 386 (acompte).`,
      fix: 'Use 380, 381 or 386.'
    })
  }
  if (typeCode === '386' && mode !== 'structured') {
    notes.warning({
      pointer: '/typeCode',
      detailRule: 'prepayment-type',
      message: 'Chorus Pro is known to take only invoices and credit notes in this mode; it may refuse type 386.',
      messageFr:
        'Dans ce mode, Chorus Pro n’accepte à notre connaissance que factures et avoirs ; 386 peut être refusé.',
      fix: 'If it is refused, send the prepayment as type 380 and say in the note what it is.'
    })
  }
  if (currency !== undefined && !(/^[A-Z]{3}$/.test(currency) && currencies.has(currency))) {
    notes.error({
      pointer: '/currency',
      detailRule: 'currency-unknown',
      message: `"${currency.slice(0, 20)}" is no currency of ISO 4217.`,
      messageFr: `« ${currency.slice(0, 20)} » n’est pas une devise ISO 4217.`,
      fix: 'Write three capital letters, for example "EUR".'
    })
  }
  checkLength('/precedingInvoice', precedingInvoice, 50, notes)
  if (typeCode === '381' && precedingInvoice === undefined) {
    notes.warning({
      pointer: '/precedingInvoice',
      detailRule: 'preceding-invoice-missing',
      message: 'The credit note does not say which invoice it corrects.',
      messageFr: 'L’avoir n’indique pas la facture qu’il corrige.',
      fix: 'Give the number of the corrected invoice in precedingInvoice.'
    })
  }
}

function checkParties(invoice: CheckedInvoice, mode: CheckMode, notes: Notes): void {
  demand(
    invoice,
    '/buyer/siret',
    invoice.buyer?.siret,
    { en: 'The SIRET of the buyer', fr: 'Le SIRET du destinataire', example: '12345678200051' },
    notes
  )
  if (mode === 'structured' && invoice.seller?.siret === undefined) {
    notes.warning({
      pointer: '/seller/siret',
      detailRule: 'seller-siret-missing',
      message: 'The document does not give the seller’s full SIRET; Chorus Pro refuses a French seller by SIREN alone.',
      messageFr: 'Le document ne donne pas le SIRET complet du vendeur ; Chorus Pro refuse un SIREN seul.',
      fix: 'Write the 14-digit SIRET as the seller’s legal identifier (BT-30, scheme 0009 or 0002).'
    })
  }
  for (const role of ['seller', 'buyer', 'validator'] as const) {
    checkSiret(`/${role}/siret`, invoice[role]?.siret, notes)
  }
}

function checkSiret(pointer: string, siret: string | undefined, notes: Notes): void {
  if (siret === undefined || hasSiretCheckDigit(siret)) return
  if (!/^\d{14}$/.test(siret)) {
    notes.error({
      pointer,
      detailRule: 'siret-format',
      message: `"${siret.slice(0, 30)}" is no SIRET: that has 14 digits${/^\d{9}$/.test(siret) ? ', this is a SIREN' : ''}.`,
      messageFr: `« ${siret.slice(0, 30)} » n’est pas un SIRET : il en faut 14 chiffres.`,
      fix: 'Write 14 digits without blanks; it is the SIREN followed by the 5 digits of the establishment.'
    })
    return
  }
  notes.warning({
    pointer,
    detailRule: 'siret-check-digit',
    message: `The check digit of SIRET ${siret} is wrong, as it is in test structures.`,
    messageFr: `La clé du SIRET ${siret} est fausse, comme pour les structures de test.`,
    fix: 'Compare with the official register if this is not a test.'
  })
}

function checkLength(pointer: string, value: string | undefined, most: number, notes: Notes): void {
  if (value === undefined || value.length <= most) return
  notes.error({
    pointer,
    detailRule: 'too-long',
    message: `This has ${value.length} characters, Chorus Pro takes ${most}.`,
    messageFr: `${value.length} caractères, alors que Chorus Pro en accepte ${most}.`,
    fix: `Shorten it to ${most} characters.`
  })
}
