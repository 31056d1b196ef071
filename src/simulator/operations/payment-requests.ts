import { type Account, mayActFor } from '../accounts.ts'
import type { Structure } from '../directory.ts'
import { flag, id, part, text } from '../fields.ts'
import { currentStatus, type Invoice, partiesOf } from '../invoice.ts'
import { parisDay, parisInstant } from '../paris.ts'
import { nothingFound, Refusal } from '../refusal.ts'
import { requestTypeOf, worksTypeOf } from '../works.ts'
import { type Call, traDone } from '../world.ts'
import { commonFilter, matches } from './invoice-filters.ts'
import { orNull, ttcOf } from './invoice-row.ts'
import { candidates } from './invoice-search.ts'

/**
 * rechercher/demandePaiement: every kind of request, without pages (factures.json). It is said not to work on the
 * qualification platform; here it does. There is no archive, so a search in it finds nothing.
 */

const parties: Record<string, (invoice: Invoice) => Structure | undefined> = {
  FOURNISSEUR: (invoice) => invoice.seller,
  DESTINATAIRE: (invoice) => invoice.recipient,
  VALIDEUR: (invoice) => invoice.validator,
  // As a client of 2023 spells it.
  VALIDATEUR: (invoice) => invoice.validator,
  MOE: (invoice) => invoice.works?.manager,
  MOA: (invoice) => invoice.works?.owner
}

/** In the role named, or in any. An unknown role is refused; the code is ours. */
export function roleTest(account: Account, role: string | undefined): (invoice: Invoice) => boolean {
  if (role === undefined) return (invoice) => partiesOf(invoice).some((party) => mayActFor(account, party))
  const read = parties[role]
  if (read === undefined) throw new Refusal(20001, 'Le rôle de l’utilisateur est inconnu.')
  return (invoice) => {
    const party = read(invoice)
    return party !== undefined && mayActFor(account, party)
  }
}

function row(invoice: Invoice, total: number): object {
  const { seller, sellerService, recipient, service, references, works } = invoice
  const { status, at, comment } = currentStatus(invoice)
  return {
    idDemandePaiement: invoice.id,
    numeroDemandePaiement: invoice.number,
    typeDemandePaiement: requestTypeOf(invoice),
    typeFacture: references.type,
    typeFactureTravaux: orNull(worksTypeOf(invoice)),
    cadreFacturation: invoice.framework,
    etatCourant: status,
    dateHeureEtatCourant: parisInstant(at),
    dateFournisseur: invoice.issued,
    dateDepot: parisDay(invoice.deposited),
    montantHT: orNull(invoice.totals.ht),
    montantTTC: orNull(ttcOf(invoice)),
    montantAPayer: orNull(invoice.totals.payable),
    numeroMarche: orNull(references.contract),
    numeroBonCommande: orNull(references.commitment),
    numeroFactureOrigine: orNull(references.origin),
    idStructureFournisseur: seller.id,
    idServiceFournisseur: orNull(sellerService?.id),
    idStructureMoe: orNull(works?.manager?.id),
    idServiceMoe: null,
    idStructureMoa: orNull(works?.owner?.id),
    idServiceMoa: null,
    idStructureValideur1: orNull(invoice.validator?.id),
    idStructureValideur2: null,
    idStructureDestinataire: recipient.id,
    idServiceDestinataire: orNull(service?.id),
    dpOuDpArchive: 'DEMANDE_PAIEMENT',
    numeroDossierFacturation: orNull(works?.file.number),
    idDossierFacturation: orNull(works?.file.id),
    commentaireEtatCourant: orNull(comment),
    numeroDpMandat: orNull(invoice.paymentOrder),
    siretFournisseurQualif: seller.identifier,
    siretDestinataireQualif: recipient.identifier,
    // A text, on each row, besides the number at the root.
    nombreResultatTotal: String(total),
    codeServiceDestinataire: orNull(service?.code),
    nomServiceDestinataire: orNull(service?.name),
    identifiantStructureFournisseur: seller.identifier,
    identifiantStructureDestinataire: recipient.identifier
  }
}

export function searchPaymentRequests(call: Call): object {
  const { world, fields, account } = call
  const filter = commonFilter(fields, 'montantAPayer')
  filter.days('periodeDateFournisseur', (invoice) => invoice.issued)
  filter.same('typeDemandePaiement', requestTypeOf)
  filter.same('typeFacture', (invoice) => invoice.references.type)
  filter.same('typeFactureTravaux', worksTypeOf)
  filter.same('numeroFactureOrigine', (invoice) => invoice.references.origin)
  filter.same('numeroFactureMemoire', (invoice) => invoice.number)
  filter.same('numeroDossierFacturation', (invoice) => invoice.works?.file.number)
  filter.same('numeroDpMandat', (invoice) => invoice.paymentOrder)
  filter.id('idServiceFournisseur', (invoice) => invoice.sellerService?.id)
  filter.id('idServiceDestinataire', (invoice) => invoice.service?.id)
  const structure = (role: string, read: (invoice: Invoice) => Structure | undefined): void => {
    const named = part(fields, `structure${role}`)
    const technical = id(named, `idStructure${role}`)
    const identifier = text(named, `identifiantStructure${role}`)
    if (technical === undefined && identifier === undefined) return
    const wanted = technical === undefined ? world.directory.byIdentifier(identifier) : world.directory.byId(technical)
    const siren = flag(fields, `rechercheSiren${role}`) ?? false
    filter.add((invoice) => matches(read(invoice), wanted, siren))
  }
  structure('Fournisseur', (invoice) => invoice.seller)
  structure('Destinataire', (invoice) => invoice.recipient)
  structure('Valideur', (invoice) => invoice.validator)
  structure('Moe', (invoice) => invoice.works?.manager)
  structure('Moa', (invoice) => invoice.works?.owner)
  const may = roleTest(account, text(fields, 'roleUtilisateur'))
  const archived = text(fields, 'dpOuDpArchive') === 'DP_ARCHIVE'
  const found = archived ? [] : candidates(call).filter((invoice) => may(invoice) && filter.passes(invoice))
  if (found.length === 0 && world.settings().emptySearch === 'code') throw nothingFound()
  found.sort((a, b) => b.deposited - a.deposited || Number(b.id - a.id))
  return {
    ...traDone,
    listeDemandePaiement: found.map((invoice) => row(invoice, found.length)),
    total: found.length
  }
}
