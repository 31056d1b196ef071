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
    operation: 'transverses/rechercher/destinataire',
    name: 'rechercherDestinataire',
    kind: 'read',
    resource: 'GET /v1/directory/organizations',
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
    operation: 'transverses/consulter/information/siret',
    name: 'consulterInformationSIRET',
    kind: 'read',
    confirmedBy: ['go-choruspro', 'chorus-api']
  },
  {
    operation: 'transverses/telecharger/annuaire/destinataire',
    name: 'telechargerAnnuaireDestinataire',
    kind: 'download',
    resource: 'GET /v1/directory/organizations',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr', 'chorus-api']
  },
  {
    operation: 'transverses/ajouter/fichier',
    name: 'ajouterFichierDansSysteme',
    kind: 'upload',
    resource: 'POST /v1/attachments',
    confirmedBy: ['go-choruspro', 'AIFE community', 'fact_electronique', 'choruspay']
  },
  {
    operation: 'transverses/rechercher/pj/moncompte',
    name: 'rechercherPieceJointeSurMonCompte',
    kind: 'read',
    resource: 'GET /v1/attachments',
    confirmedBy: ['go-choruspro', 'CPP-2017']
  },
  {
    operation: 'transverses/rechercher/pj/structure',
    name: 'rechercherPieceJointeStructure',
    kind: 'read',
    resource: 'GET /v1/attachments',
    confirmedBy: ['go-choruspro', 'AIFE community']
  },
  {
    operation: 'transverses/telecharger/pieceJointe',
    name: 'telechargerPieceJointe',
    kind: 'download',
    resource: 'GET /v1/attachments/file',
    confirmedBy: ['go-choruspro']
  },
  {
    operation: 'transverses/detacherPieceJointe',
    name: 'detacherPieceJointe',
    kind: 'change',
    state: 'deprecated',
    resource: 'DELETE /v1/attachments/{linkId}',
    confirmedBy: ['piste-gouv-fr']
  },
  {
    operation: 'transverses/consulterCR',
    name: 'consulterCR',
    kind: 'download',
    resource: 'GET /v1/flows/{number}/report',
    confirmedBy: ['go-choruspro', 'piste-gouv-fr']
  },
  {
    operation: 'transverses/consulterCRDetaille',
    name: 'consulterCRDetaille',
    kind: 'read',
    resource: 'GET /v1/flows/{number}',
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
  }
]
