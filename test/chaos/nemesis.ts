import { setTimeout as sleep } from 'node:timers/promises'
import { failpoints } from '../../src/failpoint.ts'
import type { FaultRule } from '../../src/simulator/faults.ts'
import type { Database } from './database.ts'
import type { Disk } from './disk.ts'
import type { Action, HistoryRecord } from './history.ts'
import { tormentDatabase } from './nemesis-database.ts'
import { tormentMachine } from './nemesis-machine.ts'
import { type Proxy, type ProxyMood, proxyMoods } from './proxy.ts'
import type { Random } from './seed.ts'
import type { Armed, Replica, Upstream } from './site.ts'

export interface NemesisOptions {
  random: Random
  history: { write(record: HistoryRecord): void }
  replicas: Replica[]
  upstream: Upstream
  /** What goes wrong all the time; short faults come before it. */
  constant: FaultRule[]
  /** Tokens are a matter of PISTE alone. */
  access: 'piste' | 'certificate'
  proxy?: Proxy | undefined
  database?: Database | undefined
  disk?: Disk | undefined
  leaseMs: number
}

/** What the plans of the nemesis are made of. */
export interface Tools {
  /** Acts at random moments, so often a minute on average. */
  often: (name: string, perMinute: number, act: (dice: Random) => Promise<void>) => void
  /** A fault that lasts. `met`: asked just before its end. */
  during: (
    action: string,
    target: string,
    ms: number,
    begin: () => unknown,
    end: () => unknown,
    met?: () => number
  ) => Promise<void>
  write: (action: Omit<Action, 'kind'>) => void
}

/** Breaks things at random until it is told to stop, and then mends everything. The seed repeats its plan. */
export interface Nemesis {
  start(): void
  /** Ends every fault, wakes and restarts every gateway. */
  mend(): Promise<void>
}

const mostWaitMs = 10_000

export function createNemesis(options: NemesisOptions): Nemesis {
  const { random, history, replicas, upstream, constant, access, proxy, database, disk, leaseMs } = options
  const over = new AbortController()
  const plans: Promise<void>[] = []
  const now = () => new Date().toISOString()
  const write = (action: Omit<Action, 'kind'>) => history.write({ kind: 'action', ...action })

  /** Waits, and says whether to go on. */
  const rest = (ms: number) =>
    sleep(ms, undefined, { signal: over.signal }).then(
      () => true,
      () => false
    )

  /** Acts at random moments, so often a minute on average. */
  function often(name: string, perMinute: number, act: (dice: Random) => Promise<void>): void {
    const dice = random.fork(name)
    const plan = async () => {
      while (await rest(dice.pauseMs(perMinute))) {
        await act(dice).catch((error: unknown) =>
          write({ at: now(), action: 'failed', target: name, detail: String(error) })
        )
      }
    }
    plans.push(plan())
  }

  /** A fault that lasts. */
  const during: Tools['during'] = async (action, target, ms, begin, end, met) => {
    // What nobody is there to feel proves nothing.
    for (let waited = 0; waited < mostWaitMs && !replicas.some(({ ready }) => ready); waited += 50) await rest(50)
    const at = now()
    await begin()
    await rest(ms)
    const many = met?.()
    await end()
    write({ at, until: now(), action, target, ...(many !== undefined && { met: many }) })
  }

  async function restart(replica: Replica, dice: Random): Promise<void> {
    const armed: Armed = dice.chance(0.3)
      ? [{ name: dice.pick(failpoints), kind: 'kill', skip: dice.between(0, 30), ...(dice.chance(0.5) && { ms: 3 }) }]
      : []
    const how = await replica.start(armed)
    write({
      at: now(),
      action: 'start',
      target: replica.name,
      detail: `${how} ${JSON.stringify(armed)}`
    })
  }

  async function kill(replica: Replica): Promise<void> {
    const at = now()
    await replica.kill()
    write({ at, until: now(), action: 'kill', target: replica.name })
  }

  /** A gateway that dies at a failpoint comes back, as under any supervisor. */
  async function supervise(replica: Replica, dice: Random): Promise<void> {
    while (!over.signal.aborted) {
      if (replica.child?.alive !== true) {
        write({ at: now(), action: 'kill', target: replica.name, detail: 'found dead' })
        await restart(replica, dice)
      }
      await rest(100)
    }
  }

  const windows: Record<string, (dice: Random) => Promise<void>> = {
    maintenance: (dice) =>
      during(
        'upstream maintenance',
        'upstream',
        dice.between(2_000, 6_000),
        () => upstream.configure({ maintenance: true }),
        () => upstream.configure({ maintenance: false })
      ),
    throttle: () =>
      during(
        'upstream throttle',
        'upstream',
        1_000,
        () => upstream.faults([{ operation: '.*', kind: 'throttle', retryAfterS: 1, times: 5 }, ...constant]),
        () => upstream.faults(constant)
      ),
    'password-expired': (dice) =>
      during(
        'upstream password',
        'upstream',
        dice.between(1_000, 3_000),
        () => upstream.configure({ passwordExpired: true }),
        async () => {
          await upstream.configure({ passwordExpired: false })
          // Nobody else opens a way whose password was refused.
          await Promise.all(replicas.map((replica) => replica.retryLanes()))
          write({ at: now(), action: 'operator', target: 'lanes' })
        }
      ),
    'token-revoked': async () => {
      await upstream.revokeTokens()
      write({ at: now(), action: 'upstream token revoked', target: 'upstream' })
    },
    'token-down': (dice) =>
      during(
        'upstream token down',
        'upstream',
        dice.between(1_000, 5_000),
        () => upstream.configure({ tokenFailureRate: 1 }),
        () => upstream.configure({ tokenFailureRate: 0 })
      )
  }

  return {
    start() {
      for (const replica of replicas) plans.push(supervise(replica, random.fork(`supervisor ${replica.name}`)))
      often('kill', 12, (dice) => kill(dice.pick(replicas)))
      if (replicas.length > 1) often('kill all', 1, async () => void (await Promise.all(replicas.map(kill))))
      often('stop', replicas.length > 1 ? 4 : 2, async (dice) => {
        const replica = dice.pick(replicas)
        const { child } = replica
        const factor = dice.between(5, replicas.length > 1 ? 30 : 15) / 10
        await during(
          'stop',
          replica.name,
          factor * leaseMs,
          () => child?.signal('SIGSTOP'),
          () => child?.signal('SIGCONT')
        )
      })
      for (const [name, act] of Object.entries(windows)) {
        if (access === 'piste' || !name.startsWith('token')) often(name, 1, act)
      }
      if (proxy !== undefined) {
        for (const mood of proxyMoods.filter((one) => one !== 'open')) {
          often(`proxy ${mood}`, 0.6, (dice) => proxyTrouble(proxy, mood, dice))
        }
        often('proxy tunnels', 3, async () => {
          write({ at: now(), action: 'proxy cut all', target: 'proxy', met: proxy.cutAll() })
        })
      }
      tormentMachine({ disk, replicas }, { often, during, write })
      if (database !== undefined) tormentDatabase(database, { often, during, write })
    },
    async mend() {
      over.abort()
      await Promise.all(plans)
      proxy?.mood('open')
      disk?.free()
      database?.cutter.mend()
      await database?.readOnly(false)
      await upstream.configure({ maintenance: false, passwordExpired: false, tokenFailureRate: 0 })
      await upstream.faults(constant.filter(({ number }) => number !== undefined))
      for (const replica of replicas) {
        replica.child?.signal('SIGCONT')
        replica.setClock(0)
        replica.certificate?.use('good')
        await kill(replica)
        await replica.start()
        write({ at: now(), action: 'start', target: replica.name, detail: 'mended' })
      }
    }
  }

  function proxyTrouble(it: Proxy, mood: ProxyMood, dice: Random): Promise<void> {
    return during(
      `proxy ${mood}`,
      'proxy',
      dice.between(1_000, 3_000),
      () => {
        it.mood(mood)
        // Tunnels that are open would not meet it.
        it.cutAll()
      },
      () => it.mood('open'),
      it.met
    )
  }
}
