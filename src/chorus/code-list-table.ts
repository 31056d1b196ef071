import {
  attachmentOwnerLabels,
  commitmentStateLabels,
  depositFormatLabels,
  depositModeLabels,
  extensionLabels,
  identifierTypeLabels,
  invoiceTypeLabels,
  paymentMeansLabels,
  requestTypeLabels,
  userAttachmentLabels,
  validatorActionLabels,
  vatRegimeLabels,
  workRoleLabels,
  worksTypeLabels
} from './code-labels.ts'
import type { CodeListEntry, Takes } from './code-list-entry.ts'
import {
  nameFramework,
  nameOf,
  paymentMeans,
  rawOf,
  requestTypes,
  typeCodes,
  vatRegimes,
  worksTypes
} from './document-words.ts'
import { flowFormatLabels, flowStateLabels, flowSyntaxLabels } from './flow-labels.ts'
import { frameworkLabels } from './framework-labels.ts'
import { nameFlowState, nameStatus, rawStatus } from './status.ts'
import { statusLabels } from './status-labels.ts'
import { nameAttachmentState, nameCommitmentState, nameIdentifierType } from './structure-words.ts'

const requestType: Takes = {
  member: 'typeDemandePaiement',
  description: 'Kind of payment request: a code of payment-request-types.',
  needed: true,
  standard: 'invoice',
  raw: (word) => rawOf(requestTypes, word)
}
const asItIs = (word: string) => word

export const codeLists: Readonly<Record<string, CodeListEntry>> = {
  'allowed-statuses': {
    title: 'Statuses that a recipient may set, from a given one',
    operation: {
      service: 'transverses/recuperer/etats/traitement',
      rows: 'listeStatutsPossiblesPourTraitement',
      code: 'statutPossiblePourTraitement',
      takes: {
        member: 'statutCourant',
        description: 'The status as it is: a code of statuses.',
        needed: true,
        raw: rawStatus
      }
    },
    name: (raw) => nameStatus(raw).code
  },
  'attachment-extensions': { title: 'Extensions of attachments', known: { labels: extensionLabels, complete: true } },
  'attachment-owners': {
    title: 'What an attachment may belong to',
    known: { labels: attachmentOwnerLabels, complete: true }
  },
  'attachment-types': {
    title: 'Kinds of attachments',
    operation: {
      service: 'transverses/recuperer/typespj',
      rows: 'listeTypePieceJointe',
      code: 'codeTypePieceJointe',
      label: 'libelleTypePieceJointe',
      id: 'idTypePieceJointe',
      about: 'typeObjet',
      language: true,
      takes: { member: 'typeObjet', description: 'What it belongs to: a code of attachment-owners.', raw: asItIs }
    }
  },
  'business-processes': {
    title: 'Business processes (BT-23)',
    operation: {
      service: 'transverses/recuperer/cadrefacturation',
      rows: 'listeCadreFacturation',
      code: 'codeCadreFacturation',
      takes: requestType
    },
    name: (raw) => nameFramework(raw) ?? 'other',
    known: { labels: frameworkLabels, complete: false }
  },
  'commitment-statuses': {
    title: 'Statuses of commitments',
    name: (raw) => nameCommitmentState(raw).code,
    known: { labels: commitmentStateLabels, complete: false }
  },
  countries: {
    title: 'Countries (ISO 3166)',
    operation: {
      service: 'transverses/recuperer/pays',
      rows: 'listePays',
      code: 'codePays',
      label: 'libellePays',
      language: true
    }
  },
  currencies: {
    title: 'Currencies (ISO 4217)',
    operation: {
      service: 'transverses/recuperer/devises',
      rows: 'listeDevises',
      code: 'codeDevise',
      label: 'libelleDevise',
      language: true
    }
  },
  'deposit-formats': { title: 'Formats of a deposited PDF', known: { labels: depositFormatLabels, complete: true } },
  'deposit-modes': {
    title: 'Ways in which an invoice came in',
    operation: { service: 'transverses/recuperer/modedepot', rows: 'listeModeDepot', code: 'modeDepot' },
    known: { labels: depositModeLabels, complete: false }
  },
  'flow-formats': {
    title: 'Formats of flows',
    operation: { service: 'transverses/recuperer/formatflux', rows: 'listeFormatFlux', code: 'formatFlux' },
    known: { labels: flowFormatLabels, complete: true }
  },
  'flow-states': {
    title: 'States of flows',
    name: nameFlowState,
    known: { labels: flowStateLabels, complete: true }
  },
  'flow-syntaxes': {
    title: 'Syntaxes of flows',
    operation: {
      service: 'transverses/recuperer/syntaxeflux',
      rows: 'listeSyntaxeFlux',
      code: 'syntaxeFlux',
      takes: { member: 'formatFlux', description: 'A code of flow-formats.', raw: asItIs }
    },
    known: { labels: flowSyntaxLabels, complete: false }
  },
  'identifier-types': {
    title: 'Kinds of identifiers of organizations',
    operation: {
      service: 'transverses/recuperer/typeidentifiant/structure',
      rows: 'listeTypeIdentifiant',
      code: 'typeIdentifiantStructure'
    },
    name: (raw) => nameIdentifierType(raw).code,
    known: { labels: identifierTypeLabels, complete: true }
  },
  'invoice-types': {
    title: 'Kinds of invoices (BT-3)',
    name: (raw) => nameOf(typeCodes, raw) ?? 'other',
    known: { labels: invoiceTypeLabels, complete: true }
  },
  'payment-means': {
    title: 'Payment means (BT-81)',
    operation: { service: 'transverses/recuperer/modereglements', rows: 'listeModePaiement', code: 'modePaiement' },
    name: (raw) => nameOf(paymentMeans, raw) ?? 'other',
    known: { labels: paymentMeansLabels, complete: true }
  },
  'payment-request-types': {
    title: 'Kinds of payment requests',
    operation: {
      service: 'transverses/recuperer/typedp',
      rows: 'listeTypeDemandePaiement',
      code: 'typeDemandePaiement'
    },
    name: (raw) => nameOf(requestTypes, raw) ?? 'other',
    known: { labels: requestTypeLabels, complete: true }
  },
  'refusal-reasons': {
    title: 'Reasons for which a validator may refuse',
    operation: {
      service: 'transverses/recuperer/motifs/refus/Facture/AValider',
      rows: 'listeMotifRefusFactureAValider',
      code: 'codeMotif',
      label: 'libelleMotif',
      id: 'idMotif',
      takes: {
        member: 'codeCadreFacturationAValider',
        description: 'Business process of the invoice: a raw code of business-processes.',
        raw: (word) => frameworkLabels.find(([raw]) => raw === word || nameFramework(raw) === word)?.[0] ?? word
      }
    }
  },
  statuses: {
    title: 'Statuses of payment requests',
    operation: {
      service: 'transverses/recuperer/etat/typedp',
      rows: 'listeEtatDemandePaiement',
      code: 'etatDemandePaiement',
      takes: requestType
    },
    name: (raw) => nameStatus(raw).code,
    known: { labels: statusLabels, complete: false }
  },
  'user-attachment-statuses': {
    title: 'States of an account’s attachment to an organization',
    name: (raw) => nameAttachmentState(raw).code,
    known: { labels: userAttachmentLabels, complete: true }
  },
  'validator-actions': { title: 'What a validator may do', known: { labels: validatorActionLabels, complete: true } },
  'vat-exemption-reasons': {
    title: 'Reasons for which no VAT is due',
    operation: {
      service: 'transverses/recuperer/motifs/exonerationtva',
      rows: 'listeMotifsExonerationTva',
      code: 'codeMotifExonerationTva',
      label: 'libelleMotifExonerationTva',
      language: true
    }
  },
  'vat-rates': {
    title: 'VAT rates',
    operation: {
      service: 'transverses/recuperer/tauxtva',
      rows: 'listeTauxTva',
      code: 'codeTauxTva',
      label: 'libelleTauxTva',
      value: 'valeurTauxTva',
      language: true
    }
  },
  'vat-regimes': {
    title: 'When VAT is due (BT-8)',
    name: (raw) => nameOf(vatRegimes, raw) ?? 'other',
    known: { labels: vatRegimeLabels, complete: true }
  },
  'works-invoice-types': {
    title: 'Kinds of works documents',
    operation: {
      service: 'transverses/recuperer/typefacturetravaux',
      rows: 'listeTypeFactureTravaux',
      code: 'typeFactureTravaux'
    },
    name: (raw) => nameOf(worksTypes, raw) ?? 'other',
    known: { labels: worksTypeLabels, complete: false }
  },
  'works-roles': { title: 'Roles in works invoices', known: { labels: workRoleLabels, complete: true } }
}
