import { findService, type Structure } from './directory.ts'
import { addSample } from './sample.ts'
import type { World } from './world.ts'

/** Documents of two works files: the twenty-one cases of the qualification dataset that are works (test-dataset.md 2.1). */
const pieces: [framework: string, status: string][] = [
  ['A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR', 'A_ASSOCIER_MOE'],
  ['A15_ETAT_ACOMPTE_MOE', 'ASSOCIEE'],
  ['A5_ETAT_ACOMPTE_FOURNISSEUR', 'A_ASSOCIER_MOA'],
  ['A19_ETAT_ACOMPTE_VALIDE_MOA', 'MISE_A_DISPOSITION'],
  ['A6_ETAT_ACOMPTE_VALIDE_FOURNISSEUR', 'MISE_A_DISPOSITION'],
  ['A7_PROJET_DECOMPTE_FINAL_FOURNISSEUR', 'A_ASSOCIER_MOE'],
  ['A8_DECOMPTE_GENERAL_DEFINITIF_FOURNISSEUR', 'MISE_A_DISPOSITION'],
  ['A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT', 'MISE_A_DISPOSITION_MOE'],
  ['A13_PROJET_DECOMPTE_MENSUEL_COTRAITANT', 'A_ASSOCIER_MOE'],
  ['A14_PROJET_DECOMPTE_FINAL_COTRAITANT', 'A_ASSOCIER_MOE'],
  ['A16_ETAT_ACOMPTE_VALIDE_MOE', 'MISE_A_DISPOSITION'],
  ['A18_DECOMPTE_GENERAL_MOE', 'A_ASSOCIER_FOURNISSEUR'],
  ['A20_DECOMPTE_GENERAL_MOA', 'ASSOCIEE'],
  ['A22_PROJET_DECOMPTE_GENERAL_FOURNISSEUR_PROCEDURE_TACITE', 'MISE_A_DISPOSITION'],
  ['A23_DECOMPTE_GENERAL_DEFINITIF_TACITE_FOURNISSEUR', 'MISE_A_DISPOSITION'],
  ['A17_PROJET_DECOMPTE_GENERAL_MOE', 'A_RECYCLER'],
  ['A24_DECOMPTE_GENERAL_DEFINITIF_TACITE_MOE', 'SUSPENDUE'],
  ['A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE', 'TRANSMISE_MOA']
]

export function addWorks(world: World): void {
  const party = (siret: string): Structure => world.directory.byIdentifier(siret) as Structure
  const recipient = party('98125730567914')
  const roles = { manager: party('99900080500013'), owner: party('99800010300015') }
  const files = [1, 2].map((one) => ({ id: 80_000_000n + BigInt(one), number: `DOSSIER-${one}` }))
  let previous: ReturnType<typeof addSample> | undefined
  for (const [index, [framework, status]] of pieces.entries()) {
    // The first four are one file, each made from the one before.
    const file = files[index < 4 ? 0 : 1] as (typeof files)[number]
    const invoice = addSample(world, {
      number: `TRAVAUX-${index + 1}`,
      framework,
      seller: party('99900090400014'),
      recipient,
      service: findService(recipient, 'SERVICE_PUBLIQUE_1_98125730567914'),
      works: { ...roles, file, previous: index < 4 ? previous : undefined },
      age: 40 - index,
      amount: 1000 * (index + 1),
      history: [['DEPOSEE'], [status]],
      ...(index === 0 ? { id: 9_007_199_254_740_997n } : {})
    })
    previous = invoice
  }
}
