import { createHash } from 'node:crypto'
import type { Expiry } from '../../schemas/ways-out.ts'
import { remedyFor, titleOf, warningDays } from './expiries.ts'

/** The dates as a calendar (RFC 5545), one event a day with an alarm for each warning. */
export function toCalendar(expiries: readonly Expiry[], now: Date): string {
  const events = expiries.flatMap((expiry) => {
    const { expiresAt } = expiry
    if (expiresAt === undefined) return []
    const title = titleOf(expiry)
    // The date is part of it: what was renewed is another event.
    const uid = createHash('sha256').update(`${expiry.environment} ${title} ${expiresAt}`).digest('hex').slice(0, 32)
    return [
      'BEGIN:VEVENT',
      `UID:${uid}@chorus-pro-gateway`,
      `DTSTAMP:${stamp(now)}`,
      `DTSTART;VALUE=DATE:${expiresAt.slice(0, 10).replaceAll('-', '')}`,
      `SUMMARY:${escape(`Chorus Pro (${expiry.environment}): the ${title} ends`)}`,
      `DESCRIPTION:${escape([remedyFor[expiry.kind], expiry.detail].filter((text) => text !== undefined).join(' '))}`,
      'TRANSP:TRANSPARENT',
      ...warningDays.flatMap((days) => [
        'BEGIN:VALARM',
        'ACTION:DISPLAY',
        `TRIGGER:-P${days}D`,
        `DESCRIPTION:${escape(title)}`,
        'END:VALARM'
      ]),
      'END:VEVENT'
    ]
  })
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//chorus-pro-gateway//expiries//EN',
    'X-WR-CALNAME:Chorus Pro gateway',
    ...events,
    'END:VCALENDAR'
  ]
  return `${lines.flatMap(fold).join('\r\n')}\r\n`
}

const stamp = (time: Date) => `${time.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`
const escape = (text: string) => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')

/** At most 75 octets a line, never inside a character. */
function fold(line: string): string[] {
  const folded: string[] = []
  let current = ''
  for (const character of line) {
    if (Buffer.byteLength(current + character) > (folded.length === 0 ? 75 : 74)) {
      folded.push(current)
      current = ''
    }
    current += character
  }
  folded.push(current)
  return folded.map((part, index) => (index === 0 ? part : ` ${part}`))
}
