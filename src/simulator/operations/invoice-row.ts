import { currentStatus, type Invoice, totalSize } from '../invoice.ts'
import { parisDay, parisInstant } from '../paris.ts'
import { requestTypeOf, worksTypeOf } from '../works.ts'

/** Rows of the invoice searches. The members and their order are those of the examples, absent values as null. */

export const orNull = <T>(value: T | undefined): T | null => value ?? null

export const ttcOf = ({ totals: { ht, tva, ttc, discount } }: Invoice): number | undefined =>
  ttc ?? (ht === undefined || tva === undefined ? undefined : ht + tva - (discount ?? 0))

const parties = (invoice: Invoice) => ({
  codeFournisseur: invoice.seller.identifier,
  typeIdentifiantFournisseur: invoice.seller.type,
  designationFournisseur: invoice.seller.name,
  codeServiceFournisseur: orNull(invoice.sellerService?.code),
  nomServiceFournisseur: orNull(invoice.sellerService?.name),
  idDestinataire: invoice.recipient.id,
  codeDestinataire: invoice.recipient.identifier,
  designationDestinataire: invoice.recipient.name,
  idServiceExecutant: orNull(invoice.service?.id),
  codeServiceExecutant: orNull(invoice.service?.code),
  nomServiceExecutant: orNull(invoice.service?.name)
})

const amounts = (invoice: Invoice) => ({
  montantHT: orNull(invoice.totals.ht),
  montantTTC: orNull(ttcOf(invoice)),
  montantAPayer: orNull(invoice.totals.payable)
})

const state = (invoice: Invoice) => {
  const { at, comment } = currentStatus(invoice)
  return { dateHeureEtatCourant: parisInstant(at), commentaireEtatCourant: orNull(comment) }
}

/** rechercher/fournisseur; the to-do search has the first half of it. */
export function supplierRow(invoice: Invoice, { size, whole }: { size: boolean; whole: boolean }) {
  const bank = invoice.account
  const head = {
    identifiantFactureCPP: invoice.id,
    typeDemandePaiement: requestTypeOf(invoice),
    ...parties(invoice),
    typeFacture: invoice.references.type,
    numeroFacture: invoice.number,
    dateFacture: invoice.issued,
    dateDepot: parisDay(invoice.deposited),
    ...amounts(invoice),
    devise: invoice.references.currency,
    statut: currentStatus(invoice).status,
    numeroMarche: orNull(invoice.references.contract),
    numeroBonCommande: orNull(invoice.references.commitment)
  }
  // The unit of `taille` is not documented: bytes here, and only when recupererTaille asks for it.
  const taille = size ? totalSize(invoice) : null
  if (!whole) return { ...head, taille }
  return {
    ...head,
    numeroFluxDepot: orNull(invoice.flow),
    typeIdentifiantValideur1: orNull(invoice.validator?.type),
    codeValideur1: orNull(invoice.validator?.identifier),
    raisonSocialeValideur1: orNull(invoice.validator?.name),
    nomValideur1: null,
    prenomValideur1: null,
    dateValidation1: invoice.validated === undefined ? null : parisDay(invoice.validated),
    typeIdentifiantValideur2: null,
    codeValideur2: null,
    raisonSocialeValideur2: null,
    nomValideur2: null,
    prenomValideur2: null,
    dateValidation2: null,
    numeroFactureOrigine: orNull(invoice.references.origin),
    modeDepot: invoice.mode,
    coordBancairesFournisseurCleIban: orNull(bank?.iban.slice(2, 4)),
    coordBancairesFournisseurCleRib: orNull(bank?.iban.slice(25)),
    coordBancairesFournisseurCodeBanque: orNull(bank?.iban.slice(4, 9)),
    coordBancairesFournisseurCodePays: orNull(bank?.iban.slice(0, 2)),
    coordBancairesFournisseurCompteBancaire: orNull(bank?.iban.slice(14, 25)),
    coordBancairesFournisseurNomCb: orNull(bank?.label),
    affactureurCode: null,
    affactureurTypeIdentifiant: null,
    affactureurRaisonSociale: null,
    nomPrenomUtilisateurCreateur: null,
    taille,
    ...state(invoice),
    rejetTraite: invoice.rejectionHandled
  }
}

/** rechercher/recipiendaire and the recipient's to-do search: the id is named idFacture. */
export function recipientRow(invoice: Invoice, { size }: { size: boolean }) {
  return {
    idFacture: invoice.id,
    devise: invoice.references.currency,
    typeDemandePaiement: requestTypeOf(invoice),
    ...parties(invoice),
    typeFacture: invoice.references.type,
    typeFactureTravaux: orNull(worksTypeOf(invoice)),
    numeroFacture: invoice.number,
    dateFacture: invoice.issued,
    dateDepot: parisDay(invoice.deposited),
    ...amounts(invoice),
    statut: currentStatus(invoice).status,
    numeroMarche: orNull(invoice.references.contract),
    numeroBonCommande: orNull(invoice.references.commitment),
    taille: size ? totalSize(invoice) : null,
    factureTelechargeeParDestinataire: invoice.downloaded,
    codeMOE: orNull(invoice.works?.manager?.identifier),
    typeIdentifiantMOE: orNull(invoice.works?.manager?.type),
    designationMOE: orNull(invoice.works?.manager?.name),
    codeMOA: orNull(invoice.works?.owner?.identifier),
    typeIdentifiantMOA: orNull(invoice.works?.owner?.type),
    designationMOA: orNull(invoice.works?.owner?.name),
    ...state(invoice)
  }
}

/** The two searches of the validator: every party has its id there, and the commitment number another name. */
export function validatorRow(invoice: Invoice) {
  const { seller, sellerService, recipient, service, validator, works } = invoice
  return {
    idFacture: invoice.id,
    typeDemandePaiement: requestTypeOf(invoice),
    idFournisseur: seller.id,
    identifiantFournisseur: seller.identifier,
    typeIdentifiantFournisseur: seller.type,
    designationFournisseur: seller.name,
    codeServiceFournisseur: orNull(sellerService?.code),
    nomServiceFournisseur: orNull(sellerService?.name),
    idMoe: orNull(works?.manager?.id),
    typeIdentifiantMoe: orNull(works?.manager?.type),
    identifiantMoe: orNull(works?.manager?.identifier),
    designationMoe: orNull(works?.manager?.name),
    idServiceMoe: null,
    codeServiceMoe: null,
    nomServiceMoe: null,
    idMoa: orNull(works?.owner?.id),
    typeIdentifiantMoa: orNull(works?.owner?.type),
    identifiantMoa: orNull(works?.owner?.identifier),
    designationMoa: orNull(works?.owner?.name),
    idServiceMoa: null,
    codeServiceMoa: null,
    nomServiceMoa: null,
    idDestinataire: recipient.id,
    typeIdentifiantDestinataire: recipient.type,
    identifiantDestinataire: recipient.identifier,
    designationDestinataire: recipient.name,
    idServiceExecutant: orNull(service?.id),
    codeServiceExecutant: orNull(service?.code),
    nomServiceExecutant: orNull(service?.name),
    idValideur: orNull(validator?.id),
    typeIdentifiantValideur: orNull(validator?.type),
    identifiantValideur: orNull(validator?.identifier),
    designationValideur: orNull(validator?.name),
    typeFacture: invoice.references.type,
    typeFactureTravaux: orNull(worksTypeOf(invoice)),
    numeroFacture: invoice.number,
    dateFacture: invoice.issued,
    dateDepot: parisDay(invoice.deposited),
    ...amounts(invoice),
    devise: invoice.references.currency,
    statut: currentStatus(invoice).status,
    numeroMarche: orNull(invoice.references.contract),
    numeroEngagement: orNull(invoice.references.commitment)
  }
}
