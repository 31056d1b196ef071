import { NotLetIn } from '../callers/caller.ts'
import type { Identify } from '../callers/identify.ts'
import type { Limits } from '../callers/limits.ts'

/** Whether this is a key that may be used from there: then it is its own token. */
export function createKeyExchange({
  identify,
  limits
}: {
  identify: Identify
  limits: Pick<Limits, 'wrongKey'>
}): (key: string, address: string) => Promise<string | undefined> {
  return async (key, address) => {
    if (!/^[\x21-\x7e]{1,8192}$/.test(key)) return undefined
    try {
      await identify(`Bearer ${key}`, address)
      return key
    } catch (error) {
      if (!(error instanceof NotLetIn)) throw error
      limits.wrongKey(address)
      return undefined
    }
  }
}
