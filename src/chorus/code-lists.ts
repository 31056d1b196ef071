import { badValue, ProblemError } from '../problem.ts'
import type { Asker } from './asker.ts'
import type { CallOptions } from './chorus.ts'
import type { Labelled } from './code-labels.ts'
import type { CodeListEntry } from './code-list-entry.ts'
import { codeLists } from './code-list-table.ts'
import { isObject, type Json, type JsonObject, readDecimal, readText } from './json.ts'
import { isNoResult } from './pages.ts'
import { present } from './present.ts'

/** A code with what is known of it. */
export interface Code {
  /** Our name of it, where we have one; `other` for a new one of a list that we name. */
  code: string
  raw: string
  label?: string
  id?: string
  value?: string
  /** What it is a code for, in lists that hold several kinds. */
  for?: string
}

export type Language = 'fr' | 'en'

/** A list as it can be asked for. */
export interface CodeListQuestion {
  name: string
  for?: string
  language: Language
}

export interface CodeListSummary {
  name: string
  title: string
  source: 'chorus-pro' | 'built-in'
  operation?: string
  for?: { description: string; required: boolean; default?: string }
}

export interface CodeLists {
  /** What lists there are; Chorus Pro is not asked. */
  summaries: CodeListSummary[]
  /** Undefined where Chorus Pro has no operation for it. */
  ask(question: CodeListQuestion, call?: CallOptions): Promise<Code[]> | undefined
  /** What the sources show; undefined where that is nothing. */
  builtIn(question: CodeListQuestion): { items: Code[]; complete: boolean } | undefined
}

export function createCodeLists(asker: Pick<Asker, 'read'>): CodeLists {
  return {
    summaries: Object.entries(codeLists).map(([name, { title, operation }]) => {
      const takes = operation?.takes
      return {
        name,
        title,
        source: operation === undefined ? 'built-in' : 'chorus-pro',
        ...(operation !== undefined && { operation: operation.service }),
        ...(takes !== undefined && {
          for: {
            description: takes.description,
            required: takes.needed === true && takes.standard === undefined,
            ...present({ default: takes.standard })
          }
        })
      }
    }),
    ask(question, call) {
      const entry = entryOf(question.name)
      const { operation } = entry
      if (operation === undefined) return undefined
      const payload = {
        ...asked(operation, question),
        ...(operation.language && { codeLangue: question.language.toUpperCase() })
      }
      return read(operation.service, payload, operation.rows, call).then((rows) =>
        rows.flatMap((row) => {
          const raw = unquoted(readText(typeof row === 'string' ? row : row[operation.code]))
          if (raw === undefined) return []
          const member = (name: string | undefined) =>
            name === undefined || typeof row === 'string' ? undefined : row[name]
          return {
            code: entry.name?.(raw) ?? raw,
            raw,
            ...present({
              label: readText(member(operation.label)) ?? labelOf(entry, raw, question.language),
              id: readText(member(operation.id)),
              value: readDecimal(member(operation.value)),
              for: readText(member(operation.about))
            })
          }
        })
      )
    },
    builtIn({ name, language }) {
      const entry = entryOf(name)
      const { known } = entry
      if (known === undefined) return undefined
      const items = known.labels.map(([raw]) => ({
        code: entry.name?.(raw) ?? raw,
        raw,
        ...present({ label: labelOf(entry, raw, language) })
      }))
      return { items, complete: known.complete }
    }
  }

  async function read(service: string, payload: object, rows: string, call: CallOptions | undefined) {
    try {
      return listOf((await asker.read(service, payload, call))[rows])
    } catch (error) {
      if (isNoResult(error)) return []
      throw error
    }
  }
}

function entryOf(name: string): CodeListEntry {
  const entry = Object.hasOwn(codeLists, name) ? codeLists[name] : undefined
  if (entry === undefined) {
    throw new ProblemError('not-found', { detail: 'There is no such list; /v1/code-lists names them all.' })
  }
  return entry
}

/** What `for` says, as the operation wants it. */
function asked({ takes }: NonNullable<CodeListEntry['operation']>, question: CodeListQuestion): object {
  const word = question.for ?? takes?.standard
  if (takes === undefined) {
    if (question.for !== undefined) throw wrongFor('This list takes no `for`.', 'Leave it out.')
    return {}
  }
  if (word === undefined) {
    if (takes.needed === true) throw wrongFor(`This list needs \`for\`. ${takes.description}`, 'Add it.')
    return {}
  }
  const raw = takes.raw(word)
  if (raw === undefined) throw wrongFor(`\`for\` is no code that is known. ${takes.description}`, 'Correct it.')
  return { [takes.member]: raw }
}

const wrongFor = (message: string, fix: string) =>
  badValue('/for', { message, messageFr: 'Paramètre for manquant ou incorrect.', fix })

function labelOf({ known }: CodeListEntry, raw: string, language: Language): string | undefined {
  const found: Labelled | undefined = known?.labels.find(([code]) => code === raw)
  return language === 'fr' ? found?.[1] : found?.[2]
}

/** Rows are objects; a list of one may be the bare object, and codes may stand for themselves. */
function listOf(value: Json | undefined): (JsonObject | string)[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return list.filter((row) => typeof row === 'string' || (isObject(row) && Object.keys(row).length > 0)) as (
    | JsonObject
    | string
  )[]
}

/** In an old official example the codes themselves hold quotes (transverses.json, typespj). */
const unquoted = (code: string | undefined) => code?.replace(/^"(.*)"$/, '$1')
