import type { PaymentRequest, PaymentRequestFilter } from '../../schemas/payment-request.ts'
import type { Asker, Page, PageRequest } from './asker.ts'
import { toAmounts, toCode, toDeposit, toFramework } from './document-filter.ts'
import { isAmong, readDocument, readSide, type Sirets } from './document-reading.ts'
import { rawOf, requestTypes, typeCodes, worksTypes } from './document-words.ts'
import { ChorusError } from './errors.ts'
import { type JsonObject, readInteger, readList, readObject, readText } from './json.ts'
import { isNoResult } from './pages.ts'
import { present, presentIfAny } from './present.ts'
import type { ServiceIds } from './service-ids.ts'
import { rawStatus } from './status.ts'

/**
 * Payment requests of every kind, live and archived. `only`: the SIRETs whose requests may be seen; none means all. The
 * seller's counts, or the buyer's for those who search as buyer: of the other roles rows tell no SIRET.
 */
export interface PaymentRequests {
  list(filter: PaymentRequestFilter, at: PageRequest, only: Sirets): Promise<Page<PaymentRequest>>
}

const service = 'factures/rechercher/demandePaiement'
const mostBytes = 32 * 1024 * 1024

export function createPaymentRequests(asker: Asker, serviceIds: ServiceIds): PaymentRequests {
  /** This search takes no page: what it gives is all, and must be as much as it announces. */
  async function everyRow(payload: object): Promise<JsonObject[]> {
    try {
      const answer = await asker.read(service, payload, { maxBytes: mostBytes })
      const rows = readList(answer['listeDemandePaiement'])
      const total = readInteger(answer['total']) ?? readInteger(readObject(answer['parametresRetour'])['total'])
      if (total !== undefined && total !== rows.length) throw cut(total, rows.length)
      return rows
    } catch (error) {
      if (isNoResult(error)) return []
      throw error
    }
  }

  return {
    async list(filter, at, only) {
      const counts = filter.role === 'buyer' ? 'buyer' : 'seller'
      const mine = filter[counts] === undefined && only.length === 1 ? { [counts]: only[0] } : {}
      const services = await serviceIds(filter)
      if (services === undefined) return { items: [] }
      const payload = {
        ...toPayload({ ...filter, ...mine }),
        idServiceFournisseur: services.seller,
        idServiceDestinataire: services.buyer
      }
      const rows = (await everyRow(payload)).map(readPaymentRequest)
      const seen = rows.filter((row) => isAmong(only, row[counts])).toSorted(byId)
      const start = (at.page - 1) * at.size
      const items = seen.slice(start, start + at.size)
      const next = start + at.size < seen.length && {
        next: { page: at.page + 1, size: at.size, seen: start + at.size }
      }
      return { items, total: seen.length, ...next }
    }
  }
}

function toPayload(filter: PaymentRequestFilter): object {
  return {
    roleUtilisateur: roles[filter.role ?? 'seller'],
    numeroFacture: filter.number,
    typeDemandePaiement: rawOf(requestTypes, filter.requestType),
    typeFacture: rawOf(typeCodes, filter.typeCode),
    typeFactureTravaux: toCode('/worksType', filter.worksType, (word) => rawOf(worksTypes, word)),
    cadreFacturation: toFramework(filter.businessProcess),
    statutCourant: filter.status === undefined ? undefined : [toCode('/status', filter.status, rawStatus)],
    periodeDateHeureEtatCourantDu: filter.statusSince,
    periodeDateHeureEtatCourantAu: filter.statusUntil,
    periodeDateFournisseurDu: filter.issueDateFrom,
    periodeDateFournisseurAu: filter.issueDateTo,
    ...toDeposit(filter),
    ...toAmounts(filter),
    numeroBonCommande: filter.commitmentNumber,
    numeroFactureOrigine: filter.precedingInvoice,
    structureFournisseur: toStructure('Fournisseur', filter.seller),
    rechercheSirenFournisseur: filter.sellerSiren,
    rechercheSirenDestinataire: filter.buyerSiren,
    structureMoe: toStructure('Moe', filter.projectManager),
    structureMoa: toStructure('Moa', filter.worksOwner),
    structureValideur: toStructure('Valideur', filter.validator),
    structureDestinataire: toStructure('Destinataire', filter.buyer),
    dpOuDpArchive: filter.archived === undefined ? undefined : filter.archived ? archive : 'DEMANDE_PAIEMENT',
    numeroDossierFacturation: filter.billingFileNumber,
    numeroDpMandat: filter.paymentOrderNumber
  }
}

const archive = 'DP_ARCHIVE'

const roles = {
  seller: 'FOURNISSEUR',
  project_manager: 'MOE',
  works_owner: 'MOA',
  validator: 'VALIDEUR',
  buyer: 'DESTINATAIRE'
} as const

const toStructure = (suffix: string, siret: string | undefined) =>
  siret === undefined
    ? undefined
    : { [`typeIdentifiantStructure${suffix}`]: 'SIRET', [`identifiantStructure${suffix}`]: siret }

function readPaymentRequest(row: JsonObject): PaymentRequest {
  const kept = readText(row['dpOuDpArchive'])
  const told = (name: string) => readText(row[name])
  return {
    ...readDocument(row, { id: 'idDemandePaiement', number: 'numeroDemandePaiement' }),
    ...present({
      seller: readSide(row, 'Fournisseur', { structure: 'Structure' }),
      buyer: readSide(row, 'Destinataire', { structure: 'Structure' }),
      archived: kept === undefined ? undefined : kept === archive,
      billingFile: presentIfAny({ id: told('idDossierFacturation'), number: told('numeroDossierFacturation') }),
      paymentOrderNumber: told('numeroDpMandat'),
      court: presentIfAny({
        code: told('codeJuridiction'),
        name: told('raisonSocialeJuridiction'),
        highCourt: told('raisonSocialeTGI')
      })
    })
  }
}

/** Ids are digits of any length: the longer one is the larger. */
const byId = (a: { id: string }, b: { id: string }) =>
  a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const cut = (total: number, came: number) =>
  new ChorusError(`${service}: ${total} rows were announced and ${came} came; narrow the filter`, {
    proof: 'not-processed',
    problem: 'upstream-protocol-error',
    service,
    lane: false
  })
