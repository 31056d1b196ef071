import type { Entry } from './entry.ts'

/** What Chorus Pro lists: codes, our structures, our accounts. */
export const lists: Entry[] = [
  {
    operation: 'transverses/recuperer/devises',
    name: 'recupererDevise',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'chorus-api']
  },
  {
    operation: 'transverses/recuperer/pays',
    name: 'recupererPays',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/tauxtva',
    name: 'recupererTauxTva',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'Pastell', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/motifs/exonerationtva',
    name: 'recupererMotifsExonerationTva',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/modereglements',
    name: 'recupererModeReglements',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/modedepot',
    name: 'recupererModeDepot',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/recuperer/cadrefacturation',
    name: 'recupererCadreFacturation',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/typedp',
    name: 'recupererTypeDemandePaiement',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/etat/typedp',
    name: 'recupererEtatParTypeDemandePaiement',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/etats/traitement',
    name: 'recupererEtatsPossiblesPourTraitement',
    kind: 'read',
    resource: 'GET /v1/received-invoices/{id}/allowed-statuses',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/typefacturetravaux',
    name: 'recupererTypeFactureTravaux',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/recuperer/typeidentifiant/structure',
    name: 'recupererTypeIdentifiantStructure',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/recuperer/formatflux',
    name: 'recupererFormatFlux',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/recuperer/syntaxeflux',
    name: 'recupererSyntaxeFlux',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['CPP-2017', 'TypeScript clients']
  },
  {
    operation: 'transverses/recuperer/motifs/refus/Facture/AValider',
    name: 'recupererMotifsRefusFactureAValider',
    kind: 'read',
    resource: 'GET /v1/validations/{id}/refusal-reasons',
    confirmedBy: ['go-choruspro']
  },
  {
    operation: 'transverses/recuperer/structures/actives/fournisseur',
    name: 'recupererStructuresActivesPourFournisseur',
    kind: 'read',
    resource: 'GET /v1/directory/own-organizations',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'fact_electronique']
  },
  {
    operation: 'transverses/recuperer/structures/actives/destinataire',
    name: 'recupererStructuresActivesPourDestinataire',
    kind: 'read',
    resource: 'GET /v1/directory/own-organizations',
    confirmedBy: ['go-choruspro', 'Pastell', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/structures/actives/facturetravaux',
    name: 'recupererStructuresActivesPourFacturesTravaux',
    kind: 'read',
    resource: 'GET /v1/directory/own-organizations',
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
    resource: 'GET /v1/directory/organizations/{siret}/bank-accounts',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'CPP-2017']
  },
  {
    operation: 'transverses/recuperer/services/executantetat',
    name: 'recupererServicesExecutantEtat',
    kind: 'read',
    state: 'deprecated',
    confirmedBy: ['CPP-2017', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/recuperer/typespj',
    name: 'recupererTypePieceJointe',
    kind: 'read',
    resource: 'GET /v1/code-lists/{name}',
    confirmedBy: ['go-choruspro', 'AIFE community', 'BIMP']
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
