import { writeFile } from 'node:fs/promises'
import { defineCommand } from 'citty'
import type { Advice, Examination } from '../../schemas/ways-out.ts'
import { type Config, readConfig } from '../config.ts'
import { makeBundle } from '../connections/bundle.ts'
import { adviceOn } from '../connections/doctor-advice.ts'
import { version } from '../gateway.ts'

export const doctorCommand = defineCommand({
  meta: {
    name: 'doctor',
    description: 'Check the configuration and the way to Chorus Pro, hop by hop; nothing is sent but questions'
  },
  args: {
    connection: {
      type: 'string',
      description: 'only this connection, or connection/account; all of them when absent',
      valueHint: 'name'
    },
    bundle: {
      type: 'string',
      description: 'write what was found to this file, without secrets, for whoever helps',
      valueHint: 'file.json'
    },
    json: { type: 'boolean', default: false, description: 'JSON, for scripts' }
  },
  async run({ args }) {
    try {
      process.loadEnvFile()
    } catch {
      // No .env file.
    }
    const print = (line: string) => void process.stdout.write(`${line}\n`)
    const { well, bundle } = await examine(process.env, args.json ? () => {} : print, args.connection)
    if (args.json) print(JSON.stringify(bundle, null, 2))
    if (args.bundle !== undefined) {
      await writeFile(args.bundle, `${JSON.stringify(bundle, null, 2)}\n`, { mode: 0o600 })
      if (!args.json) print(`\nWritten to ${args.bundle}: no secret is in it; read it before you hand it on.`)
    }
    process.exitCode = well ? 0 : 1
  }
})

type Say = (line: string) => void

/** Walks from the configuration to a first answer of Chorus Pro; not well when a hop is red. Says no secret. */
export async function examine(
  environment: Record<string, string | undefined>,
  say: Say,
  only?: string
): Promise<{ well: boolean; bundle: Examination }> {
  let config: Readonly<Config> | undefined
  const bundle = await makeBundle({
    read: () => {
      config = readConfig(environment)
      return config
    },
    version,
    now: () => new Date(),
    ...(only !== undefined && { only }),
    progress({ lane, access, api, hops }) {
      say(`${lane}: ${access}, ${api}`)
      const width = Math.max(...hops.map(({ hop }) => hop.length))
      let said: Advice | undefined
      for (const { hop, state, detail, remedy } of hops) {
        say(`${words[state]}  ${hop.padEnd(width)}  ${detail}`)
        if (remedy !== undefined) say(remedy.en === said?.en ? '        as above, comme ci-dessus' : adviceText(remedy))
        said = remedy ?? said
      }
    }
  })
  const { faults, ways } = bundle
  if (faults.length > 0) {
    say(`FAILED  configuration\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    say(adviceText(adviceOn['connection-not-configured']))
  } else if (ways.length === 0) {
    say(
      only === undefined
        ? 'ok      The simulator is inside the gateway: nothing outside to check. Set CHORUS_PRO_ENVIRONMENT=qualification to reach the real one.'
        : `FAILED  There is no connection ${only}.`
    )
  }
  const mended = ways.filter(({ hops }) => hops.every(isWell)).map(({ lane }) => lane)
  const tried = config === undefined ? 0 : await retryLanes(config, mended)
  if (tried > 0) say(`ok      the running gateway: tries again what it had stopped (${tried})`)
  const missing = only !== undefined && ways.length === 0
  const well = faults.length === 0 && !missing && mended.length === ways.length
  return { well, bundle }
}

const adviceText = ({ en, fr }: Advice) => `  en    ${en}\n  fr    ${fr}`
const isWell = ({ state }: { state: string }) => state !== 'red'

/** A gateway that runs with this configuration waits for somebody to have looked. None is no fault. */
async function retryLanes(
  { adminHost, adminPort, access: { adminToken } }: Readonly<Config>,
  lanes: string[]
): Promise<number> {
  const host = adminHost.includes(':') ? `[${adminHost}]` : adminHost
  const headers = adminToken === undefined ? undefined : { authorization: `Bearer ${adminToken}` }
  let count = 0
  for (const lane of lanes) {
    const options = { method: 'POST', signal: AbortSignal.timeout(2_000), ...(headers && { headers }) }
    const url = `http://${host}:${adminPort}/lanes/retry?lane=${encodeURIComponent(lane)}`
    const answer = await fetch(url, options).catch(() => undefined)
    if (answer === undefined) return count
    const { tried = 0 } = ((await answer.json().catch(() => undefined)) ?? {}) as { tried?: number }
    count += tried
  }
  return count
}

const words = { green: 'ok    ', red: 'FAILED', skipped: '-     ' }
