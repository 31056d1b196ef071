/** The little of DER (X.690) that writing a certificate takes. */

export function der(tag: number, ...contents: Buffer[]): Buffer {
  const body = Buffer.concat(contents)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const size: number[] = []
  for (let rest = body.length; rest > 0; rest >>>= 8) size.unshift(rest & 0xff)
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), body])
}

export const sequence = (...items: Buffer[]): Buffer => der(0x30, ...items)
export const set = (...items: Buffer[]): Buffer => der(0x31, ...items)
export const octets = (body: Buffer): Buffer => der(0x04, body)
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text))
export const yes = (): Buffer => der(0x01, Buffer.from([0xff]))
export const bits = (body: Buffer, unused = 0): Buffer => der(0x03, Buffer.from([unused]), body)
/** Context-specific and constructed, such as `[3] EXPLICIT`. */
export const tagged = (number: number, ...items: Buffer[]): Buffer => der(0xa0 | number, ...items)
/** Context-specific and primitive, such as a name in subjectAltName. */
export const implicit = (number: number, body: Buffer): Buffer => der(0x80 | number, body)

export const integer = (value: Buffer | number): Buffer => {
  const bytes = typeof value === 'number' ? Buffer.from([value]) : value
  return der(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return der(0x06, Buffer.from(bytes))
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}
