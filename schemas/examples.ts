import { type TSchema, Type } from 'typebox'

/** A complete invoice to a recipient of the qualification data set that demands nothing. */
const pdfInvoice = {
  number: 'FA-2026-0042',
  issueDate: '2026-09-01',
  seller: { siret: '99900010200015' },
  buyer: { siret: '12345678200051' },
  commitmentNumber: 'EJ-778899',
  payment: { meansCode: '30' },
  totals: { taxExclusive: '1000.00', tax: '200.00', taxInclusive: '1200.00', payable: '1200.00' }
}

const dataInvoice = {
  seller: { siret: '99900010200015' },
  buyer: { siret: '12345678200028', serviceCode: 'SERVICE_DEST_SERV_OBL' },
  vatRegime: 'on_debits',
  payment: { meansCode: '30' },
  lines: [
    {
      id: '1',
      name: 'Conseil',
      quantity: '2',
      unitCode: 'jour',
      netPrice: '500.00',
      netAmount: '1000.00',
      vat: { categoryCode: 'S', rate: '20' }
    }
  ],
  vatBreakdown: [{ categoryCode: 'S', rate: '20', taxable: '1000.00', tax: '200.00' }],
  totals: { taxExclusive: '1000.00', tax: '200.00', taxInclusive: '1200.00', payable: '1200.00' }
}

/** The smallest PDF that every reader opens: one empty page. */
export const tinyPdf =
  'JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0NvdW50IDE+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFswIDAgNTk1IDg0Ml0+PmVuZG9iagp4cmVmCjAgNAowMDAwMDAwMDAwIDY1NTM1IGYgCjAwMDAwMDAwMDkgMDAwMDAgbiAKMDAwMDAwMDA1MiAwMDAwMCBuIAowMDAwMDAwMTAxIDAwMDAwIG4gCnRyYWlsZXI8PC9TaXplIDQvUm9vdCAxIDAgUj4+CnN0YXJ0eHJlZgoxNjQKJSVFT0YK'

export const invoiceExamples = {
  data: { summary: 'Fields alone: Chorus Pro makes the number (send an Idempotency-Key)', value: dataInvoice },
  pdf: {
    summary: 'A PDF inside the JSON',
    value: { ...pdfInvoice, file: { name: 'FA-2026-0042.pdf', contentBase64: tinyPdf } }
  }
}

/** The form as Swagger UI shows it: a file picker, and the invoice as JSON beside it. */
export function multipartExample(invoice: TSchema): TSchema {
  return Type.Unsafe({
    type: 'object',
    description: `Parts in any order. Instead of \`invoice\`, flat text fields with the same names are taken: ${Object.keys(
      (invoice as unknown as { properties: object }).properties
    )
      .slice(0, 3)
      .join(', ')}, buyer.siret, totals.payable …`,
    properties: {
      file: {
        type: 'string',
        contentMediaType: 'application/octet-stream',
        format: 'binary',
        description: 'PDF, Factur-X, UBL or CII.'
      },
      invoice: {
        type: 'string',
        description: 'The invoice object as JSON (schema InvoiceInput). May be left out for Factur-X, UBL and CII.',
        example: JSON.stringify(pdfInvoice, null, 2)
      },
      attachments: {
        type: 'array',
        items: { type: 'string', contentMediaType: 'application/octet-stream', format: 'binary' },
        description: 'More files, at most 10 MB each.'
      }
    }
  })
}
