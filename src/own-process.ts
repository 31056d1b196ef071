import { readFileSync } from 'node:fs'

/** Of each thread: what it writes when Node itself fails holds no environment. A thread inherits that from nobody. */
export const threadFlags = ['--report-exclude-env']

/** Closes what a process shows of its memory and environment to whoever may send it a signal (reliability brief, K10). */
export function sealProcess(log: { warn(message: string): void }): void {
  // A report is written when Node itself fails; DATABASE_URL and the like are no part of it.
  process.report.excludeEnv = true
  // Node would open a debugger. The flag --disable-sigusr1 does the same from the first moment on, where it could be given.
  process.on('SIGUSR1', () => log.warn('SIGUSR1 opens no debugger here'))
}

/** Whether a crash may write the memory of this process, secrets and all, to a file. Linux alone tells. */
export function mayDumpCore(limits = readLimits()): boolean {
  const soft = /^Max core file size +(\S+)/m.exec(limits)?.[1]
  return soft !== undefined && soft !== '0'
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
