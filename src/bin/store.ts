import { defineCommand } from 'citty'
import { CommandError, UsageError } from './arguments.ts'
import { existingPlace, placeOf, reasonOf } from './data-folder.ts'

const copy = defineCommand({
  meta: {
    name: 'copy',
    description: 'Copy the folder of an embedded store into an empty PostgreSQL; the gateway must not be running'
  },
  args: {
    to: {
      type: 'string',
      description: 'where to, DATABASE_URL when absent (a password is safer there, or in DATABASE_URL_FILE)',
      valueHint: 'postgres://…'
    },
    data: { type: 'string', description: 'the folder; DATA_DIR, or ./data, when absent', valueHint: 'folder' }
  },
  async run({ args }) {
    const configured = placeOf(undefined)
    const to = args.to ?? configured.database?.url
    if (to === undefined)
      throw new UsageError('--to is needed, or DATABASE_URL: postgres://user:password@host:5432/name')
    if (!/^postgres(ql)?:\/\/\S+$/.test(to) || !URL.canParse(to)) throw new UsageError('--to is no postgres:// URL')
    const { dataDir } = existingPlace(args.data ?? configured.dataDir)
    const { copyStore } = await import('../store/copy.ts')
    const progress = createProgress()
    const facts = await copyStore({
      from: dataDir,
      to,
      allowUnsafe: configured.database?.allowUnsafe ?? false,
      onProgress: progress.show
    })
      .catch((error: unknown) => {
        throw new CommandError(`Nothing was taken over: ${reasonOf(error)}.`, 1, { cause: error })
      })
      .finally(progress.end)
    const rows = Object.entries(facts.rows).map(([name, count]) => `  ${name.padEnd(14)}${count}`)
    process.stdout.write(
      `Copied and compared, row by row and byte by byte:\n\n${rows.join('\n')}\n  ${'documents'.padEnd(14)}${facts.documents}\n\n` +
        `Set DATABASE_URL and start the gateway. ${dataDir} is kept as it was and refuses to be used again.\n`
    )
  }
})

export const storeCommand = defineCommand({
  meta: { name: 'store', description: 'Take an embedded store to PostgreSQL' },
  subCommands: { copy }
})

/** One line that changes on a terminal; for a file or a pipe, one line for each kind of thing. */
function createProgress() {
  const terminal = process.stderr.isTTY
  let shown = 0
  return {
    show: (what: string, done: number, of: number) => {
      if (!terminal && done < of) return
      if (terminal && done < of && Date.now() - shown < 100) return
      shown = Date.now()
      process.stderr.write(terminal ? `\r\u001b[K${what} ${done} of ${of}` : `${what} ${done} of ${of}\n`)
    },
    end: () => {
      if (terminal && shown > 0) process.stderr.write('\r\u001b[K')
    }
  }
}
