import type { Entry } from './entry.ts'

export const organisations: Entry[] = [
  {
    operation: 'organisations/healthcheck',
    name: 'healthCheck',
    method: 'GET',
    kind: 'read',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/structures/{uuidStructure}',
    name: 'consulterStructure',
    method: 'GET',
    kind: 'read',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/structures/{uuidStructure}/services',
    name: 'rechercherServicesStructure',
    method: 'GET',
    kind: 'read',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/structures/{uuidStructure}/pieces_jointes',
    name: 'listerPiecesJointesStructure',
    method: 'GET',
    kind: 'read',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/structures/{uuidStructure}/pieces_jointes/{uuidPieceJointe}',
    name: 'recupererPieceJointeStructure',
    method: 'GET',
    kind: 'download',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/structures/{uuidStructure}/parametres-edi',
    name: 'modifierStructure',
    method: 'PATCH',
    kind: 'change',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/structures/recherche',
    name: 'rechercherStructures',
    kind: 'read',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/services/{uuidService}',
    name: 'consulterService',
    method: 'GET',
    kind: 'read',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/services/recherche',
    name: 'rechercherServiceOrganisation',
    kind: 'read',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'organisations/siren/recherche',
    name: 'rechercher organisation SIREN',
    kind: 'read',
    state: 'unconfirmed',
    confirmedBy: ['fact_electronique']
  }
]
