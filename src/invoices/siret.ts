const laPoste = '356000000'

/**
 * True when the check digit of a SIRET is right. Establishments of La Poste follow a rule of their own: their digits
 * add up to a multiple of five. Test structures and some public bodies break both, so this is a hint, never a proof.
 */
export function hasSiretCheckDigit(siret: string): boolean {
  if (!/^\d{14}$/.test(siret)) return false
  return luhnSum(siret) % 10 === 0 || (siret.startsWith(laPoste) && digitSum(siret) % 5 === 0)
}

function luhnSum(digits: string): number {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const value = Number(digits.at(-1 - at)) * (at % 2 === 1 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return sum
}

function digitSum(digits: string): number {
  let sum = 0
  for (const digit of digits) sum += Number(digit)
  return sum
}
