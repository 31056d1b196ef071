import type { Entry } from './entry.ts'

export const worksInvoices: Entry[] = [
  {
    operation: 'facturesTravaux/rechercher',
    name: 'rechercherFactureTravaux',
    kind: 'read',
    resource: 'GET /v1/works-invoices',
    confirmedBy: ['Pastell', 'AIFE community']
  },
  {
    operation: 'facturesTravaux/rechercher/atraiter',
    name: 'rechercherFactureTravauxATraiter',
    kind: 'read',
    state: 'deduced',
    resource: 'GET /v1/works-invoices/to-process',
    confirmedBy: ['CPP-2017']
  },
  {
    operation: 'facturesTravaux/consulter',
    name: 'consulterFactureTravaux',
    kind: 'read',
    state: 'deduced',
    resource: 'GET /v1/works-invoices/{id}',
    confirmedBy: ['CPP-2017']
  },
  {
    operation: 'facturesTravaux/consulter/dossierfacturation',
    name: 'consulterDossierDeFacturation',
    kind: 'read',
    state: 'deduced',
    resource: 'GET /v1/works-invoices/{id}/billing-file',
    confirmedBy: ['CPP-2017']
  },
  {
    operation: 'facturesTravaux/completer',
    name: 'completerFactureTravaux',
    kind: 'change',
    state: 'deduced',
    confirmedBy: ['CPP-2017']
  },
  {
    operation: 'facturesTravaux/completermoe',
    name: 'completerMoe',
    kind: 'change',
    state: 'deduced',
    confirmedBy: ['CPP-2017']
  },
  {
    operation: 'facturesTravaux/recycler',
    name: 'recyclerFactureTravaux',
    kind: 'change',
    state: 'deduced',
    resource: 'POST /v1/works-invoices/{id}/rerouting',
    confirmedBy: ['AIFE community', 'AIFE annex']
  },
  {
    operation: 'facturesTravaux/refuser',
    name: 'refuserFactureTravaux',
    kind: 'change',
    state: 'deduced',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  },
  {
    operation: 'facturesTravaux/demander/recyclage',
    name: 'demanderRecyclagePiecePrecedente',
    kind: 'change',
    state: 'deduced',
    resource: 'POST /v1/works-invoices/{id}/rerouting-request',
    confirmedBy: ['AIFE community', 'CPP-2017']
  },
  {
    operation: 'facturesTravaux/suspendre/demander/completer/factureTravaux',
    name: 'suspendreOuDemanderCompleterFactureTravaux',
    kind: 'change',
    state: 'deduced',
    resource: 'POST /v1/works-invoices/{id}/suspension',
    confirmedBy: ['AIFE community']
  }
]
