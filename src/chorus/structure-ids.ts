import type { Asker } from './asker.ts'
import type { CallOptions } from './chorus.ts'
import { readFoundStructure } from './directory-answers.ts'

/** The technical id of a structure, private ones included; undefined when Chorus Pro knows none. Throws ChorusError. */
export type StructureIds = (siret: string, call?: CallOptions) => Promise<string | undefined>

export function createStructureIds(asker: Pick<Asker, 'page'>): StructureIds {
  return async (siret, call) => {
    const search = {
      service: 'structures/rechercher',
      rows: 'listeStructures',
      // Without the flag, private structures to which we are not attached stay hidden (directory.md).
      payload: () => ({
        structure: { identifiantStructure: siret, typeIdentifiantStructure: 'SIRET' },
        restreindreStructuresPrivees: false
      })
    }
    const { items } = await asker.page(search, { page: 1, size: 10, seen: 0 }, call)
    const found = items.map(readFoundStructure).filter((one) => one.siret.padStart(14, '0') === siret)
    const id = (found.find(({ active }) => active) ?? found[0])?.structureId
    return id === '' ? undefined : id
  }
}
