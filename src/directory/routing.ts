import type { InvoiceContent } from '../../schemas/invoice.ts'
import type { FieldError } from '../../schemas/problem.ts'
import type { BankAccount } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { inTime } from '../in-time.ts'
import type { Directory } from './directory.ts'
import {
  commitmentRequired,
  fromCopy,
  inactiveRecipient,
  reservedService,
  serviceOrCommitmentRequired,
  serviceRequired,
  unchecked,
  unknownAccount,
  unknownRecipient,
  unknownSeller,
  unknownService
} from './findings.ts'
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
  if (seller === undefined) return unknownSeller(siret)
  if (invoice.payment?.bankAccount === undefined) return { supplierId: seller.structureId }
  const wanted = directory.accountName(invoice.payment.bankAccount)
  const account = chooseAccount(await directory.bankAccounts(seller.structureId), wanted)
  if (account === undefined) return unknownAccount(invoice.payment.bankAccount)
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
    verdict.errors.push(unknownSeller(siret))
    return
  }
  const wanted = invoice.payment?.bankAccount
  if (!withAccount || wanted === undefined) return
  if (chooseAccount(await directory.bankAccounts(seller.structureId), directory.accountName(wanted)) === undefined) {
    verdict.errors.push(unknownAccount(wanted))
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
    errors.push(unknownRecipient(siret))
    return
  }
  if (!buyer.active) {
    errors.push(inactiveRecipient(siret))
    return
  }
  await checkRequirements(directory, invoice, buyer, errors)
}

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
    if (code === undefined && commitment === undefined) errors.push(serviceOrCommitmentRequired(name))
  } else {
    if (needsService && code === undefined) errors.push(serviceRequired(name))
    if (needsCommitment && commitment === undefined) errors.push(commitmentRequired(name))
  }
  if (code === undefined) return
  const reserved = code === 'FACTURES_PUBLIQUES'
  // The local copy lists no services; that one belongs to public bodies everywhere.
  if (buyer.structureId === undefined && !reserved) return
  const service = buyer.structureId === undefined ? undefined : await directory.service(buyer.structureId, code)
  if (service === undefined || !service.active || reserved) {
    errors.push(reserved ? reservedService : unknownService(name, code, service !== undefined))
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
