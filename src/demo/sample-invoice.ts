import { amountsOf, type InvoiceSheet } from './invoice-pdf.ts'

/** A supplier and two recipients that the simulator knows. */
const seller = {
  name: 'FOURNISSEUR UN COMPTE',
  siret: '99900010200015',
  address: ['1 rue de l’Exemple', '99999 VILLE-TEST']
}
const recipient = {
  name: 'DESTINATAIRE SANS PARAMETRE',
  siret: '12345678200051',
  address: ['12 place de la Mairie', '99000 EXEMPLE']
}
export const demandingRecipient = {
  name: 'DESTINATAIRE SERVICE OBLIGATOIRE',
  siret: '12345678200028',
  address: ['3 avenue des Services', '99000 EXEMPLE']
}

/** What accounting wrote: two lines, 20 % VAT, due in thirty days. */
export function sampleInvoice(number: string, now: Date, buyer = recipient): InvoiceSheet {
  return {
    number,
    issueDate: parisDay(now),
    dueDate: parisDay(new Date(now.getTime() + 30 * 86_400_000)),
    seller,
    buyer,
    commitmentNumber: 'EJ-778899',
    lines: [
      { name: 'Maintenance du logiciel', quantity: 1, unit: 'mois', priceCents: 80_000 },
      { name: 'Intervention sur site', quantity: 2, unit: 'heures', priceCents: 10_000 }
    ],
    vatPercent: 20
  }
}

/** The flat form fields of the same invoice, as the simplest client sends them. */
export function formFields(sheet: InvoiceSheet): [name: string, value: string][] {
  const { netCents, vatCents, grossCents } = amountsOf(sheet)
  const decimal = (cents: number) => (cents / 100).toFixed(2)
  return [
    ['number', sheet.number],
    ['issueDate', sheet.issueDate],
    ['seller.siret', sheet.seller.siret],
    ['buyer.siret', sheet.buyer.siret],
    ['commitmentNumber', sheet.commitmentNumber],
    ['vatRegime', 'on_debits'],
    ['payment.meansCode', '30'],
    ['totals.taxExclusive', decimal(netCents)],
    ['totals.tax', decimal(vatCents)],
    ['totals.taxInclusive', decimal(grossCents)],
    ['totals.payable', decimal(grossCents)]
  ]
}

/** A number that no earlier demo has used, also in a folder that is kept: the second of the year. */
export function freshNumber(now: Date): string {
  const year = now.getUTCFullYear()
  return `FA-${year}-${Math.floor((now.getTime() - Date.UTC(year, 0)) / 1000)}`
}

const parisDay = (at: Date) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(at)
