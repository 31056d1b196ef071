import type { FastifyReply } from 'fastify'
import type { ServedFile } from '../src/portal/files.ts'

/** A file as it comes: its length is not known before its end. */
export function sendFile(reply: FastifyReply, { name, mediaType, content }: ServedFile) {
  const plain = name.replace(/[/\\\p{Cc}]/gu, '_')
  const ascii = plain.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  return reply
    .header('content-type', mediaType)
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(plain)}`)
    .send(content)
}

/** Repeated, or with commas. */
export const idsOf = (value: string | string[]): string[] => [
  ...new Set([value].flat().flatMap((one) => one.split(',')))
]
