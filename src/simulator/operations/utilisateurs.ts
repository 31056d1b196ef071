import { mayActFor } from '../accounts.ts'
import { part } from '../fields.ts'
import { cutPageOrNothing, pageWish, sortRows } from '../pages.ts'
import { type Call, type Operations, traDone } from '../world.ts'

/** utilisateurs.json: the only operation of this API that any source shows. */
function attachments({ world, fields, account }: Call): object {
  let link = 60_000_000n
  const rows = world.directory.structures
    .filter((one) => one.active && mayActFor(account, one))
    .map((one) => ({
      idRattachementStructure: ++link,
      idStructure: one.id,
      identifiantStructure: one.identifier,
      typeIdentifiantStructure: one.type,
      designationStructure: one.name,
      // The values of roles and states are those of a client's test, not confirmed.
      roleUtilisateur: 'GESTIONNAIRE',
      statutRattachementStructure: 'ACTIF',
      statutUtilisateur: 'ACTIF',
      listeServicesRattache: one.services.map((service) => ({
        idRattachementService: ++link,
        idService: service.id,
        codeService: service.code,
        libelleService: service.name,
        estActif: service.active,
        dateDbtService: service.from,
        ...(service.to === undefined ? {} : { dateFinService: service.to }),
        statutService: service.active ? 'ACTIF' : 'INACTIF',
        statutRattachementService: 'ACTIF'
      }))
    }))
  const defaults = { column: 'IdStructure', descending: false }
  const wish = pageWish(part(fields, 'parametresRecherche'), defaults, world.settings().pageSizeCap)
  const { rows: shown, counters } = cutPageOrNothing(sortRows(rows, wish.column, wish.descending), wish)
  return { ...traDone, listeStructureRattachement: shown, parametresRetour: counters }
}

export const utilisateurs: Operations = { 'monCompte/recuperer/rattachements': attachments }
