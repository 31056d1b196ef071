import { readBoolean } from './json.ts'
import { nameIdentifierType } from './structure-words.ts'

/** One structure as the recipients' directory file lists it, in our words. What a line leaves empty is absent. */
export interface ListedOrganization {
  identifier: string
  identifierType: string
  name?: string
  active?: boolean
  serviceCode?: boolean
  commitmentNumber?: boolean
  serviceOrCommitment?: boolean
  worksOwner?: boolean
  worksOnly?: boolean
  paymentReported?: boolean
  street?: string
  postalCode?: string
  town?: string
  country?: string
}

/** By the file's header line, whatever the order of its columns; undefined when this is no list of structures. */
export function readerOf(header: string[]): ((cells: string[]) => ListedOrganization | undefined) | undefined {
  const places = new Map(
    header.map((name, place) => [
      name
        .trim()
        .replace(/^\uFEFF/, '')
        .toLowerCase(),
      place
    ])
  )
  if (!places.has('identifiant') || !places.has('raisonsociale')) return undefined
  return (cells) => {
    const text = (column: string): string | undefined => {
      const place = places.get(column)
      const cell = place === undefined ? '' : (cells[place] ?? '').replaceAll('\0', '').trim()
      return cell === '' ? undefined : cell
    }
    const flag = (column: string) => readBoolean(text(column))
    const given = text('identifiant')
    if (given === undefined) return undefined
    const identifierType = nameIdentifierType(flowTypes[text('typeidentifiant') ?? '1'] ?? text('typeidentifiant')).code
    // Spreadsheets lose the leading zeros of a SIRET (directory.md, section 4).
    const identifier = identifierType === 'siret' && /^\d+$/.test(given) ? given.padStart(14, '0') : given
    return Object.fromEntries(
      Object.entries({
        identifier,
        identifierType,
        name: text('raisonsociale'),
        active: flag('structureactive'),
        serviceCode: flag('gestionservice'),
        commitmentNumber: flag('gestionengagement'),
        serviceOrCommitment: flag('gestionserviceengagement'),
        worksOwner: flag('estmoa'),
        worksOnly: flag('estmoauniquement'),
        paymentReported: flag('gestionstatutmiseenpaiement'),
        street: text('adresse'),
        postalCode: text('codepostal'),
        town: text('ville'),
        country: text('codepays')
      }).filter(([, value]) => value !== undefined)
    ) as unknown as ListedOrganization
  }
}

/** Identifier types as flows write them (directory.md, section 4). */
const flowTypes: Readonly<Record<string, string>> = {
  '1': 'SIRET',
  '2': 'UE_HORS_FRANCE',
  '3': 'HORS_UE',
  '4': 'RIDET',
  '5': 'TAHITI'
}
