// A small file system that can be filled, where this machine lets us mount one.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface SmallDisk {
  folder: string
  /** Leaves no room. */
  fill(): void
  free(): void
}

export function mountSmallDisk(
  t: { teardown(handler: () => unknown): void },
  { folder, megabytes, owner = 0 }: { folder: string; megabytes: number; owner?: number }
): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true })
  const options = `size=${megabytes}m,mode=0700,uid=${owner},gid=${owner}`
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  if (mounted.status !== 0) {
    console.log('# no tmpfs can be mounted here')
    return undefined
  }
  const filler = join(folder, 'filler')
  const free = () => rmSync(filler, { force: true })
  t.teardown(() => {
    if (spawnSync('umount', [folder]).status !== 0) spawnSync('umount', ['-l', folder])
  })
  return {
    folder,
    fill() {
      for (let block = 1 << 20; block >= 4096; block /= 2) {
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(block), { flag: 'a' })
        } catch {
          // No room for so much; perhaps for less.
        }
      }
    },
    free
  }
}
