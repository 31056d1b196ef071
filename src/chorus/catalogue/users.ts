import type { Entry } from './entry.ts'

export const users: Entry[] = [
  {
    operation: 'utilisateurs/monCompte/recuperer/rattachements',
    name: 'recupererRattachementsMonCompteUtilisateur',
    kind: 'read',
    resource: 'GET /v1/account/attachments',
    confirmedBy: ['go-choruspro', 'choruspay', 'TypeScript clients']
  },
  {
    operation: 'utilisateurs/gestionnaire/modifier',
    name: 'modifierUtilisateurParGestionnaire',
    kind: 'change',
    state: 'removed',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  },
  {
    operation: 'utilisateurs/gestionnaire/saisir/generalites/nouvelutilisateur',
    name: 'saisirGeneralitesNouvelUtilisateurParGestionnaire',
    kind: 'create',
    state: 'removed',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  },
  {
    operation: 'utilisateurs/structures/valider/rattachements',
    name: 'validerRattachementsUtilisateur',
    kind: 'change',
    state: 'removed',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  }
]
