import { defineCommand } from 'citty'
import { OpenSubmissions } from '../store/errors.ts'
import { type OpenedStore, openStore } from '../store/open.ts'
import { CommandError, UsageError } from './arguments.ts'
import { existingPlace, storeFolder, withStore } from './data-folder.ts'
import { siretOf } from './export.ts'

/** Documents that were kept again a moment ago may belong to an invoice that is just arriving. */
const youngMs = 2 * 3_600_000

export const eraseCommand = defineCommand({
  meta: {
    name: 'erase',
    description: 'Make the finished invoices of one seller nobody’s; their numbers stay refused. There is no way back'
  },
  args: {
    seller: { type: 'string', required: true, description: 'whose invoices', valueHint: 'SIRET' },
    by: { type: 'string', required: true, description: 'who decided it; kept in the timeline', valueHint: 'name' },
    yes: { type: 'boolean', default: false, description: 'do it; without it, it is only counted' },
    data: storeFolder
  },
  async run({ args }) {
    const seller = siretOf(args.seller)
    const by = args.by.trim()
    if (!/^[^\p{Cc}]{1,100}$/u.test(by)) throw new UsageError('--by needs 1 to 100 characters that can be printed')
    const place = existingPlace(args.data)
    if (!args.yes) {
      const some = await withStore(place, ({ store }) => store.list({ sellerSiret: seller }, { limit: 1 }))
      const what = some.items.length === 0 ? 'There is no invoice' : 'There are invoices'
      throw new UsageError(`${what} of ${seller}. Nothing was erased: add --yes; export them before, if need be`)
    }
    // Files are only removed by the process that owns the folder: this one, or the gateway that runs.
    const alone = place.database === undefined ? await openStore(place).catch(() => undefined) : undefined
    const work = (opened: OpenedStore) => erase(opened, seller, by, place.database !== undefined || alone !== undefined)
    const { count, removed } = alone === undefined ? await withStore(place, work) : await closing(alone, work)
    process.stdout.write(
      `${count} invoices of ${seller} are erased, ${removed} documents with them. ` +
        'Documents that are left without an invoice go within a day, while the gateway runs.\n'
    )
  }
})

async function closing<T>(opened: OpenedStore, work: (opened: OpenedStore) => Promise<T>): Promise<T> {
  try {
    return await work(opened)
  } finally {
    await opened.documents.close()
    await opened.store.close()
  }
}

async function erase({ store, documents }: OpenedStore, seller: string, by: string, remove: boolean) {
  const count = await store.erase(seller, by).catch((error: unknown) => {
    if (!(error instanceof OpenSubmissions)) throw error
    const some = error.ids.slice(0, 10).join(', ')
    throw new CommandError(`Nothing was erased: ${error.message} (${some}${error.ids.length > 10 ? ', …' : ''}).`)
  })
  const removed = remove ? await documents.removeUnused((some) => store.documentsUsed(some), youngMs) : 0
  return { count, removed }
}
