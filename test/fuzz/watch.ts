import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestGateway } from '../helpers/gateway.ts'

/** Collects what must not be. */
export interface Watch {
  findings: string[]
  answers: number
  /** Judges one answer; `what` is enough to make it again. */
  answered(what: string, answer: { status: number; type: string | null; body: string; ms: number }): void
  found(what: string, fault: string): void
}

const findingsAtMost = 20
/** On a machine that does much else: what takes longer hangs. */
const slowMs = 10_000

export function createWatch(): Watch {
  const findings: string[] = []
  const found = (what: string, fault: string) => {
    if (findings.length < findingsAtMost) findings.push(`${fault}: ${what}`)
  }
  const watch: Watch = {
    findings,
    answers: 0,
    found,
    answered(what, { status, type, body, ms }) {
      watch.answers++
      if (ms > slowMs) found(what, `${Math.round(ms)} ms`)
      if (status >= 500) found(what, `${status} ${body.slice(0, 300)}`)
      if (status < 400) return
      if (type?.startsWith('application/problem+json') !== true)
        return found(what, `${status} is no problem but ${type}`)
      const problem = parse(body)
      const whole =
        problem !== undefined &&
        problem['status'] === status &&
        typeof problem['code'] === 'string' &&
        typeof problem['title'] === 'string' &&
        typeof problem['owner'] === 'string'
      if (!whole) found(what, `${status} is half a problem: ${body.slice(0, 200)}`)
      if (/at .*\.ts:\d+|node_modules|node:internal|SQLITE|ECONN/.test(body))
        found(what, `tells too much: ${body.slice(0, 300)}`)
    }
  }
  return watch
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** What must hold when all is quiet again: nothing is left over, nothing was a fault of ours, and it works. */
export async function assertQuiet(g: TestGateway, watch: Watch): Promise<void> {
  const leftovers = () => readdirSync(join(g.dataDir, 'tmp')).length + g.gateway.parts.budget.used()
  for (const end = Date.now() + 10_000; leftovers() > 0 && Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const files = readdirSync(join(g.dataDir, 'tmp'))
  if (files.length > 0) watch.found(files.join(), 'left in the folder for files on their way')
  if (g.gateway.parts.budget.used() > 0)
    watch.found(String(g.gateway.parts.budget.used()), 'bytes of the budget in use')
  for (const line of g.log) {
    if (/"msg":"(request failed|housekeeping failed)"/.test(line))
      watch.found(line.slice(0, 600), 'a fault of ours in the log')
  }
  const ready = await g.get('/health/ready')
  if (ready.status !== 200) watch.found(JSON.stringify(ready.body), 'not ready')
}
