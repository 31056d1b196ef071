import type { Entry } from './entry.ts'

export const commitments: Entry[] = [
  {
    operation: 'engagementsJuridiques/rechercher',
    name: 'rechercherEngagementJuridique',
    kind: 'read',
    resource: 'GET /v1/commitments',
    confirmedBy: ['OCA', 'AIFE community']
  },
  {
    operation: 'engagementsJuridiques/consulterDetail',
    name: 'consulterDetailEngagementJuridique',
    kind: 'read',
    state: 'deduced',
    resource: 'GET /v1/commitments/{number}',
    confirmedBy: ['AIFE community']
  }
]
