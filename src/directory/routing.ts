import type { InvoiceContent } from '../../schemas/invoice.ts'
import type { FieldError } from '../../schemas/problem.ts'
import type { BankAccount } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { isIban } from '../iban.ts'
import { inTime } from '../in-time.ts'
import type { Directory } from './directory.ts'
import type { OrganizationFacts } from './recipients.ts'

/** What the directory says of an invoice's seller, buyer, service and account. */
export interface RoutingVerdict {
  errors: FieldError[]
  warnings: FieldError[]
}

/** Where the invoice goes and comes from, in Chorus Pro's ids. */
export interface Route {
  supplierId: string
  bankAccountId?: string
}

/**
 * Compares the invoice with what seller and recipient are in Chorus Pro, all errors at once. What cannot be asked now
 * becomes a warning: an outage never refuses an invoice.
 */
export async function checkRouting(
  directory: Directory,
  invoice: InvoiceContent,
  { withAccount }: { withAccount: boolean }
): Promise<RoutingVerdict> {
  const verdicts = await Promise.all([
    unlessAway('/seller/siret', (verdict) => checkSeller(directory, invoice, withAccount, verdict)),
    unlessAway('/buyer/siret', (verdict) => checkBuyer(directory, invoice, verdict))
  ])
  return {
    errors: verdicts.flatMap(({ errors }) => errors),
    warnings: verdicts.flatMap(({ warnings }) => warnings)
  }
}

/** Ids for the call itself. Throws ChorusError when they cannot be asked for; returns errors when they do not exist. */
export async function findRoute(directory: Directory, invoice: InvoiceContent): Promise<Route | FieldError> {
  const siret = invoice.seller?.siret ?? ''
  const seller = await directory.seller(siret)
  if (seller === undefined) return sellerError(siret)
  if (invoice.payment?.bankAccount === undefined) return { supplierId: seller.structureId }
  const wanted = directory.accountName(invoice.payment.bankAccount)
  const account = chooseAccount(await directory.bankAccounts(seller.structureId), wanted)
  if (account === undefined) return accountError(invoice.payment.bankAccount)
  return { supplierId: seller.structureId, bankAccountId: account.bankAccountId }
}

/** Less than the caller of the checks waits: what one of them found is not lost when the other takes too long. */
const lookUpMs = 4_500

async function unlessAway(pointer: string, check: (verdict: RoutingVerdict) => Promise<void>): Promise<RoutingVerdict> {
  const verdict: RoutingVerdict = { errors: [], warnings: [] }
  try {
    const late = await inTime(
      check(verdict).then(() => false),
      lookUpMs,
      true
    )
    if (!late) return verdict
    // What comes later belongs to nobody any more.
    return { errors: [...verdict.errors], warnings: [...verdict.warnings, unchecked(pointer, 'upstream-timeout')] }
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    verdict.warnings.push(unchecked(pointer, error.evidence.problem))
    return verdict
  }
}

const unchecked = (pointer: string, rule: string): FieldError => ({
  pointer,
  rule,
  message: 'Chorus Pro could not be asked about this now; it will be checked when the invoice is sent.',
  messageFr: 'Chorus Pro n’a pas pu être interrogé ; la vérification se fera à l’envoi.',
  fix: 'Nothing to do.'
})

async function checkSeller(
  directory: Directory,
  invoice: InvoiceContent,
  withAccount: boolean,
  verdict: RoutingVerdict
) {
  const siret = invoice.seller?.siret
  if (siret === undefined) return
  const seller = await directory.seller(siret)
  if (seller === undefined) {
    verdict.errors.push(sellerError(siret))
    return
  }
  const wanted = invoice.payment?.bankAccount
  if (!withAccount || wanted === undefined) return
  if (chooseAccount(await directory.bankAccounts(seller.structureId), directory.accountName(wanted)) === undefined) {
    verdict.errors.push(accountError(wanted))
  }
}

async function checkBuyer(directory: Directory, invoice: InvoiceContent, verdict: RoutingVerdict) {
  const siret = invoice.buyer?.siret
  if (siret === undefined || !/^\d{14}$/.test(siret)) return
  const buyer = await directory.organization(siret)
  // What an old copy says may be over: it is told, and refuses nothing.
  const errors = buyer?.stale === true ? verdict.warnings : verdict.errors
  if (buyer?.source === 'local-copy') verdict.warnings.push(fromCopy(buyer))
  if (buyer === undefined) {
    errors.push({
      pointer: '/buyer/siret',
      term: 'BT-47',
      rule: 'recipient-unknown',
      message: `Chorus Pro knows no structure with the SIRET ${siret}.`,
      messageFr: `Chorus Pro ne connaît aucune structure avec le SIRET ${siret}.`,
      fix: 'Check the SIRET with the recipient; the State is 11000201100044, its offices are services.'
    })
    return
  }
  if (!buyer.active) {
    errors.push({
      pointer: '/buyer/siret',
      term: 'BT-47',
      rule: 'recipient-inactive',
      message: `The structure ${siret} is inactive in Chorus Pro.`,
      messageFr: `La structure ${siret} est inactive dans Chorus Pro.`,
      fix: 'Ask the recipient which structure replaces it.'
    })
    return
  }
  await checkRequirements(directory, invoice, buyer, errors)
}

/** The copy holds structures and what they demand; nothing of services or of our own structures. */
const fromCopy = ({ siret, asOf }: OrganizationFacts): FieldError => ({
  pointer: '/buyer/siret',
  rule: 'upstream-unavailable',
  message: `Chorus Pro could not be asked about ${siret}: it was checked against the directory as of ${asOf}, its services were not.`,
  messageFr: `Chorus Pro n’a pas pu être interrogé sur ${siret} : contrôle fait avec l’annuaire du ${asOf}, sans les services.`,
  fix: 'Nothing to do.'
})

/** directory.md, section 3: the either-or rule stands before the two others. */
async function checkRequirements(
  directory: Directory,
  invoice: InvoiceContent,
  buyer: OrganizationFacts,
  errors: FieldError[]
) {
  const { serviceCode: needsService, commitmentNumber: needsCommitment, serviceOrCommitment } = buyer.requirements
  const code = invoice.buyer?.serviceCode
  const commitment = invoice.commitmentNumber
  const name = buyer.name ?? buyer.siret
  if (serviceOrCommitment) {
    if (code === undefined && commitment === undefined) {
      errors.push(
        serviceRequired(
          `${name} demands a service code or a commitment number.`,
          `${name} exige un code service ou un numéro d’engagement.`
        )
      )
    }
  } else {
    if (needsService && code === undefined) {
      errors.push(serviceRequired(`${name} demands a service code.`, `${name} exige un code service.`))
    }
    if (needsCommitment && commitment === undefined) errors.push(commitmentRequired(name))
  }
  if (code === undefined) return
  const reserved = code === 'FACTURES_PUBLIQUES'
  // The local copy lists no services; that one belongs to public bodies everywhere.
  if (buyer.structureId === undefined && !reserved) return
  const service = buyer.structureId === undefined ? undefined : await directory.service(buyer.structureId, code)
  if (service === undefined || !service.active || reserved) {
    errors.push({
      pointer: '/buyer/serviceCode',
      term: 'BT-10',
      rule: 'service-code-unknown',
      message: reserved
        ? 'The service FACTURES_PUBLIQUES is reserved for invoices between public bodies.'
        : `${name} has no ${service === undefined ? '' : 'active '}service ${code}.`,
      messageFr: reserved
        ? 'Le service FACTURES_PUBLIQUES est réservé aux factures entre entités publiques.'
        : `${name} n’a pas de service ${code}${service === undefined ? '' : ' actif'}.`,
      fix: 'Ask the recipient for the service code; capitals count.'
    })
  } else if (
    service.commitmentNumberRequired &&
    commitment === undefined &&
    !(needsCommitment && !serviceOrCommitment)
  ) {
    errors.push(commitmentRequired(`${name}, service ${code},`))
  }
}

/** By label, by id; labels are compared without regard to case and outer blanks. */
function chooseAccount(accounts: BankAccount[], wanted: string): BankAccount | undefined {
  const plain = wanted.trim().toLowerCase()
  return (
    accounts.find((account) => account.bankAccountId === wanted.trim()) ??
    accounts.find((account) => account.label?.trim().toLowerCase() === plain)
  )
}

const serviceRequired = (message: string, messageFr: string): FieldError => ({
  pointer: '/buyer/serviceCode',
  term: 'BT-10',
  rule: 'service-code-required',
  message,
  messageFr,
  fix: 'Ask the recipient for the service code and send it as buyer.serviceCode.'
})

const commitmentRequired = (name: string): FieldError => ({
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

const sellerError = (siret: string): FieldError => ({
  pointer: '/seller/siret',
  term: 'BT-30',
  rule: 'seller-not-registered',
  message: `The technical account is attached to no active structure with the SIRET ${siret}.`,
  messageFr: `Le compte technique n’est rattaché à aucune structure active de SIRET ${siret}.`,
  fix: 'Check the SIRET, or have the technical account attached to this structure on the portal.'
})

const accountError = (wanted: string): FieldError => ({
  pointer: '/payment/bankAccount',
  term: 'BT-84',
  rule: 'bank-account-unknown',
  message: `The seller has no valid bank account "${wanted}" in Chorus Pro.`,
  messageFr: `Le fournisseur n’a pas de coordonnées bancaires valides « ${wanted} » dans Chorus Pro.`,
  fix: isIban(wanted)
    ? 'Chorus Pro never tells IBANs: have this one mapped in the configuration of the gateway, or send the label that Chorus Pro shows.'
    : 'Send the label or the id that Chorus Pro shows, or leave payment.bankAccount out.'
})
