import type { History } from './chorus.ts'
import { type JsonObject, rawId, readInteger, readList, readObject } from './json.ts'
import { pageSize } from './pages.ts'
import { readHistory } from './translate.ts'

/** The three lists of consulter/historique, each with a pager of its own: names as upstream writes them. */
const lists = [
  { ask: 'paramRechercheHistoStatuts', block: 'historiquesDesStatuts', rows: 'histoStatut', name: 'HistoStatut' },
  {
    ask: 'paramRechercheHistoEvenementsComplementaires',
    block: 'historiquesDesEvenementsComplementaires',
    rows: 'evenement',
    name: 'HistoEvenement'
  },
  {
    ask: 'paramRechercheHistoActionsUtilisateurs',
    block: 'historiquesDesActionsUtilisateurs',
    rows: 'histoAction',
    name: 'HistoAction'
  }
] as const

const mostPages = 100

/** Every page of all three; real answers often carry the statuses alone. */
export async function readHistoryPages(
  invoiceId: string,
  ask: (payload: object) => Promise<JsonObject>
): Promise<History> {
  const found: JsonObject[][] = [[], [], []]
  for (let page = 1, more = true; more && page <= mostPages; page += 1) {
    const pagers = lists.map(({ ask, name }) => [
      ask,
      { [`pageResultatDemandeeListe${name}`]: page, [`nbResultatsParPageListe${name}`]: pageSize }
    ])
    const answer = await ask({ idFacture: rawId(invoiceId), ...Object.fromEntries(pagers) })
    more = false
    for (const [index, { block, rows }] of lists.entries()) {
      const content = readObject(answer[block])
      const held = found[index] ?? []
      const pages = readInteger(content[pagesMember[index] ?? '']) ?? 1
      if (page <= pages) held.push(...readList(content[rows]))
      if (page < pages) more = true
    }
  }
  const [statuses = [], events = [], actions = []] = found
  return readHistory(invoiceId, statuses, events, actions)
}

const pagesMember = ['pagesHistoStatut', 'pagesEvenement', 'pagesHistoAction']
