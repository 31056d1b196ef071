import { fstatSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'

/** Where the lines of the log go. Trouble there stays there: what cannot be written is counted, and the service goes on. */
export interface LogOutput {
  write(line: string): void
  /** Lines that were not written, since the start. */
  lost(): number
}

/** How much may wait for a reader that is slower than the gateway, in bytes. Lines beyond that are lost. */
const mostWaiting = 1024 * 1024

/** The standard output. A file may be full for a while; a pipe may be slow, and once it is closed it stays so. */
export function createLogOutput(): LogOutput {
  const stat = fstatSync(1)
  const waits = stat.isFIFO() || stat.isSocket() || isatty(1)
  return waits ? toStream(process.stdout) : toFile(1)
}

/** Never waits: Node writes to pipes at once while there is room, and keeps the rest. */
function toStream(stream: NodeJS.WriteStream): LogOutput {
  let lost = 0
  const count = (error?: Error | null) => {
    if (error) lost++
  }
  // Each write is told of its own failure; without a listener the first one would end the process.
  stream.on('error', () => {})
  return {
    write(line) {
      if (stream.writableLength > mostWaiting) lost++
      else stream.write(line, count)
    },
    lost: () => lost
  }
}

/** At once, so that a process that dies has said why. */
function toFile(fd: number): LogOutput {
  let lost = 0
  let torn = false
  return {
    write(line) {
      const bytes = Buffer.from(torn ? `\n${line}` : line)
      let written = 0
      try {
        while (written < bytes.length) written += writeSync(fd, bytes, written)
        torn = false
      } catch {
        lost++
        torn ||= written > 0
      }
    },
    lost: () => lost
  }
}
