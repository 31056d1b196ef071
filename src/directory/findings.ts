import type { FieldError } from '../../schemas/problem.ts'
import { isIban } from '../iban.ts'
import type { OrganizationFacts } from './recipients.ts'

/** What the checks against the directory say, in both languages. */

export const unchecked = (pointer: string, rule: string): FieldError => ({
  pointer,
  rule,
  message: 'Chorus Pro could not be asked about this now; it will be checked when the invoice is sent.',
  messageFr: 'Chorus Pro n’a pas pu être interrogé ; la vérification se fera à l’envoi.',
  fix: 'Nothing to do.'
})

/** The copy holds structures and what they demand; nothing of services or of our own structures. */
export const fromCopy = ({ siret, asOf }: OrganizationFacts): FieldError => ({
  pointer: '/buyer/siret',
  rule: 'upstream-unavailable',
  message: `Chorus Pro could not be asked about ${siret}: it was checked against the directory as of ${asOf}, its services were not.`,
  messageFr: `Chorus Pro n’a pas pu être interrogé sur ${siret} : contrôle fait avec l’annuaire du ${asOf}, sans les services.`,
  fix: 'Nothing to do.'
})

export const unknownRecipient = (siret: string): FieldError => ({
  pointer: '/buyer/siret',
  term: 'BT-47',
  rule: 'recipient-unknown',
  message: `Chorus Pro knows no structure with the SIRET ${siret}.`,
  messageFr: `Chorus Pro ne connaît aucune structure avec le SIRET ${siret}.`,
  fix: 'Check the SIRET with the recipient; the State is 11000201100044, its offices are services.'
})

export const inactiveRecipient = (siret: string): FieldError => ({
  pointer: '/buyer/siret',
  term: 'BT-47',
  rule: 'recipient-inactive',
  message: `The structure ${siret} is inactive in Chorus Pro.`,
  messageFr: `La structure ${siret} est inactive dans Chorus Pro.`,
  fix: 'Ask the recipient which structure replaces it.'
})

const missingService = {
  pointer: '/buyer/serviceCode',
  term: 'BT-10',
  rule: 'service-code-required',
  fix: 'Ask the recipient for the service code and send it as buyer.serviceCode.'
}

export const serviceRequired = (name: string): FieldError => ({
  ...missingService,
  message: `${name} demands a service code.`,
  messageFr: `${name} exige un code service.`
})

export const serviceOrCommitmentRequired = (name: string): FieldError => ({
  ...missingService,
  message: `${name} demands a service code or a commitment number.`,
  messageFr: `${name} exige un code service ou un numéro d’engagement.`
})

const wrongService = {
  pointer: '/buyer/serviceCode',
  term: 'BT-10',
  rule: 'service-code-unknown',
  fix: 'Ask the recipient for the service code; capitals count.'
}

/** One that is there has ended. */
export const unknownService = (name: string, code: string, isThere: boolean): FieldError => ({
  ...wrongService,
  message: `${name} has no ${isThere ? 'active ' : ''}service ${code}.`,
  messageFr: `${name} n’a pas de service ${code}${isThere ? ' actif' : ''}.`
})

export const reservedService: FieldError = {
  ...wrongService,
  message: 'The service FACTURES_PUBLIQUES is reserved for invoices between public bodies.',
  messageFr: 'Le service FACTURES_PUBLIQUES est réservé aux factures entre entités publiques.'
}

export const commitmentRequired = (name: string): FieldError => ({
  pointer: '/commitmentNumber',
  term: 'BT-13',
  rule: 'commitment-number-required',
  message: `${name} demands a commitment number.`,
  messageFr: `${name} exige un numéro d’engagement.`,
  fix: 'Send the number of the order (numéro d’engagement) as commitmentNumber.'
})

/** No account of the configuration sends for it. */
export const unservedSeller = (siret: string | undefined): FieldError => ({
  pointer: '/seller/siret',
  term: 'BT-30',
  rule: 'seller-not-registered',
  message:
    siret === undefined
      ? 'There are several accounts: the seller must be named, to know which one sends.'
      : `No account of this connection sends for the seller ${siret}.`,
  messageFr:
    siret === undefined
      ? 'Il y a plusieurs comptes : nommez le fournisseur, pour savoir lequel envoie.'
      : `Aucun compte de ce raccordement n’envoie pour le fournisseur ${siret}.`,
  fix: 'Check the SIRET and the header Chorus-Connection, or have the seller added to an account in the configuration of the gateway.'
})

export const unknownSeller = (siret: string): FieldError => ({
  pointer: '/seller/siret',
  term: 'BT-30',
  rule: 'seller-not-registered',
  message: `The technical account is attached to no active structure with the SIRET ${siret}.`,
  messageFr: `Le compte technique n’est rattaché à aucune structure active de SIRET ${siret}.`,
  fix: 'Check the SIRET, or have the technical account attached to this structure on the portal.'
})

export const unknownAccount = (wanted: string): FieldError => ({
  pointer: '/payment/bankAccount',
  term: 'BT-84',
  rule: 'bank-account-unknown',
  message: `The seller has no valid bank account "${wanted}" in Chorus Pro.`,
  messageFr: `Le fournisseur n’a pas de coordonnées bancaires valides « ${wanted} » dans Chorus Pro.`,
  fix: isIban(wanted)
    ? 'Chorus Pro never tells IBANs: have this one mapped in the configuration of the gateway, or send the label that Chorus Pro shows.'
    : 'Send the label or the id that Chorus Pro shows, or leave payment.bankAccount out.'
})
