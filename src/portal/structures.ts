import type { Resources } from '../chorus/resources.ts'
import { rawStatus } from '../chorus/status.ts'
import { createMemory, type Memory } from '../directory/memory.ts'
import { badValue, type ProblemError } from '../problem.ts'
import type { Way } from './visit.ts'

/** From what callers write to what Chorus Pro searches by. */
export interface Structures {
  /** Technical id; undefined: no such structure, hence no invoice of it. Throws ChorusError. */
  id(way: Way, siret: string): Promise<string | undefined>
  service(way: Way, structureId: string, code: string): Promise<string | undefined>
  bankAccount(way: Way, structureId: string, wanted: string): Promise<string | undefined>
}

export function createStructures({ now }: { now: () => Date }): Structures {
  const known = new WeakMap<Resources, Memory<string>>()
  const memoryOf = (resources: Resources) => {
    const memory =
      known.get(resources) ??
      createMemory<string>({
        fetch: (siret) => resources.structureIds(siret, { deadlineMs: 15_000 }),
        now: () => now().getTime(),
        freshMs: 24 * 3_600_000,
        missingMs: 60_000
      })
    known.set(resources, memory)
    return memory
  }

  return {
    id: ({ resources }, siret) => memoryOf(resources).get(siret),
    async service({ directory }, structureId, code) {
      const listed = (await directory.services(structureId)).filter((service) => service.code === code)
      return (listed.find(({ active }) => active) ?? listed[0])?.serviceId
    },
    async bankAccount({ directory }, structureId, wanted) {
      const name = directory.accountName(wanted)
      const accounts = await directory.bankAccounts(structureId)
      return accounts.find(({ bankAccountId, label }) => bankAccountId === name || label === name)?.bankAccountId
    }
  }
}

/** A parameter that came once, several times, or with commas. */
export function listOf(value: string | string[] | undefined): string[] | undefined {
  const parts = [value ?? []].flat().flatMap((one) => one.split(','))
  const found = [...new Set(parts.map((one) => one.trim()).filter((one) => one !== ''))]
  return found.length === 0 ? undefined : found
}

/** Chorus Pro's codes of statuses. Throws `malformed-request` for a name that is neither ours nor like theirs. */
export function statusesOf(value: string | string[] | undefined): string[] | undefined {
  return listOf(value)?.map((name) => {
    const raw = rawStatus(name)
    if (raw === undefined)
      throw badParameter(
        'status',
        `“${name.slice(0, 40)}” is no status.`,
        'Use a name of /v1/code-lists or a code of Chorus Pro.'
      )
    return raw
  })
}

export function badParameter(name: string, message: string, fix: string): ProblemError {
  return badValue(`/${name}`, { message, messageFr: 'Valeur refusée.', fix })
}

/** A service is only known inside its structure. */
export function demandTogether(query: object, name: string, needed: string): void {
  const given = new Map<string, unknown>(Object.entries(query))
  if (given.get(name) === undefined || given.get(needed) !== undefined) return
  throw badParameter(name, `The filter ${name} needs ${needed} beside it.`, `Add ${needed}, or leave ${name} out.`)
}

/** What is not passed on as it stands. */
export function without<T extends object, K extends keyof T>(query: T, names: readonly K[]): Omit<T, K> {
  const dropped = new Set<PropertyKey>(names)
  return Object.fromEntries(Object.entries(query).filter(([name]) => !dropped.has(name))) as Omit<T, K>
}
