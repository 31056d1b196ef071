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
  /** The billing framework where Chorus Pro's own UBL flows write it, in UBLExtensions. */
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

/**
 * Scheme 0002 is SIREN (with SIRET in it at times), 0009 is SIRET, `1` is Chorus Pro's name for SIRET. Numbers
 * without a scheme are taken for French ones only where the party may be French.
 */
export function readIdentifiers(party: XmlParty): void {
  const perhapsFrench = party.country === undefined || party.country === 'FR'
  for (const { where, value, scheme } of party.identifiers) {
    const digits = value.replace(/[\s.]/g, '')
    if (where === 'tax' || where === 'endpoint' || !/^\d+$/.test(digits)) continue
    const named = scheme === '0009' || scheme === '0002' || scheme === '1'
    if (!named && !(scheme === undefined && perhapsFrench)) continue
    if (digits.length === 14) party.siret ??= digits
    if (digits.length === 9 && (named || where === 'legal')) party.siren ??= digits
  }
  if (party.siren === undefined && party.siret !== undefined) party.siren = party.siret.slice(0, 9)
}

/** How many bytes a base64 text stands for, whatever its line breaks. */
export function base64Size(text: string): number {
  const digits = text.replace(/[^A-Za-z0-9+/_-]/g, '').length
  return Math.floor((digits * 3) / 4)
}

/** `20260901` (format 102), with or without a time behind it, as ISO; anything else as it stands. */
export function isoDate(text: string): string {
  const match = /^(\d{4})(\d{2})(\d{2})(?:\d{4}(?:\d{2})?)?$/.exec(text)
  return match === null ? text : `${match[1]}-${match[2]}-${match[3]}`
}
