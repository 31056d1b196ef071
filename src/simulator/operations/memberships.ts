import type { Structure } from '../directory.ts'
import { id, part } from '../fields.ts'
import { cutPage, pageWish, sortRows } from '../pages.ts'
import { parisBound, parisInstant } from '../paris.ts'
import { Refusal } from '../refusal.ts'
import { type Call, type Operations, traDone } from '../world.ts'
import { namedStructure } from './validation.ts'

/** Who is attached to what, and the spaces of a structure (structures.json). */

function structureOf(call: Call): Structure {
  const structure = namedStructure(call)
  // Which of the ways to name it is demanded is unknown, and so is the code.
  if (structure === undefined) throw new Refusal(20000, 'La structure est inconnue.')
  return structure
}

/** Of the user named, or of the caller: every user is attached to every service here, the last one's request waits. */
function listMemberships(call: Call): object {
  const structure = structureOf(call)
  const last = structure.services.at(-1)
  const rows = structure.services.map((service) => ({
    codeService: service.code,
    idService: service.id,
    nomService: service.name,
    idRattachement: 60_000_000n + service.id,
    dateDebut: parisInstant(parisBound(service.from) ?? 0),
    ...(service.to === undefined ? {} : { dateFin: parisInstant(parisBound(service.to) ?? 0) }),
    statutRattachement: service === last && structure.services.length > 2 ? 'EN_COURS_DE_VALIDATION' : 'VALIDEE'
  }))
  const wish = pageWish(
    part(call.fields, 'parametresListerRattachementsStructureUtilisateur'),
    { column: 'CodeService', descending: false },
    call.world.settings().pageSizeCap
  )
  const { rows: shown, counters } = cutPage(sortRows(rows, wish.column, wish.descending), wish)
  return {
    ...traDone,
    designationStructure: structure.name,
    idStructure: structure.id,
    identifiantStructure: structure.identifier,
    premierService: false,
    listeServices: shown,
    parametresRetour: counters
  }
}

/** Only 7, received invoices, is known (factures.json, telecharger/groupe). The other numbers and all codes are invented. */
const spaces = [
  'Factures émises',
  'Factures à valider',
  'Factures de travaux',
  'Engagements juridiques',
  'Mémoires de frais de justice',
  'Demandes de remboursement',
  'Factures reçues',
  'Sollicitations émises',
  'Raccordements EDI et API',
  'Gestion de la structure',
  'Suivi des flux'
]

function searchSpaces(call: Call): object {
  const { world, fields } = call
  const structure = structureOf({ ...call, fields: part(fields, 'structure') })
  const wanted = id(fields, 'idService')
  const service = structure.services.find((one) => one.id === wanted)
  if (wanted !== undefined && service === undefined) throw new Refusal(20001, 'Le service est inconnu.')
  const received = structure.kind === 'PUBLIQUE'
  const rows = spaces
    .map((label, index) => ({
      codeEspace: index + 1,
      idEspaceFo: index + 1,
      libelleEspace: label,
      codeService: service?.code,
      idService: service?.id,
      libelleService: service?.name,
      etatCourant: index === 5 ? 'SUPPRIME' : 'ACTIVE',
      typeHabilitation: index === 10 ? 'CONSULTATION_UNIQUEMENT' : 'MODIFICATION'
    }))
    .filter(({ idEspaceFo }) => received || idEspaceFo !== 7)
  const defaults = { column: 'idEspaceFo', descending: false }
  const wish = pageWish(part(fields, 'parametresRechercherEspaces'), defaults, world.settings().pageSizeCap)
  const { rows: shown, counters } = cutPage(sortRows(rows, wish.column, wish.descending), wish)
  return { ...traDone, listeEspace: shown, parametresRetour: counters }
}

export const memberships: Operations = {
  'lister/rattachementsutilisateur': listMemberships,
  'rechercher/espaces': searchSpaces
}
