import type { FieldError } from '../../schemas/problem.ts'

/** What the validator says of one place. */
interface Fault {
  keyword: string
  instancePath: string
  schemaPath?: string
  message?: string
  params: Record<string, unknown>
  parentSchema?: { description?: unknown }
}

/** Parameters, headers and bodies that do not fit their schema, in words for people; one for each place. */
export function readFaults(faults: readonly Fault[], where: string): FieldError[] {
  const told = new Set<string>()
  return faults.flatMap((fault) => {
    // What each branch of a choice says is of no use when none fits; a value that is out of its limits is.
    if (fault.keyword === 'anyOf' || (fault.keyword === 'type' && fault.schemaPath?.includes('/anyOf/'))) return []
    const pointer = pointerOf(fault)
    if (told.has(pointer)) return []
    told.add(pointer)
    const [subject, subjectFr] = subjectOf(where, pointer)
    const [what, whatFr] = faultOf(fault)
    const { description } = fault.parentSchema ?? {}
    const fix =
      fault.keyword === 'additionalProperties'
        ? 'Remove it or correct its name; /docs lists them.'
        : typeof description === 'string' && fault.keyword !== 'required'
          ? `What is expected: ${description}`
          : 'Correct this value; /docs shows what is expected.'
    return [
      { pointer, rule: 'malformed-request', message: `${subject} ${what}.`, messageFr: `${subjectFr} ${whatFr}.`, fix }
    ]
  })
}

function pointerOf({ instancePath, params }: Fault): string {
  const name = params['additionalProperty'] ?? params['missingProperty']
  return typeof name === 'string' ? `${instancePath}/${name.slice(0, 80)}` : instancePath
}

function subjectOf(where: string, pointer: string): [en: string, fr: string] {
  const name = pointer.slice(1)
  if (where === 'headers') return [`The header ${name}`, `L’en-tête ${name}`]
  if (where === 'querystring') return [`The parameter ${name}`, `Le paramètre ${name}`]
  return pointer === '' ? ['The body', 'Le corps'] : [`The member ${pointer}`, `Le champ ${pointer}`]
}

function faultOf({ keyword, params, message }: Fault): [en: string, fr: string] {
  const limit = Number(params['limit'])
  if (keyword === 'additionalProperties') return ['is not known', 'n’est pas connu']
  if (keyword === 'required') return ['is missing', 'manque']
  if (keyword === 'type') {
    const type = [params['type']].flat().join(' or ')
    return [`must be of type ${type}`, `doit être de type ${type}`]
  }
  if (keyword === 'minLength' && limit === 1) return ['must not be empty', 'ne doit pas être vide']
  if (keyword === 'maxLength') return [`has more than ${limit} characters`, `dépasse ${limit} caractères`]
  if (keyword === 'minimum') return [`must be at least ${limit}`, `doit valoir au moins ${limit}`]
  if (keyword === 'maximum') return [`must be at most ${limit}`, `doit valoir au plus ${limit}`]
  if (keyword === 'pattern' || keyword === 'format')
    return ['is not written as it should be', 'n’est pas écrit comme il le faut']
  const allowed = params['allowedValues']
  if (keyword === 'enum' && Array.isArray(allowed))
    return [`must be one of ${allowed.join(', ')}`, `doit valoir ${allowed.join(', ')}`]
  return [message ?? 'is not valid', 'a une valeur refusée']
}
