import type { Static } from 'typebox'
import type { IssuedInvoice } from '../../schemas/issued-invoice.ts'
import type { PlatformParty, Reviewer } from '../../schemas/platform-invoice.ts'
import type { ReceivedInvoice } from '../../schemas/received-invoice.ts'
import { readDay, readMoment } from './dates.ts'
import { nameFramework, nameOf, requestTypes, typeCodes, worksTypes } from './document-words.ts'
import { ChorusError } from './errors.ts'
import { depositModes } from './invoice-words.ts'
import { type JsonObject, readBoolean, readDecimal, readInteger, readText } from './json.ts'
import { present, presentIfAny } from './present.ts'
import { nameStatus } from './status.ts'

/** An invoice of ours before it is linked to what the gateway knows. */
export type IssuedRow = Omit<IssuedInvoice, 'links' | 'gatewayInvoiceId'>
export type ReceivedRow = Omit<ReceivedInvoice, 'links'>
type Party = Static<typeof PlatformParty>

/** A row of rechercher/fournisseur, or of its to-do search, which has half of it. */
export function readIssuedRow(row: JsonObject): IssuedRow {
  const text = (name: string) => readText(row[name])
  return {
    ...readRow(row),
    ...present({
      precedingInvoice: text('numeroFactureOrigine'),
      depositMode: nameOf(depositModes, text('modeDepot')),
      flowNumber: text('numeroFluxDepot'),
      validators: readReviewers(row),
      bankAccount: presentIfAny({
        label: text('coordBancairesFournisseurNomCb'),
        countryCode: text('coordBancairesFournisseurCodePays'),
        bankCode: text('coordBancairesFournisseurCodeBanque'),
        accountNumber: text('coordBancairesFournisseurCompteBancaire'),
        ibanCheckDigits: text('coordBancairesFournisseurCleIban'),
        ribKey: text('coordBancairesFournisseurCleRib')
      }),
      factor: presentIfAny({
        identifier: text('affactureurCode'),
        identifierType: text('affactureurTypeIdentifiant'),
        name: text('affactureurRaisonSociale')
      }),
      rejectionAcknowledged: readBoolean(row['rejetTraite'])
    })
  }
}

/** A row of rechercher/recipiendaire, or of its to-do search. */
export function readReceivedRow(row: JsonObject): ReceivedRow {
  const side = (suffix: string) =>
    presentIfAny(party(row, `code${suffix}`, `typeIdentifiant${suffix}`, `designation${suffix}`))
  return {
    ...readRow(row),
    ...present({
      downloaded: readBoolean(row['factureTelechargeeParDestinataire']),
      projectManager: side('MOE'),
      worksOwner: side('MOA')
    })
  }
}

function readRow(row: JsonObject) {
  const text = (name: string) => readText(row[name])
  const status = text('statut') ?? text('statutFacture')
  const framework = text('cadreFacturation')
  return {
    id: idOf(row),
    seller: readParty(row, 'Fournisseur', 'code', 'ServiceFournisseur'),
    buyer: readParty(row, 'Destinataire', 'code', 'ServiceExecutant'),
    totals: present({
      taxExclusive: readDecimal(row['montantHT']),
      taxInclusive: readDecimal(row['montantTTC']),
      payable: readDecimal(row['montantAPayer'])
    }),
    status: {
      ...nameStatus(status),
      ...present({ since: readMoment(text('dateHeureEtatCourant')), comment: text('commentaireEtatCourant') })
    },
    ...present({
      number: text('numeroFacture'),
      typeCode: nameOf(typeCodes, text('typeFacture')),
      worksType: nameOf(worksTypes, text('typeFactureTravaux')),
      requestType: nameOf(requestTypes, text('typeDemandePaiement')),
      issueDate: readDay(text('dateFacture')),
      depositDate: readDay(text('dateDepot')),
      currency: text('devise'),
      businessProcess: nameFramework(framework),
      commitmentNumber: text('numeroBonCommande'),
      contractReference: text('numeroMarche'),
      size: readInteger(row['taille'])
    }),
    upstream: present({
      status,
      type: text('typeFacture'),
      worksType: text('typeFactureTravaux'),
      requestType: text('typeDemandePaiement'),
      businessProcess: framework,
      depositMode: text('modeDepot')
    })
  }
}

/** Throws for a row without id: it could neither be shown nor be asked for. */
export function idOf(row: JsonObject): string {
  const id = readText(row['identifiantFactureCPP']) ?? readText(row['idFacture'])
  if (id !== undefined && /^\d{1,20}$/.test(id)) return id
  throw new ChorusError('factures: an invoice came without its id', {
    proof: 'unknown',
    problem: 'upstream-protocol-error',
    service: 'factures',
    lane: false
  })
}

export function readParty(row: JsonObject, who: string, code: string, service: string): Party {
  return {
    ...party(row, `${code}${who}`, `typeIdentifiant${who}`, `designation${who}`),
    ...present({ serviceCode: readText(row[`code${service}`]), serviceName: readText(row[`nom${service}`]) })
  }
}

/** A SIRET may come as a bare number, without its leading zeros (structures.json, notes of rechercher). */
export function party(row: JsonObject, code: string, type: string, name: string) {
  const identifier = readText(row[code])
  const identifierType = readText(row[type])
  const maybe = identifierType === undefined || identifierType === 'SIRET'
  const siret =
    maybe && identifier !== undefined && /^\d{9,14}$/.test(identifier) ? identifier.padStart(14, '0') : undefined
  return present({ siret, identifier, identifierType, name: readText(row[name]) })
}

export function readReviewers(row: JsonObject): Static<typeof Reviewer>[] | undefined {
  const found = ['1', '2'].map((rank) => {
    const who = party(row, `codeValideur${rank}`, `typeIdentifiantValideur${rank}`, `raisonSocialeValideur${rank}`)
    const validatedAt = readMoment(readText(row[`dateValidation${rank}`]))
    return { ...who, ...present({ name: who.name ?? readText(row[`designationValideur${rank}`]), validatedAt }) }
  })
  const named = found.filter((one) => one.identifier !== undefined || one.name !== undefined)
  return named.length === 0 ? undefined : named
}
