import type { Asker, Page, PageRequest } from './asker.ts'
import type { CallOptions } from './chorus.ts'
import { readDay } from './dates.ts'
import { nameOf, requestTypes } from './document-words.ts'
import type { Download } from './download.ts'
import { type JsonObject, rawDecimal, readDecimal, readList, readObject, readText } from './json.ts'
import { isNoResult } from './pages.ts'
import { present, presentIfAny } from './present.ts'
import { nameStatus } from './status.ts'
import { type Coded, nameCommitmentState, rawCommitmentState } from './structure-words.ts'

export interface CommitmentFilter {
  number?: string
  code?: string
  contractReference?: string
  /** Technical id of the structure that got the order. */
  supplierId?: string
  status?: string
  notifiedFrom?: string
  notifiedTo?: string
  amountMin?: string
  amountMax?: string
}

interface Service {
  code?: string
  name?: string
}
interface Party {
  siret?: string
  name?: string
  service?: Service
}

export interface CommitmentRow {
  number: string
  type?: Coded
  status: Coded
  seller: Party
  /** The service that receives the goods, and the one that ordered. */
  service?: Service
  issuingService?: Service
  notifiedOn?: string
  createdOn?: string
  totals: { taxExclusive?: string; taxInclusive?: string }
  currency?: string
  upstream: { commitmentId?: string }
}

export interface Commitment {
  number: string
  status: Coded
  buyer: Party
  seller: Party & { address?: { lines?: string[]; postalCode?: string; town?: string; country?: string } }
  lines: { number?: string; status: Coded; taxInclusive?: string }[]
  paymentRequests: {
    number?: string
    requestType?: string
    status: Coded
    issueDate?: string
    taxInclusive?: string
    upstream: { invoiceId?: string; requestType?: string; subtype?: string }
  }[]
  upstream: { commitmentId?: string; buyerId?: string; sellerId?: string }
}

export interface Commitments {
  search(filter: CommitmentFilter, at: PageRequest, call?: CallOptions): Promise<Page<CommitmentRow>>
  /** Undefined: there is none with this number that we may see. */
  find(number: string, call?: CallOptions): Promise<Commitment | undefined>
  document(number: string, call?: CallOptions): Promise<Download>
}

const service = 'engagementsJuridiques/rechercher'

export function createCommitments(asker: Pick<Asker, 'read' | 'page' | 'download'>): Commitments {
  return {
    async search(filter, at, call) {
      const payload = ({ page, size }: PageRequest) => ({
        ...present({
          numeroEngagementJuridique: filter.number,
          codeEngagementJuridique: filter.code,
          numeroMarcheEngagementJuridique: filter.contractReference,
          // A text here, though it is an id (engagements.json).
          structureReceptriceEngagementJuridique: filter.supplierId,
          etatCourantEngagementJuridique: rawCommitmentState(filter.status),
          periodeDateNotificationEJDu: filter.notifiedFrom,
          periodeDateNotificationEJAu: filter.notifiedTo,
          montantTTCMin: rawDecimal(filter.amountMin),
          montantTTCMax: rawDecimal(filter.amountMax)
        }),
        parametresRecherche: {
          pageResultatDemandee: page,
          nbResultatsParPage: size,
          triSens: 'Ascendant',
          triColonne: 'DateCreationEJ'
        }
      })
      const { items, ...page } = await asker.page({ service, rows: 'listeEngagementJuridique', payload }, at, call)
      return { ...page, items: items.map(readRow) }
    },
    async find(number, call) {
      try {
        return readCommitment(
          number,
          await asker.read('engagementsJuridiques/consulterDetail', { numeroEngagementJuridique: number }, call)
        )
      } catch (error) {
        if (isNoResult(error)) return undefined
        throw error
      }
    },
    document: (number, call) =>
      asker.download(
        'transverses/telecharger/pieceJointe',
        { objetPieceJointe: 'ENGAGEMENT_JURIDIQUE', engagementJuridique: { numeroEngagementJuridique: number } },
        'pieceJointe',
        call
      )
  }
}

const serviceOf = (row: JsonObject, code: string, name: string): Service | undefined =>
  presentIfAny({ code: readText(row[code]), name: readText(row[name]) })

/** A SIRET may come as a bare number, without its leading zeros. */
const siretOf = (text: string | undefined) =>
  text !== undefined && /^\d{9,14}$/.test(text) ? text.padStart(14, '0') : undefined

const typeOf = (raw: string | undefined): Coded | undefined =>
  raw === undefined ? undefined : { code: raw === 'BON_DE_COMMANDE' ? 'purchase_order' : 'other', raw }

const readRow = (row: JsonObject): CommitmentRow => ({
  number: readText(row['numeroEngagementJuridique']) ?? '',
  status: nameCommitmentState(readText(row['libelleEtatCourantEJ'])),
  seller: present({
    siret: siretOf(readText(row['identifiantStructureReceptrice'])),
    name: readText(row['libelleStructureReceptrice']) ?? readText(row['structureReceptrice'])
  }),
  totals: present({
    taxExclusive: readDecimal(row['montantTotalHt']),
    taxInclusive: readDecimal(row['montantTotalTtc'])
  }),
  ...present({
    type: typeOf(readText(row['libelleTypeEngagementJuridique'])),
    service: serviceOf(row, 'codeServiceExecutant', 'libelleServiceExecutant'),
    issuingService: serviceOf(row, 'codeServiceExecutantEmetteur', 'libelleServiceExecutantEmetteur'),
    notifiedOn: readDay(readText(row['dateNotificationEJ'])),
    createdOn: readDay(readText(row['dateCreationEJ'])),
    currency: readText(row['deviseEngagement'])
  }),
  upstream: present({ commitmentId: readText(row['idEngagementJuridique']) })
})

function readCommitment(number: string, answer: JsonObject): Commitment {
  const issuer = readObject(answer['emetteur'])
  const receiver = readObject(answer['recepteur'])
  const address = (name: string) => readText(receiver[`adresseStructureReceptrice${name}`])
  const lines = ['Detail', 'Complement1', 'Complement2'].flatMap((name) => address(name) ?? [])
  return {
    number: readText(answer['numeroEngagementJuridique']) ?? number,
    status: nameCommitmentState(readText(answer['etatCourantEngagement'])),
    buyer: present({
      siret: siretOf(readText(issuer['identifiantStructureEmettrice'])),
      name: readText(issuer['raisonSocialeStructureEmettrice']),
      service: serviceOf(issuer, 'codeServiceExecutant', 'nomServiceExecutant')
    }),
    seller: present({
      siret: siretOf(readText(receiver['identifiantStructureReceptrice'])),
      name: readText(receiver['designationStructureReceptrice']),
      address: presentIfAny({
        lines: lines.length > 0 ? lines : undefined,
        postalCode: address('CodePostal'),
        town: address('Ville'),
        country: address('CodePays') ?? address('LibellePays')
      })
    }),
    lines: readList(answer['lignePoste']).map((row) => ({
      status: nameCommitmentState(readText(row['statutPoste'])),
      ...present({ number: readText(row['numeroDePoste']), taxInclusive: readDecimal(row['montantTtcPoste']) })
    })),
    paymentRequests: readList(answer['demandePaiement']).map((row) => ({
      status: nameStatus(readText(row['etatCourantDemandePaiement'])),
      ...present({
        number: readText(row['numeroDemandePaiement']),
        requestType: nameOf(requestTypes, readText(row['typeDemandePaiement'])),
        issueDate: readDay(readText(row['dateFournisseur'])),
        taxInclusive: readDecimal(row['montantTtcDemandePaiement'])
      }),
      upstream: present({
        invoiceId: readText(row['idDemandePaiement']),
        requestType: readText(row['typeDemandePaiement']),
        subtype: readText(row['sousType'])
      })
    })),
    upstream: present({
      commitmentId: readText(answer['idEngagement']),
      buyerId: readText(issuer['idStructureEmettrice']),
      sellerId: readText(receiver['idStructureReceptrice'])
    })
  }
}
