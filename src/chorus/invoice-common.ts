import type { PlatformHistory } from '../../schemas/platform-answers.ts'
import type { Asker } from './asker.ts'
import type { CallOptions } from './chorus.ts'
import { nameOf } from './document-words.ts'
import type { Download } from './download.ts'
import { ChorusError } from './errors.ts'
import { historyLists } from './history.ts'
import { type DetailRows, readDetail } from './invoice-detail.ts'
import { historyActions } from './invoice-words.ts'
import { type JsonObject, rawId, readObject, readText } from './json.ts'
import { type PagedPart, readPagedParts } from './paged-parts.ts'
import { present } from './present.ts'
import { readHistory } from './translate.ts'

/** What both sides of an invoice can be asked for. */

/** Everything of one invoice. Throws ChorusError; a refusal is `refused`, whether it does not exist or is not ours. */
export async function findInvoice(
  asker: Pick<Asker, 'read'>,
  service: string,
  pagers: { vat: string; attachments: string; lines: string },
  id: string,
  call?: CallOptions
) {
  const parts: PagedPart[] = [
    {
      pager: pagers.vat,
      page: 'pageResultatDemandeeListeRecapitulatifTVA',
      size: 'nbResultatsParPageListeListeRecapitulatifTVA',
      block: 'recapitulatifDeTva',
      rows: 'ligneTva',
      pages: 'pagesLignesRecapitulativesTVA',
      total: 'totalLignesRecapitulativesTVA'
    },
    {
      pager: pagers.attachments,
      page: 'pageResultatDemandeeListePieceJointe',
      size: 'nbResultatsParPageListePieceJointe',
      block: 'listeDesPiecesJointes',
      rows: 'pieceJointe',
      pages: 'pagesListePiecesJointe',
      total: 'totalListePiecesJointe'
    },
    {
      pager: pagers.lines,
      page: 'pageResultatDemandeeLignesPoste',
      size: 'nbResultatsParPageLignesPoste',
      block: 'lignesDePoste',
      rows: 'lignePoste',
      pages: 'pagesLignesPoste',
      total: 'totalLignesPoste'
    }
  ]
  const { answer, found } = await readPagedParts(service, parts, async (pages) => {
    const page = await asker.read(service, { identifiantFactureCPP: rawId(id), ...pages }, call)
    const invoice = readObject(page['facture'])
    demandId(service, id, readText(invoice['identifiantFactureCPP']))
    return invoice
  })
  const [vat = [], attachments = [], lines = []] = found
  const rows: DetailRows = { vat, attachments, lines }
  // What is shown is what was asked for: an answer without an id is taken at its word.
  return readDetail({ identifiantFactureCPP: id, ...withoutNulls(answer) }, rows)
}

const withoutNulls = (from: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== null))

export async function findHistory(
  asker: Pick<Asker, 'read'>,
  id: string,
  call?: CallOptions
): Promise<PlatformHistory> {
  const service = 'factures/consulter/historique'
  const { found } = await readPagedParts(service, historyLists, async (pagers) => {
    const answer = await asker.read(service, { idFacture: rawId(id), nbResultatsMaximum: 999_999, ...pagers }, call)
    demandId(service, id, readText(answer['idFacture']))
    return answer
  })
  const [statuses = [], events = [], actions = []] = found
  const history = readHistory(id, statuses, events, actions)
  return {
    id,
    statuses: history.statuses,
    events: history.events,
    actions: history.actions.map(({ code: raw, ...entry }) => ({
      ...entry,
      ...present({ code: nameOf(historyActions, raw), raw })
    }))
  }
}

/** Ten at most in one call (behaviour.md, section 13): for the caller to keep to. */
export const mostDownloaded = 10

export function downloadInvoices(
  asker: Pick<Asker, 'download'>,
  ids: readonly string[],
  format: 'pdf' | 'archive' | 'pivot',
  call?: CallOptions
): Promise<Download> {
  const payload = {
    format: format === 'pivot' ? 'PIVOT' : 'PDF',
    // Counts only for PDF: the pivot always holds them.
    ...(format !== 'pivot' && { avecPiecesJointesComplementaires: format === 'archive' ? 'OUI' : 'NON' }),
    listeFacture: ids.map((id) => ({ idFacture: rawId(id) }))
  }
  return asker.download('factures/telecharger/groupe', payload, 'fichierResultat', call)
}

/** An answer that belongs to another request must not reach anybody (reliability brief, I7). */
function demandId(service: string, wanted: string, came: string | undefined): void {
  if (came === undefined || BigInt(/^\d+$/.test(came) ? came : -1) === BigInt(wanted)) return
  throw new ChorusError(`${service}: the answer is about another invoice`, {
    proof: 'unknown',
    problem: 'upstream-protocol-error',
    service,
    lane: false,
    foreignAnswer: true
  })
}

/** The to-do searches are said to be withdrawn (factures.json, notes): the ordinary ones find the same by status. */
export const isWithdrawn = (error: unknown): boolean =>
  error instanceof ChorusError && ['api-not-subscribed', 'connection-not-configured'].includes(error.evidence.problem)
