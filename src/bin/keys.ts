import { defineCommand } from 'citty'
import { placeName } from '../store/open.ts'
import type { ApiKey } from '../store/store.ts'
import { CommandError, everyValue, UsageError } from './arguments.ts'
import { existingPlace, placeOf, withStore } from './data-folder.ts'
import { table } from './table.ts'

const data = {
  type: 'string',
  description: 'folder of the embedded store; when absent DATABASE_URL, DATA_DIR, or ./data',
  valueHint: 'folder'
} as const
const json = { type: 'boolean', default: false, description: 'JSON, for scripts' } as const

const create = defineCommand({
  meta: { name: 'create', description: 'Make a key for a caller. It is shown once; the gateway may be running' },
  args: {
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
    data,
    json
  },
  async run({ args, rawArgs }) {
    const [{ callerScopes }, { makeKey }] = await Promise.all([
      import('../../schemas/scopes.ts'),
      import('../callers/api-key.ts')
    ])
    const scopes = everyValue(rawArgs, 'scope')
    const known: string[] = [...callerScopes, 'operator']
    const strange = scopes.find((scope) => !known.includes(scope))
    if (strange !== undefined)
      throw new UsageError(`--scope: there is no right ${strange}. There are ${known.join(', ')}`)
    const sellers = everyValue(rawArgs, 'seller')
    const wrong = sellers.find((seller) => !/^\d{14}$/.test(seller))
    if (wrong !== undefined) throw new UsageError(`--seller: a SIRET has 14 digits, this is none: ${wrong}`)
    const operations = everyValue(rawArgs, 'operation')
    const odd = operations.find((operation) => !/^[A-Za-z]+(\/[A-Za-z]+)*\/([A-Za-z]+|\*)$/.test(operation))
    if (odd !== undefined) throw new UsageError(`--operation: neither like factures/soumettre nor structures/*: ${odd}`)
    const connections = everyValue(rawArgs, 'connection')
    const unnamed = connections.find((connection) => !/^[a-z0-9][a-z0-9-]{0,39}$/.test(connection))
    if (unnamed !== undefined) throw new UsageError(`--connection: this is no name of a connection: ${unnamed}`)
    const name = args.name.trim()
    if (!/^[^\p{Cc}]{1,100}$/u.test(name)) throw new UsageError('--name needs 1 to 100 characters that can be printed')
    const now = new Date()
    const { token, key } = makeKey({
      name,
      scopes: [
        ...(scopes.length === 0 ? callerScopes : new Set(scopes)),
        ...new Set(connections.map((connection) => `connection:${connection}`))
      ],
      sellers: [...new Set(sellers)],
      ...(operations.length > 0 && { operations: [...new Set(operations)] }),
      ...(args.expires !== undefined && { expiresAt: readExpiry(args.expires, now).toISOString() }),
      now
    })
    const place = placeOf(args.data)
    await withStore(place, ({ store }) => store.addKey(key))
    if (args.json) return say(JSON.stringify({ key: token, ...shown(key, now) }, null, 2))
    say(`The key of ${name}, kept in ${placeName(place)}. This is the only time it is shown:\n\n  ${token}\n`)
    say(`  rights   ${key.scopes.join(', ')}`)
    say(`  sellers  ${key.sellers.join(', ') || 'every seller'}`)
    if (key.operations !== undefined) say(`  raw      ${key.operations.join(', ')}`)
    say(`  expires  ${key.expiresAt ?? 'never'}\n`)
    say(`Try it:\n\n  curl -H "Authorization: Bearer ${token}" http://127.0.0.1:3000/v1/invoices`)
  }
})

const list = defineCommand({
  meta: { name: 'list', description: 'Every key, without its secret' },
  args: { data, json },
  async run({ args }) {
    const now = new Date()
    const keys = await withStore(existingPlace(args.data), ({ store }) => store.listKeys())
    if (args.json)
      return say(
        JSON.stringify(
          keys.map((key) => shown(key, now)),
          null,
          2
        )
      )
    if (keys.length === 0) return say('There is no key yet.')
    const rows = keys.map((key) => {
      const { id, name, state, createdAt, expiresAt, sellers, scopes } = shown(key, now)
      const every = scopes.length >= 8 && !scopes.includes('operator') ? 'all of a caller' : scopes.join(',')
      return [
        id,
        name,
        state,
        createdAt.slice(0, 10),
        expiresAt?.slice(0, 10) ?? 'never',
        sellers.join(',') || 'all',
        every
      ]
    })
    say(table([['ID', 'NAME', 'STATE', 'CREATED', 'EXPIRES', 'SELLERS', 'RIGHTS'], ...rows]))
  }
})

const revoke = defineCommand({
  meta: { name: 'revoke', description: 'End a key for good; a running gateway notices within two seconds' },
  args: { id: { type: 'positional', required: true, description: 'the id, as `keys list` shows it' }, data },
  async run({ args }) {
    // The whole key may be at hand rather than its id.
    const id = /^cpg_([0-9a-z]+)_/.exec(args.id)?.[1] ?? args.id
    const now = new Date()
    const outcome = await withStore(existingPlace(args.data), async ({ store }) => {
      const key = await store.findKey(id)
      if (key === undefined) return 'unknown'
      return (await store.revokeKey(id, now.toISOString())) ? 'revoked' : 'before'
    })
    if (outcome === 'unknown') throw new CommandError(`There is no key ${id}. See keys list.`)
    say(outcome === 'revoked' ? `The key ${id} is revoked.` : `The key ${id} was revoked before.`)
  }
})

export const keysCommand = defineCommand({
  meta: { name: 'keys', description: 'Create, list and revoke the API keys of callers' },
  subCommands: { create, list, revoke }
})

function shown({ digest: _digest, ...key }: ApiKey, now: Date) {
  const state =
    key.revokedAt !== undefined ? 'revoked' : (key.expiresAt ?? '9') <= now.toISOString() ? 'expired' : 'active'
  return { ...key, state }
}

/** The end of that day in UTC, or so many days from now. */
function readExpiry(text: string, now: Date): Date {
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

const say = (text: string) => void process.stdout.write(`${text}\n`)
