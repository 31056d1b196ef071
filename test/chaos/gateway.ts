// The gateway as it runs in production, with failpoints armed. Arguments: the failpoints as JSON, a file for what fired.
import { armFailpoints } from '../../src/failpoint.ts'
import { serve } from '../../src/server.ts'

const [failures = '[]', firedFile = ''] = process.argv.slice(2)
armFailpoints(JSON.parse(failures) as Parameters<typeof armFailpoints>[0], firedFile)
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
await serve([])
process.send?.('ready')
