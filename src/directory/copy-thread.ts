import { Worker } from 'node:worker_threads'
import { threadFlags } from '../own-process.ts'
import type { BuildOrder, BuildResult } from './copy-worker.ts'

/** The package as published is JavaScript, and a worker's address is not rewritten as imports are. */
const script = new URL(import.meta.url.endsWith('.ts') ? './copy-worker.ts' : './copy-worker.js', import.meta.url)
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 }

/** `buildCopy` in a thread of its own: seconds of work, of which callers notice nothing. Ends early with the signal. */
export function buildInThread(order: BuildOrder, signal: AbortSignal): Promise<{ organizations: number }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, {
      workerData: order,
      resourceLimits,
      env: {},
      execArgv: threadFlags
    })
    const stop = () => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    const settle = (act: () => void) => {
      signal.removeEventListener('abort', stop)
      act()
    }
    worker.on('message', (result: BuildResult) =>
      settle(() => ('failure' in result ? reject(new Error(result.failure)) : resolve(result)))
    )
    worker.on('error', (error) => settle(() => reject(error)))
    worker.on('exit', () => settle(() => reject(new Error('the import was stopped'))))
  })
}
