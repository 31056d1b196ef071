import type { Page, PageRequest } from './asker.ts'
import { toParis } from './dates.ts'
import { rawOf, typeCodes, worksTypes } from './document-words.ts'
import { depositModes, sortOf } from './invoice-words.ts'
import { type JsonObject, rawDecimal, rawId } from './json.ts'
import { compact, toCadre, toLocalMoment } from './submission-payload.ts'

/** Filters of both sides. Structures and services by their technical ids, statuses by Chorus Pro's codes. */
export interface CommonSearch {
  number?: string
  statuses?: string[]
  statusSince?: string
  statusUntil?: string
  issueDateFrom?: string
  issueDateTo?: string
  depositDateFrom?: string
  depositDateTo?: string
  taxExclusiveMin?: string
  taxExclusiveMax?: string
  taxInclusiveMin?: string
  taxInclusiveMax?: string
  payableMin?: string
  payableMax?: string
  businessProcess?: string
  commitmentNumber?: string
  contractReference?: string
  validatorId?: string
  size?: boolean
  sort?: string
}

export interface IssuedSearch extends CommonSearch {
  sellerId?: string
  sellerServiceId?: string
  buyerId?: string
  buyerName?: string
  buyerServiceId?: string
  buyerSiren?: boolean
  typeCode?: string
  precedingInvoice?: string
  flowNumber?: string
  depositMode?: string
  bankAccountId?: string
  createdBy?: string[]
  rejectionAcknowledged?: boolean
}

export interface ReceivedSearch extends CommonSearch {
  recipientId?: string
  recipientServiceId?: string
  sellerId?: string
  sellerServiceId?: string
  sellerSiren?: boolean
  requestType?: 'invoice' | 'works_invoice'
  typeCodes?: string[]
  worksTypes?: string[]
  downloaded?: boolean
}

/** Chorus Pro gives 200 results at most unless it is asked for more (behaviour.md, section 11). */
export const pager = (at: PageRequest, sort: object) => ({
  nbResultatsMaximum: 999_999,
  pageResultatDemandee: at.page,
  nbResultatsParPage: at.size,
  ...sort
})

function toCommon(search: CommonSearch) {
  const { businessProcess, statusUntil } = search
  return {
    numeroFacture: search.number,
    statutCourant: search.statuses,
    // Whether these are read as UTC or as Paris time is not known: the earlier of the two, then the later.
    periodeDateHeureEtatCourantDu: toLocalMoment(search.statusSince),
    periodeDateHeureEtatCourantAu: statusUntil === undefined ? undefined : toParis(statusUntil),
    periodeDateFactureDu: search.issueDateFrom,
    periodeDateFactureAu: search.issueDateTo,
    periodeDateDepotDu: search.depositDateFrom,
    periodeDateDepotAu: search.depositDateTo,
    montantHTMin: rawDecimal(search.taxExclusiveMin),
    montantHTMax: rawDecimal(search.taxExclusiveMax),
    montantTTCMin: rawDecimal(search.taxInclusiveMin),
    montantTTCMax: rawDecimal(search.taxInclusiveMax),
    // A small p in the middle, on both sides (behaviour.md, section 17).
    montantApayerMin: rawDecimal(search.payableMin),
    montantApayerMax: rawDecimal(search.payableMax),
    cadreFacturation: businessProcess === undefined ? undefined : toCadre(businessProcess),
    numeroBonCommande: search.commitmentNumber,
    numeroMarche: search.contractReference,
    idStructureValideur: rawId(search.validatorId),
    recupererTaille: search.size
  }
}

/** The payload of factures/rechercher/fournisseur. */
export function toIssuedSearch(search: IssuedSearch, at: PageRequest): object {
  const services = search.buyerServiceId === undefined ? undefined : [rawId(search.buyerServiceId)]
  const recipient = compact({
    idDestinataire: rawId(search.buyerId),
    listeIdServiceExecutant: services,
    raisonSocialeStuctDmd: search.buyerName
  })
  return compact<object>({
    ...toCommon(search),
    idFournisseur: rawId(search.sellerId),
    idServiceFournisseur: rawId(search.sellerServiceId),
    listeDestinataire: Object.keys(recipient).length === 0 ? undefined : [recipient],
    rechercheSirenDestinataire: search.buyerSiren,
    typeFacture: rawOf(typeCodes, search.typeCode),
    numeroFactureOrigine: search.precedingInvoice,
    numeroFluxDepot: search.flowNumber,
    modeDepot: rawOf(depositModes, search.depositMode),
    coordonneeBancaire: rawId(search.bankAccountId),
    idUtilisateurCreateur: search.createdBy?.map(rawId),
    rejetTraite: search.rejectionAcknowledged,
    rechercheFactureParFournisseur: pager(at, sortOf(search.sort))
  })
}

/** The payload of factures/rechercher/recipiendaire. */
export function toReceivedSearch(search: ReceivedSearch, at: PageRequest): object {
  const { requestType, sellerId, sellerServiceId } = search
  const seller = { idFournisseur: rawId(sellerId), listeIdService: sellerServiceId && [rawId(sellerServiceId)] }
  return compact<object>({
    ...toCommon(search),
    typeDemandePaiement: requestType && (requestType === 'invoice' ? 'FACTURE' : 'FACTURE_TRAVAUX'),
    idDestinataire: rawId(search.recipientId),
    idServiceExecutant: rawId(search.recipientServiceId),
    listeFournisseurs: sellerId === undefined ? undefined : [compact<object>(seller)],
    rechercheSirenFournisseur: search.sellerSiren,
    listeTypeFacture: search.typeCodes?.map((code) => rawOf(typeCodes, code)),
    listeTypeFactureTravaux: search.worksTypes?.map((type) => rawOf(worksTypes, type)),
    factureTelechargeeParDestinataire: search.downloaded,
    paramRecherche: pager(at, sortOf(search.sort, 'recipientColumns'))
  })
}

export function rowsOf<T>({ items, ...page }: Page<JsonObject>, read: (row: JsonObject) => T): Page<T> {
  return { ...page, items: items.map(read) }
}
