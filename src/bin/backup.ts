import { resolve } from 'node:path'
import { defineCommand } from 'citty'
import { CommandError } from './arguments.ts'
import { existingPlace, reasonOf } from './data-folder.ts'

export const backupCommand = defineCommand({
  meta: {
    name: 'backup',
    description:
      'Copy the embedded store to a new folder, ledger and documents of one moment; the gateway may be running'
  },
  args: {
    to: { type: 'string', required: true, description: 'a folder that is empty or not there', valueHint: 'folder' },
    data: { type: 'string', description: 'folder of the store; DATA_DIR, or ./data, when absent', valueHint: 'folder' }
  },
  async run({ args }) {
    const place = existingPlace(args.data)
    if (place.database !== undefined) {
      throw new CommandError(
        'The store is a PostgreSQL: back it up with pg_dump or with the server’s own means (docs/operations.md). ' +
          'A folder is named with --data.'
      )
    }
    const { backup } = await import('../store/backup.ts')
    const to = resolve(args.to)
    const facts = await backup({ dataDir: place.dataDir, to }).catch((error: unknown) => {
      throw new CommandError(`There is no backup: ${reasonOf(error)}.`, 1, { cause: error })
    })
    process.stdout.write(
      `${to} holds ${facts.invoices} invoices and ${facts.documents} documents (${facts.bytes} bytes), as of ${facts.at}.\n` +
        'A gateway that is started on it searches in Chorus Pro before it sends anything.\n'
    )
  }
})
