import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import type { NewKey } from '../../schemas/key.ts'
import { createKeyAdministration, type KeyAdministration } from '../callers/administration.ts'
import { ProblemError } from '../problem.ts'
import { placeName, type StorePlace } from '../store/open.ts'
import { CommandError } from './arguments.ts'
import { existingPlace, placeOf, storeFolder, withStore } from './data-folder.ts'
import { keyOptions, readExpiry, readHours, readKeyInput } from './key-options.ts'
import { table } from './table.ts'

const json = { type: 'boolean', default: false, description: 'JSON, for scripts' } as const

const create = defineCommand({
  meta: { name: 'create', description: 'Make a key for a caller. It is shown once; the gateway may be running' },
  args: {
    ...keyOptions,
    data: storeFolder,
    json
  },
  async run({ args, rawArgs }) {
    const input = readKeyInput(args, rawArgs, new Date())
    const place = placeOf(args.data)
    const made = await withKeys(place, (keys) => keys.create(input, by()))
    if (args.json) return say(JSON.stringify(made, null, 2))
    say(`The key of ${made.name}, kept in ${placeName(place)}. This is the only time it is shown:\n\n  ${made.key}\n`)
    tell(made)
    say(`\nTry it:\n\n  curl -H "Authorization: Bearer ${made.key}" http://127.0.0.1:3000/v1/invoices`)
  }
})

const list = defineCommand({
  meta: { name: 'list', description: 'Every key, without its secret' },
  args: { data: storeFolder, json },
  async run({ args }) {
    const keys = await withKeys(existingPlace(args.data), (keys) => keys.list())
    if (args.json) return say(JSON.stringify(keys, null, 2))
    if (keys.length === 0) return say('There is no key yet.')
    const rows = keys.map((key) => {
      const { id, name, state, createdAt, expiresAt, sellers, scopes } = key
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
  args: {
    id: { type: 'positional', required: true, description: 'the id, as `keys list` shows it' },
    data: storeFolder
  },
  async run({ args }) {
    const id = idOf(args.id)
    const [before, after] = await withKeys(existingPlace(args.data), async (keys) => [
      await keys.find(id),
      await keys.revoke(id, by())
    ])
    const already = before.state === 'revoked' ? ' was revoked before' : ' is revoked'
    say(`The key ${after.id}${already}.`)
  }
})

const rotate = defineCommand({
  meta: { name: 'rotate', description: 'A new key for the same caller; the old one goes on for a while' },
  args: {
    id: { type: 'positional', required: true, description: 'the id of the old one, as `keys list` shows it' },
    overlap: { type: 'string', default: '24h', description: 'how long the old one goes on', valueHint: '24h|7d|0h' },
    expires: {
      type: 'string',
      description: 'of the new one: last day, or a number of days; as long as the old one had when absent',
      valueHint: '2027-12-31|90d'
    },
    data: storeFolder,
    json
  },
  async run({ args }) {
    const now = new Date()
    const rotation = {
      overlapHours: readHours(args.overlap),
      ...(args.expires !== undefined && { expiresAt: readExpiry(args.expires, now).toISOString() })
    }
    const id = idOf(args.id)
    const made = await withKeys(existingPlace(args.data), (keys) => keys.rotate(id, rotation, by()))
    if (args.json) return say(JSON.stringify(made, null, 2))
    say(`The new key of ${made.name}. This is the only time it is shown:\n\n  ${made.key}\n`)
    tell(made)
    say(`\nThe old one, ${id}, goes on for ${args.overlap}; keys revoke ends it at once.`)
  }
})

export const keysCommand = defineCommand({
  meta: { name: 'keys', description: 'Create, list, rotate and revoke the API keys of callers' },
  subCommands: { create, list, rotate, revoke }
})

/** The whole key may be at hand rather than its id. */
const idOf = (text: string) => /^cpg_([0-9a-z]+)_/.exec(text)?.[1] ?? text

/** For the audit: who sits at this machine. */
function by() {
  try {
    return { actor: `cli:${userInfo().username}` }
  } catch {
    return { actor: `cli:${process.getuid?.() ?? 'unknown'}` }
  }
}

async function withKeys<T>(place: StorePlace, work: (keys: KeyAdministration) => Promise<T>): Promise<T> {
  return await withStore(place, async ({ store, now }) => {
    try {
      return await work(createKeyAdministration({ store, now }))
    } catch (error) {
      throw error instanceof ProblemError ? new CommandError(`${error.message} See keys list.`) : error
    }
  })
}

function tell(key: NewKey): void {
  const lines: [string, string | undefined][] = [
    ['rights', key.scopes.join(', ')],
    ['sellers', key.sellers.join(', ') || 'every seller'],
    ['bound to', key.connections.join(', ') || undefined],
    ['raw', key.operations?.join(', ')],
    ['from', key.networks?.join(', ')],
    ['a minute', key.ratePerMinute?.toString()],
    ['a day', key.requestsPerDay?.toString()],
    ['expires', key.expiresAt ?? 'never']
  ]
  for (const [name, value] of lines) if (value !== undefined) say(`  ${name.padEnd(9)}${value}`)
}

const say = (text: string) => void process.stdout.write(`${text}\n`)
