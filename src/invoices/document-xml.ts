import { zugferd1Namespace } from './cii.ts'
import { bareFacts, type DocumentFacts, duplicated, type FlowSyntax, refused } from './document-facts.ts'
import type { XmlReading } from './xml-invoice.ts'
import type { XmlInvoice } from './xml-model.ts'

const mediaType = 'application/xml'

/** What an XML file is for Chorus Pro. */
export function xmlFacts({ root, interfaceCode, invoice }: XmlReading): DocumentFacts {
  if (invoice === undefined) return otherXml(root, interfaceCode)
  const kind = invoice.syntax
  if (root.namespace === zugferd1Namespace) return notTaken(kind, zugferd1, invoice)
  const { syntax, because, becauseFr } = flowSyntax(invoice, interfaceCode)
  const problem = duplicated(invoice)
  return {
    ...bareFacts(kind, mediaType, because, becauseFr),
    examined: 'parse',
    attachments: invoice.attachments.map(({ name, size }) => ({ name: name ?? '', size })),
    invoice,
    syntax,
    ...(problem === undefined ? {} : { problem })
  }
}

type Choice = { syntax: FlowSyntax; because: string; becauseFr: string }

/**
 * E1 unless the file itself says that it is one of the mixed flows (E2), in which a PDF inside is the invoice and the
 * XML only its summary.
 */
function flowSyntax(invoice: XmlInvoice, interfaceCode: string | undefined): Choice {
  const carriesFile = invoice.attachments.some(({ mediaType: type }) => /\/(?:pdf|zip)$/.test(type ?? ''))
  const summary = invoice.lines.every(({ netAmount }) => netAmount === undefined || /^[0.]*$/.test(netAmount))
  if (invoice.syntax === 'cii') {
    if (carriesFile && summary) {
      return {
        syntax: 'IN_DP_E2_CII_MIN_16B',
        because: 'CII without priced lines and with the invoice file inside: the mixed flow E2.',
        becauseFr: 'CII sans ligne chiffrée, avec le fichier de la facture : flux mixte E2.'
      }
    }
    return {
      syntax: 'IN_DP_E1_CII_16B',
      because: `Root CrossIndustryInvoice (CII D16B): the structured flow E1${extra(carriesFile)}.`,
      becauseFr: 'Racine CrossIndustryInvoice (CII D16B) : flux structuré E1.'
    }
  }
  if (interfaceCode === 'FSO1110A' || (carriesFile && summary && invoice.syntax === 'ubl-invoice')) {
    return {
      syntax: 'IN_DP_E2_UBL_INVOICE_MIN',
      because: 'UBL made for interface FSO1110A, or without priced lines and with the invoice file inside: E2.',
      becauseFr: 'UBL pour l’interface FSO1110A, ou sans ligne chiffrée avec le fichier de la facture : flux mixte E2.'
    }
  }
  if (invoice.syntax === 'ubl-credit-note') {
    return {
      syntax: 'IN_DP_E1_UBL_INVOICE',
      because: 'Root CreditNote (UBL): E1. Chorus Pro lists no code of its own for UBL credit notes.',
      becauseFr: 'Racine CreditNote (UBL) : flux E1. Chorus Pro n’a pas de code propre aux avoirs UBL.'
    }
  }
  return {
    syntax: 'IN_DP_E1_UBL_INVOICE',
    because: `Root Invoice (UBL 2): the structured flow E1${extra(carriesFile)}.`,
    becauseFr: 'Racine Invoice (UBL 2) : flux structuré E1.'
  }
}

function extra(carriesFile: boolean): string {
  return carriesFile ? '; its lines are priced, so the file inside is an attachment' : ''
}

function otherXml(root: XmlReading['root'], interfaceCode: string | undefined): DocumentFacts {
  if (root.name === 'CPPFactureMixte') {
    const made = interfaceCode === undefined ? '' : `, interface ${interfaceCode}`
    return {
      ...bareFacts(
        'xml-other',
        mediaType,
        `Root CPPFactureMixte${made}: Chorus Pro’s own mixed format. Its fields are not read.`,
        `Racine CPPFactureMixte${made} : format mixte propre à Chorus Pro. Ses champs ne sont pas lus.`
      ),
      examined: 'parse',
      syntax: 'IN_DP_E2_CPP_FACTURE_MIN'
    }
  }
  const known = documents.find(([pattern]) => pattern.test(root.name))
  const [, label, labelFr] = known ?? [undefined, 'not an invoice that we know', 'pas une facture connue']
  return notTaken('xml-other', {
    label: `XML with root ${root.name.slice(0, 60)}: ${label}`,
    labelFr: `XML de racine ${root.name.slice(0, 60)} : ${labelFr}`
  })
}

const documents: readonly (readonly [RegExp, string, string])[] = [
  [
    /^CPPFacturePivot/,
    'what Chorus Pro gives to recipients, not what it takes',
    'ce que Chorus Pro remet aux destinataires'
  ],
  [/^CPPStatut/, 'a status message of Chorus Pro', 'un message de statut de Chorus Pro'],
  [/^SCRDMCCBDACIO/, 'an Order-X order', 'une commande Order-X'],
  [
    /^PES_/,
    'a PES format, withdrawn by Chorus Pro in December 2021',
    'un format PES, retiré de Chorus Pro en décembre 2021'
  ],
  [/^CrossIndustry/, 'a Cross Industry Invoice of another version or namespace', 'un CII d’une autre version']
]

const zugferd1 = {
  label: 'ZUGFeRD 1 (CrossIndustryDocument), which came before Factur-X',
  labelFr: 'ZUGFeRD 1 (CrossIndustryDocument), antérieur à Factur-X'
}

function notTaken(
  kind: DocumentFacts['kind'],
  { label, labelFr }: { label: string; labelFr: string },
  invoice?: XmlInvoice
): DocumentFacts {
  const facts = refused(kind, mediaType, {
    problem: 'unsupported-file-type',
    rule: 'xml-not-accepted',
    message: `Chorus Pro does not take this file: ${label}.`,
    messageFr: `Chorus Pro n’accepte pas ce fichier : ${labelFr}.`,
    fix: 'Send UBL 2.1, CII D16B, a Factur-X PDF or a plain PDF.'
  })
  return { ...facts, readable: true, examined: 'parse', ...(invoice === undefined ? {} : { invoice }) }
}
