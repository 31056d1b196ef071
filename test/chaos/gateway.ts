// The gateway as it runs in production, with failpoints armed. Arguments: the failpoints as JSON, a file for what fired.
import { writeFileSync } from 'node:fs'
import { armFailpoints } from '../../src/failpoint.ts'
import { serve } from '../../src/server.ts'

const [failures = '[]', firedFile = ''] = process.argv.slice(2)
armFailpoints(JSON.parse(failures) as Parameters<typeof armFailpoints>[0], (name, { kind }) => {
  // What was written outlives a kill: only a power cut would lose it.
  writeFileSync(firedFile, `${JSON.stringify({ name, kind, at: realTime() })}\n`, { flag: 'a' })
})
/** Whatever its clock says. */
function realTime(): string {
  return new Date(performance.timeOrigin + performance.now()).toISOString()
}
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
await serve([])
process.send?.('ready')
