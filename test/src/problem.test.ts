import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { problemOwners } from '../../schemas/problem.ts'
import * as responses from '../../schemas/responses.ts'
import { catalogue, type ProblemCode, ProblemError, toProblem } from '../../src/problem.ts'

const codes = Object.keys(catalogue) as ProblemCode[]
const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

t.test('every problem has one paragraph in the README, with its status, and no other has', async (t) => {
  const paragraphs = [...readme.matchAll(/^\*\*`([a-z-]+)`\*\* \((\d{3})\)\. (.+)$/gm)]
  t.strictSame(
    paragraphs.map(([, code]) => code),
    codes,
    'in the order of the catalogue'
  )
  for (const [, code, status, text] of paragraphs) {
    t.equal(Number(status), catalogue[code as ProblemCode].status, `${code}: its status`)
    t.ok((text ?? '').split('. ').length >= 1 && (text ?? '').length > 60, `${code}: when it happens and what to do`)
  }
})

t.test('every problem of the catalogue stands in the contract, under its status', async (t) => {
  const described: Record<string, string> = {}
  for (const part of [
    responses.problems,
    responses.submissionProblems,
    responses.transitionProblem,
    responses.repeatProblem
  ]) {
    for (const [status, { description }] of Object.entries(part))
      described[status] = `${described[status]} ${description}`
  }
  // Answered to addresses and methods that no route declares.
  const outside = ['method-not-allowed']
  t.strictSame(
    codes
      .filter((code) => !outside.includes(code))
      .filter((code) => !described[catalogue[code].status]?.includes(`\`${code}\``)),
    []
  )
})

t.test('a code is a slug, its type ends in it, and its owner is one of four', async (t) => {
  for (const code of codes) {
    t.match(code, /^[a-z]+(-[a-z]+)*$/)
    const problem = toProblem(code, {})
    t.equal(problem.type.split(':').at(-1), code)
    t.ok(problemOwners.includes(problem.owner), code)
    t.ok(problem.status >= 400 && problem.status < 600, code)
    t.ok(problem.title.length > 0 && !problem.title.endsWith('.'), code)
  }
})

t.test('an unknown outcome is never retryable, whatever the code', async (t) => {
  for (const code of codes) {
    t.equal(toProblem(code, { outcome: 'unknown' }).retryable, false, code)
  }
  t.equal(toProblem('upstream-timeout', { outcome: 'not_sent' }).retryable, true)
})

t.test('a problem says what it was given, and nothing else', async (t) => {
  t.strictSame(Object.keys(toProblem('internal', {})).sort(), ['code', 'owner', 'retryable', 'status', 'title', 'type'])
  const facts = { detail: 'd', instance: '/v1/invoices/x', retryAfter: 3, owner: 'platform' as const }
  t.match(toProblem('maintenance', facts, 'req_1'), { ...facts, requestId: 'req_1' })
  const error = new ProblemError('not-found', { detail: 'There is no such invoice.' })
  t.equal(error.message, 'There is no such invoice.')
  t.equal(new ProblemError('not-found').message, catalogue['not-found'].title)
})
