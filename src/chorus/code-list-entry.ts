import type { Labelled } from './code-labels.ts'

/** One list of codes. */
export interface CodeListEntry {
  title: string
  /** Absent: Chorus Pro has no operation that tells it. */
  operation?: {
    service: string
    rows: string
    /** The member that holds the code; `label`, `id`, `value` and `about` where there are such members. */
    code: string
    label?: string
    id?: string
    value?: string
    about?: string
    /** Labels come in the language that is asked for. */
    language?: true
    takes?: Takes
  }
  /** Our name of a code; without it the code is its own name. */
  name?: (raw: string) => string
  /** What the sources show, and whether it is known to be all. */
  known?: { labels: readonly Labelled[]; complete: boolean }
}

/** What `for` means to a list. */
export interface Takes {
  member: string
  description: string
  /** Absent: the list may be asked for without it. */
  needed?: true
  standard?: string
  /** Chorus Pro's code of our word. */
  raw: (word: string) => string | undefined
}
