import type { Extraction, FlowReport, History, IssuedInvoice, Submitted } from './chorus.ts'
import { readDay, readMoment } from './dates.ts'
import { type Json, type JsonObject, readDecimal, readList, readText } from './json.ts'
import { present } from './present.ts'
import { nameFlowState, nameStatus } from './status.ts'

export function readExtraction(answer: JsonObject): Extraction {
  const totals = present({
    taxExclusive: readDecimal(answer['montantHtTotal']),
    tax: readDecimal(answer['montantTVA']),
    taxInclusive: readDecimal(answer['montantTtcAvantRemiseGlobalTTC']),
    payable: readDecimal(answer['montantAPayer'])
  })
  return present({
    number: readText(answer['numeroFacture']),
    issueDate: readDay(readText(answer['dateFacture'])),
    buyerSiret: readText(answer['codeDestinataire']),
    buyerServiceCode: readText(answer['codeServiceExecutant']),
    sellerSiret: readText(answer['codeFournisseur']),
    currency: readText(answer['codeDeviseFacture']),
    typeCode: typeCodes[readText(answer['typeFacture']) ?? ''],
    vatRegime: readRegime(answer['typeTva']),
    commitmentNumber: readText(answer['numeroBonCommande']),
    totals: Object.keys(totals).length === 0 ? undefined : totals
  })
}

const typeCodes: Readonly<Record<string, string>> = { FACTURE: '380', AVOIR: '381', ACOMPTE: '386' }
const regimes: Readonly<Record<string, string>> = {
  TVA_SUR_DEBIT: 'on_debits',
  TVA_SUR_ENCAISSEMENT: 'on_receipts',
  EXONERATION: 'exempt',
  SANS_TVA: 'no_vat'
}

function readRegime(value: Json | undefined): string | undefined {
  const raw = readText(value)
  return raw === undefined ? undefined : (regimes[raw] ?? raw)
}

export function readSubmitted(answer: JsonObject): Omit<Submitted, 'exchange'> {
  return {
    invoiceId: readText(answer['identifiantFactureCPP']) ?? '',
    number: readText(answer['numeroFacture']) ?? '',
    status: nameStatus(readText(answer['statutFacture'])),
    ...present({
      depositDate: readDay(readText(answer['dateDepot'])),
      depositFingerprint: readText(answer['empreinteCertificatDepot'])
    })
  }
}

export function readFlowReport(flowNumber: string, answer: JsonObject): FlowReport {
  const rawState = readText(answer['etatCourantDepotFlux']) ?? readText(answer['etatCourantFlux']) ?? ''
  return {
    flowNumber,
    rawState,
    state: nameFlowState(rawState),
    ...present({ since: readMoment(readText(answer['dateHeureEtatCourantFlux'])) }),
    invoiceErrors: readList(answer['listeErreurDP']).map((row) => ({
      ...present({
        number: readText(row['numeroDP']),
        sellerId: readText(row['identifiantFournisseur']),
        buyerId: readText(row['identifiantDestinataire'])
      }),
      // Several errors are joined with a bar (errors.md, section 4).
      messages: (readText(row['libelleErreurDP']) ?? '')
        .split('|')
        .map((text) => text.trim())
        .filter((text) => text !== '')
    })),
    technicalErrors: readList(answer['listeErreurTechnique']).map((row) => ({
      ...present({ code: readText(row['codeErreur']), nature: readText(row['natureErreur']) }),
      message: readText(row['libelleErreur']) ?? ''
    }))
  }
}

export function readIssued(row: JsonObject): IssuedInvoice {
  const mine = (name: string) => readText(row[name])
  return {
    invoiceId: mine('identifiantFactureCPP') ?? mine('idFacture') ?? '',
    number: mine('numeroFacture') ?? '',
    totals: present({
      taxExclusive: readDecimal(row['montantHT']),
      taxInclusive: readDecimal(row['montantTTC']),
      payable: readDecimal(row['montantAPayer'])
    }),
    status: {
      ...nameStatus(mine('statut') ?? mine('statutFacture')),
      ...present({ since: readMoment(mine('dateHeureEtatCourant')), comment: mine('commentaireEtatCourant') })
    },
    ...present({
      sellerSiret: mine('codeFournisseur'),
      buyerSiret: mine('codeDestinataire'),
      buyerName: mine('designationDestinataire'),
      buyerServiceCode: mine('codeServiceExecutant'),
      issueDate: readDay(mine('dateFacture')),
      depositDate: readDay(mine('dateDepot')),
      currency: mine('devise'),
      flowNumber: mine('numeroFluxDepot'),
      commitmentNumber: mine('numeroBonCommande'),
      depositMode: mine('modeDepot')
    })
  }
}

/** Chorus Pro lists the newest first; agents' names, mails and telephones stay there. */
export function readHistory(
  invoiceId: string,
  statuses: JsonObject[],
  events: JsonObject[],
  actions: JsonObject[]
): History {
  return {
    invoiceId,
    statuses: oldestFirst(
      statuses.map((row) => ({
        ...nameStatus(readText(row['histoStatutCode'])),
        ...present({
          id: readText(row['histoStatutId']),
          at: readMoment(readText(row['histoStatutDatePassage'])),
          comment: readText(row['histoStatutCommentaire'])
        })
      }))
    ),
    events: oldestFirst(
      events.map((row) =>
        present({
          id: readText(row['evenementId']),
          at: readMoment(readText(row['evenementDateHeure'])),
          name: readText(row['evenementLibelle']),
          comment: readText(row['evenementCommentaire'])
        })
      )
    ),
    actions: oldestFirst(
      actions.map((row) =>
        present({
          id: readText(row['histoActionId']),
          at: readMoment(readText(row['histoActionDateHeure'])),
          code: readText(row['histoActionCode'])
        })
      )
    )
  }
}

/** By time, then by upstream's own number, then as they came, turned round. */
function oldestFirst<R extends { id?: string; at?: string }>(rows: R[]): R[] {
  return rows
    .reverse()
    .map((row, index) => ({ row, index }))
    .sort((a, b) => compareTexts(a.row.at, b.row.at) || compareIds(a.row.id, b.row.id) || a.index - b.index)
    .map(({ row }) => row)
}

const compareTexts = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)
const compareIds = (a = '', b = ''): number => a.length - b.length || compareTexts(a, b)
