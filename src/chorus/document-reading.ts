import type { DocumentParty } from '../../schemas/document-parts.ts'
import { readDay, readMoment } from './dates.ts'
import { nameFramework, nameOf, requestTypes, typeCodes, worksTypes } from './document-words.ts'
import { type JsonObject, readDecimal, readText } from './json.ts'
import { present, presentIfAny } from './present.ts'
import { nameStatus } from './status.ts'

/** Whose documents may be shown: these SIRETs, or everyone's when there are none. */
export type Sirets = readonly string[]

/** Names of a party's members; the first that is there counts. */
export interface PartyNames {
  identifier: string[]
  type?: string
  name?: string[]
  serviceCode?: string
  serviceName?: string
  validatedAt?: string
}

/** The members that end in `Fournisseur`, `Moe`, `Moa`, `Valideur`, `Destinataire`, as search rows have them. */
export const partyNames = (suffix: string, service = `Service${suffix}`): PartyNames => ({
  identifier: [`identifiant${suffix}`, `identifiantStructure${suffix}`],
  type: `typeIdentifiant${suffix}`,
  name: [`designation${suffix}`],
  serviceCode: `code${service}`,
  serviceName: `nom${service}`
})

const first = (row: JsonObject, ...names: string[]): string | undefined =>
  names.map((name) => readText(row[name])).find((text) => text !== undefined)

export function readParty(row: JsonObject, names: PartyNames): DocumentParty | undefined {
  const identifier = first(row, ...names.identifier)
  const identifierType = first(row, names.type ?? '')
  return presentIfAny({
    siret: readSiret(identifier, identifierType),
    identifier,
    identifierType,
    name: first(row, ...(names.name ?? [])),
    serviceCode: first(row, names.serviceCode ?? ''),
    serviceName: first(row, names.serviceName ?? ''),
    validatedAt: readDay(first(row, names.validatedAt ?? ''))
  })
}

/** A SIRET may come as a bare number, without its leading zeros (structures.json, notes of rechercher). */
function readSiret(identifier = '', type?: string): string | undefined {
  if (type === undefined) return /^\d{14}$/.test(identifier) ? identifier : undefined
  return type === 'SIRET' && /^\d{9,14}$/.test(identifier) ? identifier.padStart(14, '0') : undefined
}

/** The members that a row of any search for documents may have. */
export function readDocument(row: JsonObject, names: { id: string; number: string }) {
  const raws = {
    requestType: first(row, 'typeDemandePaiement'),
    typeCode: first(row, 'typeFacture'),
    worksType: first(row, 'typeFactureTravaux'),
    businessProcess: first(row, 'cadreFacturation')
  }
  return {
    id: readText(row[names.id]) ?? '',
    totals: present({
      taxExclusive: readDecimal(row['montantHT']),
      taxInclusive: readDecimal(row['montantTTC']),
      payable: readDecimal(row['montantAPayer'])
    }),
    ...present({
      number: first(row, names.number),
      requestType: nameOf(requestTypes, raws.requestType),
      typeCode: nameOf(typeCodes, raws.typeCode),
      worksType: nameOf(worksTypes, raws.worksType),
      businessProcess: nameFramework(raws.businessProcess),
      issueDate: readDay(first(row, 'dateFacture', 'dateFournisseur')),
      depositDate: readDay(first(row, 'dateDepot')),
      currency: first(row, 'devise'),
      status: readStatus(row, 'statut', 'statutFacture', 'etatCourant'),
      contractReference: first(row, 'numeroMarche'),
      commitmentNumber: first(row, 'numeroEngagement', 'numeroBonCommande'),
      precedingInvoice: first(row, 'numeroFactureOrigine')
    }),
    upstream: present(raws)
  }
}

/** The status under the first of these names that is there. */
export function readStatus(row: JsonObject, ...names: string[]) {
  const raw = first(row, ...names)
  if (raw === undefined) return undefined
  const since = readMoment(first(row, 'dateHeureEtatCourant'))
  return { ...nameStatus(raw), ...present({ since, comment: first(row, 'commentaireEtatCourant') }) }
}

/** True when one of the parties is among them, or when there is no limit. */
export const isAmong = (sirets: Sirets, ...parties: (DocumentParty | undefined)[]): boolean =>
  sirets.length === 0 || parties.some((party) => party?.siret !== undefined && sirets.includes(party.siret))
