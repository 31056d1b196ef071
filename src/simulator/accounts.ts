import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Structure } from './directory.ts'

/** A technical account. Without `structures` it may act for every one. */
export interface Account {
  login: string
  password: string
  /** Identifiers (SIRET) it is attached to. */
  structures?: string[]
}

export const mayActFor = (account: Account, structure: Structure): boolean =>
  account.structures === undefined || account.structures.includes(structure.identifier)

/** `login:password` in base64 on a single line; undefined for anything else (authentication.md 2.3). */
export function findAccount(accounts: readonly Account[], encoded: string | undefined): Account | undefined {
  if (encoded === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  return accounts.find((account) => `${account.login}:${account.password}` === pair)
}

/** Opaque bearers of 54 characters (authentication.md 2.2). */
export function createTokens({ clock }: { clock: Clock }) {
  const tokens = new Map<string, number>()
  return {
    issue(lifetimeS: number): string {
      const now = clock.steady()
      for (const [token, end] of tokens) if (end <= now) tokens.delete(token)
      const token = randomBytes(40).toString('base64url').slice(0, 54)
      tokens.set(token, now + lifetimeS * 1000)
      return token
    },
    valid: (token: string | undefined): boolean => token !== undefined && (tokens.get(token) ?? 0) > clock.steady(),
    revoke: (token: string | undefined) => tokens.delete(token ?? ''),
    revokeAll: () => tokens.clear()
  }
}

export type Tokens = ReturnType<typeof createTokens>
