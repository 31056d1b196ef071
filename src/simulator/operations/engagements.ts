import type { Commitment } from '../directory.ts'
import { number, part, text } from '../fields.ts'
import { currentStatus } from '../invoice.ts'
import { asId } from '../json.ts'
import { cutPage, pageWish, sortRows } from '../pages.ts'
import { parisBound, parisInstant } from '../paris.ts'
import { Refusal } from '../refusal.ts'
import { type Call, type Operations, traDone } from '../world.ts'
import { ttcOf } from './invoice-row.ts'

/** engagements.json: commitments of the State, received by suppliers. */

const notified = (one: Commitment): string => parisInstant(parisBound(one.notified) ?? 0).replace('.000', '')

function search({ world, fields }: Call): object {
  const receiver = text(fields, 'structureReceptriceEngagementJuridique')
  const wanted = text(fields, 'numeroEngagementJuridique')
  const state = text(fields, 'etatCourantEngagementJuridique')
  const from = text(fields, 'periodeDateNotificationEJDu')?.slice(0, 10)
  const to = text(fields, 'periodeDateNotificationEJAu')?.slice(0, 10)
  const least = number(fields, 'montantTTCMin')
  const most = number(fields, 'montantTTCMax')
  const rows = world.directory.commitments
    .filter(
      (one) =>
        // Clients send their own id there; an identifier is taken as well.
        (receiver === undefined || asId(receiver) === one.supplier.id || receiver === one.supplier.identifier) &&
        (wanted === undefined || one.number === wanted) &&
        (state === undefined || one.state === state) &&
        (from === undefined || one.notified >= from) &&
        (to === undefined || one.notified <= to) &&
        (least === undefined || one.amount >= least) &&
        (most === undefined || one.amount <= most)
    )
    .map((one) => ({
      idEngagementJuridique: one.id,
      libelleTypeEngagementJuridique: 'BON_DE_COMMANDE',
      numeroEngagementJuridique: one.number,
      structureReceptrice: one.supplier.name,
      codeServiceExecutant: one.serviceCode,
      libelleServiceExecutant: one.serviceCode,
      dateNotificationEJ: notified(one),
      libelleEtatCourantEJ: one.state,
      montantTotalTtc: one.amount
    }))
  const defaults = { column: 'IdEngagementJuridique', descending: false }
  const wish = pageWish(part(fields, 'parametresRecherche'), defaults, world.settings().pageSizeCap)
  const { rows: shown, counters } = cutPage(sortRows(rows, wish.column, wish.descending), wish)
  // The code of an empty search is unknown; the one client only tests the list.
  return { ...traDone, listeEngagementJuridique: shown, parametresRetour: counters }
}

function consult({ world, fields }: Call): object {
  const wanted = text(fields, 'numeroEngagementJuridique')
  const found = world.directory.commitments.find((one) => one.number === wanted)
  if (found === undefined) throw new Refusal(20000, "Le numéro d'engagement n'existe pas.")
  const { buyer, supplier } = found
  const service = buyer.services.find((one) => one.code === found.serviceCode)
  return {
    ...traDone,
    idEngagement: found.id,
    numeroEngagementJuridique: found.number,
    etatCourantEngagement: found.state,
    emetteur: {
      idStructureEmettrice: buyer.id,
      identifiantStructureEmettrice: buyer.identifier,
      raisonSocialeStructureEmettrice: buyer.name,
      idServiceExecutant: service?.id,
      codeServiceExecutant: found.serviceCode,
      nomServiceExecutant: service?.name
    },
    recepteur: {
      idStructureReceptrice: supplier.id,
      identifiantStructureReceptrice: supplier.identifier,
      designationStructureReceptrice: supplier.name,
      adresseStructureReceptriceDetail: supplier.address.street,
      adresseStructureReceptriceCodePostal: supplier.address.postalCode,
      adresseStructureReceptriceVille: supplier.address.town,
      adresseStructureReceptriceCodePays: supplier.address.countryCode,
      adresseStructureReceptriceLibellePays: supplier.address.country
    },
    lignePoste: [{ numeroDePoste: 1, montantTtcPoste: found.amount, statutPoste: found.state }],
    demandePaiement: world.invoices
      .searchable()
      .filter((one) => one.references.commitment === found.number)
      .map((one) => ({
        idDemandePaiement: one.id,
        numeroDemandePaiement: one.number,
        etatCourantDemandePaiement: currentStatus(one).status,
        montantTtcDemandePaiement: ttcOf(one),
        dateFournisseur: one.issued,
        typeDemandePaiement: 'FACTURE',
        sousType: one.references.type
      }))
  }
}

export const engagements: Operations = { rechercher: search, consulterDetail: consult }
