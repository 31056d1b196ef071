import type { Config } from '../config.ts'
import { createDirectoryCopy, type DirectoryCopy } from '../directory/copy.ts'
import { createRefresh, type RefreshOptions } from '../directory/copy-refresh.ts'
import type { Loop } from '../loop.ts'
import { accountForReading, type Connected } from './connections.ts'

/** The recipients of qualification are not those of production: one copy for each environment in use. */
export interface DirectoryCopies {
  of(environment: string): DirectoryCopy
  /** Fetches what is missing or old, from now on. */
  start(all: readonly Connected[]): void
  /** An import under way ends, and the copy that is there stays. */
  stop(): Promise<void>
  close(): void
}

export interface DirectoryCopiesOptions extends Pick<RefreshOptions, 'now' | 'log'> {
  config: Pick<Config, 'dataDir' | 'directoryCopyHours' | 'timeScale'>
}

export function createDirectoryCopies({ config, now, log }: DirectoryCopiesOptions): DirectoryCopies {
  const { dataDir: folder, directoryCopyHours, timeScale } = config
  const copies = new Map<string, DirectoryCopy>()
  const loops: Loop[] = []

  const of = (environment: string) => {
    const copy = copies.get(environment) ?? createDirectoryCopy({ folder, environment })
    copies.set(environment, copy)
    return copy
  }

  return {
    of,
    start(all) {
      if (directoryCopyHours === 0) return
      for (const [environment, connected] of Map.groupBy(all, ({ connection }) => connection.environment)) {
        const [first, ...others] = connected
        if (first === undefined) continue
        const { chorus } = accountForReading([first, ...others])
        const loop = createRefresh({
          copy: of(environment),
          download: async () => (await chorus.resources.organizations.file()).content,
          folder,
          maxAgeMs: directoryCopyHours * 3_600_000,
          timeScale,
          now,
          log
        })
        loop.start()
        loops.push(loop)
      }
    },
    async stop() {
      for (const copy of copies.values()) copy.close()
      await Promise.all(loops.map((loop) => loop.stop()))
    },
    close() {
      for (const copy of copies.values()) copy.close()
    }
  }
}
