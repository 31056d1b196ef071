import type { Asker, Page, PageRequest } from './asker.ts'
import type { Address, CallOptions } from './chorus.ts'
import { readFoundStructure } from './directory-answers.ts'
import type { Download } from './download.ts'
import { type JsonObject, readText } from './json.ts'
import { present, presentIfAny } from './present.ts'
import { nameIdentifierType, rawIdentifierType } from './structure-words.ts'

/** All conditions count together. */
export interface OrganizationFilter {
  /** Words of the name, the town or the postal code; goes with no other condition but the identifier. */
  q?: string
  identifier?: string
  /** `siret`, `eu_vat` … */
  identifierType?: string
  name?: string
  postalCode?: string
  town?: string
  /** ISO 3166, two letters. */
  country?: string
  active?: boolean
  kind?: 'public' | 'private'
  worksOwner?: boolean
  worksOnly?: boolean
  /** Private structures to which we are not attached, too. */
  includePrivate?: boolean
}

export interface OrganizationRow {
  /** Where the identifier is one. */
  siret?: string
  identifier: string
  /** `siret`, `eu_vat` …; `other` where we have no word for it. */
  identifierType: string
  name?: string
  active: boolean
  address?: Address
  /** As it came. */
  upstream: { structureId?: string; identifierType?: string; status?: string }
}

/** The role in which a structure of ours may act. */
export type OwnRole = 'supplier' | 'recipient' | 'works'

export interface Organizations {
  search(filter: OrganizationFilter, at: PageRequest, call?: CallOptions): Promise<Page<OrganizationRow>>
  /** The active structures that our account may act for: all of them. */
  own(role: OwnRole, call?: CallOptions): Promise<OrganizationRow[]>
  /** The recipients' directory as a file: a ZIP. */
  file(call?: CallOptions): Promise<Download>
}

export function createOrganizations(asker: Asker): Organizations {
  return {
    async search(filter, at, call) {
      const search = filter.q === undefined ? byCriteria(filter) : byWords(filter.q, filter.identifier)
      const { items, ...page } = await asker.page(search, at, call)
      return { ...page, items: items.map(readRow) }
    },
    async own(role, call) {
      const service = `transverses/recuperer/structures/actives/${spaces[role]}`
      const { items } = await asker.page({ service, rows: 'listeStructures', payload: () => ({}) }, first, call)
      return items.map(readRow)
    },
    file: (call) => asker.download('transverses/telecharger/annuaire/destinataire', {}, 'fichierResultat', call)
  }
}

const first: PageRequest = { page: 1, size: 10_000, seen: 0 }
const spaces = { supplier: 'fournisseur', recipient: 'destinataire', works: 'facturetravaux' } as const

const pager = ({ page, size }: PageRequest) => ({ pageResultatDemandee: page, nbResultatsParPage: size })

const byCriteria = (filter: OrganizationFilter) => ({
  service: 'structures/rechercher',
  rows: 'listeStructures',
  payload: (at: PageRequest) => ({
    structure: present({
      identifiantStructure: filter.identifier,
      typeIdentifiantStructure:
        filter.identifier === undefined ? rawIdentifierType(filter.identifierType) : typeOf(filter.identifierType),
      raisonSocialeStructure: filter.name,
      adresseCodePostal: filter.postalCode,
      adresseVille: filter.town,
      adresseCodePays: filter.country,
      statutStructure: filter.active === undefined ? undefined : filter.active ? 'ACTIF' : 'INACTIF',
      typeStructure: filter.kind === undefined ? undefined : filter.kind === 'public' ? 'PUBLIQUE' : 'PRIVEE',
      estMOA: filter.worksOwner,
      estMOAUniquement: filter.worksOnly
    }),
    ...(filter.includePrivate === true && { restreindreStructuresPrivees: false }),
    parametres: { ...pager(at), triSens: 'Ascendant', triColonne: 'IdentifiantStructure' }
  })
})

/** An identifier without a type is deemed a SIRET (directory.md, section 4). */
const typeOf = (type: string | undefined) => rawIdentifierType(type ?? 'siret')

/** The columns that it sorts by are in no source. */
const byWords = (q: string, identifier: string | undefined) => ({
  service: 'transverses/rechercher/destinataire',
  rows: 'listeDestinataires',
  payload: (at: PageRequest) => ({
    nomVilleCodePostal: q,
    ...present({ identifiant: identifier }),
    parametresRecherche: pager(at)
  })
})

/** Rows of all these operations: their members differ in name alone. */
function readRow(row: JsonObject): OrganizationRow {
  const found = readFoundStructure(row)
  const rawType = readText(row['typeIdentifiantStructure'])
  const identifierType = nameIdentifierType(rawType ?? 'SIRET').code
  const given = readText(row['siret']) ?? found.siret
  // A SIRET may come as a bare number, without its leading zeros (structures.json, notes of rechercher).
  const identifier = identifierType === 'siret' && /^\d+$/.test(given) ? given.padStart(14, '0') : given
  const id = found.structureId === '' ? undefined : found.structureId
  return {
    identifier,
    identifierType,
    active: found.active,
    ...present({
      siret: identifierType === 'siret' ? identifier : undefined,
      name: found.name ?? readText(row['nomDestinataire']),
      address: presentIfAny({
        postalCode: readText(row['adresseCodePostal']),
        town: readText(row['adresseVille'])
      })
    }),
    upstream: present({ structureId: id, identifierType: rawType, status: readText(row['statut']) })
  }
}
