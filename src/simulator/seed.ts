import {
  type Commitment,
  createDirectory,
  type Directory,
  publicInvoices,
  type Service,
  type Structure
} from './directory.ts'

/** Who exists. The five fixed recipients are those of test-dataset.md 2.3; all the rest is invented. */
type Draft = Pick<Structure, 'identifier' | 'name'> &
  Partial<Omit<Structure, 'services' | 'accounts'>> & {
    services?: (Pick<Service, 'code'> & Partial<Service>)[]
    accounts?: string[]
  }

const recipients: Draft[] = [
  {
    identifier: '11000201100044',
    name: "SERVICES DE L'ETAT",
    state: true,
    serviceRequired: true,
    services: [{ code: 'SFACETAT' }]
  },
  {
    identifier: '12345678200028',
    name: 'DESTINATAIRE SERVICE OBLIGATOIRE',
    serviceRequired: true,
    services: [{ code: 'SERVICE_DEST_SERV_OBL' }]
  },
  { identifier: '12345678200036', name: 'DESTINATAIRE EJ OBLIGATOIRE', commitmentRequired: true },
  {
    identifier: '12345678200044',
    name: 'DESTINATAIRE EJ OU SERVICE',
    serviceOrCommitment: true,
    services: [{ code: 'SERVICE_DEST_EJ_OU_SERV_OBL' }]
  },
  { identifier: '12345678200051', name: 'DESTINATAIRE SANS PARAMETRE' },
  {
    identifier: '99800001200018',
    name: 'DESTINATAIRE EJ ET SERVICE',
    serviceRequired: true,
    commitmentRequired: true,
    services: [{ code: 'SERVICE_EJ_ET_SERV' }]
  },
  {
    identifier: '99800002000011',
    name: 'DESTINATAIRE ENGAGEMENT PAR SERVICE',
    services: [{ code: 'SERVICE_AVEC_EJ', commitmentRequired: true }, { code: 'SERVICE_SANS_EJ' }]
  },
  { identifier: '99800003800013', name: 'DESTINATAIRE INACTIF', active: false },
  {
    identifier: '99800004600016',
    name: 'DESTINATAIRE SERVICE FERME',
    serviceRequired: true,
    services: [{ code: 'SERVICE_FERME', active: false, to: '2020-12-31 00:00' }, { code: 'SERVICE_OUVERT' }]
  },
  {
    identifier: '99800005300012',
    name: 'DESTINATAIRE DOUZE SERVICES',
    serviceRequired: true,
    services: Array.from({ length: 11 }, (_, index) => ({ code: `SERVICE_${String(index + 1).padStart(2, '0')}` }))
  },
  { identifier: '99800006100015', name: 'DESTINATAIRE PAIEMENT NON REMONTE', paymentNotReported: true },
  { identifier: '99800007900017', name: 'DESTINATAIRE MOA UNIQUEMENT', worksOnly: true },
  ...[
    '99700001300018',
    '99700002100011',
    '99700003900013',
    '99700004700016',
    '99700005400012',
    '99700006200015',
    '99700007000018',
    '99700008800010',
    '99700009600013',
    '99700010400015',
    '99700011200018'
  ].map((identifier, index) => ({
    identifier,
    name: `COMMUNE D'EXEMPLE ${index + 1}`,
    address: {
      street: '1 place de la Mairie',
      postalCode: '99000',
      town: 'EXEMPLE',
      countryCode: 'FR',
      country: 'France'
    }
  }))
]

const suppliers: Draft[] = [
  { identifier: '99900010200015', name: 'FOURNISSEUR UN COMPTE', accounts: ['IBAN PRINCIPAL'] },
  { identifier: '99900020100015', name: 'FOURNISSEUR DEUX COMPTES', accounts: ['IBAN PRINCIPAL', 'IBAN SECONDAIRE'] },
  { identifier: '99900030000015', name: 'FOURNISSEUR SANS COMPTE' },
  { identifier: '99900040900014', name: 'FOURNISSEUR INACTIF', active: false },
  { identifier: '99900050800013', name: 'VALIDEUR' },
  { identifier: '99900060700013', name: 'FOURNISSEUR HISTORIQUE', accounts: ['IBAN PRINCIPAL'] },
  { identifier: 'BE0999999922', type: 'UE_HORS_FRANCE', name: 'FOURNISSEUR BELGE', accounts: ['IBAN PRINCIPAL'] }
]

/** The SIRETs that invoices are usually sent from in tests, the simplest first. */
export const usualSellers = ['99900010200015', '99900020100015', '99900030000015']

export function seedDirectory(): Directory {
  let structure = 26_000_000n
  let service = 10_500_000n
  let account = 144_050n
  const build = (kind: Structure['kind'], { services = [], accounts = [], ...draft }: Draft): Structure => {
    const own =
      kind === 'PRIVEE'
        ? [{ code: `SERVICE_PRIVE_1_${draft.identifier}` }, ...services]
        : [{ code: publicInvoices, name: 'Service des factures publiques', from: '2016-12-28 08:30' }, ...services]
    return {
      id: ++structure,
      type: 'SIRET',
      kind,
      active: true,
      state: false,
      serviceRequired: false,
      commitmentRequired: false,
      serviceOrCommitment: false,
      worksOnly: false,
      paymentNotReported: false,
      address: {
        street: "1 rue de l'Exemple",
        postalCode: '99999',
        town: 'VILLE-TEST',
        countryCode: 'FR',
        country: 'France'
      },
      ...draft,
      services: own.map((item) => ({
        id: ++service,
        name: item.code,
        active: true,
        from: '2017-01-02 09:00',
        commitmentRequired: false,
        ...item
      })),
      accounts: accounts.map((label, index) => ({ id: ++account, label, iban: `FR7699999000010000000000${index}99` }))
    }
  }
  const structures = [
    ...recipients.map((draft) => build('PUBLIQUE', draft)),
    ...suppliers.map((draft) => build('PRIVEE', draft))
  ]
  return createDirectory(structures, seedCommitments(structures))
}

/** Eleven orders of the State to the first supplier: a page and one more. */
function seedCommitments(structures: Structure[]): Commitment[] {
  const buyer = structures.find((structure) => structure.state) as Structure
  const supplier = structures.find((structure) => structure.identifier === usualSellers[0]) as Structure
  return Array.from({ length: 11 }, (_, index) => ({
    id: BigInt(4001 + index),
    number: `00000${48_295 + index}`,
    supplier,
    buyer,
    serviceCode: 'SFACETAT',
    state: 'COMMANDE',
    notified: `2026-01-${String(index + 10)}`,
    amount: 1000 * (index + 1)
  }))
}
