/**
 * JSON as Chorus Pro speaks it: technical ids are 64-bit integers (behaviour.md 6), so they are bigint here
 * and go over the wire digit for digit.
 */
export type Id = bigint

export type IdStyle = 'number' | 'large' | 'text'

/** In the style `large`, every id on the wire is shifted beyond 2^53, where a double loses its last digits. */
const SHIFT = 1_152_921_504_606_846_977n

// Not yet in the type library: part of the language since Node 22.
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

export function encodeJson(value: unknown, style: IdStyle = 'number'): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'bigint') return member
    // Some real answers carry ids as text (rechercher/recipiendaire, certificate mode): a reader must bear it.
    if (style === 'text') return String(member)
    return rawJSON(String(style === 'large' ? member + SHIFT : member))
  })
}

/** Numbers that a double would change come back as bigint. Throws SyntaxError. */
export function decodeJson(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source as string)
      : value
  return JSON.parse(text, revive) as unknown
}

/** An id as a caller may write it, number or digits in a string; undefined if it is neither. */
export function asId(value: unknown): Id | undefined {
  let id: bigint
  if (typeof value === 'bigint') id = value
  else if (typeof value === 'number' && Number.isSafeInteger(value)) id = BigInt(value)
  else if (typeof value === 'string' && /^\d{1,19}$/.test(value.trim())) id = BigInt(value.trim())
  else return undefined
  return id >= SHIFT ? id - SHIFT : id
}
