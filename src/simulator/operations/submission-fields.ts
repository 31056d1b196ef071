import { mayActFor } from '../accounts.ts'
import type { BankAccount, Service, Structure } from '../directory.ts'
import { type Fields, id, list, number, part, text, values } from '../fields.ts'
import type { StoredFile } from '../files.ts'
import type { Attachment, Line, References, Totals, VatRow } from '../invoice.ts'
import { invoiceFrameworks, paymentModes, vatTypes } from '../reference.ts'
import { Refusal } from '../refusal.ts'
import type { Call } from '../world.ts'

/** The parts of what soumettre takes, each with its checks. */

/**
 * None of soumettre's codes for refused content is known but the key GDP_MSG_11.001 (errors.md 3.1). These numbers
 * are ours; only the wordings that integrators report are followed.
 */
const codes = { field: 20001, recipient: 20010, seller: 20011, attachment: 20012, totals: 20014, duplicate: 20015 }
export const refuse = (kind: keyof typeof codes, reason: string): Refusal => new Refusal(codes[kind], reason)

const mega = 1_048_576

export function readSeller({ world, fields, account }: Call): {
  seller: Structure
  sellerService: Service | undefined
  account: BankAccount | undefined
} {
  const from = part(fields, 'fournisseur')
  const seller = world.directory.byId(id(from, 'idFournisseur'))
  if (seller === undefined || !seller.active) throw refuse('seller', 'Le fournisseur est inconnu ou inactif.')
  if (!mayActFor(account, seller))
    throw refuse('seller', "L'utilisateur n'est pas habilité sur la structure du fournisseur.")
  const serviceId = id(from, 'idServiceFournisseur')
  const sellerService = seller.services.find((service) => service.id === serviceId)
  if (serviceId !== undefined && serviceId !== 0n && sellerService === undefined) {
    throw refuse('seller', 'Le service du fournisseur est inconnu.')
  }
  const accountId = id(from, 'codeCoordonneesBancairesFournisseur')
  const bank = seller.accounts.find((one) => one.id === accountId)
  if (accountId !== undefined && accountId !== 0n && bank === undefined) {
    throw refuse('seller', 'Les coordonnées bancaires du fournisseur sont inconnues.')
  }
  return { seller, sellerService, account: bank }
}

export function readFraming({ world, fields }: Call): { framework: string; validator: Structure | undefined } {
  const from = part(fields, 'cadreDeFacturation')
  const framework = text(from, 'codeCadreFacturation')
  if (framework === undefined || !invoiceFrameworks.includes(framework)) {
    throw refuse('field', 'Le cadre de facturation est absent ou non autorisé.')
  }
  const code = text(from, 'codeStructureValideur')
  const validator = world.directory.byIdentifier(code)
  if (code !== undefined && validator === undefined) throw refuse('field', 'La structure du valideur est inconnue.')
  return { framework, validator }
}

/** `before`: those of an invoice that is recycled; a member left out stays as it was. */
export function readReferences(from: Fields, before?: References): References {
  const currency = text(from, 'deviseFacture') ?? before?.currency
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency))
    throw refuse('field', 'La devise est absente ou invalide.')
  const type = text(from, 'typeFacture') ?? before?.type
  if (type !== 'FACTURE' && type !== 'AVOIR') throw refuse('field', 'Le type de facture est absent ou inconnu.')
  const vatType = text(from, 'typeTva') ?? before?.vatType
  if (vatType !== undefined && !vatTypes.includes(vatType)) throw refuse('field', 'Le type de TVA est inconnu.')
  const payment = text(from, 'modePaiement') ?? before?.payment
  if (payment !== undefined && !paymentModes.includes(payment))
    throw refuse('field', 'Le mode de paiement est inconnu.')
  return {
    ...before,
    currency,
    type,
    vatType,
    payment,
    exemption: text(from, 'motifExonerationTva') ?? before?.exemption,
    contract: text(from, 'numeroMarche') ?? before?.contract,
    commitment: text(from, 'numeroBonCommande') ?? before?.commitment,
    origin: text(from, 'numeroFactureOrigine') ?? before?.origin
  }
}

/** Both rates filled is refused: the documents say one or the other. */
const bothRates = (code: unknown, rate: unknown): boolean => code !== undefined && rate !== undefined

export function readLines(fields: Fields, typed: boolean): Line[] {
  const lines = list(fields, 'lignePoste').map((line, index): Line => {
    const vatCode = text(line, 'lignePosteTauxTva')
    const vatRate = number(line, 'lignePosteTauxTvaManuel')
    if (bothRates(vatCode, vatRate)) throw refuse('field', 'Une ligne porte deux taux de TVA.')
    return {
      number: number(line, 'lignePosteNumero') ?? index + 1,
      reference: text(line, 'lignePosteReference'),
      name: text(line, 'lignePosteDenomination'),
      quantity: number(line, 'lignePosteQuantite'),
      unit: text(line, 'lignePosteUnite'),
      price: number(line, 'lignePosteMontantUnitaireHT'),
      discount: number(line, 'lignePosteMontantRemiseHT'),
      vatCode,
      vatRate
    }
  })
  if (typed && lines.length === 0) throw refuse('field', 'Au moins une ligne de poste est obligatoire.')
  return lines
}

export function readVat(fields: Fields): VatRow[] {
  return list(fields, 'ligneTva').map((row) => {
    const code = text(row, 'ligneTvaTaux')
    const rate = number(row, 'ligneTvaTauxManuel')
    if (bothRates(code, rate)) throw refuse('field', 'Une ligne de TVA porte deux taux.')
    return {
      code,
      rate,
      base: number(row, 'ligneTvaMontantBaseHtParTaux'),
      amount: number(row, 'ligneTvaMontantTvaParTaux')
    }
  })
}

/** Mild: only HT + TVA against TTC, before or after the overall discount, and only when all three are given. */
export function readTotals(from: Fields): Totals {
  const totals = {
    ht: number(from, 'montantHtTotal'),
    tva: number(from, 'montantTVA'),
    ttc: number(from, 'montantTtcTotal'),
    discount: number(from, 'montantRemiseGlobaleTTC'),
    discountReason: text(from, 'motifRemiseGlobaleTTC'),
    payable: number(from, 'montantAPayer')
  }
  if (totals.payable === undefined) throw refuse('totals', 'Le montant à payer est obligatoire.')
  const { ht, tva, ttc, discount = 0 } = totals
  if (ht !== undefined && tva !== undefined && ttc !== undefined) {
    const near = (value: number): boolean => Math.abs(value - ttc) <= 0.05
    if (!near(ht + tva) && !near(ht + tva - discount))
      throw refuse('totals', "Les montants totaux de l'entête ne sont pas cohérents.")
  }
  return totals
}

export function readFiles(
  call: Call,
  typed: boolean
): { main: StoredFile | undefined; attachments: Omit<Attachment, 'linkId'>[] } {
  const { world, fields } = call
  // An array of one, though the Swagger says object; both are taken (behaviour.md 2).
  const [principal, ...more] =
    values(fields, 'pieceJointePrincipale').length === 0 ? [] : list(fields, 'pieceJointePrincipale')
  if (more.length > 0) throw refuse('attachment', 'Une seule pièce jointe principale est admise.')
  const mainId = principal === undefined ? undefined : id(principal, 'pieceJointePrincipaleId')
  // SAISIE_API makes its own PDF: a main file named there is looked up but not demanded.
  const main = world.files.find(mainId)
  if (main === undefined && (!typed || (mainId !== undefined && mainId !== 0n))) {
    throw refuse('attachment', 'La pièce jointe principale est absente ou inconnue.')
  }
  const attachments = readAttachments(call)
  const size = attachments.reduce((sum, attachment) => sum + attachment.file.size, main?.size ?? 0)
  if (size > 120 * mega) throw refuse('attachment', 'La facture et ses pièces jointes dépassent 120 Mo.')
  return { main, attachments }
}

/** Also used by completer. */
export function readAttachments({ world, fields }: Call): Omit<Attachment, 'linkId'>[] {
  return list(fields, 'pieceJointeComplementaire').map((item) => {
    const file = world.files.find(id(item, 'pieceJointeComplementaireId'))
    if (file === undefined) throw refuse('attachment', "L'identifiant d'une pièce jointe complémentaire est inconnu.")
    // No source prints the whole list of these codes (enums.json): any is taken.
    const type = text(item, 'pieceJointeComplementaireType') ?? ''
    if (type.length > 30) throw refuse('attachment', "Le type d'une pièce jointe dépasse 30 caractères.")
    const designation = text(item, 'pieceJointeComplementaireDesignation') ?? file.name
    if (designation.length > 100)
      throw refuse('attachment', "La désignation d'une pièce jointe dépasse 100 caractères.")
    return { file, type, designation, line: number(item, 'pieceJointeComplementaireNumeroLigneFacture') }
  })
}
