import type { Entry } from './entry.ts'

export const invoices: Entry[] = [
  {
    operation: 'factures/rechercher/aTraiter/valideur',
    name: 'rechercherFactureATraiterParValideur',
    kind: 'read',
    resource: 'GET /v1/validations/to-process',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/traiter/factureAValider',
    name: 'traiterFactureAValider',
    kind: 'change',
    resource: 'POST /v1/validations/{id}/decision',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/telecharger/groupe',
    name: 'telechargerGroupeFacture',
    kind: 'download',
    resource: 'GET /v1/received-invoices/{id}/documents/{format}',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017', 'Pastell', 'AIFE community', 'FactPulse']
  },
  {
    operation: 'factures/deposer/pdf',
    name: 'deposerPDFFacture',
    kind: 'upload',
    resource: 'POST /v1/invoices',
    confirmedBy: [
      'AIFE Swagger',
      'go-choruspro',
      'CPP-2017',
      'Pastell',
      'choruspay',
      'BIMP',
      'invoicing tool',
      'AIFE portal'
    ]
  },
  {
    operation: 'factures/rechercher/demandePaiement',
    name: 'rechercherDemandePaiement',
    kind: 'read',
    resource: 'GET /v1/payment-requests',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/rechercher/recipiendaire',
    name: 'rechercherFactureParRecipiendaire',
    kind: 'read',
    resource: 'GET /v1/received-invoices',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'Pastell', 'AIFE community']
  },
  {
    operation: 'factures/completer',
    name: 'completerFacture',
    kind: 'change',
    resource: 'POST /v1/issued-invoices/{id}/completion',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017']
  },
  {
    operation: 'factures/consulter/recipiendaire',
    name: 'consulterFactureParRecipiendaire',
    kind: 'read',
    resource: 'GET /v1/received-invoices/{id}',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017', 'Pastell']
  },
  {
    operation: 'factures/rechercher/valideur',
    name: 'rechercherFactureParValideur',
    kind: 'read',
    resource: 'GET /v1/validations',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/traiter/recue',
    name: 'traiterFactureRecue',
    kind: 'change',
    resource: 'POST /v1/received-invoices/{id}/status',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'Pastell', 'AIFE community', 'FactPulse']
  },
  {
    operation: 'factures/consulter/valideur',
    name: 'consulterFactureParValideur',
    kind: 'read',
    resource: 'GET /v1/validations/{id}',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/consulter/fournisseur',
    name: 'consulterFactureParFournisseur',
    kind: 'read',
    resource: 'GET /v1/issued-invoices/{id}',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017', 'OCA', 'invoicerr']
  },
  {
    operation: 'factures/recycler',
    name: 'recyclerFacture',
    kind: 'change',
    resource: 'POST /v1/issued-invoices/{id}/rerouting',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'AIFE annex']
  },
  {
    operation: 'factures/rechercher/fournisseur',
    name: 'rechercherFactureParFournisseur',
    kind: 'read',
    resource: 'GET /v1/issued-invoices',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'OCA', 'invoicerr', 'invoicing tool', 'omnibill']
  },
  {
    operation: 'factures/soumettre',
    name: 'soumettreFacture',
    kind: 'create',
    resource: 'POST /v1/invoices',
    confirmedBy: [
      'AIFE Swagger',
      'go-choruspro',
      'Pastell',
      'AIFE community',
      'choruspay',
      'BIMP',
      'invoicing tool',
      'qualification proof',
      'Node client',
      'error list',
      'AIFE portal',
      'AIFE annex'
    ]
  },
  {
    operation: 'factures/rechercher/atraiter/recipiendaire',
    name: 'rechercherFactureATraiterParRecipiendaire',
    kind: 'read',
    resource: 'GET /v1/received-invoices/to-process',
    confirmedBy: ['AIFE Swagger', 'CPP-2017', 'piste-gouv-fr', 'AIFE community']
  },
  {
    operation: 'factures/rechercher/atraiter/fournisseur',
    name: 'rechercherFactureATraiterParFournisseur',
    kind: 'read',
    resource: 'GET /v1/issued-invoices/to-process',
    confirmedBy: ['AIFE Swagger', 'CPP-2017', 'piste-gouv-fr']
  },
  {
    operation: 'factures/traiterRejet',
    name: 'traiterFacturesRejetees',
    kind: 'change',
    resource: 'POST /v1/issued-invoices/{id}/rejection-acknowledgement',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/consulter/historique',
    name: 'consulterHistoriqueFacture',
    kind: 'read',
    resource: 'GET /v1/issued-invoices/{id}/history',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017', 'OCA', 'Pastell', 'diagnostics']
  },
  {
    operation: 'factures/deposer/flux',
    name: 'deposerFluxFacture',
    kind: 'create',
    resource: 'POST /v1/invoices',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017', 'OCA', 'Pastell', 'invoicerr', 'Liakont', 'omnibill']
  },
  {
    operation: 'factures/corriger/valideur/facture',
    name: 'corrigerValideurFacture',
    kind: 'change',
    resource: 'POST /v1/issued-invoices/{id}/validator',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/recuperer/statutsFactureVisibles/valideur',
    name: 'recupererStatutsFactureVisiblesParValideur',
    kind: 'read',
    resource: 'GET /v1/validations/statuses',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  }
]
