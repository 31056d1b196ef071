import { parentPort, workerData } from 'node:worker_threads'
import { buildCopy, type CopyOrigin } from './copy-build.ts'

/** What the thread is given. */
export interface BuildOrder {
  file: string
  to: string
  origin: CopyOrigin
}

export type BuildResult = { organizations: number } | { failure: string }

const { file, to, origin } = workerData as BuildOrder

const result: BuildResult = await buildCopy(file, to, origin).catch((error: unknown) => ({
  failure: error instanceof Error ? error.message : 'unknown failure'
}))
parentPort?.postMessage(result)
