import type { Readable } from 'node:stream'

/** What a document is. */
export interface Facts {
  sha256: string
  /** Bytes. */
  size: number
}

/** A file on its way in. Nothing of it is visible until `keep`. */
export interface IncomingDocument {
  /** Resolves when the next chunk may come. Throws StoreUnavailable when there is no room. */
  write(chunk: Buffer): Promise<void> | void
  /** Closes it for writing and tells what it is. */
  end(): Promise<Facts>
  /**
   * In place of `write` and `end`, for one that is all in memory. The bytes, whose memory must be their own, may go to
   * another thread and come back: read those of the answer. They stay as they are until it is kept. Throws
   * StoreUnavailable.
   */
  fill(bytes: Buffer): Promise<Facts & { bytes: Buffer }>
  /** Removes every trace; harmless after `keep`. */
  discard(): Promise<void>
}

/** Documents by the SHA-256 of their bytes. */
export interface DocumentStore {
  receive(): Promise<IncomingDocument>
  /** Durable when resolved: data and folder synced. Concurrent calls share their syncs. */
  keep(documents: IncomingDocument[]): Promise<void>
  /** Streams the bytes in slices; ends with an error when they no longer match the digest, before the last slice. */
  open(sha256: string): Readable
  read(sha256: string): Promise<Buffer>
  has(sha256: string): Promise<boolean>
  /** Removes what earlier crashes left half-written. */
  sweep(): Promise<void>
  /** Removes documents that are not `used` and were kept, or kept again, so long ago; returns how many. */
  removeUnused(used: (sha256: string[]) => Promise<Set<string>>, olderThanMs: number): Promise<number>
  close(): Promise<void>
}
