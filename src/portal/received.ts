import type { DownloadFormat, PlatformDocuments, PlatformHistory } from '../../schemas/platform-answers.ts'
import type {
  AllowedStatuses,
  ReceivedInvoice,
  ReceivedInvoiceDetail,
  ReceivedInvoiceQuery,
  ReceivedToProcessQuery
} from '../../schemas/received-invoice.ts'
import type { Page, PageRequest } from '../chorus/asker.ts'
import type { ReceivedDetail } from '../chorus/invoice-detail.ts'
import type { ReceivedRow } from '../chorus/invoice-row.ts'
import type { ReceivedSearch } from '../chorus/invoice-search.ts'
import { documentsOf } from './documents.ts'
import { type ServedFile, serveInvoices } from './files.ts'
import { inTurns } from './one-at-a-time.ts'
import { isAbsent, noSuchInvoice } from './refusals.ts'
import { demandTogether, listOf, type Structures, statusesOf, without } from './structures.ts'
import type { Visit, Way } from './visit.ts'
import { type Leg, onlyThose, type Walked, walk } from './walk.ts'

/** Invoices that our structures received, as a caller may see them: a key's SIRETs are those of the recipients here. */
export interface Received {
  search(visit: Visit, query: ReceivedInvoiceQuery): Promise<Walked<ReceivedInvoice>>
  toProcess(visit: Visit, query: ReceivedToProcessQuery): Promise<Walked<ReceivedInvoice>>
  find(visit: Visit, id: string): Promise<ReceivedInvoiceDetail>
  history(visit: Visit, id: string): Promise<PlatformHistory>
  documents(visit: Visit, id: string): Promise<PlatformDocuments>
  download(visit: Visit, ids: readonly string[], format: DownloadFormat): Promise<ServedFile>
  allowedStatuses(visit: Visit, id: string): Promise<AllowedStatuses>
  /** Throws `not-found`, in the same words whatever the reason. */
  visible(visit: Visit, id: string): Promise<{ way: Way; invoice: ReceivedDetail }>
  /** One search for each recipient that must be named. */
  legsFor(visit: Visit, wanted: string | undefined, search: Searching): Leg<ReceivedRow>[]
}

export type Searching = (way: Way, recipientId: string | undefined, at: PageRequest) => Promise<Page<ReceivedRow>>

/** Statuses that Chorus Pro takes with a reason only (behaviour.md, section 12). */
export const withReason: ReadonlySet<string> = new Set(['SUSPENDUE', 'REJETEE'])

const path = '/v1/received-invoices'

export function linkedRow<R extends { id: string }>(row: R) {
  const self = `${path}/${row.id}`
  return { ...row, links: { self, history: `${self}/history`, documents: `${self}/documents` } }
}

export function createReceived({
  structures,
  beforeDownload
}: {
  structures: Structures
  /** A download marks the invoice in Chorus Pro: whoever waits for it must know it before. */
  beforeDownload: (visit: Visit, way: Way, invoices: readonly ReceivedDetail[]) => Promise<void>
}): Received {
  function legsFor(visit: Visit, wanted: string | undefined, search: Searching): Leg<ReceivedRow>[] {
    const [way] = visit.ways
    const { sellers: mine } = visit.caller
    const leg = (siret: string | undefined): Leg<ReceivedRow> => ({
      name: siret ?? 'all',
      async page(at) {
        const recipientId = siret === undefined ? undefined : await structures.id(way, siret)
        if (siret !== undefined && recipientId === undefined) return { items: [], total: 0 }
        const found = await search(way, recipientId, at)
        // Whatever Chorus Pro makes of the filter, a row of another recipient ends here.
        return onlyThose(
          found,
          ({ buyer }) =>
            siret === undefined || buyer.siret === siret || (buyer.siret === undefined && mine.length === 0)
        )
      }
    })
    if (mine.length > 0) return mine.filter((siret) => wanted === undefined || siret === wanted).map(leg)
    return [leg(wanted)]
  }

  async function list(
    visit: Visit,
    kind: string,
    query: { cursor?: string | undefined; limit?: number | undefined },
    legs: Leg<ReceivedRow>[]
  ): Promise<Walked<ReceivedInvoice>> {
    const { cursor, limit, ...filter } = query
    const page = await walk({ kind, ...filter, recipients: visit.caller.sellers.join() }, legs, { cursor, limit })
    return { ...page, items: page.items.map(linkedRow) }
  }

  async function visible(visit: Visit, id: string): Promise<{ way: Way; invoice: ReceivedDetail }> {
    const [way] = visit.ways
    const { sellers } = visit.caller
    const invoice = await way.resources.receivedInvoices.find(id).catch((error: unknown) => {
      throw isAbsent(error) ? noSuchInvoice(sellers.length === 0 ? error : undefined) : error
    })
    const { siret } = invoice.buyer
    if (sellers.length > 0 && (siret === undefined || !sellers.includes(siret))) throw noSuchInvoice()
    return { way, invoice }
  }

  return {
    visible,
    legsFor,
    async search(visit, query) {
      demandTogether(query, 'recipientServiceCode', 'recipient')
      demandTogether(query, 'sellerServiceCode', 'seller')
      demandTogether(query, 'sellerSiren', 'seller')
      const filter = plainFilter(query)
      const legs = legsFor(visit, query.recipient, async (way, recipientId, at) => {
        const ids = await resolve(structures, way, query, recipientId)
        if (ids === undefined) return { items: [], total: 0 }
        return way.resources.receivedInvoices.search({ ...filter, ...ids }, at)
      })
      return list(visit, 'received', query, legs)
    },
    async toProcess(visit, query) {
      const { recipient, size, sort } = query
      const wanted = { ...(size !== undefined && { size }), ...(sort !== undefined && { sort }) }
      const legs = legsFor(visit, recipient, (way, structureId, at) =>
        way.resources.receivedInvoices.toProcess({ ...wanted, ...(structureId !== undefined && { structureId }) }, at)
      )
      return list(visit, 'received-to-process', query, legs)
    },
    find: async (visit, id) => linkedRow((await visible(visit, id)).invoice),
    // Neither the history nor a file says whose it is: the invoice is looked at first, every time.
    async history(visit, id) {
      const { way } = await visible(visit, id)
      return way.resources.receivedInvoices.history(id)
    },
    documents: async (visit, id) => documentsOf((await visible(visit, id)).invoice, path),
    async download(visit, ids, format) {
      const seen = await inTurns(ids, (id) => visible(visit, id))
      const [first] = seen
      if (first === undefined) throw noSuchInvoice()
      const { way, invoice } = first
      await beforeDownload(
        visit,
        way,
        seen.map((one) => one.invoice)
      )
      const name = seen.length === 1 ? (invoice.number ?? invoice.id) : 'invoices'
      return serveInvoices(ids, name, (group) => way.resources.receivedInvoices.download(group, format))
    },
    async allowedStatuses(visit, id) {
      const { way, invoice } = await visible(visit, id)
      const allowed = await way.resources.receivedInvoices.allowedFrom(invoice.status.raw)
      const items = allowed.map(({ code, raw }) => ({ code, raw, reasonRequired: withReason.has(raw) }))
      return { current: invoice.status, items }
    }
  }
}

/** What Chorus Pro is asked by ids or lists, and what is the list's own. */
const notPlain = [
  'status',
  'typeCode',
  'worksType',
  'recipient',
  'recipientServiceCode',
  'seller',
  'sellerServiceCode',
  'validator',
  'cursor',
  'limit'
] as const

function plainFilter(query: ReceivedInvoiceQuery): ReceivedSearch {
  const [statuses, typeCodes, worksTypes] = [statusesOf(query.status), listOf(query.typeCode), listOf(query.worksType)]
  return {
    ...without(query, notPlain),
    ...(statuses !== undefined && { statuses }),
    ...(typeCodes !== undefined && { typeCodes }),
    ...(worksTypes !== undefined && { worksTypes })
  }
}

/** The technical ids of the filter; undefined when one of them does not exist, and nothing can be found. */
async function resolve(
  structures: Structures,
  way: Way,
  { recipientServiceCode, seller, sellerServiceCode, validator }: ReceivedInvoiceQuery,
  recipientId: string | undefined
): Promise<ReceivedSearch | undefined> {
  const found: ReceivedSearch = {}
  const put = (name: 'recipientServiceId' | 'sellerId' | 'sellerServiceId' | 'validatorId', id: string | undefined) => {
    if (id !== undefined) found[name] = id
    return id !== undefined
  }
  if (recipientId !== undefined) {
    found.recipientId = recipientId
    if (
      recipientServiceCode !== undefined &&
      !put('recipientServiceId', await structures.service(way, recipientId, recipientServiceCode))
    )
      return undefined
  }
  if (seller !== undefined) {
    const sellerId = await structures.id(way, seller)
    if (sellerId === undefined || !put('sellerId', sellerId)) return undefined
    if (
      sellerServiceCode !== undefined &&
      !put('sellerServiceId', await structures.service(way, sellerId, sellerServiceCode))
    )
      return undefined
  }
  if (validator !== undefined && !put('validatorId', await structures.id(way, validator))) return undefined
  return found
}
