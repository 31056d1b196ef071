import { type Handler, type Operations, traDone } from '../world.ts'

/**
 * Services of the certificate mode that were not carried over to PISTE (structures.json, transverses.json,
 * utilisateurs.json). Only their paths are shown: any body is taken, nothing is changed, and the answer is "done".
 */
const done: Handler = () => ({ ...traDone })

export const certificateOnly: Record<string, Operations> = {
  structures: {
    'rechercher/utilisateurs/structure': done,
    'rechercher/utilisateurs/service': done,
    'saisir/generalites': done,
    'saisir/generalites/service': done
  },
  transverses: { 'recuperer/services/structure': done, 'recuperer/utilisateurs/service': done },
  utilisateurs: {
    'gestionnaire/modifier': done,
    'gestionnaire/saisir/generalites/nouvelutilisateur': done,
    'structures/valider/rattachements': done
  }
}
