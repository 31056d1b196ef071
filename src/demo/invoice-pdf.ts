/** An invoice as it is printed. Amounts are integer cents. */
export interface InvoiceSheet {
  number: string
  /** ISO dates. */
  issueDate: string
  dueDate: string
  seller: Party
  buyer: Party
  commitmentNumber: string
  lines: { name: string; quantity: number; unit: string; priceCents: number }[]
  vatPercent: number
}

export interface Party {
  name: string
  siret: string
  address: string[]
}

export interface Amounts {
  lineCents: number[]
  netCents: number
  vatCents: number
  grossCents: number
}

export function amountsOf({ lines, vatPercent }: Pick<InvoiceSheet, 'lines' | 'vatPercent'>): Amounts {
  const lineCents = lines.map((line) => line.quantity * line.priceCents)
  const netCents = lineCents.reduce((sum, cents) => sum + cents, 0)
  const vatCents = Math.round((netCents * vatPercent) / 100)
  return { lineCents, netCents, vatCents, grossCents: netCents + vatCents }
}

/** One A4 page with text that can be read and selected: PDF 1.4, the standard fonts, nothing compressed. */
export function makeInvoicePdf(sheet: InvoiceSheet): Buffer {
  const stream = page(sheet)
  const font = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Title ${literal(`Facture ${sheet.number}`)} /Author ${literal(sheet.seller.name)} >>`
  ]
  let file = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n'
  const offsets = objects.map((body, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${body}\nendobj\n`
    return offset
  })
  const start = file.length
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

function page(sheet: InvoiceSheet): string {
  const { seller, buyer } = sheet
  const { lineCents, netCents, vatCents, grossCents } = amountsOf(sheet)
  const parts: string[] = []
  const show = (x: number, y: number, text: string, size = 10, bold = false) =>
    parts.push(`BT /F${bold ? 2 : 1} ${size} Tf ${x} ${y} Td ${literal(text)} Tj ET`)
  const showTo = (right: number, y: number, text: string, bold = false) =>
    show(Math.round((right - widthOf(text, 10)) * 100) / 100, y, text, 10, bold)
  const rule = (y: number, from = 50, to = 545) => parts.push(`0.5 w ${from} ${y} m ${to} ${y} l S`)
  const block = (x: number, top: number, party: Party) => {
    show(x, top, party.name, 11, true)
    party.address.forEach((line, index) => {
      show(x, top - 15 - index * 13, line)
    })
    show(x, top - 15 - party.address.length * 13, `SIRET ${party.siret}`)
  }

  block(50, 790, seller)
  show(330, 790, `FACTURE ${sheet.number}`, 15, true)
  show(330, 770, `Date d’émission : ${day(sheet.issueDate)}`)
  show(330, 757, `Échéance : ${day(sheet.dueDate)}`)
  show(330, 744, `N° d’engagement : ${sheet.commitmentNumber}`)
  show(330, 700, 'Facturé à', 9)
  block(330, 685, buyer)

  rule(600)
  show(50, 586, 'Désignation', 10, true)
  showTo(360, 586, 'Quantité', true)
  showTo(450, 586, 'Prix unitaire HT', true)
  showTo(545, 586, 'Montant HT', true)
  rule(578)
  sheet.lines.forEach((line, index) => {
    const y = 562 - index * 18
    show(50, y, line.name)
    showTo(360, y, `${line.quantity} ${line.unit}`)
    showTo(450, y, euros(line.priceCents))
    showTo(545, y, euros(lineCents[index] ?? 0))
  })
  const below = 562 - sheet.lines.length * 18
  rule(below)
  const total = (row: number, label: string, cents: number, bold = false) => {
    show(350, below - 20 - row * 17, label, 10, bold)
    showTo(545, below - 20 - row * 17, euros(cents), bold)
  }
  total(0, 'Total HT', netCents)
  total(1, `Total TVA ${sheet.vatPercent} %`, vatCents)
  total(2, 'Total TTC', grossCents)
  total(3, 'Net à payer', grossCents, true)

  show(50, 140, `Paiement par virement au plus tard le ${day(sheet.dueDate)}. TVA acquittée sur les débits.`, 9)
  show(
    50,
    127,
    'Retard de paiement : intérêts moratoires et indemnité forfaitaire de 40 € (code de la commande publique).',
    8
  )
  rule(110)
  show(50, 96, `${seller.name}, SIRET ${seller.siret}. Facture de démonstration, sans valeur.`, 8)
  return parts.join('\n')
}

/** A string of WinAnsi bytes, held in latin1. */
function literal(text: string): string {
  const bytes = Array.from(text, (char) => winAnsi[char] ?? (char.charCodeAt(0) < 256 ? char : '?')).join('')
  return `(${bytes.replace(/[\\()]/g, '\\$&')})`
}

const winAnsi: Record<string, string> = { '€': '\x80', '’': '\x92', '–': '\x96', œ: '\x9c' }

/** Helvetica's widths in thousandths; letters on average, which is good enough for headings. */
function widthOf(text: string, size: number): number {
  const units = Array.from(text, (char) =>
    /[ ,.ijltf’]/.test(char) ? 278 : /[mM]/.test(char) ? 840 : /[A-Z]/.test(char) ? 710 : 556
  )
  return (units.reduce((sum, unit) => sum + unit, 0) * size) / 1000
}

const euros = (cents: number) => {
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ' ')
  return `${whole},${String(cents % 100).padStart(2, '0')} €`
}

const day = (iso: string) => iso.split('-').reverse().join('/')
