import type { Operations } from '../world.ts'
import { depositFlow, depositPdf } from './deposit.ts'
import { downloadGroup } from './download.ts'
import { history } from './invoice-history.ts'
import { complete, handleRejection, processReceived, recycle } from './invoice-processing.ts'
import { searchAsRecipient, searchAsSupplier, toDoAsRecipient, toDoAsSupplier } from './invoice-search.ts'
import { viewAsRecipient, viewAsSupplier } from './invoice-view.ts'
import { searchPaymentRequests } from './payment-requests.ts'
import { submit } from './submission.ts'
import { validation } from './validation.ts'

/** factures.json. */
export const factures: Operations = {
  ...validation,
  'deposer/pdf': depositPdf,
  'deposer/flux': depositFlow,
  soumettre: submit,
  'rechercher/fournisseur': searchAsSupplier,
  'rechercher/recipiendaire': searchAsRecipient,
  'rechercher/demandePaiement': searchPaymentRequests,
  'rechercher/atraiter/fournisseur': toDoAsSupplier,
  'rechercher/atraiter/recipiendaire': toDoAsRecipient,
  'consulter/fournisseur': viewAsSupplier,
  'consulter/recipiendaire': viewAsRecipient,
  'consulter/historique': history,
  'telecharger/groupe': downloadGroup,
  completer: complete,
  recycler: recycle,
  traiterRejet: handleRejection,
  'traiter/recue': processReceived
}
