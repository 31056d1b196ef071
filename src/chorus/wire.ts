/** What we send, in the words of Chorus Pro. Members without value are left out. Numbers are raw JSON (json.ts). */

type RawNumber = unknown

/** factures/soumettre */
export interface Soumettre {
  modeDepot: 'SAISIE_API' | 'DEPOT_PDF_API' | 'DEPOT_PDF_SIGNE_API'
  numeroFactureSaisi?: string
  dateFacture?: string
  destinataire: { codeDestinataire?: string; codeServiceExecutant?: string }
  fournisseur: {
    idFournisseur: RawNumber
    idServiceFournisseur?: RawNumber
    codeCoordonneesBancairesFournisseur?: RawNumber
  }
  cadreDeFacturation: { codeCadreFacturation: string; codeStructureValideur?: string; codeServiceValideur?: string }
  references: {
    deviseFacture: string
    typeFacture: string
    typeTva?: string
    motifExonerationTva?: string
    numeroMarche?: string
    numeroBonCommande?: string
    numeroFactureOrigine?: string
    modePaiement: string
  }
  lignePoste?: LignePoste[]
  ligneTva?: LigneTva[]
  montantTotal: {
    montantHtTotal?: RawNumber
    montantTVA?: RawNumber
    montantTtcTotal?: RawNumber
    montantRemiseGlobaleTTC?: RawNumber
    montantAPayer?: RawNumber
  }
  /** An array of one, though the Swagger says object (behaviour.md, section 2). */
  pieceJointePrincipale?: [{ pieceJointePrincipaleDesignation: string; pieceJointePrincipaleId: RawNumber }]
  pieceJointeComplementaire?: {
    pieceJointeComplementaireDesignation: string
    pieceJointeComplementaireType: string
    pieceJointeComplementaireId: RawNumber
  }[]
  commentaire?: string
}

export interface LignePoste {
  lignePosteNumero: number
  lignePosteReference: string
  lignePosteDenomination?: string
  lignePosteQuantite?: RawNumber
  lignePosteUnite?: string
  lignePosteMontantUnitaireHT?: RawNumber
  lignePosteMontantRemiseHT: RawNumber
  /** In percent; never beside the code `lignePosteTauxTva`. */
  lignePosteTauxTvaManuel?: RawNumber
}

export interface LigneTva {
  ligneTvaTauxManuel?: RawNumber
  ligneTvaMontantBaseHtParTaux?: RawNumber
  ligneTvaMontantTvaParTaux?: RawNumber
}

/** factures/rechercher/fournisseur */
export interface RechercherFournisseur {
  numeroFacture?: string
  idFournisseur?: RawNumber
  numeroFluxDepot?: string
  listeDestinataire?: { idDestinataire: RawNumber }[]
  montantApayerMin?: RawNumber
  montantApayerMax?: RawNumber
  periodeDateDepotDu?: string
  periodeDateFactureDu?: string
  periodeDateFactureAu?: string
  periodeDateHeureEtatCourantDu?: string
}

export interface Pagination {
  pageResultatDemandee: number
  nbResultatsParPage: number
  triSens: 'Ascendant' | 'Descendant'
  triColonne: string
}
