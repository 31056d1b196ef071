import { Compile } from 'typebox/compile'
import { InvoiceInput } from '../../schemas/invoice.ts'
import type { FieldError } from '../../schemas/problem.ts'
import { ProblemError } from '../problem.ts'

const checker = Compile(InvoiceInput)

/** Faults of content: the shape is right, the value is not. Everything else makes the request unreadable. */
const contentKeywords = new Set(['pattern', 'minLength', 'maxLength', 'enum', 'maxItems', 'minimum', 'maximum'])

/** Nobody reads more, and a hundred thousand of them would keep everybody else waiting. */
const faultsAtMost = 200

const formats: [RegExp, message: string, messageFr: string, fix: string][] = [
  [/siret$/i, 'A SIRET has 14 digits.', 'Un SIRET comporte 14 chiffres.', 'Send 14 digits, without blanks.'],
  [/date(From|To)?$/i, 'A date is written YYYY-MM-DD.', 'Une date s’écrit AAAA-MM-JJ.', 'Send the date as YYYY-MM-DD.'],
  [
    /(totals\/\w+|taxable|tax|rate|quantity|netPrice|netAmount)$/,
    'An amount is decimal text with a point, at most 13 digits before and 6 after it.',
    'Un montant s’écrit en texte décimal avec un point, 13 chiffres au plus avant et 6 après.',
    'Send for instance "1200.00": as text, with a point, without blanks.'
  ],
  [
    /number$/,
    'An invoice number has at most 20 letters, digits, - _ / or +.',
    'Un numéro de facture comporte au plus 20 lettres, chiffres, - _ / ou +.',
    'Shorten the number or take the other characters out.'
  ],
  [
    /currency$/,
    'A currency has three capital letters.',
    'Une devise comporte trois lettres capitales.',
    'Send for instance EUR.'
  ],
  [
    /businessProcess$/,
    'The billing framework is A1 to A25.',
    'Le cadre de facturation va de A1 à A25.',
    'Send A1 for a supplier invoice.'
  ]
]

/**
 * Reads what a caller sent as an invoice. Unknown members and wrong types throw `malformed-request` with every place at
 * once; values that break a rule come back as findings, to be shown together with the others.
 */
export function readShape(value: unknown): { content: InvoiceInput; findings: FieldError[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProblemError('malformed-request', { detail: 'The invoice must be a JSON object.' })
  }
  if (checker.Check(value)) return { content: value, findings: [] }
  const tooMany = longLists(value)
  if (tooMany.length > 0)
    throw new ProblemError('malformed-request', { detail: tooMany[0]?.message ?? '', errors: tooMany })
  const findings: FieldError[] = []
  const structural: FieldError[] = []
  const told = new Set<string>()
  for (const fault of checker.Errors(value)) {
    if (findings.length + structural.length >= faultsAtMost) break
    if (fault.keyword === 'additionalProperties') {
      for (const name of (fault.params as { additionalProperties: string[] }).additionalProperties) {
        structural.push(unknownMember(`${fault.instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`))
      }
    } else if (fault.keyword === 'enum' && typeof at(value, fault.instancePath) !== 'string') {
      structural.push(wrongType(fault.instancePath, 'string', at(value, fault.instancePath)))
    } else if (contentKeywords.has(fault.keyword)) {
      if (!told.has(fault.instancePath)) {
        told.add(fault.instancePath)
        findings.push(contentFault(fault, at(value, fault.instancePath)))
      }
    } else if (fault.keyword === 'type') {
      const { type } = fault.params as { type: unknown }
      structural.push(wrongType(fault.instancePath, String(type), at(value, fault.instancePath)))
    }
  }
  if (structural.length > 0) {
    throw new ProblemError('malformed-request', {
      detail: structural[0]?.message ?? '',
      errors: [...structural, ...findings]
    })
  }
  const content = value as InvoiceInput
  // A mode that does not exist is none: the rest is planned and checked as without it.
  if (!told.has('/submissionMode')) return { content, findings }
  const { submissionMode: _unknown, ...rest } = content
  return { content: rest, findings }
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inside, step) => (inside as Record<string, unknown> | undefined)?.[step], value)
}

interface Fault {
  instancePath: string
  keyword: string
  message: string
  params: unknown
}

/** Lists above their limit are not looked into: that alone could take seconds. */
function longLists(value: object): FieldError[] {
  return Object.entries(InvoiceInput.properties).flatMap(([name, schema]) => {
    const { maxItems } = schema as { maxItems?: number }
    const list = (value as Record<string, unknown>)[name]
    if (maxItems === undefined || !Array.isArray(list) || list.length <= maxItems) return []
    return [
      {
        pointer: `/${name}`,
        rule: 'malformed-request',
        message: `At most ${maxItems} ${name} are taken; these are ${list.length}.`,
        messageFr: `${maxItems} éléments au plus ; il y en a ${list.length}.`,
        fix: 'Split the invoice.'
      }
    ]
  })
}

function contentFault({ instancePath: pointer, keyword, message, params }: Fault, value: unknown): FieldError {
  const known =
    keyword === 'pattern' || keyword === 'minLength' || keyword === 'maxLength'
      ? formats.find(([name]) => name.test(pointer))
      : undefined
  if (known !== undefined)
    return { pointer, rule: 'validation-failed', message: known[1], messageFr: known[2], fix: known[3] }
  const { allowedValues: allowed, limit } = params as { allowedValues?: string[]; limit?: number }
  const [told, toldFr, fix] =
    allowed !== undefined
      ? [`One of ${allowed.join(', ')} is expected.`, `Valeurs possibles : ${allowed.join(', ')}.`]
      : keyword === 'minLength'
        ? ['The value is empty.', 'La valeur est vide.', 'Leave the member out where there is nothing to say.']
        : keyword === 'maxLength'
          ? [`The value has more than ${limit} characters.`, `La valeur dépasse ${limit} caractères.`, 'Shorten it.']
          : keyword === 'pattern' && controls.test(String(value))
            ? ['The text holds control characters.', 'Le texte contient des caractères de contrôle.', 'Take them out.']
            : [`The value ${message}.`, 'La valeur ne respecte pas les limites.']
  return { pointer, rule: 'validation-failed', message: told, messageFr: toldFr, fix: fix ?? 'Correct this value.' }
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001f\u007f]/

const unknownMember = (pointer: string): FieldError => ({
  pointer,
  rule: 'malformed-request',
  message: `The member ${pointer} is not known.`,
  messageFr: `Le champ ${pointer} n’est pas connu.`,
  fix: 'Remove it or correct its name; /docs lists the members.'
})

const wrongType = (pointer: string, type: string, value: unknown): FieldError => ({
  pointer,
  rule: 'malformed-request',
  message: `${pointer} must be ${type === 'string' ? 'text, amounts included' : `of type ${type}`}${value === null ? ', not null' : ''}.`,
  messageFr: `${pointer} doit être ${type === 'string' ? 'du texte, montants compris' : `de type ${type}`}${value === null ? ', et non null' : ''}.`,
  fix:
    value === null
      ? 'Leave the member out where there is nothing to say.'
      : type === 'string' && typeof value !== 'object'
        ? 'Put the value in quotes.'
        : 'Correct the type.'
})
