import type { Entry } from './entry.ts'

export const invoices: Entry[] = [
  {
    operation: 'factures/rechercher/aTraiter/valideur',
    name: 'rechercherFactureATraiterParValideur',
    kind: 'read',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/traiter/factureAValider',
    name: 'traiterFactureAValider',
    kind: 'change',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/telecharger/groupe',
    name: 'telechargerGroupeFacture',
    kind: 'download',
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
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/rechercher/recipiendaire',
    name: 'rechercherFactureParRecipiendaire',
    kind: 'read',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'Pastell', 'AIFE community']
  },
  {
    operation: 'factures/completer',
    name: 'completerFacture',
    kind: 'change',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017']
  },
  {
    operation: 'factures/consulter/recipiendaire',
    name: 'consulterFactureParRecipiendaire',
    kind: 'read',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017', 'Pastell']
  },
  {
    operation: 'factures/rechercher/valideur',
    name: 'rechercherFactureParValideur',
    kind: 'read',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/traiter/recue',
    name: 'traiterFactureRecue',
    kind: 'change',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'Pastell', 'AIFE community', 'FactPulse']
  },
  {
    operation: 'factures/consulter/valideur',
    name: 'consulterFactureParValideur',
    kind: 'read',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/consulter/fournisseur',
    name: 'consulterFactureParFournisseur',
    kind: 'read',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'CPP-2017', 'OCA', 'invoicerr']
  },
  {
    operation: 'factures/recycler',
    name: 'recyclerFacture',
    kind: 'change',
    confirmedBy: ['AIFE Swagger', 'go-choruspro', 'AIFE annex']
  },
  {
    operation: 'factures/rechercher/fournisseur',
    name: 'rechercherFactureParFournisseur',
    kind: 'read',
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
    confirmedBy: ['AIFE Swagger', 'CPP-2017', 'piste-gouv-fr', 'AIFE community']
  },
  {
    operation: 'factures/rechercher/atraiter/fournisseur',
    name: 'rechercherFactureATraiterParFournisseur',
    kind: 'read',
    confirmedBy: ['AIFE Swagger', 'CPP-2017', 'piste-gouv-fr']
  },
  {
    operation: 'factures/traiterRejet',
    name: 'traiterFacturesRejetees',
    kind: 'change',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/consulter/historique',
    name: 'consulterHistoriqueFacture',
    kind: 'read',
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
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  },
  {
    operation: 'factures/recuperer/statutsFactureVisibles/valideur',
    name: 'recupererStatutsFactureVisiblesParValideur',
    kind: 'read',
    confirmedBy: ['AIFE Swagger', 'go-choruspro']
  }
]
