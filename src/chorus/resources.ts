import { type Account, createAccount } from './account.ts'
import type { Asker } from './asker.ts'
import { type CodeLists, createCodeLists } from './code-lists.ts'
import { type Commitments, createCommitments } from './commitments.ts'
import { createFlows, type Flows } from './flows.ts'
import { createIssuedInvoices, type IssuedInvoices } from './issued-invoices.ts'
import { createOrganizations, type Organizations } from './organizations.ts'
import { createPaymentRequests, type PaymentRequests } from './payment-requests.ts'
import { createReceivedInvoices, type ReceivedInvoices } from './received-invoices.ts'
import { createServiceIds } from './service-ids.ts'
import { createStoredAttachments, type StoredAttachments } from './stored-attachments.ts'
import { createStructureIds, type StructureIds } from './structure-ids.ts'
import { createValidations, type Validations } from './validations.ts'
import { createWorksInvoices, type WorksInvoices } from './works-invoices.ts'

/** What Chorus Pro offers beside the sending of invoices, in our words: one member per resource. */
export interface Resources {
  account: Account
  attachments: StoredAttachments
  commitments: Commitments
  flows: Flows
  codeLists: CodeLists
  organizations: Organizations
  issuedInvoices: IssuedInvoices
  receivedInvoices: ReceivedInvoices
  validations: Validations
  paymentRequests: PaymentRequests
  worksInvoices: WorksInvoices
  structureIds: StructureIds
}

export function createResources(asker: Asker): Resources {
  const structureIds = createStructureIds(asker)
  const serviceIds = createServiceIds(asker, structureIds)
  return {
    account: createAccount(asker),
    attachments: createStoredAttachments(asker),
    commitments: createCommitments(asker),
    flows: createFlows(asker),
    codeLists: createCodeLists(asker),
    organizations: createOrganizations(asker),
    issuedInvoices: createIssuedInvoices(asker),
    receivedInvoices: createReceivedInvoices(asker),
    validations: createValidations(asker, structureIds, serviceIds),
    paymentRequests: createPaymentRequests(asker, serviceIds),
    worksInvoices: createWorksInvoices(asker, structureIds, serviceIds),
    structureIds
  }
}
