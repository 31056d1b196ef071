import { statSync } from 'node:fs'

/**
 * Says when files have changed, by asking again and again: in containers a secret is a link to a folder that is exchanged
 * as a whole, which `fs.watch` does not see.
 */
export interface FileWatch {
  /** True once after a change, when everything has stayed as it is since the last question: nobody is writing any more. */
  changed(): boolean
  follow(paths: readonly string[]): void
}

export function createFileWatch(first: readonly string[]): FileWatch {
  let paths = first
  let known = marks()
  let last = known

  function marks(): string {
    return paths.map(markOf).join('\n')
  }

  return {
    changed() {
      const found = marks()
      const calm = found === last
      last = found
      if (found === known || !calm) return false
      known = found
      return true
    },
    follow(next) {
      if (next.join('\n') === paths.join('\n')) return
      paths = next
      // Other files, which may have changed since they were read: they are read once more.
      known = ''
      last = ''
    }
  }
}

function markOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path)
    return `${path} ${ino} ${size} ${mtimeMs} ${ctimeMs}`
  } catch (error) {
    return `${path} ${(error as NodeJS.ErrnoException).code}`
  }
}
