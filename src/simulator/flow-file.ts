import { getDocumentProxy } from 'unpdf'
import { isGzip, readTarGz } from './archive.ts'
import { type ReadInvoice, readCii, readUbl } from './invoice-xml.ts'
import { parseXml, XmlFault, type XmlNode } from './xml.ts'

export interface TechnicalError {
  natureErreur: string
  codeErreur: string
  libelleErreur: string
}

/** Either every file could be read, or the whole flow is refused (errors.md 4). */
export interface Reading {
  invoices: ReadInvoice[]
  technical: TechnicalError[]
}

type Grammar = 'cii' | 'ubl' | 'facturx'

/** Syntaxes that this reader knows; a flow in another one is refused as a whole, though the real platform takes it. */
const grammars: Record<string, Grammar> = {
  IN_DP_E1_UBL_INVOICE: 'ubl',
  IN_DP_E2_UBL_INVOICE_MIN: 'ubl',
  IN_DP_E3_UBL_INVOICE: 'ubl',
  IN_DP_E1_CII: 'cii',
  IN_DP_E1_CII_16B: 'cii',
  IN_DP_E2_CII_MIN: 'cii',
  IN_DP_E2_CII_MIN_16B: 'cii',
  IN_DP_E2_CII_FACTURX: 'facturx'
}

class Inadmissible extends Error {}

const position = (text: string, line = 1, column = 1): string => `${text} - ligne: ${line} - position: ${column}`

/** Never throws: what cannot be read is a technical error of the flow. */
export async function readFlowFile(bytes: Buffer, syntax: string): Promise<Reading> {
  try {
    const grammar = grammars[syntax]
    if (grammar === undefined) throw new Inadmissible(position(`syntaxe ${syntax} non lue par le simulateur`))
    const files = isGzip(bytes) ? readTarGz(bytes).map((entry) => entry.bytes) : [bytes]
    if (files.length === 0) throw new Inadmissible(position('archive vide'))
    const invoices: ReadInvoice[] = []
    for (const file of files) invoices.push(readInvoice(await readRoot(file, grammar), grammar))
    return { invoices, technical: [] }
  } catch (error) {
    const text =
      error instanceof XmlFault
        ? position(error.message, error.line, error.column)
        : error instanceof Inadmissible
          ? error.message
          : position('fichier illisible')
    const libelleErreur = `IRRECEVABILITE: ${text}`
    return { invoices: [], technical: [{ natureErreur: 'ERR_XSD', codeErreur: 'ERR_XSD_001', libelleErreur }] }
  }
}

async function readRoot(file: Buffer, grammar: Grammar): Promise<XmlNode> {
  if (grammar !== 'facturx') return parseXml(decodeText(file))
  return parseXml(decodeText(await embeddedXml(file)))
}

function readInvoice(root: XmlNode, grammar: Grammar): ReadInvoice {
  if (grammar === 'ubl' && (root.name === 'Invoice' || root.name === 'CreditNote')) return readUbl(root)
  if (grammar !== 'ubl' && root.name === 'CrossIndustryInvoice') return readCii(root)
  throw new Inadmissible(position(`cvc-elt.1: Cannot find the declaration of element '${root.name}'.`))
}

function decodeText(file: Buffer): string {
  if (file[0] === 0xff && file[1] === 0xfe) return new TextDecoder('utf-16le').decode(file)
  const declared = /^[^>]*encoding=["']([A-Za-z0-9._-]+)["']/.exec(file.toString('latin1', 0, 200))?.[1]
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(file)
  } catch {
    throw new Inadmissible(position(`encodage ${declared} inconnu`))
  }
}

/** The invoice inside a PDF: by the names that Factur-X and its relatives use, else any XML. */
async function embeddedXml(pdf: Buffer): Promise<Buffer> {
  const document = await getDocumentProxy(new Uint8Array(pdf), { verbosity: 0 })
  try {
    const attached = (await document.getAttachments()) as Record<
      string,
      { filename: string; content: Uint8Array }
    > | null
    const files = Object.values(attached ?? {}).filter((file) => /\.xml$/i.test(file.filename))
    const named = files.find((file) => /^(?:factur-x|zugferd-invoice|xrechnung)\.xml$/i.test(file.filename))
    const found = named ?? files[0]
    if (found === undefined) throw new Inadmissible(position('aucun fichier XML dans le PDF'))
    return Buffer.from(found.content)
  } finally {
    await document.destroy()
  }
}
