import { setTimeout as sleep } from 'node:timers/promises'
import type { Disk } from './disk.ts'
import type { Tools } from './nemesis.ts'
import type { Replica } from './site.ts'

/** Longer than a run, so that the checker can tell real times from wrong ones. Set right again at each end. */
const wrongClocks = [-3_600_000, 3_600_000]

/** The machine's part of the plan (reliability brief, 5.3): its disk, its clocks, its certificate file. */
export function tormentMachine(
  { disk, replicas }: { disk: Disk | undefined; replicas: Replica[] },
  { often, during, write }: Tools
): void {
  if (disk !== undefined) {
    often('disk full', 0.7, (dice) =>
      during(
        'disk full',
        'disk',
        dice.between(1_000, 4_000),
        () => disk.fill(),
        () => disk.free()
      )
    )
  }
  /** A start takes its time, and so does the first call after it. */
  const started = async (replica: Replica) => {
    for (let waited = 0; waited < 10_000 && !replica.ready; waited += 100) await sleep(100)
  }
  often('clock', 0.7, async (dice) => {
    const replica = dice.pick(replicas)
    const wrongBy = dice.pick(wrongClocks)
    await during(
      `clock ${wrongBy}`,
      replica.name,
      dice.between(1_000, 4_000),
      async () => {
        await started(replica)
        replica.setClock(wrongBy)
      },
      () => replica.setClock(0)
    )
  })
  const certified = replicas.filter(({ certificate }) => certificate !== undefined)
  if (certified.length === 0) return
  often('certificate', 0.7, async (dice) => {
    const replica = dice.pick(certified)
    const { name, certificate, kill } = replica
    if (certificate === undefined) return
    const kind = dice.pick(['expired', 'foreign', 'broken'] as const)
    await during(
      `certificate ${kind}`,
      name,
      dice.between(1_000, 3_000),
      async () => {
        certificate.use(kind)
        await kill()
        // A broken one lets nothing start.
        if (kind !== 'broken') await started(replica)
      },
      async () => {
        certificate.use('good')
        await kill()
        write({ at: new Date().toISOString(), action: 'kill', target: name, detail: 'with its certificate mended' })
      }
    )
  })
}
