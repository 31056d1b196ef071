import { mayActFor } from '../accounts.ts'
import { type Fields, flag, id, list, part, text, values } from '../fields.ts'
import { currentStatus, type Invoice } from '../invoice.ts'
import { asId } from '../json.ts'
import { columnMember, cutPage, type PageWish, pageWish, sortRows } from '../pages.ts'
import { nothingFound } from '../refusal.ts'
import { requestTypeOf, worksTypeOf } from '../works.ts'
import { type Call, traDone } from '../world.ts'
import { commonFilter, matches } from './invoice-filters.ts'
import { recipientRow, supplierRow } from './invoice-row.ts'

/** Sorted by deposit date, newest first, 10 a page, 200 in all (behaviour.md 11). */
export const wish = (call: Call, pager: string): PageWish =>
  pageWish(
    part(call.fields, pager),
    { column: 'DateDepot', descending: true, maximum: 200 },
    call.world.settings().pageSizeCap
  )

export function page(
  found: Invoice[],
  wanted: PageWish,
  row: (invoice: Invoice) => object,
  { empty }: { empty: 'code' | 'list' }
) {
  const column = columnMember(wanted.column)
  // Within one day the later deposit counts as newer, so that pages do not overlap.
  const byDeposit = found.sort(
    (a, b) => (a.deposited - b.deposited || Number(a.id - b.id)) * (wanted.descending ? -1 : 1)
  )
  const cut =
    column === 'dateDepot'
      ? cutPage(byDeposit, wanted)
      : cutPage(
          sortRows(
            byDeposit.map((invoice) => ({ ...row(invoice), invoice })),
            alias[column] ?? column,
            wanted.descending
          ).map((one) => one.invoice),
          wanted
        )
  if (cut.rows.length === 0 && empty === 'code') throw nothingFound()
  return { rows: cut.rows.map(row), counters: cut.counters }
}

/** rechercher/recipiendaire names two columns differently. */
const alias: Record<string, string> = { fournisseur: 'designationFournisseur', destinataire: 'designationDestinataire' }

/** Exact, prefix or contains: not known upstream, so it can be switched. */
export function candidates({ world, fields }: Call, flow?: string): Invoice[] {
  const wanted = text(fields, 'numeroFacture')
  const { numberMatch } = world.settings()
  if (wanted === undefined || numberMatch === 'exact') {
    return world.invoices.searchable({ number: wanted, flow })
  }
  return world.invoices
    .searchable()
    .filter(({ number: found }) => (numberMatch === 'prefix' ? found.startsWith(wanted) : found.includes(wanted)))
}

const idSet = (fields: Fields, name: string): Set<bigint | undefined> => new Set(values(fields, name).map(asId))

export function searchAsSupplier(call: Call): object {
  const { fields, account, world } = call
  const filter = commonFilter(fields)
  filter.same('typeFacture', (invoice) => invoice.references.type)
  filter.same('modeDepot', (invoice) => invoice.mode)
  filter.same('numeroFluxDepot', (invoice) => invoice.flow)
  filter.same('numeroFactureOrigine', (invoice) => invoice.references.origin)
  filter.id('idFournisseur', (invoice) => invoice.seller.id)
  filter.id('idServiceFournisseur', (invoice) => invoice.sellerService?.id)
  filter.id('coordonneeBancaire', (invoice) => invoice.account?.id)
  filter.flag('rejetTraite', (invoice) => invoice.rejectionHandled)
  const siren = flag(fields, 'rechercheSirenDestinataire') ?? false
  // An entry that names nobody leaves everyone in, as an empty field does: clients write every member.
  const recipients = list(fields, 'listeDestinataire').map((one) => ({
    anyone: id(one, 'idDestinataire') === undefined,
    structure: world.directory.byId(id(one, 'idDestinataire')),
    services: idSet(one, 'listeIdServiceExecutant'),
    name: text(one, 'raisonSocialeStuctDmd')?.toUpperCase()
  }))
  if (recipients.length > 0) {
    filter.add(({ recipient, service }) =>
      recipients.some(
        (wanted) =>
          (wanted.anyone
            ? recipient.name.toUpperCase().includes(wanted.name ?? '')
            : matches(recipient, wanted.structure, siren)) &&
          (wanted.services.size === 0 || wanted.services.has(service?.id))
      )
    )
  }
  const found = candidates(call, text(fields, 'numeroFluxDepot')).filter(
    (invoice) => mayActFor(account, invoice.seller) && filter.passes(invoice)
  )
  const size = flag(fields, 'recupererTaille') ?? false
  const { rows, counters } = page(
    found,
    wish(call, 'rechercheFactureParFournisseur'),
    (invoice) => supplierRow(invoice, { size, whole: true }),
    {
      empty: world.settings().emptySearch
    }
  )
  return { ...traDone, parametresRetour: counters, listeFactures: rows }
}

export function searchAsRecipient(call: Call): object {
  const { fields, account, world } = call
  const filter = commonFilter(fields)
  filter.id('idDestinataire', (invoice) => invoice.recipient.id)
  filter.id('idServiceExecutant', (invoice) => invoice.service?.id)
  filter.flag('factureTelechargeeParDestinataire', (invoice) => invoice.downloaded)
  filter.among('listeTypeFacture', (invoice) => invoice.references.type)
  filter.among('listeTypeFactureTravaux', worksTypeOf)
  filter.same('typeDemandePaiement', requestTypeOf)
  const siren = flag(fields, 'rechercheSirenFournisseur') ?? false
  const suppliers = list(fields, 'listeFournisseurs').map((one) => ({
    anyone: id(one, 'idFournisseur') === undefined,
    structure: world.directory.byId(id(one, 'idFournisseur')),
    services: idSet(one, 'listeIdService')
  }))
  if (suppliers.length > 0) {
    filter.add(({ seller, sellerService }) =>
      suppliers.some(
        (wanted) =>
          (wanted.anyone || matches(seller, wanted.structure, siren)) &&
          (wanted.services.size === 0 || wanted.services.has(sellerService?.id))
      )
    )
  }
  const found = candidates(call).filter(
    (invoice) => reached(invoice) && mayActFor(account, invoice.recipient) && filter.passes(invoice)
  )
  const size = flag(fields, 'recupererTaille') ?? false
  const { rows, counters } = page(found, wish(call, 'paramRecherche'), (invoice) => recipientRow(invoice, { size }), {
    empty: world.settings().emptySearch
  })
  // The counters stand at the root here, alone among the searches (behaviour.md 11).
  return { ...traDone, ...counters, listeFactures: rows }
}

/** The recipient does not see what is still on its way. No source tells; it follows from the names of the statuses. */
const reached = (invoice: Invoice): boolean => !beforeRecipient.has(currentStatus(invoice).status)

const beforeRecipient = new Set([
  'BROUILLON',
  'A_VALIDER_1',
  'A_VALIDER_2',
  'ERREUR_FOURNISSEUR_SUR_VALIDEUR',
  'ERREUR_COTRAITANT_SUR_VALIDEUR',
  'VALIDEE_1',
  'VALIDEE_2',
  'REFUSEE_1',
  'REFUSEE_2',
  'ABSENCE_VALIDATION_1_HORS_DELAI',
  'ABSENCE_VALIDATION_2_HORS_DELAI',
  'DEPOSEE',
  'EN_COURS_ACHEMINEMENT'
])

/** Fixed lists of the 2017 annex (factures.json, the two to-do searches). */
const supplierToDo = new Set([
  'BROUILLON',
  'A_VALIDER_1',
  'A_VALIDER_2',
  'ERREUR_FOURNISSEUR_SUR_VALIDEUR',
  'VALIDEE_1',
  'VALIDEE_2',
  'REFUSEE_1',
  'REFUSEE_2',
  'ERREUR_COTRAITANT_SUR_VALIDEUR',
  'ABSENCE_VALIDATION_1_HORS_DELAI',
  'ABSENCE_VALIDATION_2_HORS_DELAI',
  'DEPOSEE',
  'EN_COURS_ACHEMINEMENT',
  'MISE_A_DISPOSITION',
  'A_RECYCLER',
  'SUSPENDUE'
])
const recipientToDo = new Set(['MISE_A_DISPOSITION', 'COMPLETEE'])

export function toDoAsSupplier(call: Call): object {
  const { fields, account, world } = call
  const structure = id(fields, 'idStructure')
  // REJETEE is not in the fixed list, so masquerRejetee changes nothing.
  flag(fields, 'masquerRejetee')
  const found = world.invoices
    .searchable()
    .filter(
      (invoice) =>
        supplierToDo.has(currentStatus(invoice).status) &&
        mayActFor(account, invoice.seller) &&
        (structure === undefined || invoice.seller.id === structure)
    )
  const size = flag(fields, 'recupererTaille') ?? false
  const pager = wish(call, 'rechercheFactureATraiterParFournisseur')
  const { rows, counters } = page(found, pager, (invoice) => supplierRow(invoice, { size, whole: false }), {
    empty: world.settings().emptySearch
  })
  return { ...traDone, parametresRetour: counters, listeFactures: rows }
}

export function toDoAsRecipient(call: Call): object {
  const { fields, account, world } = call
  const structure = id(fields, 'idStructure')
  const found = world.invoices
    .searchable()
    .filter(
      (invoice) =>
        recipientToDo.has(currentStatus(invoice).status) &&
        mayActFor(account, invoice.recipient) &&
        (structure === undefined || invoice.recipient.id === structure)
    )
  const size = flag(fields, 'recupererTaille') ?? false
  const pager = wish(call, 'parametreRechercheFactureATraiterParRecipiendaire')
  const { rows, counters } = page(found, pager, (invoice) => recipientRow(invoice, { size }), {
    empty: world.settings().emptySearch
  })
  return { ...traDone, listeFactures: rows, parametresRetour: counters }
}
