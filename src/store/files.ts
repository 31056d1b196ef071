import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { promisify } from 'node:util'

/** What the documents ask of a file system. Opening, renaming and closing are cheap; whatever waits for the disk is async. */
export interface Files {
  /** Fails if the file exists. */
  create(path: string): number
  /** The same without holding up the event loop: making a file costs a file system more than anything but a sync. */
  createSoon(path: string): Promise<number>
  writeSync(fd: number, chunks: Buffer[]): void
  write(fd: number, chunks: Buffer[]): Promise<void>
  /** The bytes stay with whoever gave them; chunks are given away. */
  writeLent(fd: number, bytes: Buffer): Promise<void>
  /** The file's bytes are on the disk when resolved. */
  sync(fd: number): Promise<void>
  close(fd: number): void
  rename(from: string, to: string): void
  remove(path: string): void
  openFolder(path: string): number | undefined
  /** The folder's entries are on the disk when resolved. */
  syncFolder(fd: number | undefined): Promise<void>
  size(path: string): number | undefined
  /** When it was written or touched last, epoch milliseconds. */
  modified(path: string): number | undefined
  touch(path: string): void
  names(folder: string): string[]
  /** For a folder of any size. */
  walk(folder: string): AsyncIterable<string>
  makeFolder(path: string): void
}

const open = promisify(fs.open)
const writev = promisify(fs.writev)
const fdatasync = promisify(fs.fdatasync)
const fsync = promisify(fs.fsync)

/** What a partial write left over. */
function rest(chunks: Buffer[], written: number): Buffer[] {
  let skip = written
  return chunks.flatMap((chunk) => {
    const from = Math.min(skip, chunk.length)
    skip -= from
    return from === chunk.length ? [] : [chunk.subarray(from)]
  })
}

async function writeAll(fd: number, chunks: Buffer[]): Promise<void> {
  // promisify(fs.writev) gives the number and the buffers.
  for (let left = chunks; left.length > 0; ) left = rest(left, (await writev(fd, left)).bytesWritten)
}

export const nodeFiles: Files = {
  create: (path) => fs.openSync(path, 'wx', 0o600),
  createSoon: (path) => open(path, 'wx', 0o600),
  writeSync: (fd, chunks) => {
    for (let left = chunks; left.length > 0; ) left = rest(left, fs.writevSync(fd, left))
  },
  write: writeAll,
  writeLent: (fd, bytes) => writeAll(fd, [bytes]),
  sync: fdatasync,
  close: (fd) => fs.closeSync(fd),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.rmSync(path, { force: true }),
  // Windows neither opens folders nor needs it.
  openFolder: (path) => (process.platform === 'win32' ? undefined : fs.openSync(path, 'r')),
  syncFolder: async (fd) => {
    if (fd !== undefined) await fsync(fd)
  },
  size: (path) => fs.statSync(path, { throwIfNoEntry: false })?.size,
  modified: (path) => fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs,
  touch: (path) => {
    const now = new Date()
    fs.utimesSync(path, now, now)
  },
  names: (folder) => fs.readdirSync(folder),
  async *walk(folder) {
    for await (const { name } of await fs.promises.opendir(folder, { bufferSize: 1_000 })) yield name
  },
  makeFolder: (path) => {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 })
  }
}

/** For a folder that is synced now and then. */
export async function syncOnce(files: Files, path: string): Promise<void> {
  const fd = files.openFolder(path)
  try {
    await files.syncFolder(fd)
  } finally {
    if (fd !== undefined) files.close(fd)
  }
}

/** The bytes of a file that was written by other means are on the disk when resolved. */
export async function syncFile(path: string): Promise<void> {
  const file = await fs.promises.open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
export const meansNoRoom = (error: unknown) => noRoom.has(String((error as { code?: unknown } | null)?.code))

export const temporaryName = () => randomUUID()
