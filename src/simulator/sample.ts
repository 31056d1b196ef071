import type { Service, Structure } from './directory.ts'
import type { Invoice, InvoiceDraft } from './invoice.ts'
import type { Id } from './json.ts'
import type { World } from './world.ts'

/** One ready-made invoice with its history, an hour from one status to the next. */

export type Moment = [status: string, comment?: string]

export interface Sample {
  number: string
  framework?: string
  seller: Structure
  recipient: Structure
  service?: Service | undefined
  validator?: Structure | undefined
  works?: InvoiceDraft['works']
  /** Days before the start. */
  age: number
  /** Excluding VAT, in euros. */
  amount: number
  history: Moment[]
  id?: Id
}

export function addSample({ invoices, clock }: Pick<World, 'invoices' | 'clock'>, sample: Sample): Invoice {
  const { seller, recipient, amount, history, id } = sample
  const deposited = clock.now() - sample.age * 86_400_000
  const draft: InvoiceDraft = {
    number: sample.number,
    mode: 'UPLOAD_PORTAIL',
    framework: sample.framework ?? 'A1_FACTURE_FOURNISSEUR',
    issued: new Date(deposited).toISOString().slice(0, 10),
    seller,
    sellerService: seller.services[0],
    account: seller.accounts[0],
    recipient,
    service: sample.service,
    validator: sample.validator,
    works: sample.works,
    references: { currency: 'EUR', type: 'FACTURE', vatType: 'TVA_SUR_DEBIT', payment: 'VIREMENT' },
    totals: { ht: amount, tva: amount / 5, ttc: amount + amount / 5, payable: amount + amount / 5 },
    vat: [{ rate: 20, base: amount, amount: amount / 5 }],
    lines: [{ number: 1, name: 'Exemple', quantity: 1, unit: 'lot', price: amount, vatRate: 20 }],
    attachments: [],
    creator: `GEST_PRIVE_1_${seller.identifier}@cpro.fr`
  }
  const [first = ['DEPOSEE'], ...later] = history
  const invoice = invoices.add(draft, deposited, first[0], id)
  invoice.upcoming = []
  for (const [at, [status, comment]] of later.entries())
    invoice.history.push({ id: invoices.nextSmall(), at: deposited + (at + 1) * 3_600_000, status, comment })
  return invoice
}
