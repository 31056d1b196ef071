export type XmlIdentifier = {
  where: 'id' | 'globalId' | 'legal' | 'tax' | 'endpoint'
  value: string
  scheme?: string
}

export type XmlParty = {
  name?: string
  /** BT-30, BT-47: 14 digits. */
  siret?: string
  siren?: string
  /** BT-31, BT-48. */
  vatId?: string
  country?: string
  identifiers: XmlIdentifier[]
}

export type XmlVat = { categoryCode?: string; rate?: string; taxable?: string; tax?: string; exemptionReason?: string }

export type XmlLine = {
  id?: string
  name?: string
  quantity?: string
  unitCode?: string
  netPrice?: string
  /** BT-149: the quantity that the net price is for; absent means one. */
  priceBaseQuantity?: string
  netAmount?: string
  /** DETAIL, GROUP or INFORMATION, where lines of profile EXTENDED have lines below them. */
  status?: string
  vat: { categoryCode?: string; rate?: string }
}

export type XmlTotals = {
  lineExtension?: string
  allowance?: string
  charge?: string
  taxExclusive?: string
  tax?: string
  taxInclusive?: string
  prepaid?: string
  rounding?: string
  payable?: string
}

/** A value of the header that stands there twice: which one counts is anybody's guess, so it is a fault. */
export type XmlFault = { rule: 'xml-duplicate-element'; term: string; element: string; line: number }

/** What an XML invoice says. Amounts and codes are as written, trimmed; dates are ISO where they could be read. */
export type XmlInvoice = {
  syntax: 'cii' | 'ubl-invoice' | 'ubl-credit-note'
  namespace: string
  /** BT-24. */
  guideline?: string
  /** A name for the guideline, such as MINIMUM or EN16931. */
  profile?: string
  number?: string
  issueDate?: string
  typeCode?: string
  currency?: string
  dueDate?: string
  businessProcess?: string
  /** The billing framework where files made for Chorus Pro write it: UBLExtensions, or the guideline of CII. */
  chorusFramework?: string
  buyerReference?: string
  purchaseOrderReference?: string
  contractReference?: string
  precedingInvoice?: string
  notes: string[]
  seller: XmlParty
  buyer: XmlParty
  payment: { meansCode?: string; iban?: string }
  totals: XmlTotals
  vatBreakdown: XmlVat[]
  lines: XmlLine[]
  /** Files carried in base64; `size` is what they decode to. */
  attachments: { name?: string; mediaType?: string; size: number }[]
  faults: XmlFault[]
}

export function emptyInvoice(syntax: XmlInvoice['syntax'], namespace: string): XmlInvoice {
  return {
    syntax,
    namespace,
    notes: [],
    seller: { identifiers: [] },
    buyer: { identifiers: [] },
    payment: {},
    totals: {},
    vatBreakdown: [],
    lines: [],
    attachments: [],
    faults: []
  }
}

/** Which standard a guideline identifier (BT-24) names, from the most particular to the most general. */
const profiles: readonly (readonly [RegExp, string])[] = [
  [/extended-ctc-fr/, 'EXTENDED-CTC-FR'],
  [/xrechnung/, 'XRECHNUNG'],
  [/peppol/, 'PEPPOL-BIS3'],
  [/^urn:ferd:.*:basic$/, 'ZUGFERD1 BASIC'],
  [/^urn:ferd:.*:comfort$/, 'ZUGFERD1 COMFORT'],
  [/^urn:ferd:.*:extended$/, 'ZUGFERD1 EXTENDED'],
  [/:minimum$/, 'MINIMUM'],
  [/:basicwl$/, 'BASIC WL'],
  [/:basic$/, 'BASIC'],
  [/:extended$/, 'EXTENDED'],
  [/^urn:cen\.eu:en16931:2017/, 'EN16931']
]

export function profileOf(guideline: string): string | undefined {
  const wanted = guideline.toLowerCase()
  return profiles.find(([pattern]) => pattern.test(wanted))?.[1]
}

const siretScheme = /^(?:0009|1|(?:FR:)?SIRET)$/i
const sirenScheme = /^(?:0002|(?:FR:)?SIRENE?)$/i

/**
 * Scheme 0009 is SIRET, `1` is Chorus Pro's name for it, 0002 is SIREN (with SIRET in it at times). Numbers without a
 * scheme are taken for French ones only where the party may be French, and only where no other is called a SIRET: a
 * customer number may have 14 digits too. An electronic address is where to deliver, not who it is.
 */
export function readIdentifiers(party: XmlParty): void {
  const perhapsFrench = party.country === undefined || party.country === 'FR'
  const called = (scheme = '') => siretScheme.test(scheme)
  for (const { where, value, scheme } of party.identifiers.toSorted((a, b) => +called(b.scheme) - +called(a.scheme))) {
    const digits = value.replace(/[\s.]/g, '')
    if (where === 'tax' || where === 'endpoint' || !/^\d+$/.test(digits)) continue
    const named = scheme !== undefined && (siretScheme.test(scheme) || sirenScheme.test(scheme))
    if (!named && !(scheme === undefined && perhapsFrench)) continue
    if (digits.length === 14) party.siret ??= digits
    if (digits.length === 9 && (named || where === 'legal')) party.siren ??= digits
  }
  if (party.siren === undefined && party.siret !== undefined) party.siren = party.siret.slice(0, 9)
}

/** XML Schema lets a decimal be written `+5`, `.5` or `1200.`; everybody else wants digits, a point, digits. */
export function plainDecimal(text: string): string {
  return text
    .replace(/^\+(?=[\d.])/, '')
    .replace(/^(-?)(?=\.\d)/, '$10')
    .replace(/(?<=\d)\.$/, '')
}

/** How many bytes a base64 text stands for, whatever its line breaks. */
export function base64Size(text: string): number {
  const digits = text.replace(/[^A-Za-z0-9+/_-]/g, '').length
  return Math.floor((digits * 3) / 4)
}

const time = /(?:T?\d{2}:?\d{2}(?::?\d{2}(?:\.\d{1,9})?)?)?(?:Z|[+-]\d{2}:?\d{2})?/.source
const day = new RegExp(`^(\\d{4})(-?)(\\d{2})\\2(\\d{2})${time}$`)

/** The day of `20260901` (format 102) or `2026-09-01`, with or without a time and a zone behind it; else as it stands. */
export function isoDate(text: string): string {
  const match = day.exec(text)
  return match === null ? text : `${match[1]}-${match[3]}-${match[4]}`
}
