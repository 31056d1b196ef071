import { once } from 'node:events'
import { type Call, curlOf } from './call.ts'
import { createScreen, type Screen } from './screen.ts'
import { type Stage, setStage } from './stage.ts'
import { tellStory } from './story.ts'

export interface DemoOptions {
  /** 0: any free one. */
  port: number
  /** Where the gateway keeps its data; a temporary folder that goes at the end when absent. */
  data?: string
  /** Ends after the story. */
  exit: boolean
}

/** Tells the story, stays up until a signal unless ended to end, and resolves to the exit code. */
export async function runDemo({ port, data, exit }: DemoOptions): Promise<number> {
  const screen = createScreen()
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => 'stopped' as const)
  const started = Date.now()
  screen.heading('Chorus Pro gateway: the story of an invoice')
  const stage = await screen.during('starting a Chorus Pro and the gateway', setStage({ port, data }))
  try {
    introduce(stage, screen)
    const ended = await Promise.race([tellStory(stage, screen), stopped]).catch((error: unknown) => error)
    if (ended === 'stopped') return 130
    const worked = !(ended instanceof Error)
    if (worked) {
      screen.heading(`Every step worked, in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
    } else {
      screen.bad(ended.message + (ended.cause instanceof Error ? `: ${ended.cause.message}` : ''))
      for (const line of stage.troubles()) screen.tell(`    ${line}`)
      screen.heading('The story ended early: the step above failed.')
    }
    if (exit) return worked ? 0 : 1
    invite(stage, screen)
    await stopped
    return worked ? 0 : 1
  } finally {
    await screen.during('stopping', stage.close())
  }
}

function introduce({ url, adminUrl, key, simulator, dataDir, busyPort }: Stage, screen: Screen): void {
  if (busyPort !== undefined) screen.tell(`Port ${busyPort} is taken; a free one is used. --port chooses another.`)
  screen.good(`Chorus Pro, played by the simulator: ${simulator.certificateUrl} (demands a client certificate)`)
  screen.good(`the gateway: ${url}, its metrics ${adminUrl}/metrics, its ledger in ${dataDir}`)
  screen.good(`a key for the ERP: ${key}`)
}

function invite({ url, key, simulator }: Stage, screen: Screen): void {
  const list: Call = { path: '/v1/invoices?limit=5' }
  screen.heading('Now you. The lines above can be pasted; change the number to send another invoice.')
  screen.tell(`Swagger UI   ${url}/docs`)
  screen.tell(`Key          ${key}`)
  screen.tell(`Chorus Pro   ${simulator.controlUrl}/invoices, what the simulator holds`)
  screen.copy(curlOf(url, key, list))
  screen.tell('Ctrl-C ends it.')
}
