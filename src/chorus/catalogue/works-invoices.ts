import type { Entry } from './entry.ts'

export const worksInvoices: Entry[] = [
  {
    operation: 'facturesTravaux/rechercher',
    name: 'rechercherFactureTravaux',
    kind: 'read',
    confirmedBy: ['Pastell', 'AIFE community']
  },
  {
    operation: 'facturesTravaux/rechercher/atraiter',
    name: 'rechercherFactureTravauxATraiter',
    kind: 'read',
    state: 'deduced',
    confirmedBy: ['CPP-2017']
  },
  {
    operation: 'facturesTravaux/consulter',
    name: 'consulterFactureTravaux',
    kind: 'read',
    state: 'deduced',
    confirmedBy: ['CPP-2017']
  },
  {
    operation: 'facturesTravaux/consulter/dossierfacturation',
    name: 'consulterDossierDeFacturation',
    kind: 'read',
    state: 'deduced',
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
    confirmedBy: ['AIFE community', 'CPP-2017']
  },
  {
    operation: 'facturesTravaux/suspendre/demander/completer/factureTravaux',
    name: 'suspendreOuDemanderCompleterFactureTravaux',
    kind: 'change',
    state: 'deduced',
    confirmedBy: ['AIFE community']
  }
]
