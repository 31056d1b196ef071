import type { CheckedInvoice, CheckMode } from './checks.ts'
import { demand } from './checks-fields.ts'
import type { Notes } from './checks-findings.ts'
import { fitsMoney, parseDecimal } from './decimal.ts'

/** Every amount, quantity and rate is a decimal that Chorus Pro can hold, and those that a mode needs are there. */
export function checkAmounts(invoice: CheckedInvoice, mode: CheckMode, notes: Notes): void {
  const { totals = {}, vatBreakdown = [], lines = [] } = invoice
  for (const [name, value] of Object.entries(totals)) checkDecimal(`/totals/${name}`, value, mode, notes)
  for (const [at, { rate, taxable, tax }] of vatBreakdown.entries()) {
    for (const [name, value] of Object.entries({ rate, taxable, tax })) {
      checkDecimal(`/vatBreakdown/${at}/${name}`, value, mode, notes)
    }
  }
  for (const [at, { quantity, netPrice, netAmount, vat }] of lines.entries()) {
    for (const [name, value] of Object.entries({ quantity, netPrice, netAmount, 'vat/rate': vat?.rate })) {
      checkDecimal(`/lines/${at}/${name}`, value, mode, notes)
    }
  }
  if (mode === 'structured') return
  for (const [name, en, fr, example] of needed) {
    if (name === 'taxInclusive' && mode === 'data') continue
    demand(invoice, `/totals/${name}`, totals[name], { en, fr, example }, notes)
  }
  if (mode === 'data') checkDetail(invoice, notes)
  checkSign(invoice, notes)
}

/** The examples of an invoice that adds up. */
const needed = [
  ['taxExclusive', 'The total without VAT', 'Le total hors taxes', '1000.00'],
  ['tax', 'The total VAT', 'Le total de la TVA', '200.00'],
  ['taxInclusive', 'The total with VAT', 'Le total TTC', '1200.00'],
  ['payable', 'The amount due for payment', 'Le montant à payer', '1200.00']
] as const

/** In mode data there is no document, so Chorus Pro needs lines and a VAT breakdown to make one. */
function checkDetail(invoice: CheckedInvoice, notes: Notes): void {
  const { lines = [], vatBreakdown = [] } = invoice
  for (const [pointer, list, en, fr] of [
    ['/lines', lines, 'a line', 'une ligne'],
    ['/vatBreakdown', vatBreakdown, 'a VAT rate', 'un taux de TVA']
  ] as const) {
    if (list.length > 0) continue
    notes.error({
      pointer,
      detailRule: 'required',
      message: `Mode data needs at least ${en}: Chorus Pro makes the invoice out of it.`,
      messageFr: `Le mode data exige au moins ${fr} : Chorus Pro en compose la facture.`,
      fix: `Give ${pointer.slice(1)}, or send the invoice as a PDF.`
    })
  }
  for (const [at, { name, quantity, netPrice, vat }] of lines.entries()) {
    const below = `/lines/${at}`
    demand(
      invoice,
      `${below}/name`,
      name,
      { en: 'What was delivered', fr: 'La désignation', example: 'Conseil' },
      notes
    )
    demand(invoice, `${below}/quantity`, quantity, { en: 'The quantity', fr: 'La quantité', example: '2' }, notes)
    demand(
      invoice,
      `${below}/netPrice`,
      netPrice,
      { en: 'The unit price', fr: 'Le prix unitaire', example: '400.00' },
      notes
    )
    demand(invoice, `${below}/vat/rate`, vat?.rate, { en: 'The VAT rate', fr: 'Le taux de TVA', example: '20' }, notes)
  }
  for (const [at, { rate, taxable, tax }] of vatBreakdown.entries()) {
    const below = `/vatBreakdown/${at}`
    demand(invoice, `${below}/rate`, rate, { en: 'The VAT rate', fr: 'Le taux de TVA', example: '20' }, notes)
    demand(invoice, `${below}/taxable`, taxable, { en: 'The base', fr: 'La base', example: '1000.00' }, notes)
    demand(invoice, `${below}/tax`, tax, { en: 'The VAT', fr: 'La TVA', example: '200.00' }, notes)
  }
}

/** The limit of digits is that of the API; what a flow may have is not known, and EN 16931 has none for prices. */
function checkDecimal(pointer: string, value: string | undefined, mode: CheckMode, notes: Notes): void {
  if (value === undefined || fitsMoney(value)) return
  const decimal = parseDecimal(value)
  const shown = value.slice(0, 40)
  notes.tell(decimal !== undefined && mode === 'structured' ? 'warning' : 'error', {
    pointer,
    detailRule: decimal === undefined ? 'amount-format' : 'amount-digits',
    message:
      decimal === undefined
        ? `"${shown}" is no decimal number: digits, one point, digits.`
        : `"${shown}" has more digits than Chorus Pro keeps: 13 before the point and 6 after it.`,
    messageFr:
      decimal === undefined
        ? `« ${shown} » n’est pas un nombre décimal : chiffres, un point, chiffres.`
        : `« ${shown} » a trop de chiffres : Chorus Pro en garde 13 avant le point et 6 après.`,
    fix: 'Write it like "1200.00": a point, no blank, no thousands separator, no exponent.'
  })
}

function checkSign({ typeCode = '380', totals }: CheckedInvoice, notes: Notes): void {
  const payable = parseDecimal(totals?.payable ?? totals?.taxInclusive)
  if (payable === undefined || payable.gte(0) || typeCode === '381') return
  notes.warning({
    pointer: '/typeCode',
    detailRule: 'negative-invoice',
    message: `The total is negative and the type is ${typeCode}.`,
    messageFr: `Le total est négatif et le type est ${typeCode}.`,
    fix: 'If this is a credit note, use typeCode 381.'
  })
}
