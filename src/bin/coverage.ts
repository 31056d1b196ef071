import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { writeCoverage } from './coverage-page.ts'

/** Writes docs/coverage.md; with --check it only compares. */
const page = fileURLToPath(new URL('../../docs/coverage.md', import.meta.url))
const text = writeCoverage()
if (process.argv.includes('--check')) {
  const there = await readFile(page, 'utf8').catch(() => '')
  if (there.replaceAll('\r\n', '\n') !== text) {
    process.stderr.write('docs/coverage.md has drifted from the code: run npm run coverage.\n')
    process.exitCode = 1
  }
} else {
  await writeFile(page, text)
  process.stdout.write(`${page} is written.\n`)
}
