import type { Proof, SubmissionState } from '../../../src/store/stored-invoice.ts'
import { assertTransition, mayBecome } from '../../../src/store/transitions.ts'

/**
 * One invoice, two workers, crashes, lost requests and answers, requests that arrive late, leases that end at any moment:
 * every interleaving, breadth first (reliability brief, section 3). The moves between states are asked of the ledger's own
 * table; `table: false` leaves it out, to show what it is for.
 */
export interface Variant {
  table: boolean
  mode: 'pdf' | 'data'
  /** What follows from a call without a known answer. */
  afterDoubt: 'search' | 'send-again'
  /** What becomes of a lease that ends during a call. */
  leaseOver: 'search' | 'send-again'
  /** What is done when no search finds it. */
  notFound: 'hold' | 'send-again'
  /** What the answer "this number is here already" means. */
  duplicate: 'search' | 'refused'
  /** Chorus Pro refuses a number that it has. */
  dedupe: boolean
  /** No search before nothing can be on its way any more, and no request by a worker whose lease is over. */
  quiet: boolean
  /** A search may not show yet what was taken. */
  lag: boolean
  crashes?: number
}

export type Broken = 'sent twice' | 'false refusal' | 'false success' | 'no way on' | undefined

type Answer = 'done' | 'exists' | 'lost'
type Known = Proof | 'running'

interface Worker {
  /** `found` and `missing` are what a search told. */
  at: 'idle' | 'claimed' | 'started' | 'waiting' | 'answered' | 'found' | 'missing'
  attempt: number
  answer: Answer | 'not-sent'
}

interface World {
  state: SubmissionState
  attempts: Known[]
  job: 'send' | 'reconcile' | 'none'
  /** Who holds the lease; -1: nobody. A busy worker cannot claim again, so that this stands for the fence as well. */
  holder: number
  workers: Worker[]
  /** Requests on their way, by attempt; answers on their way back. */
  requests: number[]
  answers: { attempt: number; answer: Answer }[]
  taken: number
  crashes: number
}

const idle: Worker = { at: 'idle', attempt: 0, answer: 'lost' }
const mostAttempts = 3
const final = new Set<SubmissionState>(['integrated', 'rejected', 'held', 'cancelled'])

export function explore(variant: Variant): { broken: Broken; states: number; path: string[]; refusedByTable: number } {
  const first: World = {
    state: 'received',
    attempts: [],
    job: 'send',
    holder: -1,
    workers: [idle, idle],
    requests: [],
    answers: [],
    taken: 0,
    crashes: variant.crashes ?? 2
  }
  const cameFrom = new Map<string, { from: string; by: string }>()
  const keyOf = (world: World) => JSON.stringify(world)
  cameFrom.set(keyOf(first), { from: '', by: 'accepted' })
  const model = createModel(variant)
  let front = [first]
  while (front.length > 0) {
    const next: World[] = []
    for (const world of front) {
      const key = keyOf(world)
      const steps = model.steps(world)
      const broken = judge(world, steps.length)
      if (broken !== undefined) {
        return { broken, states: cameFrom.size, path: pathTo(key, cameFrom), refusedByTable: model.refused() }
      }
      for (const [by, after] of steps) {
        const afterKey = keyOf(after)
        if (cameFrom.has(afterKey)) continue
        cameFrom.set(afterKey, { from: key, by })
        next.push(after)
      }
    }
    front = next
  }
  return { broken: undefined, states: cameFrom.size, path: [], refusedByTable: model.refused() }
}

function judge({ state, taken, requests, workers }: World, steps: number): Broken {
  if (taken > 1) return 'sent twice'
  if (state === 'rejected' && taken > 0) return 'false refusal'
  if (state === 'integrated' && taken === 0) return 'false success'
  const quiet = requests.length === 0 && workers.every(({ at }) => at === 'idle')
  return steps === 0 && quiet && !final.has(state) ? 'no way on' : undefined
}

function pathTo(key: string, cameFrom: Map<string, { from: string; by: string }>): string[] {
  const path: string[] = []
  for (let at = cameFrom.get(key); at !== undefined && at.from !== ''; at = cameFrom.get(at.from)) path.unshift(at.by)
  return path
}

function createModel(variant: Variant) {
  let refused = 0

  /** As the ledger does it: the proof of an attempt, then the table with its guards. Undefined: nothing is written. */
  function move(
    world: World,
    to: SubmissionState,
    how: { held: 'send' | 'reconcile' | undefined; starts?: boolean; proof?: Proof; job?: World['job'] }
  ): World | undefined {
    const attempts = [...world.attempts]
    if (how.proof !== undefined) {
      const before = attempts.at(-1)
      if (variant.table && !mayBecome(before === 'running' ? undefined : before, how.proof)) return undefined
      attempts[attempts.length - 1] = how.proof
    }
    if (how.starts === true) attempts.push('running')
    if (variant.table) {
      try {
        assertTransition(world.state, to, {
          invoice: {
            mode: variant.mode,
            ...(variant.mode === 'pdf' && { number: 'N-1' }),
            upstream: to === 'integrated' ? { invoiceId: '1' } : {},
            ...(to === 'held' && { heldReason: 'unknown_outcome' })
          },
          attempts: attempts.map((proof) => (proof === 'running' ? {} : { proof })),
          starts: how.starts === true,
          held: how.held,
          operator: undefined
        })
      } catch {
        refused++
        return undefined
      }
    }
    const over = final.has(to)
    const job = over ? 'none' : (how.job ?? world.job)
    // A job that goes on in the same hands keeps its lease; every other one is anybody's.
    const kept = how.starts === true
    return { ...world, state: to, attempts, job, holder: kept ? world.holder : -1 }
  }

  const put = (world: World, index: number, worker: Partial<Worker>): World => ({
    ...world,
    workers: world.workers.map((one, at) => (at === index ? { ...one, ...worker } : one))
  })
  const holds = (world: World, index: number) => world.holder === index

  /** The first of several changes that the ledger takes, as the code tries them one after the other. */
  const firstOf = (...changes: (() => World | undefined)[]) => {
    for (const change of changes) {
      const world = change()
      if (world !== undefined) return world
    }
    return undefined
  }

  function doubt(world: World, proof: Proof): World | undefined {
    if (variant.afterDoubt === 'search') return move(world, 'unknown', { held: 'send', proof, job: 'reconcile' })
    return firstOf(
      () => move(world, 'received', { held: 'send', proof, job: 'send' }),
      () => move(world, 'unknown', { held: 'send', proof, job: 'reconcile' })
    )
  }

  /** What the worker writes when it knows how its call ended. */
  function note(world: World, { answer }: Worker): World | undefined {
    switch (answer) {
      case 'done':
        return move(world, 'integrated', { held: 'send', proof: 'done' })
      case 'not-sent':
        return move(world, 'received', { held: 'send', proof: 'not-sent', job: 'send' })
      case 'lost':
        return doubt(world, 'unknown')
      case 'exists':
        if (variant.duplicate === 'search') return doubt(world, 'exists')
        return firstOf(
          () => move(world, 'rejected', { held: 'send', proof: 'refused' }),
          () => doubt(world, 'exists')
        )
    }
  }

  function workerSteps(world: World, index: number): [string, World][] {
    const worker = world.workers[index] as Worker
    const steps: [string, World | undefined][] = []
    const say = (what: string) => `worker ${index + 1} ${what}`
    const rest = (after: World | undefined) => after && put(after, index, idle)
    switch (worker.at) {
      case 'idle':
        if (world.job !== 'none' && world.holder === -1) {
          steps.push([say(`claims ${world.job}`), put({ ...world, holder: index }, index, { at: 'claimed' })])
        }
        break
      case 'claimed':
        if (!holds(world, index)) steps.push([say('finds its job taken'), rest(world)])
        else if (world.state === 'received' && world.attempts.length < mostAttempts) {
          const started = move(world, 'submitting', { held: 'send', starts: true })
          const attempt = world.attempts.length
          steps.push([say('starts an attempt'), started && put(started, index, { at: 'started', attempt })])
        } else if (world.state === 'received') {
          steps.push([say('has no attempt left in this model'), rest({ ...world, state: 'held', job: 'none' })])
        } else if (world.state === 'unknown') {
          const still = world.requests.length > 0 || world.workers.some(({ at }) => at === 'started')
          const shown = world.taken > 0
          if (!(variant.quiet && still)) {
            if (shown) steps.push([say('finds it'), put(world, index, { at: 'found' })])
            if (!shown || variant.lag) steps.push([say('finds nothing'), put(world, index, { at: 'missing' })])
          }
        }
        break
      case 'started': {
        const late = variant.quiet && !holds(world, index)
        const waiting = put(world, index, { at: 'waiting' })
        if (!late) steps.push([say('sends'), { ...waiting, requests: [...world.requests, worker.attempt] }])
        steps.push([say('cannot send'), put(world, index, { at: 'answered', answer: 'not-sent' })])
        break
      }
      case 'waiting':
        steps.push([say('stops waiting'), put(world, index, { at: 'answered', answer: 'lost' })])
        for (const { attempt, answer } of world.answers) {
          if (attempt !== worker.attempt) continue
          const answers = world.answers.filter((one) => one.attempt !== attempt)
          steps.push([say(`reads ${answer}`), put({ ...world, answers }, index, { at: 'answered', answer })])
        }
        break
      case 'answered':
        steps.push([say(`notes ${worker.answer}`), rest(holds(world, index) ? note(world, worker) : world)])
        break
      case 'found':
        steps.push([
          say('adopts'),
          rest(holds(world, index) ? move(world, 'integrated', { held: 'reconcile' }) : world)
        ])
        break
      case 'missing':
        steps.push([say('gives up the search'), rest(holds(world, index) ? missing(world) : world)])
    }
    if (worker.at !== 'idle' && world.crashes > 0)
      steps.push([say('crashes'), put({ ...world, crashes: world.crashes - 1 }, index, idle)])
    return steps.filter((step): step is [string, World] => step[1] !== undefined)
  }

  function missing(world: World): World | undefined {
    const held = () => move(world, 'held', { held: 'reconcile' })
    if (variant.notFound === 'hold') return held()
    return firstOf(() => move(world, 'received', { held: 'reconcile', job: 'send' }), held)
  }

  function leaseSteps(world: World): [string, World][] {
    if (world.holder === -1) return []
    const given = { ...world, holder: -1 }
    if (world.state !== 'submitting') return [['the lease ends', given]]
    const unknown = () => move(world, 'unknown', { held: 'send', proof: 'unknown', job: 'reconcile' })
    const again = () => move(world, 'received', { held: 'send', proof: 'unknown', job: 'send' })
    const after = variant.leaseOver === 'search' ? unknown() : firstOf(again, unknown)
    return after === undefined ? [] : [['the lease ends', after]]
  }

  function networkSteps(world: World): [string, World][] {
    return world.requests.flatMap((attempt): [string, World][] => {
      const requests = world.requests.filter((one) => one !== attempt)
      const knows = variant.dedupe && world.taken > 0
      const answer: Answer = knows ? 'exists' : 'done'
      const after = { ...world, requests, taken: world.taken + (knows ? 0 : 1) }
      const awaited = world.workers.some((worker) => worker.at === 'waiting' && worker.attempt === attempt)
      return [
        [`request ${attempt + 1} is lost`, { ...world, requests }],
        [`request ${attempt + 1} arrives, its answer is lost`, after],
        ...(awaited
          ? [
              [`request ${attempt + 1} arrives`, { ...after, answers: [...world.answers, { attempt, answer }] }] as [
                string,
                World
              ]
            ]
          : [])
      ]
    })
  }

  return {
    refused: () => refused,
    steps: (world: World): [string, World][] => [
      ...world.workers.flatMap((_, index) => workerSteps(world, index)),
      ...leaseSteps(world),
      ...networkSteps(world)
    ]
  }
}
