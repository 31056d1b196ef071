import type { KeyInput } from '../../schemas/key.ts'
import { callerScopes, everyScope, type Scope } from '../../schemas/scopes.ts'
import { createNetworks } from '../networks.ts'
import { everyValue, UsageError } from './arguments.ts'

/** What a key may be held to. */
export const keyOptions = {
  name: { type: 'string', required: true, description: 'whose key it is', valueHint: 'name' },
  scope: {
    type: 'string',
    description: 'its rights, separated by commas; every right of a caller when absent, never `operator`',
    valueHint: 'a,b'
  },
  seller: {
    type: 'string',
    description: 'the sellers that it may act for; repeatable; every seller when absent',
    valueHint: 'SIRET'
  },
  connection: {
    type: 'string',
    description:
      'the connections of GATEWAY_CONFIG_FILE that it may use; repeatable; when absent those of the environment of the first',
    valueHint: 'name'
  },
  operation: {
    type: 'string',
    description: 'what `chorus:raw` may call, as factures/soumettre or structures/*; repeatable; all when absent',
    valueHint: 'domain/operation'
  },
  expires: { type: 'string', description: 'last day, or a number of days', valueHint: '2027-12-31|90d' },
  network: {
    type: 'string',
    description: 'where it may be used from; repeatable; from everywhere when absent',
    valueHint: '10.0.0.0/8'
  },
  'rate-per-minute': { type: 'string', description: 'requests a minute, over all replicas', valueHint: 'number' },
  'requests-per-day': { type: 'string', description: 'requests a day (UTC)', valueHint: 'number' }
} as const

type Given = { name: string; expires?: string | undefined } & Partial<
  Record<'rate-per-minute' | 'requests-per-day', string | undefined>
>

/** Throws UsageError. */
export function readKeyInput(args: Given, rawArgs: string[], now: Date): KeyInput {
  const scopes = everyValue(rawArgs, 'scope')
  const known = new Map<string, Scope>(everyScope.map((scope) => [scope, scope]))
  const strange = scopes.find((scope) => !known.has(scope))
  if (strange !== undefined)
    throw new UsageError(`--scope: there is no right ${strange}. There are ${everyScope.join(', ')}`)
  const sellers = several(rawArgs, 'seller', /^\d{14}$/, 'a SIRET has 14 digits, this is none')
  const connections = several(rawArgs, 'connection', /^[a-z0-9][a-z0-9-]{0,39}$/, 'this is no name of a connection')
  const operations = several(
    rawArgs,
    'operation',
    /^[A-Za-z]+(\/[A-Za-z-]+)*\/([A-Za-z-]+|\*)$/,
    'neither like factures/soumettre nor structures/*'
  )
  const networks = everyValue(rawArgs, 'network')
  try {
    createNetworks(networks)
  } catch (error) {
    throw new UsageError(`--network: ${(error as Error).message}`)
  }
  const name = args.name.trim()
  if (!/^[^\p{Cc}]{1,100}$/u.test(name)) throw new UsageError('--name needs 1 to 100 characters that can be printed')
  const ratePerMinute = count(args['rate-per-minute'], '--rate-per-minute')
  const requestsPerDay = count(args['requests-per-day'], '--requests-per-day')
  return {
    name,
    scopes: scopes.length === 0 ? [...callerScopes] : [...new Set(scopes.flatMap((scope) => known.get(scope) ?? []))],
    sellers,
    connections,
    ...(operations.length > 0 && { operations }),
    ...(networks.length > 0 && { networks }),
    ...(ratePerMinute !== undefined && { ratePerMinute }),
    ...(requestsPerDay !== undefined && { requestsPerDay }),
    ...(args.expires !== undefined && { expiresAt: readExpiry(args.expires, now).toISOString() })
  }
}

function several(rawArgs: string[], name: string, pattern: RegExp, complaint: string): string[] {
  const values = everyValue(rawArgs, name)
  const wrong = values.find((value) => !pattern.test(value))
  if (wrong !== undefined) throw new UsageError(`--${name}: ${complaint}: ${wrong}`)
  return [...new Set(values)]
}

function count(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`${name}: a number from 1: ${text}`)
  return Number(text)
}

/** Hours: `24h`, `7d`. Throws UsageError. */
export function readHours(text: string): number {
  const [, number, unit] = /^(\d{1,3})([hd])$/.exec(text) ?? []
  const hours = Number(number) * (unit === 'd' ? 24 : 1)
  if (number === undefined || hours > 720) throw new UsageError(`--overlap: hours or days, 30d at most: ${text}`)
  return hours
}

/** The end of that day in UTC, or so many days from now. Throws UsageError. */
export function readExpiry(text: string, now: Date): Date {
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T23:59:59.999Z`) : undefined
  const end = days === undefined ? day : new Date(now.getTime() + Number(days) * 86_400_000)
  if (
    end === undefined ||
    Number.isNaN(end.getTime()) ||
    (day !== undefined && day.toISOString().slice(0, 10) !== text)
  ) {
    throw new UsageError(`--expires: neither a date like 2027-12-31 nor days like 90d: ${text}`)
  }
  if (end <= now) throw new UsageError(`--expires lies in the past: ${text}`)
  return end
}
