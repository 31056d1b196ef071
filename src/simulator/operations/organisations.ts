import { createHash } from 'node:crypto'
import { mayActFor } from '../accounts.ts'
import type { Service, Structure } from '../directory.ts'
import { flag } from '../fields.ts'
import { parisBound, parisInstant } from '../paris.ts'
import { EdgeRefusal } from '../refusal.ts'
import type { Kept } from '../shelf.ts'
import type { Call, RestOperation } from '../world.ts'
import { runCriteria } from './organisation-search.ts'

/**
 * The directory of organisations (other-domains.json): REST, plain objects and top-level lists, no codeRetour.
 * Errors are HTTP 400 with a list of one. siren/recherche is left out: a client reports that the server does not know it.
 */

const error = (name: string, message: string): EdgeRefusal =>
  new EdgeRefusal(400, {}, [{ error: name, message, detail: null }])

/** 400, not 404; the wording is ours. */
export const notFound = (): EdgeRefusal => error('NotFoundReference', "Aucune donnée n'existe avec cette référence.")

/** 32 hexadecimal digits without dashes; the same at each start. */
const uuidOf = (kind: 'structure' | 'service' | 'file', id: bigint): string =>
  createHash('md5').update(`${kind} ${id}`).digest('hex')

function structureOf({ world, params }: Call): Structure {
  const reference = (params.uuidStructure ?? '').replaceAll('-', '')
  const isUuid = /^[0-9a-f]{32}$/i.test(reference)
  const isVat = /^[A-Z]{2}[0-9A-Z]{2,16}$/.test(reference)
  if (!isUuid && !isVat && !/^\d{14}$/.test(reference)) {
    throw error(
      'ParamsInvalidUuidStructures',
      "L'identifiant passé en paramètre n'est ni un UUID, ni un SIRET, ni un numéro de TVA Intracommunautaire."
    )
  }
  const found = isUuid
    ? world.directory.structures.find((one) => uuidOf('structure', one.id) === reference.toLowerCase())
    : (world.directory.byIdentifier(reference) ?? world.directory.structures.find((one) => vatOf(one) === reference))
  if (found === undefined) throw notFound()
  return found
}

/** The number that follows from the SIREN; foreign companies bear theirs as identifier. */
export function vatOf({ type, identifier }: Structure): string | undefined {
  if (type === 'UE_HORS_FRANCE') return identifier
  if (type !== 'SIRET') return undefined
  const siren = identifier.slice(0, 9)
  return `FR${String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, '0')}${siren}`
}

const iso = (minute: string): string => parisInstant(parisBound(minute) ?? 0)

/** Members without a value are left out. */
const structureRow = (one: Structure): Record<string, unknown> => ({
  uuid: uuidOf('structure', one.id),
  typeOrganisation: one.kind === 'PUBLIQUE' ? 'public' : 'private',
  identifiant: one.identifier,
  // Seen for a SIRET; how the other types are coded here is unknown, their numbers in flows are used.
  typeIdentifiant: { UE_HORS_FRANCE: '2', HORS_UE: '3', RIDET: '4', TAHITI: '5' }[one.type] ?? '0',
  raisonSociale: one.name,
  libelleOrganisation: one.name,
  numeroTvaIntracommunautaire: vatOf(one),
  status: one.active ? 'active' : 'inactive',
  adresse: one.address.street,
  codePostal: one.address.postalCode,
  ville: one.address.town,
  pays: one.address.country,
  adresseElectronique: 'contact@example.org',
  estCentreGestionAgricole: false,
  gestionNumeroEJOuCodeService: one.serviceOrCommitment,
  numeroEjDoitEtreRenseigne: one.commitmentRequired,
  codeServiceDoitEtreRenseigne: one.serviceRequired,
  statutMiseEnPaiementNestPasRemonte: one.paymentNotReported,
  avecMOA: one.worksOnly,
  estMOAUniquement: one.worksOnly,
  recevoirCyclesViesEdi: one.edi?.receives ?? false,
  emetteurFluxEdi: one.edi?.sends ?? false,
  nonDiffusibleInsee: false,
  derniereMaj: iso('2026-01-05 06:00')
})

const serviceRow = (one: Service, owner: Structure): Record<string, unknown> => ({
  uuid: uuidOf('service', one.id),
  libelle: one.name,
  description: one.name,
  codeService: one.code,
  rattachementOrganisation: uuidOf('structure', owner.id),
  dateCreation: iso(one.from),
  dateDebutActivation: iso(one.from),
  dateFinActivation: one.to === undefined ? undefined : iso(one.to),
  etatService: one.active ? 'ACTIF' : 'INACTIF',
  adresse: owner.address.street,
  codePostal: owner.address.postalCode,
  ville: owner.address.town,
  pays: owner.address.country,
  numeroEj: one.commitmentRequired,
  derniereMaj: iso('2026-01-05 06:00')
})

const fileRow = ({ file }: Kept): Record<string, unknown> => ({
  uuid: uuidOf('file', file.id),
  fileName: file.name,
  contentType: file.mime,
  sizeBytes: file.size
})

const allServices = ({ world }: Call): Record<string, unknown>[] =>
  world.directory.structures.flatMap((owner) => owner.services.map((one) => serviceRow(one, owner)))

function files(call: Call): Kept[] {
  const kept = call.world.shelf.ofStructure(structureOf(call))
  if (kept.length === 0) throw notFound()
  return kept
}

function file(call: Call): object {
  const found = files(call).find((one) => uuidOf('file', one.file.id) === call.params.uuidPieceJointe)
  if (found === undefined) throw notFound()
  return { ...fileRow(found), attachmentData: found.file.bytes?.toString('base64') ?? '' }
}

/** Answers without a body: a known client takes 204 for done. */
function changeEdi(call: Call): undefined {
  const structure = structureOf(call)
  if (!mayActFor(call.account, structure)) throw new EdgeRefusal(403)
  const { receives = false, sends = false } = structure.edi ?? {}
  structure.edi = {
    receives: flag(call.fields, 'reception_edi') ?? receives,
    sends: flag(call.fields, 'connexion_edi') ?? sends
  }
  call.arrival.accepted = true
}

export const organisations: RestOperation[] = [
  { method: 'GET', path: 'healthcheck', handler: () => undefined },
  {
    method: 'POST',
    path: 'structures/recherche',
    handler: (call) => runCriteria(call.fields, call.world.directory.structures.map(structureRow))
  },
  { method: 'GET', path: 'structures/{uuidStructure}', handler: (call) => structureRow(structureOf(call)) },
  {
    method: 'GET',
    path: 'structures/{uuidStructure}/services',
    handler: (call) => {
      const owner = structureOf(call)
      return owner.services.map((one) => serviceRow(one, owner))
    }
  },
  { method: 'GET', path: 'structures/{uuidStructure}/pieces_jointes', handler: (call) => files(call).map(fileRow) },
  { method: 'GET', path: 'structures/{uuidStructure}/pieces_jointes/{uuidPieceJointe}', handler: file },
  { method: 'PATCH', path: 'structures/{uuidStructure}/parametres-edi', handler: changeEdi },
  { method: 'POST', path: 'services/recherche', handler: (call) => runCriteria(call.fields, allServices(call)) },
  {
    method: 'GET',
    path: 'services/{uuidService}',
    handler: (call) => {
      const found = allServices(call).find((one) => one.uuid === call.params.uuidService)
      if (found === undefined) throw notFound()
      return found
    }
  }
]
