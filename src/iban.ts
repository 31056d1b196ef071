export const squeezeIban = (text: string): string => text.replace(/\s/g, '').toUpperCase()

/** Form and check digits (ISO 13616). */
export function isIban(text: string): boolean {
  const iban = squeezeIban(text)
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false
  const digits = `${iban.slice(4)}${iban.slice(0, 4)}`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}
