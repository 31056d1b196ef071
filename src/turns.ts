import { setImmediate } from 'node:timers/promises'

// There is one event loop, so there is one queue for it.
let last: Promise<void> = Promise.resolve()

/** JSON from this size on takes milliseconds to read. */
export const largeBytes = 65_536

/**
 * Waits for a turn of the event loop of its own. Large invoices that come at once would otherwise be read one after the
 * other without a pause, and whoever asks for something small would wait for all of them (reliability brief, H5).
 */
export function ownTurn(): Promise<void> {
  last = last.then(() => setImmediate())
  return last
}
