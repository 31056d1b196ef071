import type { CallOptions } from '../chorus/chorus.ts'
import type { Code, CodeListQuestion, CodeLists } from '../chorus/code-lists.ts'
import { ChorusError } from '../chorus/errors.ts'
import { createMemory } from './memory.ts'

export interface CodeListAnswer {
  items: Code[]
  /** `built-in`: what the gateway knows by itself, because Chorus Pro has no operation for it or is away. */
  source: 'chorus-pro' | 'built-in'
  /** When Chorus Pro said so; absent for what is built in. */
  asOf?: string
  /** False: there may be more codes than these. */
  complete: boolean
}

/** Lists of codes, remembered for a day. Throws ProblemError for a list that there is not, ChorusError. */
export type Reference = (question: CodeListQuestion) => Promise<CodeListAnswer>

export function createReference({
  codeLists,
  call,
  now,
  freshMs,
  missingMs
}: {
  codeLists: Pick<CodeLists, 'ask' | 'builtIn'>
  call: CallOptions
  now: () => Date
  freshMs: number
  missingMs: number
}): Reference {
  const memory = createMemory<CodeListAnswer>({
    async fetch(key) {
      const items = await codeLists.ask(JSON.parse(key) as CodeListQuestion, call)
      return items && { items, source: 'chorus-pro', asOf: now().toISOString(), complete: true }
    },
    now: () => now().getTime(),
    freshMs,
    missingMs
  })

  return async (question) => {
    const { name, for: about, language } = question
    const builtIn = (): CodeListAnswer | undefined => {
      const found = codeLists.builtIn(question)
      return found && { ...found, source: 'built-in' }
    }
    try {
      const asked = await memory.get(JSON.stringify({ name, for: about, language }))
      return asked ?? builtIn() ?? { items: [], source: 'built-in', complete: false }
    } catch (error) {
      // What is asked for one kind alone, the sources do not tell.
      const instead = error instanceof ChorusError && about === undefined ? builtIn() : undefined
      if (instead === undefined) throw error
      return { ...instead, complete: false }
    }
  }
}
