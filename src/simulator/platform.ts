import { createTokens } from './accounts.ts'
import { createClock } from './clock.ts'
import { type Control, heldInvoices } from './control.ts'
import { createFaults, type Faults } from './faults.ts'
import { createFiles } from './files.ts'
import { createFlows } from './flows.ts'
import { asId, type Id } from './json.ts'
import { createLedgerBook } from './ledger.ts'
import { createRegistry } from './registry.ts'
import { addSamples } from './samples.ts'
import { seedDirectory, seedShelf } from './seed.ts'
import type { Settings } from './settings.ts'
import { createShelf } from './shelf.ts'
import type { World } from './world.ts'

/** Everything behind the doors, with the handle that tests hold. */
export function createPlatform({
  initial,
  speed,
  ledgerFile,
  sampleInvoices,
  login,
  random
}: {
  initial: Settings
  speed: number
  ledgerFile: string | undefined
  sampleInvoices: boolean
  /** Of the account that the samples belong to. */
  login: string
  random: () => number
}): { world: World; control: Control; faults: Faults } {
  let current = structuredClone(initial)
  let lastId: Id = 4_000_000n
  let lastFile: Id = 10_400_000n
  let lastLink: Id = 70_000_000n
  const settings = (): Settings => current
  const clock = createClock({ speed: speed })
  const directory = seedDirectory(() => current.directorySize)
  const ledger = createLedgerBook({ file: ledgerFile })
  const invoices = createRegistry({ clock, settings, nextId: () => ++lastId, random })
  const files = createFiles({ budget: 64 * 1_048_576, nextId: () => ++lastFile })
  const shelf = createShelf({ files, nextId: () => ++lastLink })
  const started = clock.now()
  // 424 days, counted from the start (test-dataset.md 1).
  const passwordEnd = (): number => started + settings().passwordLifetimeDays * 86_400_000
  const flows = createFlows({ clock, settings, directory, invoices, ledger })
  const tokens = createTokens({ clock })
  const world: World = { clock, settings, directory, files, shelf, invoices, flows, tokens, ledger, passwordEnd }
  const faults = createFaults({ random })
  const fill = (): void => {
    for (const structure of directory.structures) structure.edi = undefined
    seedShelf(world)
    if (sampleInvoices) addSamples(world, login)
  }
  fill()
  const control: Control = {
    setFaults: (rules) => faults.set(rules),
    clearFaults: () => faults.clear(),
    faults: () => faults.list(),
    ledger: (since) => ledger.read(since),
    async advance(ms) {
      clock.advance(ms)
      await flows.catchUp()
    },
    setSpeed: (factor) => clock.setSpeed(factor),
    configure(change) {
      current = { ...current, ...structuredClone(change) }
    },
    settings: () => structuredClone(current),
    setStatus(wanted, status, comment, supplier) {
      const named = invoices
        .withNumber(String(wanted))
        .filter((one) => supplier === undefined || one.seller.identifier === supplier)
      const invoice = named.at(-1) ?? invoices.find(asId(wanted))
      if (invoice === undefined) throw new Error(`no invoice ${wanted}`)
      invoices.setStatus(invoice, status, { comment })
    },
    invoices: () => heldInvoices(world),
    reset() {
      current = structuredClone(initial)
      clock.reset()
      for (const part of [invoices, files, shelf, flows, faults, ledger]) part.clear()
      fill()
    },
    revokeTokens: () => tokens.revokeAll()
  }
  return { world, control, faults }
}
