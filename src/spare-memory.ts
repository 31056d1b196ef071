/**
 * Memory of large files, handed on from one upload to the next: fresh pages cost as much as the copy into them. Whoever
 * gives memory back cannot reach it any more, by whatever reference: its ArrayBuffer is detached.
 */
export interface SpareMemory {
  /** Not zeroed, with memory of its own. */
  take(bytes: number): Buffer
  /** Harmless when it has been given back before. */
  giveBack(bytes: Buffer): void
  /** Bytes that lie ready. */
  held(): number
}

/** Smaller files have memory of the usual kind. */
const smallest = 1024 * 1024

export function createSpareMemory({ mostBytes, idleMs }: { mostBytes: number; idleMs: number }): SpareMemory {
  let spare: ArrayBuffer[] = []
  let idle: NodeJS.Timeout | undefined
  const held = () => spare.reduce((sum, { byteLength }) => sum + byteLength, 0)

  return {
    held,
    take(bytes) {
      if (bytes < smallest) return Buffer.allocUnsafeSlow(bytes)
      const fitting = spare.findIndex(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes)
      const [found] = fitting < 0 ? [] : spare.splice(fitting, 1)
      // In whole steps, so that files of nearly the same size can use each other's.
      const memory = found ?? Buffer.allocUnsafeSlow(Math.ceil(bytes / smallest) * smallest).buffer
      return Buffer.from(memory, 0, bytes)
    },
    giveBack({ buffer }) {
      if (!(buffer instanceof ArrayBuffer) || buffer.detached) return
      const fits = buffer.byteLength >= smallest && held() + buffer.byteLength <= mostBytes
      if (!fits) return void buffer.transfer(0)
      spare.push(buffer.transfer())
      idle ??= setTimeout(() => (spare = []), idleMs).unref()
      idle.refresh()
    }
  }
}

/** Of this process. */
export const spareMemory = createSpareMemory({ mostBytes: 32 * 1024 * 1024, idleMs: 5_000 })
