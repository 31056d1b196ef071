import { readDay, readMoment } from './dates.ts'
import { nameFramework, nameOf, requestTypes, typeCodes, worksTypes } from './document-words.ts'
import { party } from './invoice-row.ts'
import { type JsonObject, readDecimal, readText } from './json.ts'
import { present, presentIfAny } from './present.ts'
import { nameStatus } from './status.ts'

/** Whose documents may be shown: these SIRETs, or everyone's when there are none. */
export type Sirets = readonly string[]

const first = (row: JsonObject, ...names: string[]): string | undefined =>
  names.map((name) => readText(row[name])).find((text) => text !== undefined)

/** A party by the members that end in `Fournisseur`, `Moe`, `Moa`, `Valideur`, `Destinataire`. */
export const readSide = (row: JsonObject, who: string, { structure = '', service = `Service${who}` } = {}) =>
  presentIfAny({
    ...party(row, `identifiant${structure}${who}`, `typeIdentifiant${structure}${who}`, `designation${who}`),
    serviceCode: readText(row[`code${service}`]),
    serviceName: readText(row[`nom${service}`])
  })

/** The members that a row of any search for documents may have. */
export function readDocument(row: JsonObject, names: { id: string; number: string }) {
  const raws = {
    status: first(row, 'statut', 'statutFacture', 'etatCourant', 'statutFactureTravaux'),
    type: first(row, 'typeFacture'),
    requestType: first(row, 'typeDemandePaiement'),
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
      number: first(row, names.number, 'numeroFacture'),
      requestType: nameOf(requestTypes, raws.requestType),
      typeCode: nameOf(typeCodes, raws.type),
      worksType: nameOf(worksTypes, raws.worksType),
      businessProcess: nameFramework(raws.businessProcess),
      issueDate: readDay(first(row, 'dateFacture', 'dateFournisseur')),
      depositDate: readDay(first(row, 'dateDepot')),
      currency: first(row, 'devise'),
      status: readStatus(raws.status, row),
      contractReference: first(row, 'numeroMarche'),
      commitmentNumber: first(row, 'numeroEngagement', 'numeroBonCommande'),
      precedingInvoice: first(row, 'numeroFactureOrigine')
    }),
    upstream: present(raws)
  }
}

/** A status with what the row says of it. */
export function readStatus(raw: string | undefined, row: JsonObject = {}) {
  if (raw === undefined) return undefined
  const since = readMoment(first(row, 'dateHeureEtatCourant'))
  return { ...nameStatus(raw), ...present({ since, comment: first(row, 'commentaireEtatCourant') }) }
}

/** True when one of the parties is among them, or when there is no limit. */
export const isAmong = (sirets: Sirets, ...parties: ({ siret?: string } | undefined)[]): boolean =>
  sirets.length === 0 || parties.some((one) => one?.siret !== undefined && sirets.includes(one.siret))
