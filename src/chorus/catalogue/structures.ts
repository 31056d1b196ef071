import type { Entry } from './entry.ts'

export const structures: Entry[] = [
  {
    operation: 'structures/rechercher',
    name: 'rechercherStructure',
    kind: 'read',
    resource: 'GET /v1/directory/organizations',
    confirmedBy: ['PISTE Swagger', 'go-choruspro', 'OCA', 'Pastell', 'AIFE community', 'fact_electronique']
  },
  {
    operation: 'structures/consulter',
    name: 'consulterStructure',
    kind: 'read',
    resource: 'GET /v1/directory/organizations/{siret}',
    confirmedBy: ['PISTE Swagger', 'go-choruspro', 'OCA', 'choruspay', 'chorus-api']
  },
  {
    operation: 'structures/rechercher/services',
    name: 'rechercherServicesStructure',
    kind: 'read',
    resource: 'GET /v1/directory/organizations/{siret}/services',
    confirmedBy: ['PISTE Swagger', 'go-choruspro', 'OCA', 'Pastell', 'AIFE community']
  },
  {
    operation: 'structures/consulter/service',
    name: 'consulterServiceStructure',
    kind: 'read',
    resource: 'GET /v1/directory/organizations/{siret}/services/{code}',
    confirmedBy: ['PISTE Swagger', 'go-choruspro', 'OCA', 'Pastell', 'AIFE community']
  },
  {
    operation: 'structures/lister/rattachementsutilisateur',
    name: 'listerRattachementsStructureUtilisateur',
    kind: 'read',
    confirmedBy: ['PISTE Swagger', 'go-choruspro']
  },
  {
    operation: 'structures/rechercher/espaces',
    name: 'rechercherEspaces',
    kind: 'read',
    state: 'deprecated',
    confirmedBy: ['PISTE Swagger', 'piste-gouv-fr']
  },
  {
    operation: 'structures/rechercher/utilisateurs/structure',
    name: 'rechercherUtilisateursRattachesStructure',
    kind: 'read',
    state: 'removed',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  },
  {
    operation: 'structures/rechercher/utilisateurs/service',
    name: 'rechercherUtilisateursRattachesService',
    kind: 'read',
    state: 'removed',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  },
  {
    operation: 'structures/saisir/generalites',
    name: 'saisirGeneralitesStructure',
    kind: 'create',
    state: 'removed',
    confirmedBy: ['CPP-2017', 'AIFE annex']
  },
  {
    operation: 'structures/saisir/generalites/service',
    name: 'saisirGeneralitesServiceStructure',
    kind: 'create',
    state: 'legacy',
    confirmedBy: ['CPP-2017']
  }
]
