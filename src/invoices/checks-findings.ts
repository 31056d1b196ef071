import type { FieldError } from '../../schemas/problem.ts'
import { termOf } from './checks-terms.ts'

export type Finding = FieldError & {
  /** The finer rule, such as `number-format`; `rule` is the problem's code. */
  detailRule: string
}

export type Findings = { errors: Finding[]; warnings: Finding[] }

export type Told = {
  pointer: string
  detailRule: string
  /** `validation-failed` when left out. */
  rule?: 'validation-failed' | 'totals-inconsistent' | 'document-mismatch' | 'file-too-large' | 'unsupported-file-type'
  message: string
  messageFr: string
  fix: string
}

/** Nobody reads further, and an invoice may have thousands of lines. */
const most = 200

export function createFindings() {
  const found: Findings = { errors: [], warnings: [] }
  const add = (list: Finding[], { rule = 'validation-failed', ...told }: Told): void => {
    if (list.length >= most) return
    const term = termOf(told.pointer)
    list.push({ ...told, rule, ...(term === undefined ? {} : { term }) })
  }
  return {
    found,
    error: (told: Told) => add(found.errors, told),
    warning: (told: Told) => add(found.warnings, told),
    /** An error, or a warning where the caller says so. */
    tell: (severity: 'error' | 'warning', told: Told) => add(severity === 'error' ? found.errors : found.warnings, told)
  }
}

export type Notes = ReturnType<typeof createFindings>
