import type { Entry } from './entry.ts'

export const commitments: Entry[] = [
  {
    operation: 'engagementsJuridiques/rechercher',
    name: 'rechercherEngagementJuridique',
    kind: 'read',
    confirmedBy: ['OCA', 'AIFE community']
  },
  {
    operation: 'engagementsJuridiques/consulterDetail',
    name: 'consulterDetailEngagementJuridique',
    kind: 'read',
    state: 'deduced',
    confirmedBy: ['AIFE community']
  }
]
