import type { CheckedInvoice, CheckMode } from './checks.ts'
import type { Notes, Told } from './checks-findings.ts'
import { type Decimal, formatDecimal, parseDecimal, roundDecimal, sumDecimals } from './decimal.ts'
import type { XmlTotals } from './xml-model.ts'

export type TotalsOptions = {
  mode: CheckMode
  /** How far a product may be off because of rounding, at most 0.01. */
  tolerance: string
  /** Totals of the structured document that the API has no member for. */
  documentTotals?: XmlTotals
}

/**
 * Whether the amounts add up, exactly. Sums that cannot be formed, because a member is missing or no number, are
 * left to the other checks.
 */
export function checkTotals(invoice: CheckedInvoice, options: TotalsOptions, notes: Notes): void {
  checkTaxInclusive(invoice, notes)
  checkPayable(invoice, options, notes)
  checkBreakdown(invoice, options, notes)
  checkLines(invoice, options, notes)
}

function differs(told: Omit<Told, 'rule' | 'fix'> & { expected: Decimal; fix?: string }): Told {
  const { expected, fix = `It would add up with "${formatDecimal(expected)}".`, ...rest } = told
  return { ...rest, rule: 'totals-inconsistent', fix }
}

/** BR-CO-15. With an overall discount, Chorus Pro's total with VAT is the one after it. */
function checkTaxInclusive({ totals = {} }: CheckedInvoice, notes: Notes): void {
  const exclusive = parseDecimal(totals.taxExclusive)
  const tax = parseDecimal(totals.tax)
  const inclusive = parseDecimal(totals.taxInclusive)
  const allowance = parseDecimal(totals.allowance)
  if (exclusive === undefined || tax === undefined || inclusive === undefined) return
  const expected = exclusive.plus(tax)
  if (inclusive.eq(expected) || (allowance !== undefined && inclusive.eq(expected.minus(allowance)))) return
  notes.error(
    differs({
      pointer: '/totals/taxInclusive',
      detailRule: 'tax-inclusive-sum',
      message: `${totals.taxExclusive} without VAT and ${totals.tax} VAT make ${formatDecimal(expected)}, not ${totals.taxInclusive}.`,
      messageFr: `${totals.taxExclusive} HT et ${totals.tax} de TVA font ${formatDecimal(expected)}, et non ${totals.taxInclusive}.`,
      expected
    })
  )
}

/**
 * What is to be paid may lie below the total for reasons of its own (discount, part already paid), so a difference is
 * an error only where the document says what it must be.
 */
function checkPayable({ totals = {} }: CheckedInvoice, { mode, documentTotals }: TotalsOptions, notes: Notes): void {
  const inclusive = parseDecimal(totals.taxInclusive)
  const payable = parseDecimal(totals.payable)
  if (inclusive === undefined || payable === undefined) return
  if (mode === 'structured') {
    const prepaid = parseDecimal(documentTotals?.prepaid ?? '0')
    const rounding = parseDecimal(documentTotals?.rounding ?? '0')
    if (documentTotals === undefined || prepaid === undefined || rounding === undefined) return
    const expected = inclusive.minus(prepaid).plus(rounding)
    if (payable.eq(expected)) return
    // Profile MINIMUM has no place for what is paid already.
    const silent = documentTotals.prepaid === undefined && payable.abs().lt(expected.abs())
    notes.tell(
      silent ? 'warning' : 'error',
      differs({
        pointer: '/totals/payable',
        detailRule: 'payable-sum',
        message: `${totals.taxInclusive} less ${formatDecimal(prepaid)} paid, with rounding ${formatDecimal(rounding)}, is ${formatDecimal(expected)}, not ${totals.payable}.`,
        messageFr: `${totals.taxInclusive} moins ${formatDecimal(prepaid)} déjà payé, arrondi ${formatDecimal(rounding)}, font ${formatDecimal(expected)}, et non ${totals.payable}.`,
        expected
      })
    )
    return
  }
  const allowance = parseDecimal(totals.allowance ?? '0')
  if (allowance === undefined) return
  const expected = inclusive.minus(allowance)
  if (payable.eq(inclusive) || payable.eq(expected)) return
  const contradicts = totals.allowance !== undefined && payable.abs().gt(expected.abs())
  notes.tell(
    contradicts ? 'error' : 'warning',
    differs({
      pointer: '/totals/payable',
      detailRule: 'payable-differs',
      message: `The total with VAT is ${totals.taxInclusive}${totals.allowance === undefined ? '' : `, the discount ${totals.allowance}`}, but ${totals.payable} is to be paid.`,
      messageFr: `Le total TTC est ${totals.taxInclusive}${totals.allowance === undefined ? '' : `, la remise ${totals.allowance}`}, mais le montant à payer est ${totals.payable}.`,
      expected,
      ...(contradicts ? {} : { fix: 'Nothing to do if part of it is paid already; else correct the amount.' })
    })
  )
}

/** BR-CO-14, BR-CO-17 and the sum of the bases. */
function checkBreakdown(invoice: CheckedInvoice, { mode, tolerance }: TotalsOptions, notes: Notes): void {
  const { totals = {}, vatBreakdown = [] } = invoice
  if (vatBreakdown.length === 0) return
  for (const [field, total, en, fr] of [
    ['taxable', 'taxExclusive', 'bases', 'bases'],
    ['tax', 'tax', 'VAT amounts', 'montants de TVA']
  ] as const) {
    const expected = sumDecimals(vatBreakdown.map((entry) => entry[field]))
    const given = parseDecimal(totals[total])
    if (expected === undefined || given === undefined || expected.eq(given)) continue
    notes.error(
      differs({
        pointer: `/totals/${total}`,
        detailRule: field === 'tax' ? 'vat-sum' : 'taxable-sum',
        message: `The ${en} of the VAT breakdown add up to ${formatDecimal(expected)}, not ${totals[total]}.`,
        messageFr: `Les ${fr} du récapitulatif de TVA totalisent ${formatDecimal(expected)}, et non ${totals[total]}.`,
        expected
      })
    )
  }
  for (const [at, { rate, taxable, tax }] of vatBreakdown.entries()) {
    const percent = parseDecimal(rate)
    const base = parseDecimal(taxable)
    const given = parseDecimal(tax)
    if (percent === undefined || base === undefined || given === undefined) continue
    const expected = base.times(percent).times('0.01')
    if (expected.minus(given).abs().lte(tolerance)) continue
    notes.tell(
      mode === 'structured' ? 'warning' : 'error',
      differs({
        pointer: `/vatBreakdown/${at}/tax`,
        detailRule: 'vat-product',
        message: `${rate} % of ${taxable} is ${formatDecimal(roundDecimal(expected, 2))}, not ${tax}.`,
        messageFr: `${rate} % de ${taxable} font ${formatDecimal(roundDecimal(expected, 2))}, et non ${tax}.`,
        expected: roundDecimal(expected, 2)
      })
    )
  }
}

/** Lines of a structured document may have allowances of their own and sub-lines, so only ours are multiplied out. */
function checkLines(invoice: CheckedInvoice, options: TotalsOptions, notes: Notes): void {
  const { totals = {}, lines = [] } = invoice
  if (lines.length === 0) return
  const structured = options.mode === 'structured'
  const sum = sumDecimals(lines.map(({ netAmount }) => netAmount))
  const wanted = structured ? options.documentTotals?.lineExtension : totals.taxExclusive
  const given = parseDecimal(wanted)
  if (sum !== undefined && given !== undefined && !sum.eq(given)) {
    notes.tell(
      structured || totals.allowance !== undefined ? 'warning' : 'error',
      differs({
        pointer: structured ? '/lines' : '/totals/taxExclusive',
        detailRule: 'line-sum',
        message: `The lines add up to ${formatDecimal(sum)}, the document says ${wanted}.`,
        messageFr: `Les lignes totalisent ${formatDecimal(sum)}, le document indique ${wanted}.`,
        expected: sum
      })
    )
  }
  if (structured) return
  for (const [at, { quantity, netPrice, netAmount }] of lines.entries()) {
    const count = parseDecimal(quantity)
    const price = parseDecimal(netPrice)
    const amount = parseDecimal(netAmount)
    if (count === undefined || price === undefined || amount === undefined) continue
    const expected = count.times(price)
    if (expected.minus(amount).abs().lte(options.tolerance)) continue
    notes.error(
      differs({
        pointer: `/lines/${at}/netAmount`,
        detailRule: 'line-product',
        message: `${quantity} times ${netPrice} is ${formatDecimal(expected)}, not ${netAmount}.`,
        messageFr: `${quantity} fois ${netPrice} font ${formatDecimal(expected)}, et non ${netAmount}.`,
        expected: roundDecimal(expected, 2)
      })
    )
  }
}
