import { mayActFor } from '../accounts.ts'
import { id, part, text } from '../fields.ts'
import { currentStatus, type Invoice, partiesOf } from '../invoice.ts'
import { nestedList } from '../nested.ts'
import { parisInstant, parisMinute } from '../paris.ts'
import { Refusal } from '../refusal.ts'
import { checkDestination } from '../routing.ts'
import { isWorks } from '../works.ts'
import { type Call, type Operations, traDone } from '../world.ts'
import { frameworkBlock, previousPiece, recipientBlock, referenceBlock, supplierBlock } from './invoice-blocks.ts'
import { attachmentRow, fileList } from './invoice-view.ts'
import { readAttachments } from './submission-fields.ts'
import { searchWorks, toDoWorks } from './works-search.ts'

/**
 * factures-travaux.json. Of most operations only the name and the path are shown: bodies are then read with the
 * members that the neighbours have (idFactureTravaux, commentaire, pieceJointeComplementaire), nothing else is
 * demanded, and the answer has the members of recycler. Codes are ours, after those of completer.
 */

function ownWorks({ world, fields, account, arrival }: Call): Invoice {
  const wanted = id(fields, 'idFactureTravaux')
  if (wanted === undefined) throw new Refusal(20000, 'Le champ idFactureTravaux est obligatoire.')
  const invoice = world.invoices.find(wanted)
  if (invoice === undefined || !isWorks(invoice)) throw new Refusal(20000, "La facture de travaux n'existe pas.")
  arrival.number = invoice.number
  if (!partiesOf(invoice).some((party) => mayActFor(account, party)))
    throw new Refusal(20001, "L'utilisateur n'est pas habilité sur cette facture de travaux.")
  return invoice
}

const identity = (invoice: Invoice): object => ({
  idFactureTravaux: invoice.id,
  numeroFactureTravaux: invoice.number,
  statutFactureTravaux: currentStatus(invoice).status
})

/** The blocks are those that class names show; their members are borrowed from the consultation of an invoice. */
function consult(call: Call): object {
  const invoice = ownWorks(call)
  const { totals, main } = invoice
  const files = nestedList(invoice.attachments.map(attachmentRow), part(call.fields, 'pListePiecesJointes'), fileList)
  const previous = previousPiece(invoice)
  return {
    ...traDone,
    factureTravaux: {
      ...identity(invoice),
      cadreDeFacturation: frameworkBlock(invoice),
      destinataire: recipientBlock(invoice, { recipient: true }),
      fournisseur: supplierBlock(invoice, { recipient: true }),
      references: referenceBlock(invoice),
      montantsTotaux: {
        montantHtTotal: totals.ht,
        montantTVA: totals.tva,
        montantTtcTotal: totals.ttc,
        montantAPayer: totals.payable
      },
      ...(main === undefined
        ? {}
        : {
            pieceJointePrincipale: {
              idLiaisonPieceJointePrincipale: invoice.mainLinkId,
              idPieceJointePrincipale: main.id
            }
          }),
      listeDesPiecesJointes: { pieceJointe: files.rows, ...files.counters },
      ...(previous === undefined ? {} : { piecePrecedente: previous })
    }
  }
}

/** The whole file of the document named, in the order of its pieces. */
function consultFile(call: Call): object {
  const named = ownWorks(call)
  // A document that came by a flow is in no file yet.
  const pieces = call.world.invoices
    .all()
    .filter((one) => one === named || (named.works !== undefined && one.works?.file === named.works.file))
  return {
    ...traDone,
    listeFactureTravaux: pieces.map((invoice) => ({
      ...identity(invoice),
      historiqueDemandePaiement: {
        histoStatut: invoice.history.toReversed().map((change) => ({
          histoStatutId: change.id,
          histoStatutCode: change.status,
          histoStatutDatePassage: parisMinute(change.at),
          histoStatutCommentaire: change.comment ?? null
        }))
      }
    }))
  }
}

/** Moves a document on, if its status is one of `from`. */
function move(call: Call, from: (status: string) => boolean, to: string | ((status: string) => string)): object {
  const { world, fields, account, arrival } = call
  const invoice = ownWorks(call)
  const { status } = currentStatus(invoice)
  if (!from(status)) throw new Refusal(20002, `Cette action n'est pas possible au statut ${status}.`)
  const attachments = readAttachments(call)
  const comment = text(fields, 'commentaire') ?? text(fields, 'motifRefus')
  for (const attachment of attachments) invoice.attachments.push({ ...attachment, linkId: world.invoices.nextSmall() })
  world.invoices.setStatus(invoice, typeof to === 'string' ? to : to(status), { comment, by: account.login })
  arrival.accepted = true
  return { ...traDone, ...identity(invoice) }
}

function recycle(call: Call): object {
  const { world, fields, account, arrival } = call
  const invoice = ownWorks(call)
  const { status } = currentStatus(invoice)
  if (status !== 'A_RECYCLER' && !/^ERREUR_.*MOA$/.test(status))
    throw new Refusal(20002, `Cette action n'est pas possible au statut ${status}.`)
  const references = {
    ...invoice.references,
    commitment: text(fields, 'numeroBonCommande') ?? invoice.references.commitment
  }
  const { recipient, service, faults } = checkDestination(
    {
      recipient: text(fields, 'identifiantDestinataire') ?? invoice.recipient.identifier,
      serviceCode: text(fields, 'codeServiceExecutant'),
      commitment: references.commitment
    },
    { directory: world.directory, settings: world.settings(), seller: invoice.seller }
  )
  if (recipient === undefined || faults.length > 0) throw new Refusal(20003, faults.join(' '))
  Object.assign(invoice, { recipient, service, references })
  world.invoices.setStatus(invoice, 'DEPOSEE', { by: account.login, restart: true })
  arrival.accepted = true
  // The example of the platform shows A_RECYCLER here; what is said is the status that the searches show next.
  return { ...traDone, dateDepotFactureTravaux: parisInstant(world.clock.now()), ...identity(invoice) }
}

/** The piece before goes back to who deposited it. */
function askRecycling(call: Call): object {
  const { world, account, arrival } = call
  const invoice = ownWorks(call)
  const previous = invoice.works?.previous
  if (previous === undefined) throw new Refusal(20002, "La facture de travaux n'a pas de pièce précédente.")
  world.invoices.setStatus(previous, 'A_RECYCLER', { by: account.login })
  arrival.accepted = true
  return { ...traDone, idFactureTravaux: invoice.id, idPiecePrecedente: previous.id }
}

const atManager = new Set(['A_ASSOCIER_MOE', 'A_VALIDER_MOE', 'MISE_A_DISPOSITION_MOE', 'PRISE_EN_COMPTE_MOE'])

const refusals: [from: RegExp, to: string][] = [
  [/MOE$/, 'REFUSEE_MOE'],
  [/MOA$/, 'REFUSEE_MOA'],
  [/FOURNISSEUR$/, 'REFUSEE_FOURNISSEUR'],
  [/^A_VALIDER_1$/, 'REFUSEE_1'],
  [/^A_VALIDER_2$/, 'REFUSEE_2']
]
const refusalOf = (status: string): string | undefined => refusals.find(([from]) => from.test(status))?.[1]

/** Asked of its author while the file is being made up, of the supplier once it is at the recipient's. */
function suspend(call: Call): object {
  move(
    call,
    (status) => /^(?:MISE_A_DISPOSITION|ASSOCIEE|A_ASSOCIER_|TRANSMISE_|PRISE_EN_COMPTE_|COMPLETEE)/.test(status),
    (status) => (status === 'MISE_A_DISPOSITION' || status === 'COMPLETEE' ? 'SUSPENDUE' : 'A_COMPLETER')
  )
  // Its answer is shown, and has nothing more.
  return { ...traDone }
}

export const works: Operations = {
  rechercher: searchWorks,
  'rechercher/atraiter': toDoWorks,
  consulter: consult,
  'consulter/dossierfacturation': consultFile,
  completer: (call) => move(call, (status) => status === 'SUSPENDUE' || status === 'A_COMPLETER', 'COMPLETEE'),
  completermoe: (call) => move(call, (status) => atManager.has(status), 'ASSOCIEE'),
  recycler: recycle,
  refuser: (call) =>
    move(
      call,
      (status) => refusalOf(status) !== undefined && !status.startsWith('REFUSEE_'),
      (status) => refusalOf(status) ?? ''
    ),
  'demander/recyclage': askRecycling,
  'suspendre/demander/completer/factureTravaux': suspend
}
