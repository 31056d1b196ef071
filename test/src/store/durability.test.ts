import { spawnSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { temporaryFolder } from './samples.ts'

// The witness of durability: what the kernel was asked for before each answer. documents.test.ts looks at the same order
// with a file layer of its own, where nothing can be traced.

const few = fileURLToPath(new URL('few.ts', import.meta.url))

/** One system call. A sync counts from where it began, and is done where it ended. */
interface Call {
  name: string
  file: string
  /** What a rename made of it. */
  to: string | undefined
  began: number
  ended: number
}

function callsOf(trace: string): { calls: Call[]; answers: { at: number; sha256: string }[] } {
  const calls: Call[] = []
  const answers: { at: number; sha256: string }[] = []
  const open = new Map<string, Call>()
  for (const [at, line] of trace.split('\n').entries()) {
    const thread = line.slice(0, line.indexOf(' '))
    const resumed = / <\.\.\. (\w+) resumed>/.exec(line)
    if (resumed !== null) {
      const call = open.get(thread)
      if (call !== undefined) call.ended = at
      continue
    }
    const answer = /^\d+ +write\(1[<,].*"(?:ready|accepted ([0-9a-f]{64}))/.exec(line)
    if (answer !== null) answers.push({ at, sha256: answer[1] ?? '' })
    const [, name, first, second] = /^\d+ +(\w+)\((?:\d+<([^>]*)>|"[^"]*"|AT_FDCWD)/.exec(line) ?? []
    if (name === undefined) continue
    const [from, to] = name.startsWith('rename')
      ? [...line.matchAll(/"([^"]*)"/g)].map(([, path]) => path)
      : [first, second]
    const unfinished = line.endsWith('<unfinished ...>')
    const call = { name, file: from ?? '', to, began: at, ended: unfinished ? Number.POSITIVE_INFINITY : at }
    calls.push(call)
    open.set(thread, call)
  }
  return { calls, answers }
}

const traced = (folder: string) => {
  const file = join(folder, 'trace')
  const wanted = 'trace=write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,rename,renameat,renameat2'
  const data = join(folder, 'data')
  const ended = spawnSync('strace', ['-f', '-y', '-s', '80', '-e', wanted, '-o', file, process.execPath, few, data], {
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8'
  })
  if (ended.status !== 0) return undefined
  return { data, trace: readFileSync(file, 'utf8') }
}

const isSync = ({ name }: Call) => name === 'fsync' || name === 'fdatasync'
const isWrite = ({ name }: Call) => /^p?write/.test(name)

/** What was not on the disk when it should have been. */
function faultsOf(data: string, trace: string): string[] {
  const { calls, answers } = callsOf(trace)
  const faults: string[] = []
  const documents = join(data, 'documents')
  const wal = join(data, 'ledger.db-wal')
  const lastOf = (some: Call[]) => Math.max(...some.map(({ ended }) => ended))
  const synced = (file: string, after: number, until: number) =>
    calls.some((call) => isSync(call) && call.file === file && call.began > after && call.ended < until)
  const [ready, ...told] = answers
  if (told.length !== 3) faults.push(`${told.length} answers`)
  let before = ready?.at ?? 0
  for (const { at, sha256 } of told) {
    const since = calls.filter(({ began }) => began > before && began < at)
    before = at
    const ledger = since.filter((call) => isWrite(call) && call.file === wal)
    const rename = since.find(({ name, to }) => name.startsWith('rename') && to === join(documents, sha256))
    if (ledger.length === 0 || rename === undefined) {
      faults.push('the ledger was not written, or the document has no name')
      continue
    }
    const content = since.filter((call) => isWrite(call) && call.file === rename.file)
    const named = Math.min(...ledger.map(({ began }) => began))
    if (!synced(wal, lastOf(ledger), at)) faults.push('the ledger, before the answer')
    if (!synced(rename.file, lastOf(content), rename.began)) faults.push('the bytes of the document, before its name')
    if (!synced(documents, rename.ended, named)) faults.push('the name of the document, before the ledger names it')
  }
  return faults
}

t.test('before each answer the disk has the document, its name, and the ledger, in this order', async (t) => {
  const folder = realpathSync(temporaryFolder(t))
  const found = process.platform === 'linux' ? traced(folder) : undefined
  if (found === undefined) {
    t.comment('skipped: nothing can be traced here (strace); the file layer of documents.test.ts is the witness')
    return
  }
  const { data, trace } = found
  t.same(faultsOf(data, trace), [])
  const { calls } = callsOf(trace)
  t.comment(
    `${calls.filter(isSync).length} syncs, ${calls.filter(isWrite).length} writes, start included, for 3 invoices`
  )

  const without = (what: RegExp) =>
    trace
      .split('\n')
      .map((line) => (what.test(line) ? '0 nothing()' : line))
      .join('\n')
  t.ok(
    faultsOf(data, without(/sync\(\d+<[^>]*-wal>/)).includes('the ledger, before the answer'),
    'the witness can tell'
  )
  t.match(faultsOf(data, without(/sync\(\d+<[^>]*documents>/)), [/the name of the document/])
  t.match(faultsOf(data, without(/sync\(\d+<[^>]*tmp\/[0-9a-f-]{36}>/)), [/the bytes of the document/])
})
