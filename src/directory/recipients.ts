import type { CallOptions, Structure } from '../chorus/chorus.ts'
import type { ListedOrganization } from '../chorus/directory-file.ts'
import { ChorusError } from '../chorus/errors.ts'
import type { OrganizationFilter, OrganizationRow, Organizations } from '../chorus/organizations.ts'
import { inTime } from '../in-time.ts'
import type { PageRequest } from '../page-cursor.ts'
import type { DirectoryCopy } from './copy.ts'
import type { CopyFilter } from './copy-file.ts'
import type { Memory } from './memory.ts'

/** Where an answer comes from. */
export type Source = 'chorus-pro' | 'local-copy'

/** A structure with the time at which Chorus Pro said so. */
export interface OrganizationFacts extends Omit<Structure, 'structureId'> {
  /** Absent in the local copy, which holds no ids. */
  structureId?: string
  asOf: string
  source: Source
  /** So old a copy that it refuses nothing any more. */
  stale?: true
}

export interface FoundOrganization extends OrganizationRow {
  /** In the rows of the local copy, and where a search finds one structure alone. */
  requirements?: Structure['requirements']
}

export interface OrganizationPage {
  items: FoundOrganization[]
  total?: number
  next?: PageRequest
  asOf: string
  source: Source
}

export interface Recipients {
  /** `from` insists on one source. Undefined: not there; in the local copy that proves nothing. */
  organization(siret: string, from?: Source): Promise<OrganizationFacts | undefined>
  /** Pages of the local copy have the number 0, and `seen` leads on: a list stays with the source it began with. */
  search(filter: OrganizationFilter, at: PageRequest, from?: Source): Promise<OrganizationPage>
}

export interface RecipientsOptions {
  memory: Memory<OrganizationFacts>
  organizations: Pick<Organizations, 'search'>
  copy: Pick<DirectoryCopy, 'find' | 'search' | 'facts'> | undefined
  call: CallOptions
  now: () => Date
  /** After a failure the copy answers at once for so long, milliseconds. */
  awayMs: number
  /** How long Chorus Pro may take where the copy could answer, milliseconds. */
  patienceMs: number
}

/** Chorus Pro where it answers; what is remembered, then the local copy, where it does not. Throws ChorusError. */
export function createRecipients(options: RecipientsOptions): Recipients {
  const { memory, organizations, copy, call, now, awayMs, patienceMs } = options
  let awayUntil = 0

  /** The other answer stands in when the work fails or takes too long; without one there is no hurry. */
  async function orElse<T>(work: () => Promise<T>, other: T | undefined): Promise<T> {
    if (other !== undefined && awayUntil > now().getTime()) return other
    try {
      const result = other === undefined ? await work() : await inTime(work(), patienceMs, late)
      if (result !== late) {
        awayUntil = 0
        return result
      }
    } catch (error) {
      if (!(error instanceof ChorusError) || other === undefined) throw error
    }
    awayUntil = now().getTime() + awayMs
    return other as T
  }

  const copied = (siret: string): OrganizationFacts | undefined => {
    const facts = copy?.facts()
    const listed = facts === undefined ? undefined : copy?.find(siret)
    return facts === undefined || listed === undefined
      ? undefined
      : {
          ...asStructure(listed),
          siret,
          asOf: facts.asOf,
          source: 'local-copy',
          ...(now().getTime() - Date.parse(facts.asOf) > staleAfterMs && { stale: true })
        }
  }

  function searchCopy(filter: OrganizationFilter, at: PageRequest): OrganizationPage | undefined {
    const facts = copy?.facts()
    if (facts === undefined || copy === undefined || filter.kind === 'private') return undefined
    const after = at.page === 0 ? at.seen : 0
    const { items, next } = copy.search(copyFilter(filter), { limit: at.size, after })
    return {
      items: items.map(asFound),
      ...(next !== undefined && { next: { page: 0, size: at.size, seen: next } }),
      asOf: facts.asOf,
      source: 'local-copy'
    }
  }

  /** Searches do not tell what a structure demands; of a single one it is worth a question. */
  async function demandsOfOne(items: OrganizationRow[]): Promise<FoundOrganization[]> {
    const [one, another] = items
    if (one?.siret === undefined || another !== undefined) return items
    const facts = await memory.get(one.siret).catch((error: unknown) => {
      if (error instanceof ChorusError) return undefined
      throw error
    })
    return facts === undefined ? items : [{ ...one, requirements: facts.requirements }]
  }

  return {
    async organization(siret, from) {
      if (from === 'chorus-pro') return await memory.get(siret)
      if (from === 'local-copy') return copied(siret)
      return await orElse(() => memory.get(siret), memory.peek(siret) ?? copied(siret))
    },
    async search(filter, at, from) {
      const ask = async (): Promise<OrganizationPage> => {
        const page = await organizations.search(filter, at, call)
        return { ...page, items: await demandsOfOne(page.items), asOf: now().toISOString(), source: 'chorus-pro' }
      }
      if (at.page === 0 || from === 'local-copy') {
        return searchCopy(filter, at) ?? { items: [], asOf: now().toISOString(), source: 'local-copy' }
      }
      return await orElse(ask, from === 'chorus-pro' || at.page > 1 ? undefined : searchCopy(filter, at))
    }
  }
}

const staleAfterMs = 7 * 86_400_000
const late = Symbol('late')

/** The copy lists public recipients. What a line does not say is taken for no demand. */
const asStructure = (listed: ListedOrganization): Omit<OrganizationFacts, 'asOf' | 'source'> => {
  const { identifier, active = true, name, street, postalCode, town, country } = listed
  const { worksOwner, worksOnly, paymentReported } = listed
  const address = {
    ...(street !== undefined && { lines: [street] }),
    ...(postalCode !== undefined && { postalCode }),
    ...(town !== undefined && { town }),
    ...(country !== undefined && { country })
  }
  return {
    siret: identifier,
    active,
    requirements: {
      serviceCode: listed.serviceCode ?? false,
      commitmentNumber: listed.commitmentNumber ?? false,
      serviceOrCommitment: listed.serviceOrCommitment ?? false
    },
    isPublic: true,
    ...(name !== undefined && { name }),
    ...(worksOwner !== undefined && { worksOwner }),
    ...(worksOnly !== undefined && { worksOnly }),
    ...(paymentReported !== undefined && { paymentReported }),
    ...(Object.keys(address).length > 0 && { address })
  }
}

const asFound = (listed: ListedOrganization): FoundOrganization => {
  const { active, requirements, name, address } = asStructure(listed)
  const { identifier, identifierType } = listed
  return {
    ...(identifierType === 'siret' && { siret: identifier }),
    identifier,
    identifierType,
    active,
    requirements,
    upstream: {},
    ...(name !== undefined && { name }),
    ...(address !== undefined && { address })
  }
}

function copyFilter({ q, includePrivate: _private, kind: _kind, ...filter }: OrganizationFilter): CopyFilter {
  if (q === undefined) return filter
  return /^\d{5}$/.test(q.trim()) ? { ...filter, postalCode: q.trim() } : { ...filter, nameOrTown: q }
}
