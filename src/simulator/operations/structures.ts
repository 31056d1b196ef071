import { mayActFor } from '../accounts.ts'
import type { Structure } from '../directory.ts'
import { flag, id, part, text } from '../fields.ts'
import { cutPage, maybeAlone, pageWish, sortRows } from '../pages.ts'
import { parisBound, parisInstant } from '../paris.ts'
import { Refusal } from '../refusal.ts'
import { type Call, type Operations, traDone } from '../world.ts'
import { memberships } from './memberships.ts'
import { vatOf } from './organisations.ts'

/** structures.json. Members without value are left out here, not sent as null (directory.md 6). */

/** None of these codes is in any source. */
const unknownStructure = (): Refusal => new Refusal(20000, 'La structure est inconnue.')

function search(call: Call): object {
  const { world, fields, account } = call
  const criteria = part(fields, 'structure')
  const contains = (name: string, read: (one: Structure) => string): ((one: Structure) => boolean) => {
    const wanted = text(criteria, name)?.toUpperCase()
    return (one) => wanted === undefined || read(one).toUpperCase().includes(wanted)
  }
  const equals =
    (
      name: string,
      read: (one: Structure) => unknown,
      wanted: unknown = text(criteria, name)
    ): ((one: Structure) => boolean) =>
    (one) =>
      wanted === undefined || read(one) === wanted
  const tests = [
    equals('identifiantStructure', (one) => one.identifier),
    equals('typeIdentifiantStructure', (one) => one.type),
    equals('typeStructure', (one) => one.kind),
    equals('statutStructure', (one) => (one.active ? 'ACTIF' : 'INACTIF')),
    equals('adresseCodePostal', (one) => one.address.postalCode),
    equals('adresseCodePays', (one) => one.address.countryCode),
    equals('estMOA', (one) => one.worksOnly, flag(criteria, 'estMOA')),
    equals('estMOAUniquement', (one) => one.worksOnly, flag(criteria, 'estMOAUniquement')),
    contains('raisonSocialeStructure', (one) => one.name),
    contains('libelleStructure', (one) => one.name),
    contains('adresseVille', (one) => one.address.town),
    // These two belong to persons: there are none here.
    equals('nomStructure', () => null),
    equals('prenomStructure', () => null)
  ]
  // Absent or true: private structures are shown only to those attached to them (directory.md 1).
  const restricted = flag(fields, 'restreindreStructuresPrivees') ?? true
  // The invented recipients of a large directory are found by their identifier alone.
  const named = world.directory.byIdentifier(text(criteria, 'identifiantStructure'))
  const candidates = named === undefined ? world.directory.structures : [named]
  const found = candidates.filter(
    (one) => tests.every((test) => test(one)) && (one.kind === 'PUBLIQUE' || !restricted || mayActFor(account, one))
  )
  const rows = found.map((one) => ({
    idStructureCPP: one.id,
    typeIdentifiantStructure: one.type,
    identifiantStructure: one.identifier,
    designationStructure: one.name,
    statut: one.active ? 'ACTIVE' : 'INACTIVE'
  }))
  const defaults = { column: 'DesignationStructure', descending: false }
  const wish = pageWish(part(fields, 'parametres'), defaults, world.settings().pageSizeCap)
  const { rows: shown, counters } = cutPage(sortRows(rows, wish.column, wish.descending), wish)
  // No match: whether codeRetour stays 0 is unknown; clients test for an empty list or a total of 0.
  return { ...traDone, listeStructures: maybeAlone(shown, world.settings()), parametresRetour: counters }
}

const postal = (one: Structure) => ({
  adresse: one.address.street,
  codePostal: one.address.postalCode,
  ville: one.address.town,
  pays: one.address.country,
  telephone: '100000000',
  indicatifTelephone: '+33'
})

function consult({ world, fields, account }: Call): object {
  // One client writes idStructure, as the other services here do.
  const structure = world.directory.byId(id(fields, 'idStructureCPP') ?? id(fields, 'idStructure'))
  if (structure === undefined) throw unknownStructure()
  return {
    ...traDone,
    informationGenerales: {
      idStructureCPP: structure.id,
      typeIdentifiantStructure: structure.type,
      identifiantStructure: structure.identifier,
      raisonSocialeStructure: structure.name,
      libelleStructure: structure.name,
      structurePriveePublique: structure.kind,
      numeroTVA: vatOf(structure),
      // Of the technical accounts; shown to those who may act for the structure.
      ...(mayActFor(account, structure) ? { dateExpirationMotPasseCompteTech: parisInstant(world.passwordEnd()) } : {}),
      emailStructure: 'contact@example.org',
      estValideurDeleguee: false
    },
    adressePostaleDuSiege: postal(structure),
    parametres: {
      numeroEJDoitEtreRenseigne: structure.commitmentRequired,
      codeServiceDoitEtreRenseigne: structure.serviceRequired,
      gestionNumeroEJOuCodeService: structure.serviceOrCommitment,
      statutMiseEnPaiementNestPasRemonte: structure.paymentNotReported,
      getaMoa: structure.worksOnly,
      estMoaUniquement: structure.worksOnly,
      connexionEDI: structure.edi?.sends ?? false,
      recevoirDonneesViaEDI: structure.edi?.receives ?? false,
      estValideurDelegue: false,
      nonDiffusibleInsee: false
    }
  }
}

function searchServices({ world, fields }: Call): object {
  // One client reports that a pager named as in rechercher is refused here.
  if (fields.parametres !== undefined && fields.parametres !== null)
    throw new Refusal(20001, 'Le champ parametres est inconnu.')
  const structure = world.directory.byId(id(fields, 'idStructure'))
  if (structure === undefined) throw unknownStructure()
  const rows = structure.services.map((service) => ({
    idService: service.id,
    codeService: service.code,
    libelleService: service.name,
    dateDbtService: service.from,
    ...(service.to === undefined ? {} : { dateFinService: service.to }),
    // Inactive ones are listed too.
    estActif: service.active
  }))
  const wish = pageWish(
    part(fields, 'parametresRechercherServicesStructure'),
    { column: 'CodeService', descending: false },
    world.settings().pageSizeCap
  )
  const { rows: shown, counters } = cutPage(sortRows(rows, wish.column, wish.descending), wish)
  return { ...traDone, listeServices: shown, parametresRetour: counters }
}

function consultService({ world, fields }: Call): object {
  const structure = world.directory.byId(id(fields, 'idStructure'))
  if (structure === undefined) throw unknownStructure()
  const wanted = id(fields, 'idService')
  const service = structure.services.find((one) => one.id === wanted)
  if (service === undefined) throw new Refusal(20001, 'Le service est inconnu.')
  // ISO 8601 with an offset here, unlike the list of services.
  const iso = (minute: string): string => parisInstant(parisBound(minute) ?? 0).replace('.000', '')
  return {
    ...traDone,
    // With an s, unlike informationGenerales of consulter.
    informationsGenerales: { codeService: service.code, nomService: service.name, descriptionService: service.name },
    adressePostale: postal(structure),
    parametres: {
      dateCreation: iso(service.from),
      dateDebutValidite: iso(service.from),
      ...(service.to === undefined ? {} : { dateFinValidite: iso(service.to) }),
      numeroEngagement: service.commitmentRequired
    }
  }
}

export const structures: Operations = {
  ...memberships,
  rechercher: search,
  consulter: consult,
  'rechercher/services': searchServices,
  'consulter/service': consultService
}
