import type { InvoiceContent } from '../../schemas/invoice.ts'
import type { IssuedFilter, SubmissionOrder } from './chorus.ts'
import { rawDecimal, rawId } from './json.ts'
import type { LignePoste, LigneTva, RechercherFournisseur, Soumettre } from './wire.ts'

/** Members that are undefined are left out: Chorus Pro takes absent and null alike (behaviour.md, section 17). */
type Sparse<T> = { [K in keyof T]: T[K] | undefined }
export function compact<T extends object>(members: Sparse<T>): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== '')) as T
}

/** The payload of factures/soumettre. */
export function toSoumettre(order: SubmissionOrder): Soumettre {
  const { invoice, mode, mainAttachment } = order
  const typed = mode === 'data'
  return compact<Soumettre>({
    modeDepot: typed ? 'SAISIE_API' : order.signed ? 'DEPOT_PDF_SIGNE_API' : 'DEPOT_PDF_API',
    // In SAISIE_API Chorus Pro makes the number and the date (behaviour.md, section 3).
    numeroFactureSaisi: typed ? undefined : invoice.number,
    dateFacture: typed ? undefined : invoice.issueDate,
    destinataire: compact({ codeDestinataire: invoice.buyer?.siret, codeServiceExecutant: invoice.buyer?.serviceCode }),
    fournisseur: compact<Soumettre['fournisseur']>({
      idFournisseur: rawId(order.supplierId),
      idServiceFournisseur: rawId(order.supplierServiceId),
      codeCoordonneesBancairesFournisseur: rawId(order.bankAccountId)
    }),
    cadreDeFacturation: compact<Soumettre['cadreDeFacturation']>({
      codeCadreFacturation: toCadre(invoice.businessProcess),
      codeStructureValideur: invoice.validator?.siret,
      codeServiceValideur: invoice.validator?.serviceCode
    }),
    references: toReferences(invoice),
    lignePoste: invoice.lines?.length ? invoice.lines.map(toLignePoste) : undefined,
    ligneTva: invoice.vatBreakdown?.length ? invoice.vatBreakdown.map(toLigneTva) : undefined,
    montantTotal: compact<Soumettre['montantTotal']>({
      montantHtTotal: rawDecimal(invoice.totals?.taxExclusive),
      montantTVA: rawDecimal(invoice.totals?.tax),
      montantTtcTotal: rawDecimal(invoice.totals?.taxInclusive),
      montantRemiseGlobaleTTC: rawDecimal(invoice.totals?.allowance),
      montantAPayer: rawDecimal(invoice.totals?.payable)
    }),
    pieceJointePrincipale:
      mainAttachment === undefined
        ? undefined
        : [
            {
              pieceJointePrincipaleDesignation: mainAttachment.name,
              pieceJointePrincipaleId: rawId(mainAttachment.attachmentId)
            }
          ],
    pieceJointeComplementaire:
      order.attachments.length === 0
        ? undefined
        : order.attachments.map((attachment) => ({
            pieceJointeComplementaireDesignation: attachment.name.slice(0, 100),
            pieceJointeComplementaireType: attachment.typeCode ?? '',
            pieceJointeComplementaireId: rawId(attachment.attachmentId)
          })),
    commentaire: invoice.note
  })
}

function toReferences(invoice: InvoiceContent): Soumettre['references'] {
  const typeTva = toTypeTva(invoice)
  return compact<Soumettre['references']>({
    deviseFacture: invoice.currency ?? 'EUR',
    typeFacture: typesFacture[invoice.typeCode ?? '380'],
    typeTva,
    motifExonerationTva:
      typeTva === 'EXONERATION'
        ? invoice.vatBreakdown?.find((row) => row.exemptionReason !== undefined)?.exemptionReason
        : undefined,
    numeroMarche: invoice.contractReference,
    numeroBonCommande: invoice.commitmentNumber,
    numeroFactureOrigine: invoice.precedingInvoice,
    modePaiement: toModePaiement(invoice.payment?.meansCode)
  })
}

const typesFacture = { '380': 'FACTURE', '381': 'AVOIR', '386': 'ACOMPTE' } as const

/** UNTDID 4461 to the six payment means of Chorus Pro; always sent by known clients, hence the default. */
export function toModePaiement(meansCode: string | undefined): string {
  if (meansCode === undefined || ['30', '31', '42', '57', '58'].includes(meansCode)) return 'VIREMENT'
  if (['49', '59'].includes(meansCode)) return 'PRELEVEMENT'
  if (/^2[0-6]$/.test(meansCode)) return 'CHEQUE'
  return meansCode === '10' ? 'ESPECE' : 'AUTRE'
}

const regimes: Readonly<Record<string, string>> = {
  on_debits: 'TVA_SUR_DEBIT',
  on_receipts: 'TVA_SUR_ENCAISSEMENT',
  exempt: 'EXONERATION',
  no_vat: 'SANS_TVA'
}

/** Left out when we cannot know it, as production clients do. */
function toTypeTva(invoice: InvoiceContent): string | undefined {
  if (invoice.vatRegime !== undefined) return regimes[invoice.vatRegime] ?? invoice.vatRegime
  if (invoice.taxPointDateCode === undefined) return undefined
  return ['72', '432'].includes(invoice.taxPointDateCode) ? 'TVA_SUR_ENCAISSEMENT' : 'TVA_SUR_DEBIT'
}

const cadres = [
  'A1_FACTURE_FOURNISSEUR',
  'A2_FACTURE_FOURNISSEUR_DEJA_PAYEE',
  'A3_MEMOIRE_JUSTICE',
  'A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR',
  'A5_ETAT_ACOMPTE_FOURNISSEUR',
  'A6_ETAT_ACOMPTE_VALIDE_FOURNISSEUR',
  'A7_PROJET_DECOMPTE_FINAL_FOURNISSEUR',
  'A8_DECOMPTE_GENERAL_DEFINITIF_FOURNISSEUR',
  'A9_FACTURE_SOUSTRAITANT',
  'A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT',
  'A11_PROJET_DECOMPTE_FINAL_SOUSTRAITANT',
  'A12_FACTURE_COTRAITANT',
  'A13_PROJET_DECOMPTE_MENSUEL_COTRAITANT',
  'A14_PROJET_DECOMPTE_FINAL_COTRAITANT',
  'A15_ETAT_ACOMPTE_MOE',
  'A16_ETAT_ACOMPTE_VALIDE_MOE',
  'A17_PROJET_DECOMPTE_GENERAL_MOE',
  'A18_DECOMPTE_GENERAL_MOE',
  'A19_ETAT_ACOMPTE_VALIDE_MOA',
  'A20_DECOMPTE_GENERAL_MOA',
  'A21_DEMANDE_REMBOURSEMENT_TIC',
  'A22_PROJET_DECOMPTE_GENERAL_FOURNISSEUR_PROCEDURE_TACITE',
  'A23_DECOMPTE_GENERAL_DEFINITIF_TACITE_FOURNISSEUR',
  'A24_DECOMPTE_GENERAL_DEFINITIF_TACITE_MOE',
  'A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE'
]

/** The long code of a framework that is named A1 … A25. */
export function toCadre(businessProcess = 'A1'): string {
  return cadres.find((cadre) => cadre.startsWith(`${businessProcess}_`)) ?? businessProcess
}

function toLignePoste(line: NonNullable<InvoiceContent['lines']>[number], index: number): LignePoste {
  return compact<LignePoste>({
    lignePosteNumero: index + 1,
    lignePosteReference: line.id ?? String(index + 1),
    lignePosteDenomination: line.name,
    lignePosteQuantite: rawDecimal(line.quantity),
    lignePosteUnite: line.unitCode,
    lignePosteMontantUnitaireHT: rawDecimal(line.netPrice),
    lignePosteMontantRemiseHT: 0,
    lignePosteTauxTvaManuel: rawDecimal(line.vat?.rate)
  })
}

function toLigneTva(row: NonNullable<InvoiceContent['vatBreakdown']>[number]): LigneTva {
  return compact<LigneTva>({
    ligneTvaTauxManuel: rawDecimal(row.rate),
    ligneTvaMontantBaseHtParTaux: rawDecimal(row.taxable),
    ligneTvaMontantTvaParTaux: rawDecimal(row.tax)
  })
}

export function toRecherche(filter: IssuedFilter): RechercherFournisseur {
  return compact<RechercherFournisseur>({
    numeroFacture: filter.number,
    idFournisseur: rawId(filter.supplierId),
    numeroFluxDepot: filter.flowNumber,
    listeDestinataire: filter.buyerId === undefined ? undefined : [{ idDestinataire: rawId(filter.buyerId) }],
    montantApayerMin: rawDecimal(filter.payableFrom),
    montantApayerMax: rawDecimal(filter.payableTo),
    periodeDateDepotDu: filter.depositedFrom,
    periodeDateFactureDu: filter.issueDateFrom,
    periodeDateFactureAu: filter.issueDateTo,
    periodeDateHeureEtatCourantDu: toLocalMoment(filter.statusSince)
  })
}

/**
 * Without offset, as every known client sends it; the digits are those of UTC. Read as Paris time they mean a moment
 * one or two hours earlier: rows are found twice rather than not at all.
 */
export function toLocalMoment(moment: string | undefined): string | undefined {
  if (moment === undefined || !moment.includes('T')) return moment
  const time = new Date(moment)
  return Number.isNaN(time.getTime()) ? moment : time.toISOString().slice(0, 19)
}
