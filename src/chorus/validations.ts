import type {
  Decision,
  DecisionInput,
  RefusalReasons,
  ValidationFilter,
  ValidatorInvoice,
  ValidatorInvoiceDetail,
  VisibleStatuses
} from '../../schemas/validation.ts'
import { ProblemError } from '../problem.ts'
import type { Asker, Page, PageRequest } from './asker.ts'
import { readMoment } from './dates.ts'
import { notFound, refusedIsMissing, requireEcho } from './document-answers.ts'
import { toAmounts, toCode, toDeposit, toFramework } from './document-filter.ts'
import { isAmong, readDocument, readSide, readStatus, type Sirets } from './document-reading.ts'
import { rawOf, requestTypes, typeCodes, worksTypes } from './document-words.ts'
import { findInvoice } from './invoice-common.ts'
import { type JsonObject, rawId, readList, readText } from './json.ts'
import { createOneChange } from './one-change.ts'
import { present } from './present.ts'
import type { ServiceIds } from './service-ids.ts'
import { nameStatus, rawStatus } from './status.ts'
import type { StructureIds } from './structure-ids.ts'

/**
 * Invoices that wait for one of our structures as validator. `only`: the SIRETs whose validations may be seen; none
 * means all. What is not theirs is `not-found`, like an id that does not exist.
 */
export interface Validations {
  list(filter: ValidationFilter, at: PageRequest, only: Sirets): Promise<Page<ValidatorInvoice>>
  toProcess(filter: { validator?: string }, at: PageRequest, only: Sirets): Promise<Page<ValidatorInvoice>>
  one(id: string, only: Sirets): Promise<ValidatorInvoiceDetail>
  /** Throws `invalid-transition` outside the statuses that wait for a validator, `validation-failed` without a reason. */
  decide(id: string, decision: DecisionInput, only: Sirets): Promise<Decision>
  refusalReasons(id: string, only: Sirets): Promise<RefusalReasons>
  statuses(): Promise<VisibleStatuses>
}

export function createValidations(asker: Asker, structureId: StructureIds, serviceIds: ServiceIds): Validations {
  const search = async (
    service: string,
    payload: object,
    at: PageRequest,
    keep?: (row: ValidatorInvoice) => boolean
  ) => {
    const ask = ({ page, size }: PageRequest) => ({ ...payload, pagination: pagination(page, size) })
    const { total, ...page } = await asker.page({ service, rows: 'listeFactures', payload: ask }, at)
    const items = page.items.map(readRow)
    if (keep === undefined) return { ...page, items, ...(total !== undefined && { total }) }
    // Without the total: it counts the rows of others too.
    return { ...page, items: items.filter(keep) }
  }

  const idOf = async (siret: string | undefined) => (siret === undefined ? undefined : structureId(siret))

  const oneChange = createOneChange()

  async function one(id: string, only: Sirets): Promise<ValidatorInvoiceDetail> {
    const service = 'factures/consulter/valideur'
    const invoice = await refusedIsMissing('invoice', only, () => findInvoice(asker, service, pagers, id))
    if (!isAmong(only, ...(invoice.validators ?? []))) throw notFound('invoice')
    const open = decidable.includes(invoice.status.raw) && isAmong(only, waitedFor(invoice))
    return { ...invoice, decisions: open ? ['accept', 'refuse'] : [] }
  }

  return {
    async list(filter, at, only) {
      const services = await serviceIds(filter)
      if (services === undefined) return { items: [] }
      const wanted = { ...filter, ...withOnly(filter, only) }
      const ids = await Promise.all(parties.map((name) => idOf(wanted[name])))
      const [buyer, seller, validator, projectManager, worksOwner] = ids.map((value) => rawId(value))
      const payload = {
        typeDemandePaiement: rawOf(requestTypes, filter.requestType),
        numeroFacture: filter.number,
        listeTypeFacture: some(rawOf(typeCodes, filter.typeCode)),
        listeTypeFactureTravaux: some(toCode('/worksType', filter.worksType, (word) => rawOf(worksTypes, word))),
        statutCourant: some(toCode('/status', filter.status, rawStatus)),
        cadreFacturation: toFramework(filter.businessProcess),
        idDestinataire: buyer,
        idServiceExecutant: services.buyer,
        idFournisseur: seller,
        idServiceFournisseur: services.seller,
        rechercheSirenDestinataire: filter.buyerSiren,
        rechercheSirenFournisseur: filter.sellerSiren,
        idStructureValideur: validator,
        idStructureMoe: projectManager,
        idStructureMoa: worksOwner,
        periodeDateFactureDu: filter.issueDateFrom,
        periodeDateFactureAu: filter.issueDateTo,
        ...toDeposit(filter),
        numeroEngagement: filter.commitmentNumber,
        ...toAmounts(filter)
      }
      // A structure that Chorus Pro does not show us has no id to filter by: its rows are picked out here.
      const left = parties.filter((name, index) => wanted[name] !== undefined && ids[index] === undefined)
      const whole = { seller: filter.sellerSiren, buyer: filter.buyerSiren } as const
      const digits = (name: (typeof parties)[number]) =>
        (name === 'seller' || name === 'buyer') && whole[name] === true ? 9 : 14
      const keep = (row: ValidatorInvoice) =>
        isAmong(only, row.validator) &&
        left.every((name) => row[name]?.siret?.slice(0, digits(name)) === wanted[name]?.slice(0, digits(name)))
      return search('factures/rechercher/valideur', payload, at, only.length + left.length > 0 ? keep : undefined)
    },
    toProcess(filter, at, only) {
      const siret = { ...filter, ...withOnly(filter, only) }.validator
      const payload = siret === undefined ? {} : { typeIdentifiantStructure: 'SIRET', identifiantStructure: siret }
      const keep = only.length > 0 ? (row: ValidatorInvoice) => isAmong(only, row.validator) : undefined
      return search('factures/rechercher/aTraiter/valideur', payload, at, keep)
    },
    one,
    async decide(id, input, only) {
      const { reason, comment, attachmentId } = input
      if (input.decision === 'refuse' && (reason ?? '').trim() === '') throw reasonMissing()
      return oneChange(
        id,
        () => one(id, only),
        async () => {
          const invoice = await one(id, only)
          if (!decidable.includes(invoice.status.raw)) throw notAwaiting(invoice.status)
          if (invoice.decisions.length === 0) throw anothers(invoice.status)
          const payload = {
            idFacture: rawId(id),
            action: input.decision === 'accept' ? 'VALIDATION' : 'REFUS',
            motifRefus: reason,
            complementInfo: comment,
            idPieceJointe: rawId(attachmentId)
          }
          const { answer, exchange } = await asker.change('factures/traiter/factureAValider', payload)
          requireEcho(exchange, id, readText(answer['idFacture']))
          return {
            id,
            decision: input.decision,
            ...present({
              number: readText(answer['numeroFacture']),
              status: readStatus(readText(answer['statutFacture'])),
              at: readMoment(readText(answer['dateTraitement']))
            }),
            upstream: exchange
          }
        }
      )
    },
    async refusalReasons(id, only) {
      const { upstream } = await one(id, only)
      const service = 'transverses/recuperer/motifs/refus/Facture/AValider'
      const answer = await asker.read(service, { codeCadreFacturationAValider: upstream['businessProcess'] })
      const items = readList(answer['listeMotifRefusFactureAValider']).map((row) => ({
        code: readText(row['codeMotif']) ?? '',
        ...present({ id: readText(row['idMotif']), label: readText(row['libelleMotif']) })
      }))
      return { items }
    },
    async statuses() {
      const answer = await asker.read('factures/recuperer/statutsFactureVisibles/valideur', {})
      const codes = readList(answer['listeStatutFacture']).map((row) => readText(row['codeStatutFacture']))
      return { items: codes.filter((code) => code !== undefined).map((code) => nameStatus(code)) }
    }
  }
}

/** enums.json, `next` of these two; from which others a validator may act is in no source. */
const decidable: readonly string[] = ['A_VALIDER_1', 'A_VALIDER_2']

/** Of two validators, the one whose turn it is. */
const waitedFor = ({ status, validators = [] }: Pick<ValidatorInvoiceDetail, 'status' | 'validators'>) =>
  status.raw === 'A_VALIDER_2' ? validators.at(-1) : validators[0]

const pagers = { vat: 'rechercheLigneTvaRecap', attachments: 'recherchePj', lines: 'rechercheLignePoste' }

/** A row of rechercher/valideur and rechercher/aTraiter/valideur. */
const readRow = (row: JsonObject): ValidatorInvoice => ({
  ...readDocument(row, { id: 'idFacture', number: 'numeroFacture' }),
  ...present({
    seller: readSide(row, 'Fournisseur'),
    buyer: readSide(row, 'Destinataire', { service: 'ServiceExecutant' }),
    validator: readSide(row, 'Valideur'),
    projectManager: readSide(row, 'Moe'),
    worksOwner: readSide(row, 'Moa')
  })
})

const parties = ['buyer', 'seller', 'validator', 'projectManager', 'worksOwner'] as const

/** A key of one structure asks for its rows alone. */
const withOnly = (filter: { validator?: string }, only: Sirets) =>
  filter.validator === undefined && only.length === 1 && only[0] !== undefined ? { validator: only[0] } : {}

const some = (code: string | undefined): string[] | undefined => (code === undefined ? undefined : [code])

/** By id: the order in which they came, which does not change while one reads on. */
const pagination = (page: number, size: number) => ({
  pageResultatDemandee: page,
  nbResultatsParPage: size,
  triSens: 'Ascendant',
  triColonne: 'IdFacture'
})

const reasonMissing = () => {
  const message = 'A refusal needs its reason.'
  return new ProblemError('validation-failed', {
    detail: message,
    errors: [
      {
        pointer: '/reason',
        rule: 'validation-failed',
        message,
        messageFr: 'Un refus doit être motivé.',
        fix: 'Send a code of GET /v1/validations/{id}/refusal-reasons, or your own words.'
      }
    ]
  })
}

function notAwaiting({ code, raw }: { code: string; raw: string }): ProblemError {
  const allowed = decidable.map((each) => `${nameStatus(each).code} (${each})`).join(' and ')
  const now = raw === '' ? 'in no status that Chorus Pro names' : `${code} (${raw})`
  return new ProblemError('invalid-transition', {
    detail: `The invoice is ${now}. A validator decides in ${allowed} alone.`
  })
}

const anothers = ({ code }: { code: string }) =>
  new ProblemError('seller-not-allowed', {
    detail: `The invoice is ${code} and waits for a validator that your key is not for.`
  })
