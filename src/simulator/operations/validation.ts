import { mayActFor } from '../accounts.ts'
import type { Structure } from '../directory.ts'
import { flag, id, part, text } from '../fields.ts'
import { currentStatus, type Invoice } from '../invoice.ts'
import { asId } from '../json.ts'
import { pageWish } from '../pages.ts'
import { Refusal } from '../refusal.ts'
import { requestTypeOf, worksTypeOf } from '../works.ts'
import { type Call, type Operations, traDone } from '../world.ts'
import { ownInvoice } from './invoice-access.ts'
import { commonFilter, matches } from './invoice-filters.ts'
import { handledAt } from './invoice-processing.ts'
import { validatorRow } from './invoice-row.ts'
import { candidates, page } from './invoice-search.ts'
import { viewAsValidator } from './invoice-view.ts'

/** The validator's side of subcontractors' and co-contractors' invoices (factures.json). Codes without a key are ours. */

/** Which ones upstream lists is in no source: those that follow the deposit at the validator's. */
const visible = [
  'A_VALIDER_1',
  'VALIDEE_1',
  'REFUSEE_1',
  'ABSENCE_VALIDATION_1_HORS_DELAI',
  'A_VALIDER_2',
  'VALIDEE_2',
  'REFUSEE_2',
  'ABSENCE_VALIDATION_2_HORS_DELAI',
  'DEPOSEE',
  'EN_COURS_ACHEMINEMENT',
  'MISE_A_DISPOSITION',
  'A_RECYCLER',
  'SUSPENDUE',
  'COMPLETEE',
  'SERVICE_FAIT',
  'MANDATEE',
  'MISE_A_DISPOSITION_COMPTABLE',
  'COMPTABILISEE',
  'MISE_EN_PAIEMENT',
  'REJETEE'
]
const toValidate = ['A_VALIDER_1', 'A_VALIDER_2']

const mine = ({ account }: Call, { validator }: Invoice): boolean =>
  validator !== undefined && mayActFor(account, validator)

function answer(call: Call, found: Invoice[]): object {
  const wish = pageWish(
    part(call.fields, 'pagination'),
    { column: 'DateDepot', descending: true },
    call.world.settings().pageSizeCap
  )
  const { rows, counters } = page(found, wish, validatorRow, { empty: call.world.settings().emptySearch })
  return { ...traDone, parametresRetour: counters, listeFactures: rows }
}

function search(call: Call): object {
  const { world, fields } = call
  const filter = commonFilter(fields, 'montantAPayer')
  filter.same('typeDemandePaiement', requestTypeOf)
  filter.same('numeroEngagement', (invoice) => invoice.references.commitment)
  filter.id('idServiceExecutant', (invoice) => invoice.service?.id)
  filter.id('idServiceFournisseur', (invoice) => invoice.sellerService?.id)
  filter.id('idStructureMoe', (invoice) => invoice.works?.manager?.id)
  filter.id('idStructureMoa', (invoice) => invoice.works?.owner?.id)
  filter.among('listeTypeFacture', (invoice) => invoice.references.type)
  filter.among('listeTypeFactureTravaux', worksTypeOf)
  const party = (name: string, siren: string, read: (invoice: Invoice) => Structure): void => {
    const wanted = id(fields, name)
    const whole = flag(fields, siren) ?? false
    if (wanted !== undefined) filter.add((invoice) => matches(read(invoice), world.directory.byId(wanted), whole))
  }
  party('idDestinataire', 'rechercheSirenDestinataire', (invoice) => invoice.recipient)
  party('idFournisseur', 'rechercheSirenFournisseur', (invoice) => invoice.seller)
  const found = candidates(call).filter(
    (invoice) => mine(call, invoice) && visible.includes(currentStatus(invoice).status) && filter.passes(invoice)
  )
  return answer(call, found)
}

/** Named by its technical id, or by its type and identifier. */
export function namedStructure({ world, fields }: Call): Structure | undefined {
  const wanted = id(fields, 'idStructure')
  if (wanted !== undefined) return world.directory.byId(wanted)
  return world.directory.byIdentifier(text(fields, 'identifiantStructure'), text(fields, 'typeIdentifiantStructure'))
}

function toDo(call: Call): object {
  const named = ['idStructure', 'identifiantStructure'].some((name) => text(call.fields, name) !== undefined)
  const structure = named && asId(call.fields.idStructure) !== 0n ? namedStructure(call) : undefined
  const found = call.world.invoices
    .searchable()
    .filter(
      (invoice) =>
        toValidate.includes(currentStatus(invoice).status) &&
        mine(call, invoice) &&
        (structure === undefined || invoice.validator === structure)
    )
  return answer(call, found)
}

/** What each action makes of an invoice, for the first and the second validator. */
const outcomes: Record<string, [string, string]> = {
  VALIDATION: ['VALIDEE_1', 'VALIDEE_2'],
  REFUS: ['REFUSEE_1', 'REFUSEE_2'],
  // Only a client of 2023 names the others; their statuses are read from their names.
  MISE_EN_PAIEMENT: ['MISE_EN_PAIEMENT', 'MISE_EN_PAIEMENT'],
  MISE_EN_RECYCLAGE: ['A_RECYCLER', 'A_RECYCLER'],
  SUSPENSION: ['SUSPENDUE', 'SUSPENDUE'],
  REJET: ['REJETEE', 'REJETEE']
}

function process(call: Call): object {
  const { world, fields, account, arrival } = call
  const invoice = ownInvoice(call, 'idFacture', 'validator')
  const action = text(fields, 'action') ?? ''
  const outcome = outcomes[action]
  if (outcome === undefined) throw new Refusal(20003, "L'action est absente ou inconnue.")
  const from = currentStatus(invoice).status
  if (!toValidate.includes(from)) throw new Refusal(20002, `La demande de paiement n'est pas à valider : ${from}.`)
  const second = from === 'A_VALIDER_2'
  const reason = text(fields, 'motifRefus')
  // The refusal of a wrong validator goes back to who named it.
  const wrongValidator = action === 'REFUS' && reason === 'MAUVAIS_VALIDEUR'
  const status = wrongValidator
    ? second
      ? 'ERREUR_COTRAITANT_SUR_VALIDEUR'
      : 'ERREUR_FOURNISSEUR_SUR_VALIDEUR'
    : outcome[second ? 1 : 0]
  const comment = [reason, text(fields, 'complementInfo')].filter((one) => one !== undefined).join(' - ')
  if (action === 'VALIDATION') invoice.validated = world.clock.now()
  world.invoices.setStatus(invoice, status, {
    comment: comment === '' ? undefined : comment,
    by: account.login,
    // Accepted: it goes its way to the recipient.
    restart: action === 'VALIDATION'
  })
  arrival.accepted = true
  return {
    ...traDone,
    idFacture: invoice.id,
    numeroFacture: invoice.number,
    dateTraitement: handledAt(call),
    statutFacture: status
  }
}

function correctValidator(call: Call): object {
  const { world, account, arrival } = call
  const invoice = ownInvoice(call, 'idFacture', 'seller')
  const from = currentStatus(invoice).status
  const next = { ERREUR_FOURNISSEUR_SUR_VALIDEUR: 'A_VALIDER_1', ERREUR_COTRAITANT_SUR_VALIDEUR: 'A_VALIDER_2' }[from]
  if (next === undefined)
    throw new Refusal(20002, `Le valideur de la demande de paiement ne peut pas être corrigé : ${from}.`)
  const validator = namedStructure(call)
  if (validator === undefined || !validator.active)
    throw new Refusal(20003, 'La structure du valideur est inconnue ou inactive.')
  invoice.validator = validator
  world.invoices.setStatus(invoice, next, { by: account.login })
  arrival.accepted = true
  return { ...traDone, idFacture: invoice.id }
}

export const validation: Operations = {
  'rechercher/valideur': search,
  'rechercher/aTraiter/valideur': toDo,
  'consulter/valideur': viewAsValidator,
  'traiter/factureAValider': process,
  'corriger/valideur/facture': correctValidator,
  'recuperer/statutsFactureVisibles/valideur': () => ({
    ...traDone,
    listeStatutFacture: visible.map((code) => ({ codeStatutFacture: code }))
  })
}
