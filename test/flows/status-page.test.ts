// Promise: what operators watch is true. The status page on the administration port shows queue, ways out, expiries and last errors over time, in a real
// browser, from its own scripts and styles alone; it says nothing of what invoices hold, and no secret.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import type { Status } from '../../schemas/status.ts'
import { createStatusHistory } from '../../src/status/history.ts'
import { inBrowser, visit } from '../helpers/browser.ts'
import { apiKey, buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

const pdf = makePdf()
const statusOf = async (g: TestGateway) => (await (await fetch(`${g.adminUrl}/admin/status`)).json()) as Status

/** One invoice is in Chorus Pro, one was refused there, and then the technical account is. */
async function troubled(t: Parameters<typeof buildGateway>[0], environment: Record<string, string> = {}) {
  const g = await buildGateway(t, { environment })
  const good = goodInvoice({ note: 'MARKER-NOTE' })
  t.equal((await g.post('/v1/invoices', formOf(good, pdf, 'MARKER-FILE.pdf'))).status, 201)
  g.simulator.control.setFaults([
    { operation: 'factures/soumettre', kind: 'error-code', codeRetour: 20003, libelle: 'MARKER-REFUSAL' }
  ])
  const refused = await g.post('/v1/invoices', formOf(goodInvoice({ note: 'MARKER-NOTE' }), pdf))
  t.equal(refused.status, 422)
  g.simulator.control.setFaults([{ operation: '.*', kind: 'expired-password', times: 'always' }])
  const waiting = await g.post('/v1/invoices', formOf(goodInvoice({ note: 'MARKER-NOTE' }), pdf))
  t.equal(waiting.status, 202)
  return { g, good, refused }
}

t.test('a person sees what goes on, and the page asks nobody else', inBrowser, async (t) => {
  const { g } = await troubled(t)
  const { page, errors, origins } = await visit(t, g.adminUrl, '#states dd')
  t.equal(await page.title(), 'Chorus Pro gateway: status')
  t.match(await page.locator('#verdict').innerText(), /1 of 1 ways out closed/)
  t.match(await page.locator('#lanes').innerText(), /simulator\/default[^]*(paused|held)[^]*technical-account-rejected/)
  t.match(await page.locator('#expiries').innerText(), /Client certificate[^]*days left[^]*Technical password/)
  const errorList = await page.locator('#errors').innerText()
  t.match(errorList, /Chorus Pro refuses our technical account/)
  t.match(errorList, /rejected[^]*inv_[0-9a-f]{32}/)
  t.match(await page.locator('#states').innerText(), /on the way\s+1[^]*integrated\s+1[^]*rejected\s+1/)

  // Samples come every 600 ms here.
  for (;;) {
    if ((await statusOf(g)).history.at.length >= 3) break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  await page.reload()
  await page.locator('#lane-plot rect').first().waitFor()
  t.equal(await page.locator('#queue-plot path.curve').count(), 4)
  await page.locator('#queue-plot svg').hover()
  t.match(await page.locator('#reading').innerText(), /^\d\d:\d\d: on the way \d+, answer lost 0/)
  await page.getByRole('button', { name: '1 h', exact: true }).click()
  t.equal(await page.locator('#spans [aria-pressed=true]').innerText(), '1 h')

  t.strictSame(errors, [], 'nothing in the console: no violation of its own policy either')
  t.strictSame([...origins], [g.adminUrl], 'and no request to anybody else')
  const { headers } = await fetch(g.adminUrl)
  t.match(headers.get('content-security-policy'), /default-src 'none'; script-src 'self'; style-src 'self'/)
  t.notMatch(headers.get('content-security-policy'), /unsafe/)
})

t.test('it is readable on a phone, by day and by night', inBrowser, async (t) => {
  const { g } = await troubled(t)
  const shades: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    const phone = { viewport: { width: 360, height: 740 }, colorScheme, hasTouch: true, isMobile: true }
    const { page, errors } = await visit(t, g.adminUrl, '#states dd', phone)
    const { wide, shade } = await page.evaluate<{ wide: number; shade: string }>(
      '({ wide: document.documentElement.scrollWidth, shade: getComputedStyle(document.body).backgroundColor })'
    )
    t.equal(wide, 360, 'nothing sticks out')
    shades.push(shade)
    t.strictSame(errors, [])
  }
  t.not(shades[0], shades[1])
})

t.test('with ADMIN_TOKEN the figures are for who has it, and the page asks', inBrowser, async (t) => {
  const token = 'an-admin-token-of-some-length'
  const g = await buildGateway(t, { environment: { ADMIN_TOKEN: token } })
  t.equal((await fetch(`${g.adminUrl}/admin/status`)).status, 401)
  const { page } = await visit(t, g.adminUrl, '#token')
  t.notOk(await page.locator('#main').isVisible(), 'nothing is shown before')
  await page.locator('#token').fill('not-the-token-that-is-asked')
  await page.keyboard.press('Enter')
  await page.getByText('This is not the token.').waitFor()
  await page.locator('#token').fill(token)
  await page.keyboard.press('Enter')
  await page.locator('#states dd').first().waitFor()
  t.equal(await page.locator('#verdict').innerText(), '✓ all well')
  t.notOk((await page.content()).includes(token) || page.url().includes(token))
  t.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0, 'kept nowhere')
})

t.test('the figures hold no secret and nothing of an invoice but its id', async (t) => {
  const { g, good, refused } = await troubled(t)
  const status = await statusOf(g)
  t.match(status, {
    store: 'ok',
    invoices: { integrated: 1, rejected: 1 },
    lanes: [{ lane: 'simulator/default', reason: 'technical-account-rejected' }],
    connections: [{ lane: 'simulator/default', credentials: 'current', lastFailure: { at: String } }]
  })
  t.match(
    status.errors.find(({ state }) => state === 'rejected'),
    { subject: refused.body.instance.split('/').at(-1), reason: 'deposit-refused', title: 'Chorus Pro refused this' }
  )
  const { simulator } = g
  const secrets = [
    simulator.password,
    simulator.clientSecret,
    simulator.clientPkcs12Passphrase,
    simulator.login,
    apiKey
  ]
  const text = JSON.stringify(status)
  for (const marker of [...secrets, good.number ?? '', good.buyer.siret, good.seller.siret, 'MARKER', '1200.00']) {
    t.notOk(text.includes(marker), marker)
  }
  const other = await fetch(`${g.adminUrl}/admin/status`, { headers: { origin: 'https://evil.example' } })
  t.equal(other.status, 403, 'not for pages of others')
  t.equal((await fetch(`${g.url}/admin/status`)).status, 404, 'and not on the public port')
})

t.test('samples are kept for so long; a ledger that does not answer leaves a gap', async (t) => {
  let time = 0
  let down = false
  const history = createStatusHistory({
    counts: async () => {
      if (down) throw new Error('down')
      return { states: { held: time }, due: 1 }
    },
    lanes: () => [{ lane: 'l', state: down ? 'paused' : 'open' }],
    now: () => new Date(++time * 1000),
    everyMs: 5,
    keep: 3
  })
  history.countError()
  history.start()
  const until = async (fits: () => boolean) => {
    while (!fits()) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await until(() => history.view().at.length > 0)
  t.strictSame([history.view().at[0], history.view().errors[0]], [1, 1])
  await until(() => time > 4)
  down = true
  const before = time
  await until(() => time > before + 3)
  await history.stop()
  const { at, due, lanes, states, errors } = history.view()
  t.strictSame(at, [time - 2, time - 1, time], 'the newest three')
  t.strictSame([due, errors, states], [[null, null, null], [0, 0, 0], {}])
  t.strictSame(lanes, { l: ['paused', 'paused', 'paused'] })
})

/** What /metrics offers: names of series, each with its labels and those that Prometheus adds. */
function seriesOf(exposition: string): Map<string, Set<string>> {
  const series = new Map([['up', new Set(['job', 'instance'])]])
  for (const [, name = '', type] of exposition.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const names = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name]
    for (const each of names) series.set(each, new Set(['job', 'instance']))
  }
  for (const [, name = '', labels = ''] of exposition.matchAll(/^(\w+)\{([^}]*)\} /gm)) {
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) series.get(name)?.add(label)
  }
  return series
}

const words =
  /^(by|and|or|unless|on|sum|max|min|count|rate|increase|delta|histogram_quantile|time|vector|label_values)$/

/** Names in an expression that are no series, and labels that its series do not have. */
function strangersIn(expression: string, series: Map<string, Set<string>>): string[] {
  const labels = [...expression.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)/g), ...expression.matchAll(/by \(([^)]*)\)/g)]
  const asked = labels.flatMap(([, names = '']) => names.split(/,\s*/))
  const bare = expression.replace(/\{[^}]*\}|by \([^)]*\)|\[[^\]]*\]|"[^"]*"/g, ' ')
  const names = [...bare.matchAll(/\b[a-z]\w*/g)].map(([name]) => name).filter((name) => !words.test(name))
  const had = new Set(names.flatMap((name) => [...(series.get(name) ?? [])]))
  return [...names.filter((name) => !series.has(name)), ...asked.filter((label) => !had.has(label))]
}

t.test('dashboard and alerts ask for metrics and labels that a gateway has', async (t) => {
  const { g } = await troubled(t)
  const series = seriesOf(await (await fetch(`${g.adminUrl}/metrics`)).text())
  t.strictSame(strangersIn('sum by (lane) (gateway_lane_shut{reason="x"})', series), [
    'gateway_lane_shut',
    'reason',
    'lane'
  ])
  const read = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8')

  const { panels } = JSON.parse(read('grafana/dashboard.json')) as {
    panels: { id: number; title: string; targets: { expr: string }[] }[]
  }
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  for (const { title, targets } of panels) {
    t.ok(targets.length > 0, title)
    for (const { expr } of targets) t.strictSame(strangersIn(expr, series), [], `${title}: ${expr}`)
  }

  const { groups } = parse(read('prometheus/alerts.yml')) as {
    groups: { rules: { alert: string; expr: string; labels: object; annotations: Record<string, string> }[] }[]
  }
  const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const rules = groups.flatMap(({ rules }) => rules)
  t.ok(rules.length > 10)
  for (const { alert, expr, labels, annotations } of rules) {
    t.strictSame(strangersIn(expr, series), [], `${alert}: ${expr}`)
    t.match(labels, { severity: /^(warning|critical)$/ }, alert)
    t.match(annotations, { summary: /./, description: /./ }, alert)
    t.ok(operations.includes(`\`${alert}\``), `docs/operations.md explains ${alert}`)
  }
  const used = JSON.stringify([panels, rules])
  const ours = [...series.keys()].filter((name) => name.startsWith('gateway_') && !name.endsWith('_sum'))
  t.strictSame(
    ours.filter((name) => !used.includes(name)),
    [],
    'and every metric of ours is watched'
  )
})

const promtool = spawnSync('promtool', ['--version']).status === 0
const withPromtool = promtool ? {} : { skip: 'no promtool is installed (Debian: apt-get install prometheus)' }

t.test('Prometheus takes the alert rules, and they fire when they should', withPromtool, async (t) => {
  const folder = join(import.meta.dirname, '../../deploy/prometheus')
  for (const args of [
    ['check', 'rules', 'alerts.yml'],
    ['test', 'rules', 'alerts.test.yml']
  ]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' })
    t.equal(status, 0, `${stdout}${stderr}`)
  }
})
