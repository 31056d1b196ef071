/** Decodes base64 that comes in pieces. Line breaks are tolerated, anything else that is not base64 is an error. */
export interface Base64Decoder {
  /** Throws on a character that cannot be there. */
  push: (text: string) => Buffer
  /** The last bytes. Throws when the text cannot end here. */
  end: () => Buffer
}

export function createBase64Decoder(): Base64Decoder {
  /** Fewer than four characters, which wait for the others of their group. */
  let carry = ''
  let padding = 0

  return {
    push(text) {
      let letters = text
      if (/[^A-Za-z0-9+/]/.test(text)) {
        const clean = text.replace(/[\r\n\t ]+/g, '')
        const [, body = '', equals = '', wrong = ''] = /^([A-Za-z0-9+/]*)(=*)(.*)$/s.exec(clean) ?? []
        padding += equals.length
        if (wrong !== '' || padding > 2 || (body !== '' && padding > equals.length)) throw new Base64Error()
        letters = body
      } else if (padding > 0 && text !== '') throw new Base64Error()
      const all = carry + letters
      const whole = all.length - (all.length % 4)
      carry = all.slice(whole)
      return Buffer.from(all.slice(0, whole), 'base64')
    },
    end() {
      if (carry.length === 1 || (padding > 0 && (carry.length + padding) % 4 !== 0)) throw new Base64Error()
      return Buffer.from(carry, 'base64')
    }
  }
}

export class Base64Error extends Error {
  override readonly name = 'Base64Error'
  constructor() {
    super('the file in it is not base64')
  }
}
