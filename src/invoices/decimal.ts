import Big from 'big.js'

/** An exact decimal: add, minus, times and compare without rounding. */
export type Decimal = Big

const longest = 60
const pattern = /^[+-]?(\d+)(?:\.(\d+))?$/

/** Chorus Pro keeps amounts as decimal(19,6): 13 digits before the point and 6 after it. */
const moneyInteger = 13
const moneyFraction = 6

/**
 * The decimal that a text writes in plain digits, or undefined: no exponent, no comma, no blank, no NaN.
 * Longer texts than 60 characters are refused, so that arithmetic stays cheap whatever was sent.
 */
export function parseDecimal(text: string | undefined): Decimal | undefined {
  if (text === undefined || text.length > longest || !pattern.test(text)) return undefined
  return new Big(text.startsWith('+') ? text.slice(1) : text)
}

/** How many digits stand before and after the point, leading zeros not counted; undefined when it is no decimal. */
export function decimalDigits(text: string): { integer: number; fraction: number } | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  return { integer: (match[1] ?? '').replace(/^0+/, '').length, fraction: (match[2] ?? '').length }
}

/** True for a decimal that Chorus Pro can hold as an amount; zeros at the end do not count. */
export function fitsMoney(text: string): boolean {
  if (text.length > longest) return false
  const digits = decimalDigits(text.replace(/\.0+$/, '').replace(/(\.\d*?[1-9])0+$/, '$1'))
  return digits !== undefined && digits.fraction <= moneyFraction && digits.integer <= moneyInteger
}

/** Rounds half away from zero, as invoices do. */
export function roundDecimal(value: Decimal, digits: number): Decimal {
  return value.round(digits, Big.roundHalfUp)
}

/** Plain digits, never an exponent; with `digits`, exactly that many after the point. */
export function formatDecimal(value: Decimal, digits?: number): string {
  const text = digits === undefined ? value.toFixed() : value.toFixed(digits, Big.roundHalfUp)
  return /^-0(?:\.0*)?$/.test(text) ? text.slice(1) : text
}

/** The exact sum of texts, or undefined when one of them is no decimal. */
export function sumDecimals(texts: readonly (string | undefined)[]): Decimal | undefined {
  let sum = new Big(0)
  for (const text of texts) {
    const value = parseDecimal(text)
    if (value === undefined) return undefined
    sum = sum.plus(value)
  }
  return sum
}

/** True when both write the same number: `1200` and `1200.00` do. */
export function sameDecimal(one: string, other: string): boolean {
  const a = parseDecimal(one)
  const b = parseDecimal(other)
  return a !== undefined && b !== undefined && a.eq(b)
}
