// A file system of our own that can be full from one moment to the next, where this machine lets us mount one.
import { spawnSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'

export interface Disk {
  folder: string
  /** What is there stays; nothing more fits. */
  fill(): void
  free(): void
  unmount(): void
}

const roomyBytes = 2 ** 31

/** Undefined, and a printed reason, where nothing can be mounted. Ends with this process at the latest. */
export function mountDisk(folder: string, owner = 0): Disk | undefined {
  mkdirSync(folder, { recursive: true })
  const mount = (options: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0
  if (!mount(`size=${roomyBytes},mode=0700,uid=${owner},gid=${owner}`)) {
    console.log('no tmpfs can be mounted here: no disk gets full')
    return undefined
  }
  const unmount = () => {
    process.off('exit', unmount)
    if (spawnSync('umount', [folder]).status !== 0) spawnSync('umount', ['-l', folder])
  }
  process.once('exit', unmount)
  return {
    folder,
    fill() {
      // What is written between the two steps makes the size too small, and the kernel refuses it.
      for (let tries = 0; tries < 50; tries++) {
        const { blocks, bfree, bsize } = statfsSync(folder)
        if (mount(`remount,size=${(blocks - bfree) * bsize}`)) return
      }
      throw new Error('the disk did not get full')
    },
    free: () => void mount(`remount,size=${roomyBytes}`),
    unmount
  }
}
