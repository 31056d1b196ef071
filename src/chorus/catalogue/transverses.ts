import type { Entry } from './entry.ts'

export const transverses: Entry[] = [
  {
    operation: 'transverses/health-check',
    name: 'healthCheck',
    method: 'GET',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'chorus-api']
  },
  {
    operation: 'transverses/recuperer/devises',
    name: 'recupererDevise',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'chorus-api']
  },
  {
    operation: 'transverses/recuperer/pays',
    name: 'recupererPays',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/tauxtva',
    name: 'recupererTauxTva',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'Pastell', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/motifs/exonerationtva',
    name: 'recupererMotifsExonerationTva',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/modereglements',
    name: 'recupererModeReglements',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/modedepot',
    name: 'recupererModeDepot',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/recuperer/cadrefacturation',
    name: 'recupererCadreFacturation',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/typedp',
    name: 'recupererTypeDemandePaiement',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/etat/typedp',
    name: 'recupererEtatParTypeDemandePaiement',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/etats/traitement',
    name: 'recupererEtatsPossiblesPourTraitement',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/typefacturetravaux',
    name: 'recupererTypeFactureTravaux',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/recuperer/typeidentifiant/structure',
    name: 'recupererTypeIdentifiantStructure',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/formatflux',
    name: 'recupererFormatFlux',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/recuperer/syntaxeflux',
    name: 'recupererSyntaxeFlux',
    kind: 'read',
    confirmedBy: ['CPP-2017', 'TypeScript clients']
  },
  {
    operation: 'transverses/recuperer/motifs/refus/Facture/AValider',
    name: 'recupererMotifsRefusFactureAValider',
    kind: 'read',
    confirmedBy: ['go-choruspro']
  },
  {
    operation: 'transverses/recuperer/structures/actives/fournisseur',
    name: 'recupererStructuresActivesPourFournisseur',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'fact_electronique']
  },
  {
    operation: 'transverses/recuperer/structures/actives/destinataire',
    name: 'recupererStructuresActivesPourDestinataire',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'Pastell', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/structures/actives/facturetravaux',
    name: 'recupererStructuresActivesPourFacturesTravaux',
    kind: 'read',
    confirmedBy: ['go-choruspro']
  },
  {
    operation: 'transverses/recuperer/structuresPourUtilisateur',
    name: 'recupererStructuresPourUtilisateur',
    kind: 'read',
    state: 'deprecated',
    confirmedBy: ['piste-gouv-fr', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/coordbanc/valides',
    name: 'recupererCoordonneesBancairesValides',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'CPP-2017']
  },
  {
    operation: 'transverses/rechercher/destinataire',
    name: 'rechercherDestinataire',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'CPP-2017', 'TypeScript clients']
  },
  {
    operation: 'transverses/rechercher/serviceexecutant',
    name: 'rechercherServiceExecutant',
    kind: 'read',
    state: 'deprecated',
    confirmedBy: ['piste-gouv-fr', 'CPP-2017', 'TypeScript clients']
  },
  {
    operation: 'transverses/recuperer/services/executantetat',
    name: 'recupererServicesExecutantEtat',
    kind: 'read',
    state: 'deprecated',
    confirmedBy: ['CPP-2017', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/consulter/information/siret',
    name: 'consulterInformationSIRET',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'chorus-api']
  },
  {
    operation: 'transverses/telecharger/annuaire/destinataire',
    name: 'telechargerAnnuaireDestinataire',
    kind: 'download',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'chorus-api']
  },
  {
    operation: 'transverses/ajouter/fichier',
    name: 'ajouterFichierDansSysteme',
    kind: 'upload',
    resource: 'POST /v1/invoices',
    confirmedBy: ['go-choruspro', 'AIFE community', 'fact_electronique', 'choruspay']
  },
  {
    operation: 'transverses/rechercher/pj/moncompte',
    name: 'rechercherPieceJointeSurMonCompte',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'CPP-2017']
  },
  {
    operation: 'transverses/rechercher/pj/structure',
    name: 'rechercherPieceJointeStructure',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/typespj',
    name: 'recupererTypePieceJointe',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'AIFE community', 'BIMP']
  },
  {
    operation: 'transverses/telecharger/pieceJointe',
    name: 'telechargerPieceJointe',
    kind: 'download',
    confirmedBy: ['go-choruspro']
  },
  {
    operation: 'transverses/detacherPieceJointe',
    name: 'detacherPieceJointe',
    kind: 'change',
    state: 'deprecated',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'transverses/consulterCR',
    name: 'consulterCR',
    kind: 'download',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/consulterCRDetaille',
    name: 'consulterCRDetaille',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'AIFE community', 'OCA']
  },
  {
    operation: 'transverses/rechercher/categorieSollicitation',
    name: 'rechercherCategorieSollicitation',
    kind: 'read',
    confirmedBy: ['go-choruspro']
  },
  {
    operation: 'transverses/rechercher/sousCategorieSollicitation',
    name: 'rechercherSousCategorieSollicitation',
    kind: 'read',
    confirmedBy: ['go-choruspro']
  },
  {
    operation: 'transverses/recuperer/services/structure',
    name: 'recupererServicesParStructure',
    kind: 'read',
    state: 'removed',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  },
  {
    operation: 'transverses/recuperer/utilisateurs/service',
    name: 'recupererUtilisateursDuService',
    kind: 'read',
    state: 'removed',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  }
]
