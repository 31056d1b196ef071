import { mayActFor } from '../accounts.ts'
import { writeZip } from '../archive.ts'
import { type Fields, id, list, text } from '../fields.ts'
import { type Invoice, partiesOf, totalSize } from '../invoice.ts'
import { escapeXml, writePdf } from '../paper.ts'
import { parisDay } from '../paris.ts'
import { EdgeRefusal, Refusal } from '../refusal.ts'
import { type Call, traDone } from '../world.ts'
import { ttcOf } from './invoice-row.ts'

const mostBytes = 120 * 1_048_576

interface Piece {
  name: string
  bytes: Buffer
}

/** PDF of one invoice alone: the file itself; more than one file: a ZIP, with a folder each if several invoices. */
export function downloadGroup(call: Call): object {
  // Default space 7 = received invoices: there a download marks the invoice (factures.json, behaviour.md 13).
  const received = (id(call.fields, 'idEspace') ?? 7n) === 7n
  return { ...traDone, fichierResultat: download(call, call.fields, received).toString('base64') }
}

/** The file that `wanted` describes; also behind telecharger/pieceJointe. The codes are unknown: these are completer's. */
export function download({ world, account, arrival }: Call, wanted: Fields, received: boolean): Buffer {
  const format = text(wanted, 'format')
  if (format !== 'PDF' && format !== 'PIVOT') throw new Refusal(20001, 'Le format est absent ou inconnu.')
  const named = list(wanted, 'listeFacture')
  if (named.length === 0) throw new Refusal(20001, 'La liste des factures est vide.')
  const { downloadLimit } = world.settings()
  if (downloadLimit !== null && named.length > downloadLimit)
    throw new Refusal(20001, `La liste des factures dépasse ${downloadLimit} éléments.`)
  const invoices = named.map((one) => {
    const invoice = world.invoices.find(id(one, 'idFacture'))
    if (invoice === undefined) throw new Refusal(20000, "GDP_MSG_11.008 - La demande de paiement n'existe pas.")
    return invoice
  })
  for (const invoice of invoices) {
    if (!partiesOf(invoice).some((party) => mayActFor(account, party))) {
      throw new Refusal(20001, "GDP_MSG_11.005 - L'utilisateur n'est pas habilité sur cette demande de paiement.")
    }
  }
  const attached = format === 'PIVOT' || text(wanted, 'avecPiecesJointesComplementaires') === 'OUI'
  const size = invoices.reduce((sum, one) => sum + (attached ? totalSize(one) : (one.main?.size ?? 0)), 0)
  if (size > mostBytes) throw new EdgeRefusal(413)
  for (const invoice of invoices) {
    if (!received || !mayActFor(account, invoice.recipient)) continue
    invoice.downloaded = true
    world.invoices.act(invoice, 'TELECHARGEMENT_FACTURE', account.login)
  }
  arrival.accepted = true
  return format === 'PIVOT' ? writePivot(invoices, world.clock.now()) : gather(invoices, attached)
}

function gather(invoices: Invoice[], attached: boolean): Buffer {
  const folders = invoices.map((invoice) => ({ invoice, pieces: pieces(invoice, attached) }))
  const [first] = folders
  if (folders.length === 1 && first?.pieces.length === 1) return (first.pieces[0] as Piece).bytes
  const several = folders.length > 1
  return writeZip(
    folders.flatMap(({ invoice, pieces: own }) =>
      own.map(({ name, bytes }) => ({ bytes, name: several ? `${invoice.number.replaceAll('/', '_')}/${name}` : name }))
    )
  )
}

function pieces(invoice: Invoice, attached: boolean): Piece[] {
  // Typed invoices have no file, and old ones may have left the memory: the platform prints one.
  const main = invoice.main?.bytes ?? writePdf(['Facture', invoice.number, invoice.seller.name, invoice.recipient.name])
  const files: Piece[] = [{ name: `${invoice.number.replaceAll('/', '_')}.pdf`, bytes: main }]
  if (attached) {
    for (const { file, designation } of invoice.attachments) {
      files.push({
        name: designation.replaceAll('/', '_'),
        bytes: file.bytes ?? Buffer.from('(fichier oublié par le simulateur)')
      })
    }
  }
  return files
}

/** The pivot's outline (CPPFacturePivot): the parties, the amounts, and every file in base64. */
function writePivot(invoices: Invoice[], now: number): Buffer {
  const tag = (name: string, value: string | number | undefined): string =>
    value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`
  const unit = (invoice: Invoice, index: number): string => {
    const { seller, recipient, service, references, totals } = invoice
    const files = pieces(invoice, true).map(
      (piece, at) =>
        `<PJ NumOrdre="${at + 1}">${tag('Contenu', piece.bytes.toString('base64'))}${tag('NomFichier', piece.name)}</PJ>`
    )
    return (
      `<CPPFacturePivotUnitaire NumOrdre="${index + 1}">` +
      `<Fournisseur>${tag('TypeIdentifiant', 1)}${tag('Identifiant', seller.identifier)}${tag('RaisonSociale', seller.name)}</Fournisseur>` +
      `<Debiteur>${tag('TypeIdentifiant', 1)}${tag('Identifiant', recipient.identifier)}${tag('Nom', recipient.name)}${tag('CodeService', service?.code)}</Debiteur>` +
      `<DonneesFacture>${tag('Id', invoice.number)}${tag('Type', references.type === 'AVOIR' ? 381 : 380)}` +
      `${tag('Cadre', invoice.framework.split('_')[0])}${tag('DateEmissionFacture', invoice.issued)}` +
      `${tag('DateReception', parisDay(invoice.deposited))}${tag('Devise', references.currency)}` +
      `<Montants>${tag('MontantHT', totals.ht)}${tag('MontantTTC', ttcOf(invoice))}${tag('MontantNetAPayer', totals.payable)}</Montants>` +
      `<Engagement>${tag('NumeroMarche', references.contract)}${tag('NumeroEngagement', references.commitment)}</Engagement>` +
      `</DonneesFacture>${files.join('')}</CPPFacturePivotUnitaire>`
    )
  }
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<CPPFacturePivot><Enveloppe>${tag('DtPrd', parisDay(now))}</Enveloppe>` +
      `<CPPFactures Compteur="${invoices.length}">${invoices.map(unit).join('')}</CPPFactures></CPPFacturePivot>\n`
  )
}
