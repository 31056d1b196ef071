import type { Asker } from './asker.ts'
import { createOrganizations, type Organizations } from './organizations.ts'
import { createPaymentRequests, type PaymentRequests } from './payment-requests.ts'
import { createStructureIds } from './structure-ids.ts'
import { createValidations, type Validations } from './validations.ts'
import { createWorksInvoices, type WorksInvoices } from './works-invoices.ts'

/** What Chorus Pro offers beside the sending of invoices, in our words: one member per resource. */
export interface Resources {
  organizations: Organizations
  validations: Validations
  paymentRequests: PaymentRequests
  worksInvoices: WorksInvoices
}

export function createResources(asker: Asker): Resources {
  const structureId = createStructureIds(asker)
  return {
    organizations: createOrganizations(asker),
    validations: createValidations(asker, structureId),
    paymentRequests: createPaymentRequests(asker),
    worksInvoices: createWorksInvoices(asker, structureId)
  }
}
