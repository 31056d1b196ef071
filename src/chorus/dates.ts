/** Dates of Chorus Pro come in several styles (behaviour.md, section 10); all are read, whatever the field. */

const dayStyle = /^(\d{4}-\d{2}-\d{2})(?:[T ]|$)/
const frenchStyle = /^(\d{2})\/(\d{2})\/(\d{4})/
const localStyle = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?$/

/** YYYY-MM-DD as it was written, without moving it between time zones; undefined when it is no date. */
export function readDay(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const french = frenchStyle.exec(text)
  return french === null ? dayStyle.exec(text)?.[1] : `${french[3]}-${french[2]}-${french[1]}`
}

/** RFC 3339 in UTC; a time without offset is Paris time, a mere date stays one. */
export function readMoment(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const local = localStyle.exec(text)
  if (local !== null) return fromParis(`${local[1]}T${local[2]}:${local[3] ?? '00'}Z`)
  if (/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)) {
    const time = new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
    return Number.isNaN(time.getTime()) ? readDay(text) : time.toISOString()
  }
  return readDay(text)
}

const paris = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeZoneName: 'longOffset' })

function parisOffset(time: number): number {
  const name = paris.formatToParts(time).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const match = /GMT([+-]\d{2}):(\d{2})/.exec(name)
  return match === null ? 0 : (Number(match[1]) * 60 + Number(match[2])) * 60_000
}

function fromParis(asUtc: string): string | undefined {
  const wall = Date.parse(asUtc)
  if (Number.isNaN(wall)) return undefined
  const guess = wall - parisOffset(wall)
  return new Date(wall - parisOffset(guess)).toISOString()
}

/** The same moment on a clock in Paris, without offset; a mere date stays one. */
export function toParis(moment: string): string {
  const time = /[T ]/.test(moment) ? Date.parse(readMoment(moment) ?? '') : Number.NaN
  return Number.isNaN(time) ? moment.slice(0, 10) : new Date(time + parisOffset(time)).toISOString().slice(0, 19)
}
