import type {
  IssuedInvoice,
  IssuedInvoiceDetail,
  IssuedInvoiceQuery,
  IssuedToProcessQuery
} from '../../schemas/issued-invoice.ts'
import type { DownloadFormat, PlatformDocuments, PlatformHistory } from '../../schemas/platform-answers.ts'
import type { Page, PageRequest } from '../chorus/asker.ts'
import type { IssuedDetail } from '../chorus/invoice-detail.ts'
import type { IssuedRow } from '../chorus/invoice-row.ts'
import type { IssuedSearch } from '../chorus/invoice-search.ts'
import type { Store } from '../store/store.ts'
import { documentsOf } from './documents.ts'
import { type ServedFile, serveInvoices } from './files.ts'
import { inTurns } from './one-at-a-time.ts'
import { isAbsent, noSuchInvoice } from './refusals.ts'
import { badParameter, demandTogether, listOf, type Structures, statusesOf, without } from './structures.ts'
import { type Visit, type Way, wayFor } from './visit.ts'
import { type Leg, onlyThose, type Walked, walk } from './walk.ts'

/** Invoices that our structures issued, as a caller may see them: those of his sellers, and no other's. */
export interface Issued {
  search(visit: Visit, query: IssuedInvoiceQuery): Promise<Walked<IssuedInvoice>>
  toProcess(visit: Visit, query: IssuedToProcessQuery): Promise<Walked<IssuedInvoice>>
  find(visit: Visit, id: string): Promise<IssuedInvoiceDetail>
  history(visit: Visit, id: string): Promise<PlatformHistory>
  documents(visit: Visit, id: string): Promise<PlatformDocuments>
  download(visit: Visit, ids: readonly string[], format: DownloadFormat): Promise<ServedFile>
  /** The invoice and the account that sees it. Throws `not-found`, in the same words whatever the reason. */
  visible(visit: Visit, id: string): Promise<{ way: Way; invoice: IssuedDetail }>
}

const path = '/v1/issued-invoices'

export function createIssued({ store, structures }: { store: Pick<Store, 'linksOf'>; structures: Structures }): Issued {
  async function linked<R extends { id: string }>({ caller, ways }: Visit, rows: R[]) {
    const ids = rows.map(({ id }) => id)
    const known = await store.linksOf(caller.id, ways[0].environment, ids)
    return rows.map((row) => {
      const gatewayInvoiceId = known.get(row.id)
      const self = `${path}/${row.id}`
      return {
        ...row,
        ...(gatewayInvoiceId !== undefined && { gatewayInvoiceId }),
        links: {
          self,
          history: `${self}/history`,
          documents: `${self}/documents`,
          ...(gatewayInvoiceId !== undefined && { submission: `/v1/invoices/${gatewayInvoiceId}` })
        }
      }
    })
  }

  type Searching = (way: Way, sellerId: string | undefined, at: PageRequest) => Promise<Page<IssuedRow>>

  /** One search for each seller that must be named; a single one where everything may be seen. */
  function legsFor(visit: Visit, wanted: string | undefined, search: Searching): Leg<IssuedRow>[] {
    const leg = (way: Way, siret: string | undefined): Leg<IssuedRow> => ({
      name: siret ?? 'all',
      async page(at) {
        const sellerId = siret === undefined ? undefined : await structures.id(way, siret)
        if (siret !== undefined && sellerId === undefined) return { items: [], total: 0 }
        const found = await search(way, sellerId, at)
        // Whatever Chorus Pro makes of the filter, a row of another seller ends here.
        return onlyThose(
          found,
          ({ seller }) =>
            siret === undefined || seller.siret === siret || (seller.siret === undefined && seesAll(visit))
        )
      }
    })
    const sellers = sellersOf(visit, wanted)
    if (sellers === 'all') return [leg(visit.ways[0], undefined)]
    return sellers.map((siret) => leg(wayFor(visit, siret), siret))
  }

  async function list(
    visit: Visit,
    kind: string,
    query: Paged,
    legs: Leg<IssuedRow>[]
  ): Promise<Walked<IssuedInvoice>> {
    const { cursor, limit, ...filter } = query
    const sellers = visit.caller.sellers.join()
    const page = await walk({ kind, ...filter, sellers }, legs, { cursor, limit })
    return { ...page, items: await linked(visit, page.items) }
  }

  async function visible(visit: Visit, id: string): Promise<{ way: Way; invoice: IssuedDetail }> {
    let refusal: unknown
    for (const way of visit.ways) {
      const invoice = await way.resources.issuedInvoices.find(id).catch((error: unknown) => {
        if (!isAbsent(error)) throw error
        refusal = error
      })
      if (invoice !== undefined && maySee(visit, invoice)) return { way, invoice }
    }
    throw noSuchInvoice(seesAll(visit) ? refusal : undefined)
  }

  return {
    visible,
    async search(visit, query) {
      const { seller, limit, cursor } = query
      demandTogether(query, 'sellerServiceCode', 'seller')
      demandTogether(query, 'bankAccount', 'seller')
      demandTogether(query, 'buyerServiceCode', 'buyer')
      demandTogether(query, 'buyerSiren', 'buyer')
      // Faults of the filter are told before anybody is asked.
      const filter = plainFilter(query)
      const legs = legsFor(visit, seller, async (way, sellerId, at) => {
        const ids = await resolve(structures, way, query, sellerId)
        if (ids === undefined) return { items: [], total: 0 }
        return way.resources.issuedInvoices.search({ ...filter, ...ids }, at)
      })
      return list(visit, 'issued', { ...query, cursor, limit }, legs)
    },
    async toProcess(visit, query) {
      const { seller, hideRejected, size, sort } = query
      const wanted = {
        ...(hideRejected !== undefined && { hideRejected }),
        ...(size !== undefined && { size }),
        ...(sort !== undefined && { sort })
      }
      const legs = legsFor(visit, seller, (way, structureId, at) =>
        way.resources.issuedInvoices.toProcess({ ...wanted, ...(structureId !== undefined && { structureId }) }, at)
      )
      return list(visit, 'issued-to-process', query, legs)
    },
    async find(visit, id) {
      const { invoice } = await visible(visit, id)
      const [found] = await linked(visit, [invoice])
      if (found === undefined) throw noSuchInvoice()
      return found
    },
    // Neither the history nor a file says whose it is: the invoice is looked at first, every time.
    async history(visit, id) {
      const { way } = await visible(visit, id)
      return way.resources.issuedInvoices.history(id)
    },
    async documents(visit, id) {
      return documentsOf((await visible(visit, id)).invoice, path)
    },
    async download(visit, ids, format) {
      const seen = await inTurns(ids, (id) => visible(visit, id))
      const [first, ...others] = seen
      if (first === undefined) throw noSuchInvoice()
      if (others.some(({ way }) => way !== first.way)) {
        throw badParameter(
          'id',
          'These invoices belong to different accounts.',
          'Ask for those of one seller at a time.'
        )
      }
      const name = others.length === 0 ? (first.invoice.number ?? first.invoice.id) : 'invoices'
      return serveInvoices(ids, name, (group) => first.way.resources.issuedInvoices.download(group, format))
    }
  }
}

type Paged = { cursor?: string | undefined; limit?: number | undefined }

/** Whose invoices are searched for. A seller that is not the caller's has none, as far as he can see. */
function sellersOf({ caller, ways }: Visit, wanted: string | undefined): 'all' | string[] {
  if (caller.sellers.length > 0) return caller.sellers.filter((siret) => wanted === undefined || siret === wanted)
  if (wanted !== undefined) return [wanted]
  // Where no account sees everything, each is asked for its own.
  return ways[0].sellers.length === 0 ? 'all' : [...new Set(ways.flatMap(({ sellers }) => sellers))]
}

const seesAll = ({ caller }: Visit): boolean => caller.sellers.length === 0

const maySee = (visit: Visit, { seller }: Pick<IssuedDetail, 'seller'>): boolean =>
  seesAll(visit) || (seller.siret !== undefined && visit.caller.sellers.includes(seller.siret))

/** What Chorus Pro is asked by ids, and what is the list's own. */
const notPlain = [
  'status',
  'createdBy',
  'seller',
  'sellerServiceCode',
  'buyer',
  'buyerServiceCode',
  'validator',
  'bankAccount',
  'cursor',
  'limit'
] as const

function plainFilter(query: IssuedInvoiceQuery): IssuedSearch {
  const statuses = statusesOf(query.status)
  const createdBy = listOf(query.createdBy)
  return {
    ...without(query, notPlain),
    ...(statuses !== undefined && { statuses }),
    ...(createdBy !== undefined && { createdBy })
  }
}

/** The technical ids of the filter; undefined when one of them does not exist, and nothing can be found. */
async function resolve(
  structures: Structures,
  way: Way,
  { sellerServiceCode, buyer, buyerServiceCode, validator, bankAccount }: IssuedInvoiceQuery,
  sellerId: string | undefined
): Promise<IssuedSearch | undefined> {
  const found: IssuedSearch = {}
  const wanted: [keyof IssuedSearch, Promise<string | undefined>][] = []
  if (sellerId !== undefined) {
    found.sellerId = sellerId
    if (sellerServiceCode !== undefined)
      wanted.push(['sellerServiceId', structures.service(way, sellerId, sellerServiceCode)])
    if (bankAccount !== undefined) wanted.push(['bankAccountId', structures.bankAccount(way, sellerId, bankAccount)])
  }
  if (validator !== undefined) wanted.push(['validatorId', structures.id(way, validator)])
  if (buyer !== undefined) {
    const buyerId = await structures.id(way, buyer)
    if (buyerId === undefined) return undefined
    found.buyerId = buyerId
    if (buyerServiceCode !== undefined)
      wanted.push(['buyerServiceId', structures.service(way, buyerId, buyerServiceCode)])
  }
  for (const [name, asked] of wanted) {
    const id = await asked
    if (id === undefined) return undefined
    Object.assign(found, { [name]: id })
  }
  return found
}
