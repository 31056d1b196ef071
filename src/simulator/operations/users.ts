import { createHash } from 'node:crypto'
import type { Id } from '../json.ts'

/** The technical id of the user behind a login: eight digits, as in the qualification dataset. */
export const userId = (login: string): Id =>
  50_000_000n + BigInt(createHash('sha256').update(login).digest().readUInt32BE(0) % 10_000_000)
