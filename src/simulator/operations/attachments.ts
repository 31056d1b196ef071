import { mayActFor } from '../accounts.ts'
import { writeZip } from '../archive.ts'
import { attachmentTypes } from '../code-lists.ts'
import { id, part, text } from '../fields.ts'
import { cutPageOrNothing, pageWish, sortRows } from '../pages.ts'
import { writePdf } from '../paper.ts'
import { Refusal } from '../refusal.ts'
import type { Kept } from '../shelf.ts'
import { type Call, gcuDone, type Operations, traDone } from '../world.ts'
import { download } from './download.ts'
import { userId } from './users.ts'
import { namedStructure } from './validation.ts'

/** Files kept with the account or with a structure (transverses.json). No code of these services is known. */

const unknown = (what: string): Refusal => new Refusal(20000, `${what} n'existe pas.`)

function list(call: Call, kept: Kept[], more: (one: Kept) => object): object {
  const { world, fields } = call
  const designation = text(fields, 'pieceJointeDesignation')?.toUpperCase()
  const type = id(fields, 'pieceJointeTypeId')
  const rows = kept
    .map((one) => ({ one, kind: attachmentTypes.find((entry) => entry.code === one.type) }))
    .filter(
      ({ one, kind }) =>
        (designation === undefined || one.designation.toUpperCase().includes(designation)) &&
        (type === undefined || (kind !== undefined && BigInt(kind.id) === type))
    )
    .map(({ one, kind }) => ({
      pieceJointeDesignation: one.designation,
      pieceJointeExtension: one.file.extension,
      pieceJointeId: one.file.id,
      pieceJointeObjetId: one.linkId,
      pieceJointeTypeCode: one.type,
      pieceJointeTypeLibelle: kind?.label,
      ...more(one)
    }))
  const defaults = { column: 'PieceJointeDesignation', descending: false }
  const wish = pageWish(part(fields, 'parametresRecherche'), defaults, world.settings().pageSizeCap)
  const { rows: shown, counters } = cutPageOrNothing(sortRows(rows, wish.column, wish.descending), wish)
  return { ...gcuDone, listePiecesJointes: shown, parametresRetour: counters }
}

function ofAccount(call: Call): object {
  const { login } = call.account
  return list(call, call.world.shelf.ofAccount(login), () => ({ pieceJointeUtilisateurId: userId(login) }))
}

function ofStructure(call: Call): object {
  const { world, fields, account } = call
  const structure = world.directory.byId(id(fields, 'idStructureCPP'))
  if (structure === undefined || !mayActFor(account, structure)) throw unknown('La structure')
  return list(call, world.shelf.ofStructure(structure), () => ({
    pieceJointeStructureCode: structure.identifier,
    pieceJointeStructureId: structure.id,
    pieceJointeStructureRaisonSociale: structure.name
  }))
}

function archive(kept: Kept[]): Buffer {
  if (kept.length === 0) throw unknown('La pièce jointe')
  return writeZip(kept.map(({ file }) => ({ name: file.name, bytes: file.bytes ?? Buffer.alloc(0) })))
}

/** What kind of file each object gives is told nowhere: one document is a PDF, several are a ZIP. */
function content(call: Call): Buffer {
  const { world, fields, account } = call
  const kind = text(fields, 'objetPieceJointe')
  if (kind === 'DEMANDE_PAIEMENT') return download(call, part(fields, 'demandePaiement'), false)
  if (kind === 'UTILISATEUR') return archive(world.shelf.ofAccount(account.login))
  if (kind === 'ENGAGEMENT_JURIDIQUE') {
    const number = text(part(fields, 'engagementJuridique'), 'numeroEngagementJuridique')
    const found = world.directory.commitments.find((one) => one.number === number)
    if (found === undefined) throw unknown("L'engagement juridique")
    return writePdf(['Engagement juridique', found.number, found.buyer.name, found.supplier.name])
  }
  if (kind === 'SOLLICITATION') {
    const wanted = id(part(fields, 'sollicitation'), 'idSollicitation')
    // The only one there is.
    if (wanted !== 7001n) throw unknown('La sollicitation')
    return writePdf(['Sollicitation', '7001'])
  }
  if (kind?.startsWith('STRUCTURE_') !== true) throw new Refusal(20001, "L'objet est absent ou inconnu.")
  const structure = namedStructure({ ...call, fields: part(fields, 'structure') })
  if (structure === undefined || !mayActFor(account, structure)) throw unknown('La structure')
  if (kind === 'STRUCTURE_PIECEJOINTE') return archive(world.shelf.ofStructure(structure))
  if (kind === 'STRUCTURE_MANDAT') return writePdf(['Mandat', structure.name])
  if (kind === 'STRUCTURE_COORDONNEE_BANCAIRE')
    return writePdf(['Coordonnées bancaires', structure.name, ...structure.accounts.map((one) => one.label)])
  throw new Refusal(20001, "L'objet est absent ou inconnu.")
}

/** Takes away a file of the shelf, or one that the caller attached to an invoice. */
function detach({ world, fields, account, arrival }: Call): object {
  const wanted = id(fields, 'idPieceJointeObjet')
  if (wanted === undefined) throw new Refusal(20001, 'Le champ idPieceJointeObjet est obligatoire.')
  const kept = world.shelf.find(wanted)
  const mine = kept?.structure === undefined ? kept?.owner === account.login : mayActFor(account, kept.structure)
  if (kept !== undefined && mine) world.shelf.remove(kept)
  else {
    const invoice = world.invoices
      .all()
      .find((one) => mayActFor(account, one.seller) && one.attachments.some(({ linkId }) => linkId === wanted))
    if (invoice === undefined) throw unknown('La pièce jointe')
    invoice.attachments = invoice.attachments.filter(({ linkId }) => linkId !== wanted)
  }
  arrival.accepted = true
  return { ...traDone }
}

export const attachments: Operations = {
  'rechercher/pj/moncompte': ofAccount,
  'rechercher/pj/structure': ofStructure,
  // The answer that is shown has neither codeRetour nor libelle.
  'telecharger/pieceJointe': (call) => ({ pieceJointe: content(call).toString('base64') }),
  detacherPieceJointe: detach
}
