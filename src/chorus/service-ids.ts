import type { DocumentFilter } from '../../schemas/document-parts.ts'
import type { Asker, PageRequest } from './asker.ts'
import { readService } from './directory-answers.ts'
import { refused } from './document-filter.ts'
import { rawId } from './json.ts'
import type { StructureIds } from './structure-ids.ts'

/** The technical ids of the services that a filter names; undefined: one does not exist, hence no document of it. */
export type ServiceIds = (filter: DocumentFilter) => Promise<{ seller?: unknown; buyer?: unknown } | undefined>

const sides = ['seller', 'buyer'] as const

/** Throws `malformed-request` for a service whose organization is not named. */
export function createServiceIds(asker: Pick<Asker, 'page'>, structureId: StructureIds): ServiceIds {
  async function find(structure: string, code: string): Promise<string | undefined> {
    const payload = ({ page, size }: PageRequest) => ({
      idStructure: rawId(structure),
      parametresRechercherServicesStructure: { pageResultatDemandee: page, nbResultatsParPage: size }
    })
    const search = { service: 'structures/rechercher/services', rows: 'listeServices', payload }
    for (let at: PageRequest | undefined = { page: 1, size: 100, seen: 0 }; at !== undefined; ) {
      const page = await asker.page(search, at)
      const found = page.items.map(readService).find((service) => service.code === code)
      if (found !== undefined) return found.serviceId
      at = page.next
    }
    return undefined
  }

  return async (filter) => {
    const found: { seller?: unknown; buyer?: unknown } = {}
    for (const side of sides) {
      const code = filter[`${side}ServiceCode`]
      if (code === undefined) continue
      const siret = filter[side]
      const member = `/${side}ServiceCode`
      if (siret === undefined)
        throw refused('malformed-request', member, `${side}ServiceCode needs ${side}.`, `Name the ${side} too.`)
      const structure = await structureId(siret)
      const id = structure === undefined ? undefined : await find(structure, code)
      if (id === undefined) return undefined
      found[side] = rawId(id)
    }
    return found
  }
}
