import { makePdf } from '../helpers/pdf.ts'

export const seller = '99900010200015'
export const buyer = '12345678200051'

/** A request body in pieces, so that all requests share the large one. The last piece is small (network brief, 2.6). */
export interface Pieces {
  contentType: string
  length: number
  pieces: Buffer[]
}

const boundary = '----------------bench7f3a91c04d'
const marker = '/Padding true'
/** Bytes of the padding that differ between files: no two have the same digest. A multiple of 3, for base64. */
const markBytes = 24

const started = Date.now().toString(36)
let made = 0
/** At most 20 characters, new in every process and request. */
export const nextNumber = () => `B${started}${(process.pid % 1296).toString(36)}-${(++made).toString(36)}`

export function invoiceOf(number: string): string {
  return JSON.stringify({
    number,
    issueDate: new Date().toISOString().slice(0, 10),
    seller: { siret: seller },
    buyer: { siret: buyer },
    commitmentNumber: 'EJ-778899',
    payment: { meansCode: '30' },
    totals: { taxExclusive: '1000.00', tax: '200.00', taxInclusive: '1200.00', payable: '1200.00' }
  })
}

/** A valid PDF of exactly this size, cut where files may differ. */
function cutPdf(size: number): { head: Buffer; rest: Buffer } {
  const pdf = makePdf({ size })
  const padding = pdf.indexOf('stream\n', pdf.indexOf(marker)) + 'stream\n'.length
  // The cut is at a multiple of 3, so that both parts can be encoded by themselves.
  const cut = padding + markBytes + ((3 - ((padding + markBytes) % 3)) % 3)
  return { head: pdf.subarray(0, cut), rest: pdf.subarray(cut) }
}

function marked(head: Buffer, number: string): Buffer {
  const copy = Buffer.from(head)
  copy.write(number.padEnd(markBytes, '.'), head.length - markBytes, 'latin1')
  return copy
}

/** The form as weak and strong clients alike send it: the invoice as JSON, then the file. */
export function createForm(size: number): () => Pieces {
  const { head, rest } = cutPdf(size)
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  return () => {
    const number = nextNumber()
    const opening = Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="invoice"\r\ncontent-type: application/json\r\n\r\n` +
        `${invoiceOf(number)}\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${number}.pdf"\r\n` +
        'content-type: application/pdf\r\n\r\n'
    )
    return inPieces(`multipart/form-data; boundary=${boundary}`, [
      Buffer.concat([opening, marked(head, number)]),
      rest,
      tail
    ])
  }
}

/** The same as `application/json`, the file in base64. */
export function createJson(size: number): () => Pieces {
  const { head, rest } = cutPdf(size)
  const encoded = Buffer.from(rest.toString('base64'), 'latin1')
  const tail = Buffer.from('"}}')
  return () => {
    const number = nextNumber()
    const opening = `${invoiceOf(number).slice(0, -1)},"file":{"name":"${number}.pdf","contentBase64":"`
    return inPieces('application/json', [Buffer.from(opening + marked(head, number).toString('base64')), encoded, tail])
  }
}

/** What Chorus Pro gets for such a file: the body of deposer/pdf, whole. */
export function depositBody(size: number): Buffer {
  const base64 = makePdf({ size }).toString('base64')
  return Buffer.from(
    `{"nomFichier":"invoice.pdf","formatDepot":"PDF_NON_SIGNE","fichierFacture":"${base64}"}`,
    'latin1'
  )
}

/** The body of soumettre, as the gateway writes it for `invoiceOf`. */
export function submitBody(number: string, attachmentId: string): Buffer {
  return Buffer.from(
    `{"modeDepot":"DEPOT_PDF_API","numeroFactureSaisi":"${number}","dateFacture":"2026-09-01",` +
      `"destinataire":{"codeDestinataire":"${buyer}"},"fournisseur":{"idFournisseur":25784152},` +
      '"cadreDeFacturation":{"codeCadreFacturation":"A1_FACTURE_FOURNISSEUR"},' +
      '"references":{"deviseFacture":"EUR","typeFacture":"FACTURE","numeroBonCommande":"EJ-778899","modePaiement":"VIREMENT"},' +
      '"montantTotal":{"montantHtTotal":1000.00,"montantTVA":200.00,"montantTtcTotal":1200.00,"montantAPayer":1200.00},' +
      `"pieceJointePrincipale":[{"pieceJointePrincipaleDesignation":"${number}.pdf","pieceJointePrincipaleId":${attachmentId}}]}`
  )
}

function inPieces(contentType: string, pieces: Buffer[]): Pieces {
  return { contentType, pieces, length: pieces.reduce((sum, piece) => sum + piece.length, 0) }
}
