import type { Operations } from '../world.ts'
import { engagements } from './engagements.ts'
import { factures } from './factures.ts'
import { structures } from './structures.ts'
import { transverses } from './transverses.ts'
import { utilisateurs } from './utilisateurs.ts'

/** Domain → operation → handler. A path is `/cpro/<domain>/v1/<operation>` or `/service/<domain>/<operation>`. */
export const domains: Record<string, Operations> = {
  factures,
  transverses,
  structures,
  utilisateurs,
  engagementsJuridiques: engagements,
  // Declared by PISTE, without an operation of ours yet.
  facturesTravaux: {}
}
