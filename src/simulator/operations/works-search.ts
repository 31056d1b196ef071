import { mayActFor } from '../accounts.ts'
import { flag, part, required } from '../fields.ts'
import { currentStatus, type Invoice, partiesOf } from '../invoice.ts'
import { cutPage, pageWish } from '../pages.ts'
import { parisBound, parisInstant } from '../paris.ts'
import { NoResult } from '../refusal.ts'
import { isWorks, worksTypeOf } from '../works.ts'
import { type Call, traDone } from '../world.ts'
import { commonFilter } from './invoice-filters.ts'
import { ttcOf } from './invoice-row.ts'
import { roleTest } from './payment-requests.ts'

/** factures-travaux.json: documents of works contracts, found by the role of the caller. */

/** The only code of this domain that is known (errors.md 3.4). No paging block goes with it. */
const nothing = (): NoResult => new NoResult(20007, 'GFT_MSG_01.075')

function answer({ world }: Call, pager: ReturnType<typeof part>, found: Invoice[]): object {
  const wish = pageWish(pager, { column: 'DateDepot', descending: true }, world.settings().pageSizeCap)
  // Which columns exist is not told: every one sorts by the deposit.
  const sorted = found.sort((a, b) => (a.deposited - b.deposited || Number(a.id - b.id)) * (wish.descending ? -1 : 1))
  const { rows, counters } = cutPage(sorted, wish)
  if (rows.length === 0 && world.settings().emptySearch === 'code') throw nothing()
  return { ...traDone, listeFacturesTravaux: rows.map(row), parametresRetour: counters }
}

/** The examples show the first five members; the others are those that a client in production reads from it. */
function row(invoice: Invoice): object {
  const { seller, recipient, service, works } = invoice
  const { status, at } = currentStatus(invoice)
  return {
    idFactureTravaux: invoice.id,
    codeServiceFournisseur: invoice.sellerService?.code,
    codeServiceExecutant: service?.code,
    codeServiceMoe: works?.manager?.services[0]?.code,
    codeServiceMoa: works?.owner?.services[0]?.code,
    numeroFactureTravaux: invoice.number,
    typeFactureTravaux: worksTypeOf(invoice),
    statutFactureTravaux: status,
    dateFactureTravaux: parisInstant(parisBound(invoice.issued) ?? invoice.deposited),
    dateDepot: parisInstant(invoice.deposited),
    dateHeureEtatCourant: parisInstant(at),
    montantTTC: ttcOf(invoice),
    identifiantFournisseur: seller.identifier,
    typeIdentifiantFournisseur: seller.type,
    designationFournisseur: seller.name,
    idDestinataire: recipient.id,
    identifiantDestinataire: recipient.identifier,
    idServiceExecutant: service?.id,
    identifiantServiceExecutant: service?.code
  }
}

export function searchWorks(call: Call): object {
  const { world, fields, account } = call
  const may = roleTest(account, required(fields, 'roleUtilisateur'))
  const filter = commonFilter(fields, 'montantAPayer')
  filter.days('periodeDateFactureTravaux', (invoice) => invoice.issued)
  filter.among('listeTypeFactureTravaux', worksTypeOf)
  // A text alone in the official example.
  filter.among('listeStatutCourant', (invoice) => currentStatus(invoice).status)
  filter.same('modeDepot', (invoice) => invoice.mode)
  filter.same('numeroFluxDepot', (invoice) => invoice.flow)
  filter.same('numeroFactureTravaux', (invoice) => invoice.number)
  filter.id('idStructureFournisseur', (invoice) => invoice.seller.id)
  filter.id('idServiceFournisseur', (invoice) => invoice.sellerService?.id)
  filter.id('idStructureMoe', (invoice) => invoice.works?.manager?.id)
  filter.id('idServiceMoe', (invoice) => invoice.works?.manager?.services[0]?.id)
  filter.id('idStructureMoa', (invoice) => invoice.works?.owner?.id)
  filter.id('idServiceMoa', (invoice) => invoice.works?.owner?.services[0]?.id)
  filter.id('idDestinataire', (invoice) => invoice.recipient.id)
  filter.id('idServiceExecutant', (invoice) => invoice.service?.id)
  filter.id('idCoordonneeBancaire', (invoice) => invoice.account?.id)
  filter.flag('flagTelecharge', (invoice) => invoice.downloaded)
  const all = world.invoices.searchable().filter(isWorks)
  if (flag(fields, 'uniquementSansPieceSuivante') === true) {
    const followed = new Set(all.map((invoice) => invoice.works?.previous))
    filter.add((invoice) => !followed.has(invoice))
  }
  const found = all.filter((invoice) => may(invoice) && filter.passes(invoice))
  return answer(call, part(fields, 'rechercheFactureTravaux'), found)
}

/** Statuses in which somebody of the works file has to act, read from their names. */
const waiting = /^(?:A_ASSOCIER_|A_VALIDER_|A_COMPLETER$|A_RECYCLER$|SUSPENDUE$|MISE_A_DISPOSITION|ERREUR_|REFUSEE_)/

export function toDoWorks(call: Call): object {
  const { world, fields, account } = call
  const found = world.invoices
    .searchable()
    .filter(
      (invoice) =>
        isWorks(invoice) &&
        waiting.test(currentStatus(invoice).status) &&
        partiesOf(invoice).some((party) => mayActFor(account, party))
    )
  return answer(call, part(fields, 'rechercheFactureTravauxATraiter'), found)
}
