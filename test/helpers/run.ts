// Runs tap, shows one line a file and the failures in full, and ends with `N passed, N failed`.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const child = spawn('tap', ['run', '--reporter=tap', ...process.argv.slice(2)], {
  stdio: ['inherit', 'pipe', 'inherit'],
  env: { ...process.env, NO_COLOR: '1' }
})

let passed = 0
let failed = 0
let skipped = 0
const trail: string[] = []
let diagnosing = false

for await (const line of createInterface({ input: child.stdout })) {
  const match = /^( *)(not ok|ok) \d+(?: - )?(.*)$/.exec(line)
  if (match === null) {
    if (diagnosing) console.log(line)
    if (/^ *\.\.\.$/.test(line)) diagnosing = false
    const opened = /^( *)# Subtest: (.*)$/.exec(line)
    if (opened !== null) trail[(opened[1] ?? '').length / 4] = opened[2] ?? ''
    if (line.startsWith('Bail out!')) console.log(line)
    continue
  }
  diagnosing = false
  const depth = (match[1] ?? '').length / 4
  const text = match[3] ?? ''
  const isSummary = / # time=/.test(text)
  if (depth === 0) console.log(`${match[2] === 'ok' ? 'ok  ' : 'FAIL'} ${text}`)
  if (match[2] === 'not ok' && !/# TODO/.test(text)) {
    if (!isSummary) failed++
    else if (depth === 0) failed += failed === 0 ? 1 : 0
    if (depth > 0) console.log(`  not ok: ${[...trail.slice(0, depth), text].join(' > ')}`)
    diagnosing = true
  } else if (/# SKIP/.test(text)) {
    skipped++
    console.log(`  skipped: ${[...trail.slice(0, depth), text].join(' > ')}`)
  } else if (!isSummary) passed++
}

const code = await new Promise<number>((resolve) => {
  child.on('close', (status) => resolve(status ?? 1))
})
if (code !== 0 && failed === 0) failed = 1
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = code === 0 && failed === 0 ? 0 : 1
