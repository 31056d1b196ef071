// The plots of the status page, as SVG, and what both scripts need to make elements.

export const onTheWay = ['received', 'deposited', 'submitting', 'submitted']

export const laneWords = {
  open: ['good', '✓ open'],
  half_open: ['warn', '◐ answers again, one invoice goes first'],
  paused: ['warn', '‖ paused'],
  held: ['bad', '✕ held: a person has to mend it']
}

const curves = [
  { className: 'waiting', name: 'on the way', of: (history, i) => sumAt(history, onTheWay, i) },
  { className: 'unknown', name: 'answer lost', of: (history, i) => sumAt(history, ['unknown'], i) },
  { className: 'held', name: 'held for a person', of: (history, i) => sumAt(history, ['held'], i) },
  { className: 'due', name: 'jobs due', of: (history, i) => history.due[i] }
]

/** null where the ledger could not be asked: a gap in the curve, not a zero. */
const sumAt = ({ due, states }, names, i) =>
  due[i] === null ? null : names.reduce((total, name) => total + (states[name]?.[i] ?? 0), 0)

export const byId = (id) => document.getElementById(id)

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

export function element(tag, className, ...content) {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.append(...content)
  return made
}

function drawing(tag, attributes, ...content) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...content)
  return made
}

const left = 34
const right = 8

/** The last `span` seconds of the history. */
export function plot(history, span) {
  const newest = history.at.at(-1) ?? 0
  const indexes = history.at.flatMap((seconds, i) => (seconds > newest - span ? [i] : []))
  byId('legend').replaceChildren(
    ...curves.map(({ className, name }) => element('span', `key ${className}`, element('i', '', name)))
  )
  byId('lane-legend').replaceChildren(
    ...['open', 'paused', 'held'].map((state) => element('span', `key ${laneWords[state][0]}`, element('i', '', state)))
  )
  if (indexes.length < 2) {
    for (const id of ['queue-plot', 'error-plot', 'lane-plot']) {
      byId(id).replaceChildren(element('p', 'quiet', 'The first samples come within minutes.'))
    }
    return
  }
  const width = byId('queue-plot').clientWidth
  const first = history.at[indexes[0]]
  const last = history.at[indexes.at(-1)]
  const x = (i) => left + ((history.at[i] - first) / Math.max(1, last - first)) * (width - left - right)
  const frame = { history, indexes, width, x, first, last }
  plotQueue(frame)
  plotErrors(frame)
  plotLanes(frame)
}

function put(id, { width }, height, label, ...content) {
  const svg = drawing(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': label },
    ...content
  )
  byId(id).replaceChildren(svg)
  return svg
}

/** A round number that is not below. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

function scale({ width }, height, most) {
  const top = roundUp(Math.max(1, most))
  const y = (value) => height - 6 - (value / top) * (height - 16)
  const lines = [0, top].flatMap((value) => [
    drawing('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }),
    drawing('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, shortly(value))
  ])
  return { y, lines }
}

const shortly = (value) => (value >= 10_000 ? `${Math.round(value / 1000)}k` : String(value))

function hours({ width, first, last }, y) {
  const at = [
    [first, left, 'start'],
    [(first + last) / 2, (left + width - right) / 2, 'middle'],
    [last, width - right, 'end']
  ]
  return at.map(([seconds, x, anchor]) => drawing('text', { x, y, 'text-anchor': anchor }, clock(seconds)))
}

function plotQueue(frame) {
  const { history, indexes, x } = frame
  const height = 170
  const values = curves.map(({ of }) => indexes.map((i) => of(history, i)))
  const { y, lines } = scale(frame, height, Math.max(...values.flat()))
  const paths = curves.map(({ className }, c) => {
    let pen = 'M'
    const steps = indexes.flatMap((i, n) => {
      const value = values[c][n]
      if (value === null) {
        pen = 'M'
        return []
      }
      const step = `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`
      pen = 'L'
      return [step]
    })
    return drawing('path', { class: `curve ${className}`, d: steps.join('') })
  })
  const here = drawing('line', { class: 'here', y1: 4, y2: height - 6, visibility: 'hidden' })
  const svg = put(
    'queue-plot',
    frame,
    height + 14,
    'Invoices that are not finished, over time',
    ...lines,
    ...paths,
    here,
    ...hours(frame, height + 12)
  )
  svg.addEventListener('pointermove', (event) => {
    const wanted = event.clientX - svg.getBoundingClientRect().left
    const nearest = indexes.reduce((best, i) => (Math.abs(x(i) - wanted) < Math.abs(x(best) - wanted) ? i : best))
    for (const end of ['x1', 'x2']) here.setAttribute(end, x(nearest))
    here.setAttribute('visibility', 'visible')
    const parts = curves.map(({ name, of }) => `${name} ${of(history, nearest) ?? '?'}`)
    byId('reading').textContent =
      `${clock(history.at[nearest])}: ${parts.join(', ')}, errors ${history.errors[nearest]}`
  })
  svg.addEventListener('pointerleave', () => {
    here.setAttribute('visibility', 'hidden')
    byId('reading').textContent = ''
  })
}

function plotErrors(frame) {
  const { history, indexes, x, width } = frame
  const height = 70
  const { y, lines } = scale(frame, height, Math.max(...indexes.map((i) => history.errors[i])))
  const thick = Math.max(2, (width - left - right) / indexes.length - 1)
  const bars = indexes
    .filter((i) => history.errors[i] > 0)
    .map((i) => {
      const from = Math.min(Math.max(left, x(i) - thick / 2), width - right - thick)
      const top = y(history.errors[i])
      return drawing('rect', { class: 'bar bad', x: from, y: top, width: thick, height: y(0) - top })
    })
  put('error-plot', frame, height, 'Errors seen, over time', ...lines, ...bars)
}

function plotLanes(frame) {
  const { history, indexes, x, width } = frame
  const row = 34
  const names = Object.keys(history.lanes)
  const content = names.flatMap((lane, n) => {
    const label = drawing('text', { x: left, y: n * row + 12 }, lane)
    return [
      label,
      ...stretches(history.lanes[lane], indexes).map(([from, to, state]) => {
        const [begin, end] = [x(from), to === undefined ? width - right : x(to)]
        const title = drawing('title', {}, `${lane}: ${state}, from ${clock(history.at[from])}`)
        return drawing(
          'rect',
          {
            class: `bar ${laneWords[state][0]}`,
            x: begin,
            y: n * row + 17,
            width: Math.max(2, end - begin),
            height: 10,
            rx: 2
          },
          title
        )
      })
    ]
  })
  put(
    'lane-plot',
    frame,
    names.length * row + 14,
    'State of each way out, over time',
    ...content,
    ...hours(frame, names.length * row + 12)
  )
}

/** Samples with one state after the other are one bar. */
function stretches(states, indexes) {
  const found = []
  for (const i of indexes) {
    const current = found.at(-1)
    if (current?.[2] === states[i]) continue
    if (current !== undefined) current[1] = i
    found.push([i, undefined, states[i]])
  }
  return found.filter(([, , state]) => state !== null)
}
