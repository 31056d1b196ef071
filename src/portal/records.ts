import type { AccountAttachment } from '../chorus/account.ts'
import type { Page, PageRequest } from '../chorus/asker.ts'
import type { Commitment, CommitmentFilter, CommitmentRow } from '../chorus/commitments.ts'
import type { Flow } from '../chorus/flows.ts'
import { ProblemError } from '../problem.ts'
import { type ServedFile, serveInvoices } from './files.ts'
import { isAbsent } from './refusals.ts'
import { badParameter } from './structures.ts'
import { type Visit, type Way, wayFor } from './visit.ts'
import { onlyThose } from './walk.ts'

/** Flows, commitments and our account, as each caller may see them. Throws ProblemError, ChorusError. */
export interface Records {
  flow(visit: Visit, number: string): Promise<Flow>
  flowReport(visit: Visit, number: string): Promise<ServedFile>
  commitments(visit: Visit, query: CommitmentQuery, at: PageRequest): Promise<Page<CommitmentRow>>
  commitment(visit: Visit, number: string): Promise<Commitment>
  commitmentDocument(visit: Visit, number: string): Promise<ServedFile>
  account(visit: Visit): Promise<AccountFacts>
  accountAttachments(visit: Visit, at: PageRequest): Promise<Page<AccountAttachment>>
}

/** `seller` is the SIRET of the structure that got the order. */
export type CommitmentQuery = Omit<CommitmentFilter, 'supplierId'> & { seller?: string }

export interface AccountFacts {
  environment: string
  connection: string
  access: Way['access']
  password: { expiresOn?: string; source?: 'chorus-pro' | 'configuration' }
  attachments: Page<AccountAttachment>
}

/** So many structures are looked into for the end of the password. */
const structuresAsked = 10

export function createRecords(): Records {
  async function flowOf(visit: Visit, number: string): Promise<{ flow: Flow; way: Way }> {
    const { sellers } = visit.caller
    for (const way of visit.ways) {
      const flow = await way.resources.flows.find(number)
      if (flow === undefined) continue
      if (sellers.length === 0) return { flow, way }
      // Whose it is shows in the invoices that came with it, and in the errors of those that did not.
      const named = flow.invoiceErrors.map(({ seller = '' }) => seller)
      const all = [...named, ...(await way.resources.flows.sellers(number))]
      if (all.length > 0 && all.every((seller) => sellers.includes(seller))) return { flow, way }
    }
    throw new ProblemError('not-found', {
      detail: 'There is no such flow; just after its deposit Chorus Pro does not know it yet.'
    })
  }

  async function commitmentOf(visit: Visit, number: string): Promise<{ commitment: Commitment; way: Way }> {
    const { sellers } = visit.caller
    for (const way of visit.ways) {
      const commitment = await way.resources.commitments.find(number).catch((error: unknown) => {
        // The code of an unknown one is in no source.
        if (isAbsent(error)) return undefined
        throw error
      })
      if (commitment === undefined) continue
      if (sellers.length === 0 || sellers.includes(commitment.seller.siret ?? '')) return { commitment, way }
    }
    throw new ProblemError('not-found', { detail: 'There is no such commitment.' })
  }

  return {
    flow: async (visit, number) => (await flowOf(visit, number)).flow,
    async flowReport(visit, number) {
      const { way } = await flowOf(visit, number)
      return serveInvoices([number], `flow-${number}`, async () => {
        const download = await way.resources.flows.report(number)
        if (download === undefined) throw new ProblemError('not-found', { detail: 'This flow has no report.' })
        return download
      })
    },
    async commitments(visit, { seller, ...filter }, at) {
      const meant = seller ?? onlySeller(visit)
      if (meant === undefined) return visit.ways[0].resources.commitments.search(filter, at)
      if (!mayMean(visit, meant)) return nothing
      const way = wayFor(visit, meant)
      const supplierId = await way.resources.structureIds(meant)
      if (supplierId === undefined) return nothing
      const page = await way.resources.commitments.search({ ...filter, supplierId }, at)
      if (visit.caller.sellers.length === 0) return page
      // Whatever Chorus Pro makes of the filter, an order that names another supplier ends here; some rows name none.
      return onlyThose(page, ({ seller: { siret = meant } }) => siret === meant)
    },
    commitment: async (visit, number) => (await commitmentOf(visit, number)).commitment,
    async commitmentDocument(visit, number) {
      const { way } = await commitmentOf(visit, number)
      return serveInvoices([number], `commitment-${number}`, () => way.resources.commitments.document(number))
    },
    async account(visit) {
      const way = visit.ways[0]
      const attachments = await attachmentsOf(visit, { page: 1, size: 50, seen: 0 })
      const sirets = attachments.items.slice(0, structuresAsked).flatMap(({ siret }) => siret ?? [])
      const ends = await Promise.all(
        sirets.map(async (siret) => (await way.directory.organization(siret))?.passwordExpiresOn ?? [])
      )
      const [first] = ends.flat().sort()
      const expiresOn = first ?? way.passwordExpires
      const { environment, connection, access } = way
      const source = first === undefined ? ('configuration' as const) : ('chorus-pro' as const)
      return {
        environment,
        connection,
        access,
        password: expiresOn === undefined ? {} : { expiresOn, source },
        attachments
      }
    },
    accountAttachments: attachmentsOf
  }
}

const nothing = { items: [], total: 0 }

/** A key that is limited to sellers sees their structures alone: its pages may hold fewer. */
async function attachmentsOf({ ways, caller: { sellers } }: Visit, at: PageRequest): Promise<Page<AccountAttachment>> {
  const page = await ways[0].resources.account.attachments(at)
  if (sellers.length === 0) return page
  const { total: _total, ...rest } = page
  return { ...rest, items: page.items.filter(({ siret = '' }) => sellers.includes(siret)) }
}

export const mayMean = ({ caller: { sellers } }: Visit, siret: string) =>
  sellers.length === 0 || sellers.includes(siret)

/** A key with one seller need not name it; one with several has to. */
function onlySeller({ caller: { sellers } }: Visit): string | undefined {
  if (sellers.length > 1) throw badParameter('seller', 'This key acts for several sellers: name one.', 'Add seller.')
  return sellers[0]
}
