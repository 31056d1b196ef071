/** Texts that would tell a secret, or twelve characters of it, however it is written. */
export interface Tracker {
  /** Names of the secrets of which a piece is in the text. */
  foundIn(text: string): string[]
}

const pieceLength = 12

/** `secrets` by name. A text that stands in front of others in every file of its kind must be cut off before. */
export function trackerOf(secrets: Record<string, string>): Tracker {
  const pieces = new Map<string, string>()
  for (const [name, secret] of Object.entries(secrets)) {
    for (const form of formsOf(secret)) {
      for (let at = 0; at + pieceLength <= form.length; at++) pieces.set(form.slice(at, at + pieceLength), name)
    }
  }
  return {
    foundIn(text) {
      const found = new Set<string>()
      for (let at = 0; at + pieceLength <= text.length; at++) {
        const name = pieces.get(text.slice(at, at + pieceLength))
        if (name !== undefined) found.add(name)
      }
      return [...found]
    }
  }
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  // In base64 a text looks in three ways, by its place; its first and last characters belong to its neighbours too.
  const encoded = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(before === 0 ? 0 : 4, -1)
  })
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('latin1'),
    ...encoded,
    ...encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...encoded.map((text) => encodeURIComponent(text))
  ]
}
