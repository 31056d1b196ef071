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
  often('clock', 0.7, async (dice) => {
    const replica = dice.pick(replicas)
    const wrongBy = dice.pick(wrongClocks)
    await during(
      `clock ${wrongBy}`,
      replica.name,
      dice.between(1_000, 4_000),
      () => replica.setClock(wrongBy),
      () => replica.setClock(0)
    )
  })
  const certified = replicas.filter(({ certificate }) => certificate !== undefined)
  if (certified.length === 0) return
  often('certificate', 0.7, async (dice) => {
    const { name, certificate, kill } = dice.pick(certified)
    if (certificate === undefined) return
    const kind = dice.pick(['expired', 'foreign', 'broken'] as const)
    await during(
      `certificate ${kind}`,
      name,
      dice.between(1_000, 3_000),
      async () => {
        certificate.use(kind)
        await kill()
      },
      async () => {
        certificate.use('good')
        await kill()
        write({ at: new Date().toISOString(), action: 'kill', target: name, detail: 'with its certificate mended' })
      }
    )
  })
}
