import { currencies } from '../code-lists.ts'
import type { Invoice } from '../invoice.ts'
import { parisDay, parisMinute } from '../paris.ts'
import { worksTypeOf } from '../works.ts'

/** Who and what is on an invoice, block by block, as the consultations show it. */

export function recipientBlock(
  { recipient, service }: Invoice,
  { recipient: seenByRecipient }: { recipient: boolean }
): object {
  return {
    idDestinataire: recipient.id,
    codeDestinataire: recipient.identifier,
    libelleDestinataire: recipient.name,
    idServiceExecutant: service?.id ?? null,
    codeServiceExecutant: service?.code ?? null,
    libelleServiceExecutant: service?.name ?? null,
    ...(seenByRecipient ? {} : { miseEnPaiementDestinataire: !recipient.paymentNotReported }),
    adresseDestinataireId: recipient.id,
    adresseDestinataireDetail: recipient.address.street,
    adresseDestinataireComplement1: null,
    adresseDestinataireComplement2: null,
    adresseDestinataireCodePostal: recipient.address.postalCode,
    adresseDestinataireVille: recipient.address.town,
    adresseDestinataireCodePays: recipient.address.countryCode,
    adresseDestinataireLibellePays: recipient.address.country.toUpperCase(),
    ...(seenByRecipient
      ? { destinataireEtat: recipient.state ? 'OUI' : 'NON' }
      : { designationDestinataire: recipient.name })
  }
}

export function supplierBlock(
  { seller, sellerService, account }: Invoice,
  { recipient }: { recipient: boolean }
): object {
  return {
    idFournisseur: seller.id,
    typeIdentifiantFournisseur: seller.type,
    codeFournisseur: seller.identifier,
    ...(recipient ? {} : { raisonSocialeFournisseur: seller.name }),
    idServiceFournisseur: sellerService?.id,
    codeServiceFournisseur: sellerService?.code,
    libelleServiceFournisseur: sellerService?.name,
    adresseFournisseurId: seller.id,
    adresseFournisseurDetail: seller.address.street,
    adresseFournisseurCodePostal: seller.address.postalCode,
    adresseFournisseurVille: seller.address.town,
    adresseFournisseurCodePays: seller.address.countryCode,
    adresseFournisseurLibellePays: seller.address.country.toUpperCase(),
    coordBancairesFournisseurId: account?.id,
    coordBancairesFournisseurType: account === undefined ? undefined : 'IBAN',
    coordBancairesFournisseurLibelle: account?.label,
    designationFournisseur: seller.name
  }
}

export function referenceBlock(invoice: Invoice): object {
  const { references } = invoice
  return {
    dateFacture: invoice.issued,
    dateDepot: parisDay(invoice.deposited),
    codeDeviseFacture: references.currency,
    libelleDeviseFacture: currencies.find((entry) => entry.code === references.currency)?.fr,
    typeFacture: references.type,
    typeFactureTravaux: worksTypeOf(invoice),
    typeTva: references.vatType,
    motifExonerationTva: references.exemption,
    numeroMarche: references.contract,
    numeroBonCommande: references.commitment,
    numeroFactureOrigine: references.origin,
    modePaiement: references.payment,
    dateCreationFacture: parisMinute(invoice.deposited),
    dateEcheancePaiement: references.due,
    tailleTotalePiecesJointes: invoice.attachments.reduce((sum, attachment) => sum + attachment.file.size, 0),
    numeroDpMandat: invoice.paymentOrder
  }
}

export const frameworkBlock = ({ framework: code, validator, validated, works }: Invoice): object => ({
  codeCadreFacturation: code,
  idValideur1: validator?.id,
  typeIdentifiantValideur1: validator?.type,
  codeValideur1: validator?.identifier,
  raisonSocialeValideur1: validator?.name,
  dateValidation1: validated === undefined ? undefined : parisDay(validated),
  idMoe: works?.manager?.id,
  typeIdentifiantMoe: works?.manager?.type,
  identifiantMoe: works?.manager?.identifier,
  raisonSocialeMoe: works?.manager?.name,
  designationMoe: works?.manager?.name,
  idMoa: works?.owner?.id,
  typeIdentifiantMoa: works?.owner?.type,
  identifiantMoa: works?.owner?.identifier,
  raisonSocialeMoa: works?.owner?.name,
  designationMoa: works?.owner?.name
})

export function previousPiece({ works }: Invoice): object | undefined {
  const previous = works?.previous
  if (previous === undefined) return undefined
  return {
    cadreFacturationPiecePrecedente: previous.framework,
    idPiecePrecedente: previous.id,
    numeroPiecePrecedente: previous.number,
    idDestinatairePiecePrecedente: previous.recipient.id,
    identifiantDestinatairePiecePrecedente: previous.recipient.identifier,
    raisonSocialeDestinatairePiecePrecedente: previous.recipient.name
  }
}
