import type { InvoiceDraft } from './invoice.ts'
import type { World } from './world.ts'

/**
 * Ready-made invoices, as a generated qualification dataset has (test-dataset.md 2.1): eleven in the statuses that
 * readers must bear, from a supplier of their own, so that nobody's sending is disturbed.
 */
const statuses: [status: string, comment?: string][] = [
  ['MISE_A_DISPOSITION'],
  ['MISE_A_DISPOSITION'],
  ['SUSPENDUE', 'Il manque le bon de livraison'],
  ['COMPLETEE'],
  ['REJETEE', 'Mauvais destinataire'],
  ['A_RECYCLER', 'Code service erroné'],
  ['SERVICE_FAIT'],
  ['MANDATEE'],
  ['MISE_A_DISPOSITION_COMPTABLE'],
  ['COMPTABILISEE'],
  ['MISE_EN_PAIEMENT']
]

export function addSamples({ directory, invoices, clock }: World): void {
  const seller = directory.byIdentifier('99900060700013')
  const recipient = directory.byIdentifier('12345678200051')
  if (seller === undefined || recipient === undefined) return
  const month = 30 * 86_400_000
  for (const [index, [status, comment]] of statuses.entries()) {
    const deposited = clock.now() - month + index * 86_400_000
    const ht = 100 * (index + 1)
    const draft: InvoiceDraft = {
      number: `QUAL_${String(1_110_661 + index).padStart(14, '0')}`,
      mode: 'UPLOAD_PORTAIL',
      framework: 'A1_FACTURE_FOURNISSEUR',
      issued: new Date(deposited).toISOString().slice(0, 10),
      seller,
      account: seller.accounts[0],
      recipient,
      references: { currency: 'EUR', type: 'FACTURE', vatType: 'TVA_SUR_DEBIT', payment: 'VIREMENT' },
      totals: { ht, tva: ht / 5, ttc: ht * 1.2, payable: ht * 1.2 },
      vat: [{ rate: 20, base: ht, amount: ht / 5 }],
      lines: [{ number: 1, name: 'Exemple', quantity: 1, unit: 'lot', price: ht, vatRate: 20 }],
      attachments: [],
      creator: 'GEST_PRIVE_1_99900060700013@cpro.fr'
    }
    const invoice = invoices.add(draft, deposited)
    invoice.upcoming = []
    const steps = status === 'MISE_A_DISPOSITION' ? [] : [{ status, comment }]
    for (const [at, step] of [
      { status: 'EN_COURS_ACHEMINEMENT' },
      { status: 'MISE_A_DISPOSITION' },
      ...steps
    ].entries()) {
      invoice.history.push({ id: invoices.nextSmall(), at: deposited + (at + 1) * 3_600_000, ...step })
    }
  }
}
