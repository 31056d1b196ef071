import {
  type BankAccount,
  type Commitment,
  createDirectory,
  type Directory,
  type Service,
  type Structure
} from './directory.ts'
import { publicInvoices } from './reference.ts'
import type { World } from './world.ts'

/** Who exists. The five fixed recipients are those of test-dataset.md 2.3; all the rest is invented. */
type Draft = Pick<Structure, 'identifier' | 'name'> &
  Partial<Omit<Structure, 'services' | 'accounts'>> & {
    services?: (Pick<Service, 'code'> & Partial<Service>)[]
    /** Of the service that every structure has by default. */
    firstService?: Service['id']
    accounts?: string[]
    firstAccount?: BankAccount['id']
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
    id: 30_000_004n,
    serviceOrCommitment: true,
    firstService: 40_000_001n,
    services: [
      { code: 'SERVICE_DEST_EJ_OU_SERV_OBL', id: 40_000_002n, to: '2050-12-31 00:00' },
      { code: 'ANCIEN', id: 40_000_003n, name: 'Ancien service', active: false, to: '2020-12-31 00:00' }
    ]
  },
  { identifier: '12345678200051', name: 'DESTINATAIRE SANS PARAMETRE', id: 27_000_152n },
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
  })),
  {
    identifier: '98125730567914',
    name: 'Destinataire 98125730567914',
    id: 30_000_002n,
    services: [{ code: 'SERVICE_PUBLIQUE_1_98125730567914' }, { code: 'Acheteur' }]
  },
  { identifier: '13000000100011', name: 'ETABLISSEMENT PUBLIC A', id: 30_000_101n, address: paris() },
  { identifier: '13000000200019', name: 'ETABLISSEMENT PUBLIC B', id: 30_000_102n, address: paris() },
  { identifier: '99800010300015', name: "MAITRE D'OUVRAGE", services: [{ code: 'SERVICE_MOA' }] }
]

/** A function, for it is called before constants below it exist. */
function paris(): Structure['address'] {
  return { street: '1 rue Exemple', postalCode: '75001', town: 'PARIS', countryCode: 'FR', country: 'France' }
}

const suppliers: Draft[] = [
  { identifier: '99900010200015', name: 'FOURNISSEUR UN COMPTE', accounts: ['IBAN PRINCIPAL'] },
  { identifier: '99900020100015', name: 'FOURNISSEUR DEUX COMPTES', accounts: ['IBAN PRINCIPAL', 'IBAN SECONDAIRE'] },
  { identifier: '99900030000015', name: 'FOURNISSEUR SANS COMPTE' },
  { identifier: '99900040900014', name: 'FOURNISSEUR INACTIF', active: false },
  { identifier: '99900050800013', name: 'VALIDEUR' },
  { identifier: '99900060700013', name: 'FOURNISSEUR HISTORIQUE', accounts: ['IBAN PRINCIPAL'] },
  { identifier: 'BE0999999922', type: 'UE_HORS_FRANCE', name: 'FOURNISSEUR BELGE', accounts: ['IBAN PRINCIPAL'] },
  { identifier: '99900070600013', name: 'SOUS-TRAITANT', accounts: ['IBAN PRINCIPAL'] },
  { identifier: '99900080500013', name: "MAITRE D'OEUVRE" },
  { identifier: '99900090400014', name: 'FOURNISSEUR DE TRAVAUX', accounts: ['IBAN PRINCIPAL'] },
  { identifier: '99900100100018', name: 'FOURNISSEUR AUX STATUTS RARES' },
  { identifier: '99900110000018', name: 'FOURNISSEUR DE LA COMMUNE 1', accounts: ['IBAN PRINCIPAL'] },
  // With the ids of the published examples, so that they can be sent as they stand.
  {
    identifier: '99900000300015',
    name: 'ENTREPRISE EXEMPLE',
    id: 27_000_900n,
    accounts: ['IBAN PRINCIPAL'],
    firstAccount: 150_000n
  },
  {
    identifier: '93125027408770',
    name: 'FOURNISSEUR EXEMPLE',
    id: 30_000_001n,
    firstService: 40_000_010n,
    accounts: ['IBAN PRINCIPAL'],
    firstAccount: 144_050n
  }
]

/** The SIRETs that invoices are usually sent from in tests, the simplest first. */
export const usualSellers = ['99900010200015', '99900020100015', '99900030000015']

/** `size` is how many recipients the directory file has in all; null: those that are here. */
export function seedDirectory(size: () => number | null): Directory {
  let structure = 26_000_000n
  let service = 10_500_000n
  let account = 144_050n
  const build = (
    kind: Structure['kind'],
    { services = [], accounts = [], firstService, firstAccount, ...draft }: Draft
  ): Structure => {
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
      services: own.map((item, index) => ({
        id: index === 0 && firstService !== undefined ? firstService : ++service,
        name: item.code,
        active: true,
        from: '2017-01-02 09:00',
        commitmentRequired: false,
        ...item
      })),
      accounts: accounts.map((label, index) => ({
        id: index === 0 && firstAccount !== undefined ? firstAccount : ++account,
        label,
        iban: `FR7699999000010000000000${index}99`
      }))
    }
  }
  const structures = [
    ...recipients.map((draft) => build('PUBLIQUE', draft)),
    ...suppliers.map((draft) => build('PRIVEE', draft))
  ]
  const recipientCount = structures.filter((one) => one.kind === 'PUBLIQUE').length
  const invented = (): number => Math.max(0, (size() ?? 0) - recipientCount)
  return createDirectory(structures, seedCommitments(structures), invented)
}

/** Eleven files with the first supplier, and a single one with another: the list of one. */
export function seedShelf({ directory, shelf }: Pick<World, 'directory' | 'shelf'>): void {
  const first = directory.byIdentifier(usualSellers[0])
  for (let index = 1; index <= 11; index++) {
    const type = index === 1 ? 'RIB' : 'DIVERS'
    shelf.fill(`${type}-${String(index).padStart(2, '0')}`, type, { structure: first })
  }
  shelf.fill('RIB', 'DIVERS', { structure: directory.byIdentifier('93125027408770') })
}

/** Eleven orders of the State to the first supplier: a page and one more. Two to another. */
function seedCommitments(structures: Structure[]): Commitment[] {
  const buyer = structures.find((structure) => structure.state) as Structure
  const supplier = structures.find((structure) => structure.identifier === usualSellers[0]) as Structure
  const state = { buyer, serviceCode: 'SFACETAT', state: 'COMMANDE' }
  const eleven = Array.from({ length: 11 }, (_, index) => ({
    ...state,
    // The last one has an id that a double cannot hold.
    id: index === 10 ? 9_007_199_254_740_993n : BigInt(4001 + index),
    number: `00000${48_295 + index}`,
    supplier,
    notified: `2026-01-${String(index + 10)}`,
    amount: 1000 * (index + 1)
  }))
  const example = structures.find((structure) => structure.identifier === '93125027408770') as Structure
  const ofExample = { ...state, id: 4n, number: '1400000001', supplier: example, notified: '2024-07-03', amount: 5000 }
  // As the qualification dataset writes the state of all of its own.
  const waiting = { ...ofExample, id: 5n, number: '1400000002', state: 'A_TRAITER' }
  return [...eleven, ofExample, waiting]
}
