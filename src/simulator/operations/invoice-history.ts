import { part } from '../fields.ts'
import { currentStatus } from '../invoice.ts'
import { nestedList } from '../nested.ts'
import { parisMinute } from '../paris.ts'
import { type Call, traDone } from '../world.ts'
import { ownInvoice } from './invoice-access.ts'

const names = (list: string, counters: string) => ({
  page: `pageResultatDemandeeListe${list}`,
  size: `nbResultatsParPageListe${list}`,
  sort: `Liste${list}`,
  counters
})

/** Newest first unless asked otherwise (factures.json). Entries were made in time order, so their ids sort them too. */
export function history(call: Call): object {
  const invoice = ownInvoice(call, 'idFacture', 'any')
  const statuses = nestedList(
    invoice.history.map((change) => ({
      histoStatutId: change.id,
      histoStatutCode: change.status,
      histoStatutDatePassage: parisMinute(change.at),
      histoStatutCommentaire: change.comment ?? null,
      histoStatutUtilisateurPrenom: null,
      histoStatutUtilisateurNom: change.by ?? null,
      histoStatutUtilisateurEmail: null,
      histoStatutUtilisateurTelephone: null
    })),
    part(call.fields, 'paramRechercheHistoStatuts'),
    names('HistoStatut', 'HistoStatut'),
    { descending: true }
  )
  const actions = nestedList(
    invoice.actions.map((action) => ({
      histoActionId: action.id,
      histoActionCode: action.code,
      histoActionDateHeure: parisMinute(action.at),
      histoActionUtilisateurPrenom: null,
      histoActionUtilisateurNom: action.by,
      histoActionUtilisateurEmail: null,
      histoActionUtilisateurTelephone: null
    })),
    part(call.fields, 'paramRechercheHistoActionsUtilisateurs'),
    names('HistoAction', 'HistoAction'),
    { descending: true }
  )
  const events = nestedList(
    invoice.events.map((event) => ({
      evenementId: event.id,
      evenementLibelle: event.label,
      evenementQui: event.who,
      evenementDateHeure: parisMinute(event.at)
    })),
    part(call.fields, 'paramRechercheHistoEvenementsComplementaires'),
    names('HistoEvenement', 'Evenement'),
    { descending: true }
  )
  const last = invoice.actions.at(-1)
  return {
    ...traDone,
    idFacture: invoice.id,
    numeroFacture: invoice.number,
    modeDepot: invoice.mode,
    statutCourantCode: currentStatus(invoice).status,
    historiquesDesStatuts: { histoStatut: statuses.rows, ...statuses.counters },
    historiquesDesEvenementsComplementaires: { evenement: events.rows, ...events.counters },
    historiquesDesActionsUtilisateurs: { histoAction: actions.rows, ...actions.counters },
    ...(last === undefined ? {} : { derniereAction: { derniereActionId: last.id, derniereActionCode: last.code } })
  }
}
