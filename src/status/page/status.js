// The status page: asks for the figures every half a minute and draws them. Nothing is loaded from anywhere else, and
// every text goes in as text, never as markup.

import { byId, clock, element, laneWords, onTheWay, plot } from './plots.js'

const refreshMs = 30_000
const spans = [
  ['1 h', 3_600],
  ['6 h', 21_600],
  ['24 h', 86_400]
]
const tiles = [
  { name: 'on the way', of: ({ invoices }) => sum(invoices, onTheWay) },
  { name: 'answer lost', of: ({ invoices }) => invoices.unknown ?? 0, alarm: 'warn' },
  { name: 'held for a person', of: ({ invoices }) => invoices.held ?? 0, alarm: 'bad' },
  { name: 'integrated', of: ({ invoices }) => invoices.integrated ?? 0 },
  { name: 'rejected', of: ({ invoices }) => invoices.rejected ?? 0 },
  { name: 'cancelled', of: ({ invoices }) => invoices.cancelled ?? 0 },
  { name: 'jobs due', of: ({ due }) => due },
  { name: 'jobs in hand', of: ({ inHand }) => inHand }
]
const kinds = { certificate: 'Client certificate', password: 'Technical password', 'piste-secret': 'PISTE secret' }

const sum = (counts, states) => states.reduce((total, state) => total + (counts[state] ?? 0), 0)
const day = (text) => new Date(text).toLocaleDateString([], { year: 'numeric', month: 'short', day: 'numeric' })
// The day is named where it is another one than today's.
const moment = (text) => {
  const time = clock(Date.parse(text) / 1000)
  return day(text) === day(shown.now) ? time : `${day(text)}, ${time}`
}

let token = ''
let span = spans[2][1]
let shown

async function refresh() {
  try {
    const answer = await fetch('admin/status', { headers: token === '' ? {} : { authorization: `Bearer ${token}` } })
    if (answer.status === 401) return ask(token === '' ? '' : 'This is not the token.')
    const body = await answer.json()
    if (answer.ok) show(body)
    else complain(body.detail ?? `The gateway answers ${answer.status}.`)
  } catch {
    complain(`No answer from the gateway at ${clock(Date.now() / 1000)}. It is asked again.`)
  }
  setTimeout(() => void refresh(), refreshMs)
}

function ask(reason) {
  byId('about').textContent = 'ADMIN_TOKEN is set: the figures are for who has it. It stays in this page alone.'
  byId('refused').textContent = reason
  byId('ask').hidden = false
  byId('token').focus()
}

function complain(text) {
  say('bad', '✕ no figures')
  byId('about').textContent = text
}

function say(className, text) {
  byId('verdict').className = className
  byId('verdict').textContent = text
}

function show(status) {
  shown = status
  byId('ask').hidden = true
  byId('main').hidden = false
  const { version, startedAt, connections, now } = shown
  const environments = [...new Set(connections.map(({ environment }) => environment))].join(', ')
  byId('about').textContent =
    `${environments} · version ${version} · since ${moment(startedAt)} · as of ${clock(Date.parse(now) / 1000)}`
  say(...verdictOf(shown))
  showStates()
  showLanes()
  showExpiries()
  showErrors()
  showPlots()
}

function verdictOf({ store, lanes, invoices, expiries, connections }) {
  if (store !== 'ok') return ['bad', store === 'full' ? '✕ no room left in the store' : '✕ the store does not answer']
  const closed = lanes.filter(({ state }) => state !== 'open')
  if (closed.length > 0) {
    const needsPerson = closed.some(({ state }) => state === 'held')
    return [
      needsPerson ? 'bad' : 'warn',
      `${needsPerson ? '✕' : '‖'} ${closed.length} of ${lanes.length} ways out closed`
    ]
  }
  if (expiries.some(({ state }) => state === 'expired')) return ['bad', '✕ a credential has expired']
  if (connections.some(({ credentials }) => credentials !== 'current'))
    return ['warn', '! new credentials are not in use']
  if ((invoices?.held ?? 0) > 0) return ['warn', `! ${invoices.held} held for a person`]
  if (expiries.some(({ state }) => state === 'soon')) return ['warn', '! a credential ends soon']
  return ['good', '✓ all well']
}

function showStates() {
  const entries =
    shown.invoices === undefined
      ? [element('p', 'bad', 'The ledger cannot be asked.')]
      : tiles.map(({ name, of, alarm = '' }) => {
          const count = of(shown)
          const figure = element('dd', count > 0 ? alarm : '', count.toLocaleString())
          return element('div', '', element('dt', '', name), figure)
        })
  byId('states').replaceChildren(...entries)
}

function showLanes() {
  const cards = shown.lanes.map(({ lane, state, reason, title, since, until }) => {
    const [className, words] = laneWords[state]
    const connection = shown.connections.find((one) => one.lane === lane)
    const lines = [element('b', '', lane), element('span', '', words)]
    if (state !== 'open' && reason !== undefined) lines.push(element('span', 'plain', `${title ?? ''} (${reason})`))
    const times = [since && `since ${moment(since)}`, until && `tried again ${moment(until)}`].filter(Boolean)
    if (times.length > 0) lines.push(element('span', 'quiet', times.join(' · ')))
    if (connection !== undefined) lines.push(...connectionLines(connection))
    return element('li', className, ...lines)
  })
  byId('lanes').replaceChildren(...cards)
}

function connectionLines({ access, host, proxy, missing, credentials, lastSuccessAt, lastFailure }) {
  const lines = [`${access} · ${host}${proxy === undefined ? '' : ` through ${proxy}`}`]
  if (missing.length > 0) lines.push(`missing: ${missing.join(', ')}`)
  if (credentials !== 'current') lines.push(`new credentials: ${credentials}`)
  lines.push(lastSuccessAt === undefined ? 'no good answer yet' : `last good answer ${moment(lastSuccessAt)}`)
  if (lastFailure !== undefined) {
    lines.push(`last failure ${moment(lastFailure.at)}: ${lastFailure.problem} (${lastFailure.service})`)
  }
  return lines.map((line) => element('span', 'quiet', line))
}

function showExpiries() {
  const words = {
    unknown: ['', () => 'no date is noted'],
    good: ['good', ({ daysLeft }) => `✓ ${daysLeft} days left`],
    soon: ['warn', ({ daysLeft }) => `! ${daysLeft} days left`],
    expired: ['bad', ({ daysLeft }) => `✕ ended ${-daysLeft} days ago`]
  }
  const cards = shown.expiries.map((expiry) => {
    const [className, text] = words[expiry.state]
    const end = expiry.expiresAt === undefined ? '' : ` · ${day(expiry.expiresAt)}`
    return element(
      'li',
      className,
      element('b', '', kinds[expiry.kind]),
      element('span', '', `${text(expiry)}${end}`),
      element('span', 'quiet', `${expiry.environment}/${expiry.account ?? expiry.connection}`)
    )
  })
  byId('expiries').replaceChildren(...cards)
}

function showErrors() {
  const rows = shown.errors.slice(0, 20).map(({ at, subject, state, reason, title }) => {
    const cells = [
      element('time', 'quiet', moment(at)),
      element('span', state === 'held' ? 'bad' : 'warn', state === 'unknown' ? 'answer lost' : state),
      element('span', '', title ?? reason ?? ''),
      element('span', 'quiet subject', [title && reason, subject].filter(Boolean).join(' · '))
    ]
    cells[0].dateTime = at
    return element('li', '', ...cells)
  })
  byId('errors').replaceChildren(...(rows.length > 0 ? rows : [element('li', 'plain', 'None since the start.')]))
}

function showPlots() {
  const buttons = spans.map(([name, seconds]) => {
    const button = element('button', '', name)
    button.type = 'button'
    button.setAttribute('aria-pressed', String(seconds === span))
    button.addEventListener('click', () => {
      span = seconds
      showPlots()
      byId('spans').querySelector('[aria-pressed=true]').focus()
    })
    return button
  })
  byId('spans').replaceChildren(...buttons)
  plot(shown.history, span)
}

byId('ask').addEventListener('submit', (event) => {
  event.preventDefault()
  token = byId('token').value
  byId('token').value = ''
  void refresh()
})
let resizing
addEventListener('resize', () => {
  clearTimeout(resizing)
  resizing = setTimeout(() => shown && showPlots(), 100)
})
void refresh()
