import type { PlatformChange, PlatformHistory } from '../../schemas/platform-answers.ts'
import type { Asker, Page, PageRequest } from './asker.ts'
import type { CallOptions, UpstreamStatus } from './chorus.ts'
import type { Download } from './download.ts'
import { downloadInvoices, findHistory, findInvoice, isWithdrawn } from './invoice-common.ts'
import type { ReceivedDetail } from './invoice-detail.ts'
import { type ReceivedRow, readReceivedRow } from './invoice-row.ts'
import { pager, type ReceivedSearch, rowsOf, toReceivedSearch } from './invoice-search.ts'
import { sortOf } from './invoice-words.ts'
import { changed, type ToProcess } from './issued-invoices.ts'
import { type JsonObject, rawId, readList, readText } from './json.ts'
import { isNoResult } from './pages.ts'
import { nameStatus } from './status.ts'
import { compact } from './submission-payload.ts'

/** The invoices that our structures received. Everything throws ChorusError. */
export interface ReceivedInvoices {
  search(search: ReceivedSearch, at: PageRequest, call?: CallOptions): Promise<Page<ReceivedRow>>
  /** Those whose status lets the recipient act. */
  toProcess(search: Omit<ToProcess, 'hideRejected'>, at: PageRequest, call?: CallOptions): Promise<Page<ReceivedRow>>
  find(id: string, call?: CallOptions): Promise<ReceivedDetail>
  history(id: string, call?: CallOptions): Promise<PlatformHistory>
  /** Ten ids at most. Marks them as downloaded. */
  download(ids: readonly string[], format: 'pdf' | 'archive' | 'pivot', call?: CallOptions): Promise<Download>
  /** Statuses that a recipient may set from this one. */
  allowedFrom(rawStatus: string, call?: CallOptions): Promise<UpstreamStatus[]>
  /** Never repeated: silence after it left is an unknown outcome. */
  setStatus(
    id: string,
    change: { rawStatus: string; reason?: string; paymentOrderNumber?: string }
  ): Promise<PlatformChange>
}

const pagers = { vat: 'rechercheligneTvaRecap', attachments: 'recherchePj', lines: 'rechercheLignePoste' }
/** What the to-do search looks for (factures.json, notes). */
const processable = ['MISE_A_DISPOSITION', 'COMPLETEE']

export function createReceivedInvoices(asker: Asker): ReceivedInvoices {
  async function search(wanted: ReceivedSearch, at: PageRequest, call?: CallOptions): Promise<Page<ReceivedRow>> {
    const payload = (page: PageRequest) => toReceivedSearch(wanted, page)
    const service = 'factures/rechercher/recipiendaire'
    return rowsOf(await asker.page({ service, rows: 'listeFactures', payload }, at, call), readReceivedRow)
  }

  return {
    search,
    async toProcess({ structureId, size, sort }, at, call) {
      const payload = (page: PageRequest) =>
        compact<object>({
          idStructure: rawId(structureId),
          recupererTaille: size,
          parametreRechercheFactureATraiterParRecipiendaire: pager(page, sortOf(sort))
        })
      const service = 'factures/rechercher/atraiter/recipiendaire'
      try {
        return rowsOf(await asker.page({ service, rows: 'listeFactures', payload }, at, call), readReceivedRow)
      } catch (error) {
        // It is said to be withdrawn (factures.json, notes): the other search finds the same.
        if (!isWithdrawn(error)) throw error
        const wanted = {
          statuses: processable,
          ...(size !== undefined && { size }),
          ...(sort !== undefined && { sort })
        }
        return search({ ...wanted, ...(structureId !== undefined && { recipientId: structureId }) }, at, call)
      }
    },
    find: (id, call) => findInvoice(asker, 'factures/consulter/recipiendaire', pagers, id, call),
    history: (id, call) => findHistory(asker, id, call),
    download: (ids, format, call) => downloadInvoices(asker, ids, format, call),
    async allowedFrom(rawStatus, call) {
      const service = 'transverses/recuperer/etats/traitement'
      const answer = await asker
        .read(service, { statutCourant: rawStatus }, call)
        .catch((error: unknown): JsonObject => {
          if (isNoResult(error)) return {}
          throw error
        })
      const listed = readList(answer['listeStatutsPossiblesPourTraitement'] ?? null)
        .map((row) => readText(row['statutPossiblePourTraitement']))
        .filter((raw) => raw !== undefined)
      // Known to be taken from there, though the list leaves it out (factures.json, notes of traiter/recue).
      if (rawStatus === 'MISE_A_DISPOSITION' && !listed.includes('SERVICE_FAIT')) listed.push('SERVICE_FAIT')
      return listed.map(nameStatus)
    },
    async setStatus(id, { rawStatus, reason, paymentOrderNumber }) {
      const payload = compact<object>({
        idFacture: rawId(id),
        nouveauStatut: rawStatus,
        motif: reason,
        numeroDPMandat: paymentOrderNumber
      })
      return changed(id, await asker.change('factures/traiter/recue', payload))
    }
  }
}
