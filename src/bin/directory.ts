import { createWriteStream, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { defineCommand } from 'citty'
import { createChorus } from '../chorus/client.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { waysOf } from '../connections/ways.ts'
import { createDirectoryCopy, type DirectoryCopy } from '../directory/copy.ts'
import type { CopyFacts } from '../directory/copy-file.ts'
import { CommandError } from './arguments.ts'
import { placeOf, reasonOf } from './data-folder.ts'

const data = {
  type: 'string',
  description: 'folder of the gateway; DATA_DIR, or ./data, when absent',
  valueHint: 'folder'
} as const

const importFile = defineCommand({
  meta: {
    name: 'import',
    description:
      'Make the local copy anew, from Chorus Pro or from a file; a gateway that runs takes it within a minute'
  },
  args: {
    file: {
      type: 'positional',
      required: false,
      description: 'the recipients’ directory, ZIP or CSV; fetched from Chorus Pro when absent'
    },
    data
  },
  async run({ args }) {
    await withCopy(args.data, async (copy, folder, config) => {
      const file = args.file === undefined ? join(folder, `.directory-${process.pid}.download`) : resolve(args.file)
      try {
        if (args.file === undefined) await fetchFile(config, folder, file)
        else if (!existsSync(file)) throw new Error(`there is no file ${file}`)
        const asOf = args.file === undefined ? new Date() : statSync(file).mtime
        print(await copy.take(file, { asOf, from: args.file === undefined ? 'download' : basename(file) }))
      } catch (error) {
        throw new CommandError(`Nothing was imported: ${reasonOf(error)}.`, 1, { cause: error })
      } finally {
        if (args.file === undefined) rmSync(file, { force: true })
      }
    })
  }
})

const status = defineCommand({
  meta: {
    name: 'status',
    description: 'How old the local copy is and how much it holds; exit code 1 when there is none'
  },
  args: { data },
  async run({ args }) {
    await withCopy(args.data, async (copy, folder) => {
      const facts = copy.facts()
      if (facts === undefined) throw new CommandError(`There is no copy in ${folder}.`)
      print(facts)
    })
  }
})

export const directoryCommand = defineCommand({
  meta: { name: 'directory', description: 'The local copy of the recipients’ directory' },
  subCommands: { import: importFile, status }
})

async function withCopy(
  given: string | undefined,
  work: (copy: DirectoryCopy, folder: string, config: Readonly<Config>) => Promise<void>
): Promise<void> {
  const { dataDir: folder } = placeOf(given)
  let config: Readonly<Config>
  try {
    config = readConfig(process.env)
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, 78)
    throw error
  }
  const copy = createDirectoryCopy({ folder, environment: config.chorus.environment })
  try {
    await work(copy, folder, config)
  } finally {
    copy.close()
  }
}

async function fetchFile(config: Readonly<Config>, folder: string, file: string): Promise<void> {
  if (config.chorus.apiUrl === undefined) {
    throw new Error('the simulator lives inside the gateway; name a file, or set CHORUS_PRO_ENVIRONMENT')
  }
  const quiet = { warn: () => {}, info: () => {}, debug: () => {} }
  const [way] = waysOf(config, quiet)
  if (way === undefined) throw new Error('no connection is configured')
  const chorus = createChorus(way.chorus)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { content } = await chorus.resources.organizations.file()
    await pipeline(content, createWriteStream(file, { mode: 0o600 }))
  } finally {
    await chorus.close(0)
  }
}

const print = ({ organizations, asOf, from }: CopyFacts) =>
  void process.stdout.write(`${organizations} structures as of ${asOf}, from ${from}.\n`)
