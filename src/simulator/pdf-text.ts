import type { Directory } from './directory.ts'

/** What deposer/pdf says it read. Every member may be null; typeFacture is FACTURE all the same (behaviour.md 2). */
export interface Extraction {
  numeroFacture: string | null
  dateFacture: string | null
  codeDestinataire: string | null
  codeServiceExecutant: string | null
  codeFournisseur: string | null
  codeDeviseFacture: string | null
  typeFacture: string
  typeTva: string | null
  numeroBonCommande: string | null
  montantTtcAvantRemiseGlobalTTC: number | null
  montantAPayer: number | null
  montantHtTotal: number | null
  montantTVA: number | null
}

const mostBytes = 524_288

/** The strings shown by uncompressed content streams. A compressed or scanned PDF gives nothing, as a scan does upstream. */
function shownText(pdf: Buffer): string {
  const source = pdf.toString('latin1', 0, mostBytes)
  const shown = source.matchAll(/\(((?:\\.|[^\\()])*)\)\s*(?:Tj|'|")/g)
  return Array.from(shown, (match) => (match[1] as string).replaceAll(/\\(.)/gs, '$1')).join('\n')
}

export function readPdfText(pdf: Buffer, directory: Directory): Extraction {
  const text = shownText(pdf)
  const find = (pattern: RegExp): string | null => pattern.exec(text)?.[1] ?? null
  const amount = (pattern: RegExp): number | null => {
    const digits = find(pattern)
      ?.replaceAll(/[\s\u00a0]/g, '')
      .replace(',', '.')
    return digits === undefined ? null : Number(digits)
  }
  const parties = Array.from(text.matchAll(/(?<!\d)\d(?: ?\d){13}(?!\d)/g), (match) =>
    directory.byIdentifier(match[0].replaceAll(' ', ''))
  )
  const day = /(\d{4}-\d{2}-\d{2})|(\d{2})\/(\d{2})\/(\d{4})/.exec(text)
  const payable = amount(/(?:net\s+)?[aà] payer\D*?(\d[\d \u00a0]*[.,]\d{2})/i)
  const ttc = amount(/total\s+ttc\D*?(\d[\d \u00a0]*[.,]\d{2})/i)
  return {
    numeroFacture: find(
      /(?:facture|avoir|invoice)\s*(?:n[°º.o]{0,2}(?=[\s:])|num\S*|:|#)?\s*:?\s*((?=\S*\d)[A-Za-z0-9][A-Za-z0-9_/+-]{0,19})/i
    ),
    dateFacture: day === null ? null : (day[1] ?? `${day[4]}-${day[3]}-${day[2]}`),
    codeDestinataire: parties.find((party) => party?.kind === 'PUBLIQUE')?.identifier ?? null,
    codeServiceExecutant: find(/service\s*:?\s*([A-Z][A-Z0-9_]{3,99})/),
    codeFournisseur: parties.find((party) => party?.kind === 'PRIVEE')?.identifier ?? null,
    codeDeviseFacture: /\bEUR\b|\u20ac|\x80/.test(text) ? 'EUR' : null,
    typeFacture: /\bavoir\b/i.test(text) ? 'AVOIR' : 'FACTURE',
    typeTva: null,
    numeroBonCommande: find(
      /(?:engagement|bon de commande)\W*(?:n\W{0,2}o?)?\s*:?\s*([A-Za-z0-9][A-Za-z0-9_/-]{2,49})/i
    ),
    montantTtcAvantRemiseGlobalTTC: ttc,
    montantAPayer: payable ?? ttc,
    montantHtTotal: amount(/total\s+ht\D*?(\d[\d \u00a0]*[.,]\d{2})/i),
    montantTVA: amount(/(?:montant|total)\s+tva\D*?(\d[\d \u00a0]*[.,]\d{2})/i)
  }
}
