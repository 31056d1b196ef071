import { Type } from 'typebox'
import { Timestamp } from './identifiers.ts'
import { text } from './texts.ts'

const closed = { additionalProperties: false } as const

const complaint = {
  raw: Type.String({ description: 'Chorus Pro’s text, which has no code.' }),
  rule: text('A problem code, where the text is of a kind that is known.', 'seller-not-registered'),
  message: text('The same in English.')
}

export const Flow = Type.Object(
  {
    number: Type.String({ description: 'numeroFluxDepot.', examples: ['CPP0011117000000000000012345'] }),
    state: Type.Object(
      {
        code: Type.String({
          description: 'pending, integrated, partly-integrated, rejected, failed or other.',
          examples: ['integrated']
        }),
        raw: Type.String({ examples: ['IN_INTEGRE'] }),
        since: Type.Optional(Timestamp)
      },
      closed
    ),
    depositedAt: Type.Optional(Timestamp),
    fileName: text('Chorus Pro’s name of the file.'),
    invoiceErrors: Type.Array(
      Type.Object(
        {
          number: text('Invoice number, as written in the flow.'),
          seller: text('Identifier of the seller, as read in the flow.'),
          buyer: text('Identifier of the buyer.'),
          errors: Type.Array(Type.Object(complaint, closed))
        },
        closed
      ),
      { description: 'Invoices that were refused; the others of the flow may be in order.' }
    ),
    technicalErrors: Type.Array(
      Type.Object({ ...complaint, code: text('codeErreur.', 'ERR_XSD_001'), nature: text('natureErreur.') }, closed),
      { description: 'Errors that refuse the whole flow.' }
    ),
    upstream: Type.Object({ interfaceCode: text('codeInterfaceDepotFlux.', 'FSO1117A') }, closed)
  },
  { $id: 'Flow', ...closed }
)

export const FlowParams = Type.Object(
  { number: Type.String({ minLength: 1, maxLength: 60, pattern: '^[A-Za-z0-9_.-]+$' }) },
  closed
)

export const flowSchemas = [Flow]
