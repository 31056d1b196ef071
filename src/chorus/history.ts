import type { History } from './chorus.ts'
import { type JsonObject, rawId, readInteger, readList, readObject } from './json.ts'
import type { PagedPart } from './paged-parts.ts'
import { pageSize } from './pages.ts'
import { readHistory } from './translate.ts'

const list = (pager: string, block: string, rows: string, name: string, counted: string): PagedPart => ({
  pager,
  page: `pageResultatDemandeeListe${name}`,
  size: `nbResultatsParPageListe${name}`,
  block,
  rows,
  pages: `pages${counted}`,
  total: `total${counted}`
})

/** The three lists of consulter/historique, each with a pager of its own. */
export const historyLists: readonly PagedPart[] = [
  list('paramRechercheHistoStatuts', 'historiquesDesStatuts', 'histoStatut', 'HistoStatut', 'HistoStatut'),
  list(
    'paramRechercheHistoEvenementsComplementaires',
    'historiquesDesEvenementsComplementaires',
    'evenement',
    'HistoEvenement',
    'Evenement'
  ),
  list(
    'paramRechercheHistoActionsUtilisateurs',
    'historiquesDesActionsUtilisateurs',
    'histoAction',
    'HistoAction',
    'HistoAction'
  )
]

const mostPages = 100

/** Every page of all three; real answers often carry the statuses alone. */
export async function readHistoryPages(
  invoiceId: string,
  ask: (payload: object) => Promise<JsonObject>
): Promise<History> {
  const found: JsonObject[][] = [[], [], []]
  for (let page = 1, more = true; more && page <= mostPages; page += 1) {
    const pagers = historyLists.map((list) => [list.pager, { [list.page]: page, [list.size]: pageSize }])
    const answer = await ask({ idFacture: rawId(invoiceId), ...Object.fromEntries(pagers) })
    more = false
    for (const [index, { block, rows, pages: counter }] of historyLists.entries()) {
      const content = readObject(answer[block])
      const held = found[index] ?? []
      const pages = readInteger(content[counter]) ?? 1
      if (page <= pages) held.push(...readList(content[rows]))
      if (page < pages) more = true
    }
  }
  const [statuses = [], events = [], actions = []] = found
  return readHistory(invoiceId, statuses, events, actions)
}
