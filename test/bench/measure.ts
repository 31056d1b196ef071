import { readFileSync, writeFileSync } from 'node:fs'
import type { Driven, Order } from './drive.ts'
import type { Part } from './processes.ts'

/** Who is measured: the process whose work counts, and the one that asks for it. */
export interface Contestant {
  pid: number
  asker: Part
  origin?: string
}

export interface Sample {
  perSecond: number
  p50: number
  p99: number
  /** CPU of the server per request, milliseconds; NaN where there is no /proc. */
  cpuMs: number
  /** Most resident bytes since the sample began, in MB. */
  peakMb: number
  done: number
}

export async function measure({ pid, asker, origin }: Contestant, order: Order): Promise<Sample> {
  forgetPeak(pid)
  const before = cpuMs(pid)
  const driven = (await asker.ask({ ...order, ...(origin !== undefined && { origin }) })) as Driven
  const cpu = cpuMs(pid) - before
  const { done, ms, p50, p99, failures, complaint } = driven
  if (failures > 0) throw new Error(`${failures} of ${done + failures} requests failed: ${complaint}`)
  return { perSecond: (done / ms) * 1000, p50, p99, cpuMs: cpu / done, peakMb: peakMb(pid), done }
}

/** User and system time of all its threads. A tick is 10 ms on every Linux that matters. */
function cpuMs(pid: number): number {
  const stat = readProc(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function peakMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readProc(`/proc/${pid}/status`))?.[1]) / 1000
}

/** Sets VmHWM back to what is resident now (proc(5), clear_refs). */
function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // Then the peak is the one since the process began.
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}
