import type {
  BillingFile,
  WorksChange,
  WorksInvoice,
  WorksInvoiceDetail,
  WorksInvoiceFilter,
  WorksRerouting,
  WorksSuspension
} from '../../schemas/works-invoice.ts'
import { ProblemError } from '../problem.ts'
import type { Asker, Page, PageRequest } from './asker.ts'
import { readMoment } from './dates.ts'
import { notFound, refusedIsMissing, requireEcho } from './document-answers.ts'
import { refused, toCode, toDeposit, toFramework } from './document-filter.ts'
import { isAmong, readStatus, type Sirets } from './document-reading.ts'
import { type JsonObject, rawId, readList, readObject, readText } from './json.ts'
import { createOneChange } from './one-change.ts'
import { present } from './present.ts'
import type { ServiceIds } from './service-ids.ts'
import { nameStatus, rawStatus } from './status.ts'
import type { StructureIds } from './structure-ids.ts'
import { partiesOf, readWorksDetail, readWorksInvoice } from './works-reading.ts'

/**
 * Documents of works contracts. `only`: the SIRETs whose documents may be seen; none means all. Rows may tell no SIRET,
 * so a limited search is made by technical id, in one role; where nothing proves whose a document is, it is not shown.
 */
export interface WorksInvoices {
  list(filter: WorksInvoiceFilter, at: PageRequest, only: Sirets): Promise<Page<WorksInvoice>>
  toProcess(at: PageRequest, only: Sirets): Promise<Page<WorksInvoice>>
  one(id: string, only: Sirets): Promise<WorksInvoiceDetail>
  billingFile(id: string, only: Sirets): Promise<BillingFile>
  /** Throws `invalid-transition` when the document shows a status that is not to be rerouted. */
  reroute(id: string, input: WorksRerouting, only: Sirets): Promise<WorksChange>
  /** Asks the author of the document before it to mend that one. */
  requestRerouting(id: string, only: Sirets): Promise<WorksChange>
  suspend(id: string, input: WorksSuspension, only: Sirets): Promise<WorksChange>
}

const domain = 'facturesTravaux'
const rows = 'listeFacturesTravaux'

export function createWorksInvoices(asker: Asker, structureId: StructureIds, serviceIds: ServiceIds): WorksInvoices {
  const oneChange = createOneChange()

  async function idOf(name: string, siret: string | undefined) {
    if (siret === undefined) return undefined
    const id = await structureId(siret)
    if (id !== undefined) return rawId(id)
    throw refused(
      'validation-failed',
      `/${name}`,
      `Chorus Pro shows no structure ${siret} to this account, so its documents cannot be searched for.`,
      'Check the SIRET, or leave this filter out.'
    )
  }

  async function one(id: string, only: Sirets): Promise<WorksInvoiceDetail> {
    // Its input is in no source; the domain's known operations all name their document so.
    const consult = () => asker.read(`${domain}/consulter`, { idFactureTravaux: rawId(id) })
    const answer = await refusedIsMissing('works invoice', only, consult)
    const invoice = readWorksDetail(readObject(answer['factureTravaux']), id)
    if (!isAmong(only, ...partiesOf(invoice))) throw notFound('works invoice')
    return invoice
  }

  async function act(service: string, payload: JsonObject | object, id: string): Promise<WorksChange> {
    const { answer, exchange } = await asker.change(`${domain}/${service}`, { idFactureTravaux: rawId(id), ...payload })
    requireEcho(exchange, id, readText(answer['idFactureTravaux']))
    const previous = readText(answer['idPiecePrecedente'])
    return {
      id,
      ...present({
        number: readText(answer['numeroFactureTravaux']),
        status: readStatus(readText(answer['statutFactureTravaux'])),
        at: readMoment(readText(answer['dateDepotFactureTravaux'])),
        previousDocument: previous === undefined ? undefined : { id: previous }
      }),
      upstream: exchange
    }
  }

  return {
    async list(filter, at, only) {
      const role = roles[filter.role ?? 'seller']
      const wanted = { ...filter, [role.filter]: limited(filter[role.filter], role.filter, only) }
      const services = await serviceIds(wanted)
      if (services === undefined) return { items: [] }
      const payload = {
        roleUtilisateur: role.raw,
        idServiceFournisseur: services.seller,
        idServiceExecutant: services.buyer,
        idStructureFournisseur: await idOf('seller', wanted.seller),
        idStructureMoe: await idOf('projectManager', wanted.projectManager),
        idStructureMoa: await idOf('worksOwner', wanted.worksOwner),
        idDestinataire: await idOf('buyer', wanted.buyer),
        idStructureValideur: await idOf('validator', wanted.validator),
        ...toDeposit(filter),
        cadreFacturation: toFramework(filter.businessProcess),
        // The official example has the bare text where the name says a list.
        listeStatutCourant: toCode('/status', filter.status, rawStatus),
        periodeDateFactureTravauxDu: filter.issueDateFrom,
        periodeDateFactureTravauxAu: filter.issueDateTo,
        // Text here, as in the official example; numbers in the searches of the other domain.
        montantHTMin: filter.taxExclusiveMin,
        montantHTMax: filter.taxExclusiveMax,
        montantTTCMin: filter.taxInclusiveMin,
        montantTTCMax: filter.taxInclusiveMax,
        montantAPayerMin: filter.payableMin,
        montantAPayerMax: filter.payableMax,
        numeroFactureTravaux: filter.number,
        numeroBonCommande: filter.commitmentNumber,
        numeroFluxDepot: filter.flowNumber,
        uniquementSansPieceSuivante: filter.withoutFollowing,
        periodeDateHeureEtatCourantDu: filter.statusSince,
        periodeDateHeureEtatCourantAu: filter.statusUntil,
        flagTelecharge: filter.downloaded
      }
      const ask = (page: PageRequest) => ({ ...payload, rechercheFactureTravaux: pagination(page) })
      const page = await asker.page({ service: `${domain}/rechercher`, rows, payload: ask }, at)
      return { ...page, items: page.items.map(readWorksInvoice) }
    },
    async toProcess(at, only) {
      const ask = (page: PageRequest) => ({ rechercheFactureTravauxATraiter: pagination(page) })
      const { total, ...page } = await asker.page({ service: `${domain}/rechercher/atraiter`, rows, payload: ask }, at)
      const items = page.items.map(readWorksInvoice).filter((invoice) => isAmong(only, ...partiesOf(invoice)))
      // Without the total for a limited key: it counts the rows of others too.
      return { ...page, items, ...(total !== undefined && only.length === 0 && { total }) }
    },
    one,
    async billingFile(id, only) {
      if (only.length > 0) await one(id, only)
      const consult = () => asker.read(`${domain}/consulter/dossierfacturation`, { idFactureTravaux: rawId(id) })
      const answer = await refusedIsMissing('works invoice', only, consult)
      const documents = readList(answer['listeFactureTravaux']).map((row) => readWorksDetail(row))
      return { items: documents.filter((invoice) => invoice.id === id || isAmong(only, ...partiesOf(invoice))) }
    },
    reroute: (id, input, only) =>
      oneChange(
        id,
        () => one(id, only),
        async () => {
          const { status } = await one(id, only)
          if (status !== undefined && !reroutable.includes(status.raw)) throw notToReroute(status)
          const payload = {
            identifiantDestinataire: input.buyer?.siret,
            codeServiceExecutant: input.buyer?.serviceCode,
            numeroBonCommande: input.commitmentNumber
          }
          return act('recycler', payload, id)
        }
      ),
    requestRerouting: (id, only) =>
      oneChange(
        id,
        () => one(id, only),
        async () => {
          await one(id, only)
          return act('demander/recyclage', {}, id)
        }
      ),
    suspend: (id, input, only) =>
      oneChange(
        id,
        () => one(id, only),
        async () => {
          await one(id, only)
          return act('suspendre/demander/completer/factureTravaux', { commentaire: input.comment }, id)
        }
      )
  }
}

/** VALIDATEUR in this domain, VALIDEUR in the other (reference-data.json, rolesFactureTravaux). */
const roles = {
  seller: { raw: 'FOURNISSEUR', filter: 'seller' },
  project_manager: { raw: 'MOE', filter: 'projectManager' },
  works_owner: { raw: 'MOA', filter: 'worksOwner' },
  validator: { raw: 'VALIDATEUR', filter: 'validator' },
  buyer: { raw: 'DESTINATAIRE', filter: 'buyer' }
} as const

/** To be rerouted, or with a wrong works owner (factures-travaux.json, recyclerFactureTravaux). */
const reroutable: readonly string[] = [
  'A_RECYCLER',
  'ERREUR_DE_MOA',
  'ERREUR_FOURNISSEUR_SUR_MOA',
  'ERREUR_MOE_SUR_MOA'
]

/** The structure that a limited key searches for in its role. */
function limited(siret: string | undefined, name: string, only: Sirets): string | undefined {
  if (only.length === 0) return siret
  const named = siret ?? (only.length === 1 ? only[0] : undefined)
  if (named === undefined)
    throw refused(
      'malformed-request',
      `/${name}`,
      'Your key is for several structures.',
      `Name one of them in ${name}.`
    )
  if (only.includes(named)) return named
  throw refused('seller-not-allowed', `/${name}`, `Your key is not for ${named}.`, 'Name a structure of your key.')
}

/** No column: the one value that is known sorts by kind. */
const pagination = ({ page, size }: PageRequest) => ({ pageResultatDemandee: page, nbResultatsParPage: size })

function notToReroute(status: { code: string; raw: string }): ProblemError {
  const allowed = reroutable.map((raw) => `${nameStatus(raw).code} (${raw})`).join(', ')
  const detail = `The document is ${status.code} (${status.raw}). It can be rerouted in these statuses alone: ${allowed}.`
  return new ProblemError('invalid-transition', { detail })
}
