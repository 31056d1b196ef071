import { type CheckedFile, checkFiles, chorusLimits } from '../invoices/checks-files.ts'
import { createFindings } from '../invoices/checks-findings.ts'
import { ProblemError } from '../problem.ts'

/** Names, endings and sizes, all at once: what Chorus Pro would refuse one by one. Throws ProblemError. */
export function checkAttachments(attachments: readonly CheckedFile[]): void {
  const notes = createFindings()
  checkFiles({ attachments }, 'data', chorusLimits, notes)
  const [first] = notes.found.errors
  if (first === undefined) return
  const code =
    first.rule === 'file-too-large' || first.rule === 'unsupported-file-type' ? first.rule : 'validation-failed'
  throw new ProblemError(code, {
    detail: first.message,
    errors: notes.found.errors.map(({ detailRule: _rule, ...error }) => error)
  })
}
