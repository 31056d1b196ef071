import type { Structure } from './directory.ts'
import type { Id } from './json.ts'
import { addSample, type Moment } from './sample.ts'
import { addWorks } from './works-samples.ts'
import type { World } from './world.ts'

/**
 * Ready-made invoices, as a generated qualification dataset has (test-dataset.md 2.1), from suppliers of their own,
 * so that nobody's sending is disturbed. Each list gets a page and one more.
 */

const received: Moment[] = [['DEPOSEE'], ['EN_COURS_ACHEMINEMENT'], ['MISE_A_DISPOSITION']]

/** What a recipient did with eleven of them: the statuses that readers must bear. */
const handled: Moment[][] = [
  [],
  [],
  [['SUSPENDUE', 'Il manque le bon de livraison']],
  [['SUSPENDUE', 'Il manque le bon de livraison'], ['COMPLETEE']],
  [['REJETEE', 'Mauvais destinataire']],
  [['A_RECYCLER', 'Code service erroné']],
  [['SERVICE_FAIT']],
  [['MANDATEE']],
  [['MISE_A_DISPOSITION_COMPTABLE']],
  [['COMPTABILISEE']],
  [['MISE_EN_PAIEMENT']]
]

/** Codes outside the lists, and ids beyond 2^53; the oldest of all, so that they stand on the last pages. */
const rare: [status: string, id: Id][] = [
  ['TECHNIQUE_INCONNU', 9_007_199_254_740_993n],
  ['STATUT_INCONNU_DES_LISTES', 9_007_199_254_740_995n]
]

const atValidator: Moment[][] = [
  ...Array.from({ length: 11 }, (): Moment[] => [['A_VALIDER_1']]),
  [['A_VALIDER_1'], ['VALIDEE_1']],
  [['A_VALIDER_1'], ['REFUSEE_1', 'AUTRE']],
  [['A_VALIDER_1'], ['ERREUR_FOURNISSEUR_SUR_VALIDEUR', 'MAUVAIS_VALIDEUR']],
  [['A_VALIDER_1'], ['VALIDEE_1'], ['A_VALIDER_2']]
]

/** `login` is the account whose files they are. */
export function addSamples(world: World, login: string): void {
  const party = (siret: string): Structure => world.directory.byIdentifier(siret) as Structure
  const dataset = (index: number): string => `QUAL_${String(1_110_661 + index).padStart(14, '0')}`
  const recipient = party('12345678200051')
  for (const [index, [status, id]] of rare.entries()) {
    const seller = party('99900100100018')
    const history: Moment[] = [...received, [status]]
    addSample(world, { number: `RARE-${index + 1}`, seller, recipient, age: 60 - index, amount: 50, history, id })
  }
  for (const [index, moments] of handled.entries()) {
    const seller = party('99900060700013')
    const history = [...received, ...moments]
    const amount = 100 * (index + 1)
    const invoice = addSample(world, { number: dataset(index), seller, recipient, age: 30 - index, amount, history })
    const event = { label: 'Facture transmise au comptable', who: 'SYSTEME' }
    invoice.events.push({ id: world.invoices.nextSmall(), at: invoice.deposited + 7_200_000, ...event })
  }
  for (const [index, history] of atValidator.entries()) {
    addSample(world, {
      number: `SOUS-TRAITANCE-${index + 1}`,
      framework: index === 14 ? 'A12_FACTURE_COTRAITANT' : 'A9_FACTURE_SOUSTRAITANT',
      seller: party('99900070600013'),
      recipient,
      validator: party('99900050800013'),
      age: 15,
      amount: 10 * (index + 1),
      history
    })
  }
  for (let index = 1; index <= 11; index++) {
    const seller = party('99900110000018')
    const commune = party('99700001300018')
    addSample(world, { number: `COMMUNE-${index}`, seller, recipient: commune, age: 10, amount: 20, history: received })
  }
  addWorks(world)
  for (let index = 1; index <= 11; index++)
    world.shelf.fill(`document-${String(index).padStart(2, '0')}`, 'DIVERS', { owner: login })
}
