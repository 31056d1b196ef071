// What a company's own issuer would give: keys that it publishes, and tokens that it signs.
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'

export const issuer = 'https://login.example/realms/erp'
export const audience = 'gateway'

export interface SigningKey {
  /** As the issuer publishes it. */
  jwk: JWK
  /**
   * A token in order. Claims and header replace its own, and undefined takes one away, so that nothing else is wrong with
   * it; `secret` signs in the key's place.
   */
  sign(
    claims?: Record<string, unknown>,
    header?: Partial<JWTHeaderParameters>,
    secret?: Parameters<SignJWT['sign']>[0]
  ): Promise<string>
}

export async function makeSigningKey(kid: string, alg: 'ES256' | 'RS256' = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg)
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg },
    sign(claims, header, secret = privateKey) {
      const now = Math.floor(Date.now() / 1_000)
      const usual = { iss: issuer, aud: audience, sub: 'erp', iat: now, exp: now + 300, scope: 'invoices:read' }
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, kid, ...header }).sign(secret)
    }
  }
}
