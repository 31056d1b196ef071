/** Chorus Pro counts days in Paris and writes dates in three ways (behaviour.md 10). */
const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23'
})

/** `2026-09-02` */
export const parisDay = (ms: number): string => parts.format(ms).slice(0, 10)

/** `2026-09-02 10:10` */
export const parisMinute = (ms: number): string => parts.format(ms).slice(0, 16)

/** `2026-09-02T10:10:25.536+02:00` */
export function parisInstant(ms: number): string {
  const local = parts.format(ms).replace(' ', 'T')
  const minutes = Math.round((Date.parse(`${local}Z`) - Math.floor(ms / 1000) * 1000) / 60_000)
  const pad = (value: number): string => String(value).padStart(2, '0')
  const millis = String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, '0')
  return `${local}.${millis}+${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

/**
 * A bound as callers write it: a day, a local date-time, or one with an offset. A day taken as the end of a
 * period includes that day. Undefined if it is no date.
 */
export function parisBound(text: string, end = false): number | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const local = day ? `${text}T${end ? '23:59:59.999' : '00:00:00'}` : text.replace(' ', 'T')
  if (/(?:Z|[+-]\d{2}:?\d{2})$/.test(local)) return valid(Date.parse(local))
  const guess = Date.parse(`${local}Z`)
  if (Number.isNaN(guess)) return undefined
  // The offset is that of the moment itself, so one correction is enough except in the hour of the change.
  const offset = Date.parse(`${parts.format(guess).replace(' ', 'T')}Z`) - Math.floor(guess / 1000) * 1000
  return guess - offset
}

const valid = (ms: number): number | undefined => (Number.isNaN(ms) ? undefined : ms)
