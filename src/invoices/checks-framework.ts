import type { CheckedInvoice, CheckMode } from './checks.ts'
import type { Notes } from './checks-findings.ts'

/** What soumettre takes; works documents have other ways. */
const simple = ['A1', 'A2', 'A9', 'A12']
const validated = ['A9', 'A12']

/** The billing framework (cadre de facturation), and what it and the VAT regime call for. */
export function checkFramework(invoice: CheckedInvoice, mode: CheckMode, notes: Notes): void {
  const { businessProcess = mode === 'structured' ? undefined : 'A1', validator, payment } = invoice
  if (mode === 'structured') checkWritten(businessProcess, notes)
  else if (!simple.includes(businessProcess ?? 'A1')) {
    notes.error({
      pointer: '/businessProcess',
      detailRule: 'framework-not-in-mode',
      message: `Framework ${businessProcess?.slice(0, 20)} cannot be sent in mode ${mode}; only A1, A2, A9 and A12 can.`,
      messageFr: `Le cadre ${businessProcess?.slice(0, 20)} n’est pas admis en mode ${mode} ; seuls A1, A2, A9 et A12 le sont.`,
      fix: 'Use one of the four; works documents go through /v1/works-invoices or a structured flow.'
    })
  }
  const needsValidator = businessProcess !== undefined && validated.includes(businessProcess)
  if (needsValidator && mode !== 'structured' && validator?.siret === undefined) {
    notes.warning({
      pointer: '/validator/siret',
      detailRule: 'validator-missing',
      message: `Framework ${businessProcess} goes through a validator, and none is named.`,
      messageFr: `Le cadre ${businessProcess} passe par un valideur, et aucun n’est désigné.`,
      fix: 'Give validator.siret, the SIRET of the main contractor who validates.'
    })
  }
  if (!needsValidator && validator !== undefined && businessProcess !== undefined) {
    notes.warning({
      pointer: '/validator',
      detailRule: 'validator-unused',
      message: `Framework ${businessProcess.slice(0, 20)} has no validator; the one given has no effect.`,
      messageFr: `Le cadre ${businessProcess.slice(0, 20)} n’a pas de valideur ; celui indiqué est sans effet.`,
      fix: 'Leave validator out, or use A9 (subcontractor) or A12 (co-contractor).'
    })
  }
  if (payment?.meansCode === undefined && invoice.typeCode !== '381') {
    notes.warning({
      pointer: '/payment/meansCode',
      detailRule: 'payment-means-missing',
      message: 'The payment means is missing; Chorus Pro asks for one on invoices.',
      messageFr: 'Le moyen de paiement est absent ; Chorus Pro en demande un sur les factures.',
      fix: 'Give payment.meansCode: 30 credit transfer, 49 direct debit, 20 cheque.'
    })
  }
  checkExemption(invoice, mode, notes)
}

function checkWritten(businessProcess: string | undefined, notes: Notes): void {
  if (businessProcess !== undefined && /^A(?:[1-9]|1\d|2[0-5])$/.test(businessProcess)) return
  const seen = businessProcess === undefined ? 'nothing' : `"${businessProcess.slice(0, 60)}"`
  const seenFr = businessProcess === undefined ? 'rien' : `« ${businessProcess.slice(0, 60)} »`
  notes.warning({
    pointer: '/businessProcess',
    detailRule: 'framework-not-written',
    message: `Chorus Pro looks for its framework, A1 to A25, in the business process (BT-23); the document has ${seen}.`,
    messageFr: `Chorus Pro cherche le cadre de facturation, A1 à A25, dans BT-23 ; le document porte ${seenFr}.`,
    fix: 'Write A1 (supplier invoice) as the business process when you produce the document.'
  })
}

function checkExemption({ vatRegime, vatBreakdown = [] }: CheckedInvoice, mode: CheckMode, notes: Notes): void {
  const told = {
    detailRule: 'exemption-reason-missing',
    message: 'VAT is not charged because of an exemption, and the reason is missing.',
    messageFr: 'La TVA n’est pas appliquée en raison d’une exonération dont le motif est absent.',
    fix: 'Give exemptionReason, for example "Article 261 du CGI".'
  }
  for (const [at, { categoryCode, exemptionReason }] of vatBreakdown.entries()) {
    if (categoryCode !== 'E' || exemptionReason !== undefined) continue
    notes.tell(mode === 'structured' ? 'warning' : 'error', { ...told, pointer: `/vatBreakdown/${at}/exemptionReason` })
  }
  const exempt = vatRegime === 'exempt' || vatRegime === 'EXONERATION'
  if (exempt && vatBreakdown.every(({ exemptionReason }) => exemptionReason === undefined)) {
    const already = vatBreakdown.some(({ categoryCode }) => categoryCode === 'E')
    if (!already) notes.error({ ...told, pointer: '/vatBreakdown/0/exemptionReason' })
  }
}
