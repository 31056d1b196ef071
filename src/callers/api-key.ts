import { createHash, randomBytes } from 'node:crypto'
import type { ApiKey } from '../store/keys.ts'

/** A new key: what the caller gets once, and what the store keeps, which is the digest of the secret alone. */
export function makeKey(facts: Omit<ApiKey, 'id' | 'digest' | 'createdAt' | 'revokedAt'> & { now: Date }): {
  token: string
  key: ApiKey
} {
  const { now, ...rest } = facts
  const id = randomId(14)
  const secret = randomBytes(32).toString('base64url')
  const digest = createHash('sha256').update(secret).digest('hex')
  return { token: `cpg_${id}_${secret}`, key: { id, digest, createdAt: now.toISOString(), ...rest } }
}

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'

function randomId(length: number): string {
  // 252 is the largest multiple of 36 in a byte: above it some letters would come more often.
  const fair = [...randomBytes(length * 4)].filter((byte) => byte < 252)
  return Array.from(fair.slice(0, length), (byte) => alphabet[byte % 36]).join('')
}
