import type { Asker } from './asker.ts'

/** What Chorus Pro offers beside the sending of invoices, in our words: one member per resource. */
// biome-ignore lint/complexity/noBannedTypes: filled by the resources
export type Resources = {}

export function createResources(_asker: Asker): Resources {
  return {}
}
