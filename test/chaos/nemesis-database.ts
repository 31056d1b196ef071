import type { Database } from './database.ts'
import type { Tools } from './nemesis.ts'

/** The database's part of the plan (reliability brief, 5.3). */
export function tormentDatabase(database: Database, { often, during, write }: Tools): void {
  const { cutter } = database
  const target = 'database'
  const note = (action: string, met: number) => write({ at: new Date().toISOString(), action, target, met })

  for (const how of ['cut-before', 'cut-after'] as const) {
    // oxlint-disable-next-line typescript/require-await -- other plans do wait
    often(`database ${how}`, 5, async () => cutter.cutNextCommit(how, () => note(`database ${how}`, 1)))
  }
  often('database terminate', 20, async () => note('database terminate', await database.terminateOne()))
  often('database half-open', 1, (dice) =>
    during(
      'database half-open',
      target,
      dice.between(2_000, 5_000),
      () => cutter.swallow(true),
      () => cutter.swallow(false),
      cutter.met
    )
  )
  often('database slow', 1, (dice) =>
    during(
      'database slow',
      target,
      dice.between(500, 2_000),
      () => cutter.delay(dice.between(20, 200)),
      () => cutter.delay(0),
      cutter.met
    )
  )
  often('database restart', 1.5, async () => {
    const at = new Date().toISOString()
    await database.restart()
    write({ at, until: new Date().toISOString(), action: 'database restart', target })
  })
  often('database locked', 1, async () => {
    const at = new Date().toISOString()
    await database.lock(3_000)
    write({ at, until: new Date().toISOString(), action: 'database locked', target })
  })
  often('database read-only', 1, () =>
    during(
      'database read-only',
      target,
      3_000,
      () => database.readOnly(true),
      () => database.readOnly(false)
    )
  )
}
