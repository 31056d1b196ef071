import { type Caller, NotLetIn } from './caller.ts'
import { createKeyCheck, everything, type KeysOptions } from './keys.ts'

/** Who shows this header, from this address. Throws NotLetIn. */
export type Identify = (authorization: string | undefined, address: string) => Promise<Caller>

export interface IdentifyOptions extends KeysOptions {
  mode: 'api-key' | 'none'
  /** Company tokens, where an issuer is configured. */
  tokens?: (token: string) => Promise<Caller>
}

export function createIdentify({ mode, tokens, ...options }: IdentifyOptions): Identify {
  const checkKey = createKeyCheck(options)
  return async (authorization, address) => {
    if (mode === 'none') return everything
    if (authorization === undefined) throw new NotLetIn('no key')
    const token = /^Bearer ([\x21-\x7e]{1,8192})$/i.exec(authorization)?.[1]
    if (token === undefined) throw new NotLetIn('no bearer token')
    // Three parts in base64url; a key of ours has no dot.
    if (tokens !== undefined && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return await tokens(token)
    return await checkKey(token, address)
  }
}
