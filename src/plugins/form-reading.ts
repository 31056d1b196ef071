import type { MultipartFile } from '@fastify/multipart'
import type { IncomingDocument } from '../store/document-store.ts'

/** What is under way while a form is read, so that it can be given up from outside. */
export interface Reading {
  received: IncomingDocument[]
  file?: MultipartFile['file']
  over: boolean
}

/** Nothing is left of it. The parser itself may wait for ever for a peer that says nothing any more. */
export async function giveUp(reading: Reading): Promise<void> {
  reading.over = true
  reading.file?.destroy()
  await Promise.all(reading.received.map((document) => document.discard()))
}
