import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createDirectoryCopy } from '../../../src/directory/copy.ts'
import { readCsv } from '../../../src/directory/csv.ts'
import { javaZip } from '../../helpers/zip.ts'

const header =
  'TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi;RecepteurEdi;GestionStatutMiseEnPaiement;GestionEngagement;' +
  'GestionService;GestionServiceEngagement;EstMOA;EstMOAUniquement;StructureActive;Adresse;ComplementAdresse1;' +
  'ComplementAdresse2;CodePostal;Ville;NumTelephone;Courriel;CodePays;LibellePays'

const line = (
  identifier: string,
  name: string,
  more: Partial<Record<'type' | 'flags' | 'post' | 'town', string>> = {}
) =>
  `${more.type ?? '1'};${identifier};${name};false;true;true;${more.flags ?? 'false;false;false;false;false;true'};` +
  `1 rue Exemple;;;${more.post ?? '75001'};${more.town ?? 'PARIS'};0100000000;contact@example.org;FR;France`

const asOf = new Date('2026-09-01T06:00:00.000Z')

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'directory-copy-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function copyIn(t: Test, folder: string) {
  const copy = createDirectoryCopy({ folder, environment: 'qualification' })
  t.teardown(() => copy.close())
  return copy
}

const write = (folder: string, name: string, content: Buffer | string) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

const identifiers = (items: { identifier: string }[]) => items.map(({ identifier }) => identifier)

t.test('the directory file becomes a copy that finds structures by identifier, words and place', async (t) => {
  const folder = folderOf(t)
  const copy = copyIn(t, folder)
  t.equal(copy.facts(), undefined)
  t.equal(copy.find('12345678200051'), undefined)
  const csv = [
    header,
    line('12345678200028', 'COMMUNE DE SAINT-ÉTIENNE', { flags: '0;1;0;0;0;1', town: 'SAINT ETIENNE', post: '42000' }),
    line('3500000000001', 'Zéro perdu'),
    line('12345678200036', '"LYCEE ""JULES; FERRY"""', { flags: 'true;false;false;true;false;true' }),
    line('12345678200044', 'ECOLE "LES LILAS"', { flags: 'false;false;true;false;true;false' }),
    line('BE0999999922', 'SERVICE BELGE', { type: '2' }),
    line('', 'sans identifiant')
  ].join('\r\n')
  const zip = javaZip([
    { name: 'lisez-moi.pdf', content: 'rien' },
    { name: 'annuaire/structures.csv', content: csv }
  ])
  const facts = await copy.take(write(folder, 'a.zip', zip), { asOf, from: 'download' })
  t.match(facts, { asOf: asOf.toISOString(), from: 'download', organizations: 5 })
  t.match(copy.find('12345678200028'), {
    identifierType: 'siret',
    name: 'COMMUNE DE SAINT-ÉTIENNE',
    active: true,
    serviceCode: true,
    commitmentNumber: false,
    serviceOrCommitment: false,
    paymentReported: true,
    postalCode: '42000',
    country: 'FR'
  })
  t.match(copy.find('03500000000001'), { name: 'Zéro perdu' }, 'a leading zero that a spreadsheet lost')
  t.match(copy.find('12345678200036'), { name: 'LYCEE "JULES; FERRY"', commitmentNumber: true, worksOwner: true })
  t.match(copy.find('12345678200044'), { name: 'ECOLE "LES LILAS"', active: false, worksOnly: true })
  t.match(copy.find('BE0999999922'), { identifierType: 'eu_vat' })

  const search = (filter: Parameters<typeof copy.search>[0]) =>
    identifiers(copy.search(filter, { limit: 10, after: 0 }).items)
  t.same(search({ name: 'saint etienne' }), ['12345678200028'], 'accents, case and hyphens do not count')
  t.same(search({ name: 'ETIEN commune' }), ['12345678200028'], 'words by their beginning, in any order')
  t.same(search({ nameOrTown: 'ecole paris' }), ['12345678200044'])
  t.same(search({ town: 'paris', active: false }), ['12345678200044'])
  t.same(search({ identifierType: 'eu_vat' }), ['BE0999999922'])
  t.same(search({ name: '" OR NEAR(' }), [], 'what looks like a query is words')
  t.same(search({ name: 'nulle part' }), [])
  t.same(search({ name: '--' }), [], 'signs alone are in no name')
  const all = copy.search({}, { limit: 3, after: 0 })
  const rest = copy.search({}, { limit: 3, after: all.next ?? 0 })
  t.same([all.items.length, rest.items.length, rest.next], [3, 2, undefined])
})

t.test('an import that breaks keeps the copy that is there, and leaves nothing behind', async (t) => {
  const folder = folderOf(t)
  const copy = copyIn(t, folder)
  const good = write(folder, 'good.csv', [header, line('12345678200051', 'PREMIER')].join('\n'))
  await copy.take(good, { asOf, from: 'good.csv' })
  const zip = javaZip([{ name: 's.csv', content: [header, line('12345678200051', 'SECOND')].join('\n') }])
  const damaged = Buffer.from(zip)
  damaged[60] = (damaged[60] ?? 0) ^ 0xff
  const bad = {
    'cut short': zip.subarray(0, zip.length - 30),
    damaged,
    'no table': javaZip([{ name: 'x.pdf', content: '%PDF' }]),
    'another table': javaZip([{ name: 'x.csv', content: 'a;b\n1;2' }]),
    'a header alone': header,
    'one endless line': `${header}\n${'x'.repeat(200_000)}`,
    'no text': Buffer.from([0, 1, 2, 3])
  }
  for (const [name, content] of Object.entries(bad)) {
    await t.rejects(copy.take(write(folder, 'bad', content), { asOf, from: name }), name)
    t.match(copy.find('12345678200051'), { name: 'PREMIER' }, name)
  }
  await t.rejects(copy.take(join(folder, 'nowhere'), { asOf, from: 'x' }))
  t.same(
    readdirSync(folder).filter((name) => /part|journal|wal/.test(name)),
    []
  )
  t.equal(readdirSync(folder).filter((name) => name.endsWith('.db')).length, 1)

  const other = copyIn(t, folder)
  t.match(other.facts(), { from: 'good.csv' }, 'a copy outlives its process')
  await other.take(write(folder, 'ok.zip', zip), { asOf, from: 'ok.zip' })
  t.match(copy.find('12345678200051'), { name: 'PREMIER' })
  copy.look()
  t.match(copy.find('12345678200051'), { name: 'SECOND' }, 'what another process made is noticed')
  const elsewhere = createDirectoryCopy({ folder, environment: 'production' })
  t.teardown(() => elsewhere.close())
  t.equal(elsewhere.facts(), undefined, 'each environment has a copy of its own')
})

t.test('a copy that is damaged on the disk is none, until the next one comes', async (t) => {
  const folder = folderOf(t)
  const rows = Array.from({ length: 400 }, (_, at) => line(String(10_000_000_000_000 + at), `COMMUNE ${at}`))
  const file = write(folder, 'good.csv', [header, ...rows].join('\n'))
  await copyIn(t, folder).take(file, { asOf, from: 'good.csv' })
  const [name = ''] = readdirSync(folder).filter((each) => each.endsWith('.db'))
  const bytes = readFileSync(join(folder, name))
  // Its first pages are whole: it opens, and tells what it is.
  writeFileSync(join(folder, name), Buffer.concat([bytes.subarray(0, 8_192), Buffer.alloc(bytes.length - 8_192, 0xa5)]))
  const copy = copyIn(t, folder)
  t.match(copy.facts(), { organizations: 400 })
  t.equal(copy.find('10000000000007'), undefined)
  t.same(copy.search({ name: 'commune' }, { limit: 5, after: 0 }), { items: [] })
  t.equal(copy.facts(), undefined, 'so that the next look fetches another')
  t.same(readdirSync(folder), ['good.csv'])
  await copy.take(file, { asOf, from: 'good.csv' })
  t.match(copy.find('10000000000007'), { name: 'COMMUNE 7' })
})

t.test('quotes make a cell where they fit, and are characters where they do not', async (t) => {
  const read = async (text: string, piece = 7) => {
    const bytes = Buffer.from(text)
    const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) =>
      bytes.subarray(index * piece, index * piece + piece)
    )
    const records: string[][] = []
    for await (const some of readCsv(streamOf(pieces))) records.push(...some)
    return records
  }
  t.same(await read('a;b;c\n1;2;3\n'), [
    ['a', 'b', 'c'],
    ['1', '2', '3']
  ])
  t.same(await read('a;b\n"x;y";é\n"two\nlines";z\n"LES" LILAS;"w"'), [
    ['a', 'b'],
    ['x;y', 'é'],
    ['two\nlines', 'z'],
    ['"LES" LILAS', '"w"']
  ])
  t.same((await read(`a;b\n"never closed;z\n${'p;q\n'.repeat(40)}`)).at(-1), ['p', 'q'], 'one bad line is not the end')
})

async function* streamOf(pieces: Buffer[]) {
  yield* pieces
}

t.test('200,000 structures: the import is bounded, callers do not notice it, an answer costs under 5 ms', async (t) => {
  const folder = folderOf(t)
  const copy = copyIn(t, folder)
  const file = join(folder, 'all.csv')
  const out = createWriteStream(file)
  out.write(`${header}\n`)
  const kinds = ['COMMUNE DE', 'SYNDICAT DES EAUX', 'ECOLE PRIMAIRE', 'COLLEGE', 'CCAS DE', 'OFFICE PUBLIC']
  for (let each = 0; each < 200_000; each++) {
    const name = `${kinds[each % 6]} VILLE${each % 35_000} ${each}`
    const post = String(each % 95_000).padStart(5, '0')
    if (!out.write(`${line(String(10_000_000_000_000 + each), name, { post })}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')

  let longest = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  const before = process.memoryUsage().rss
  const start = performance.now()
  const { organizations } = await copy.take(file, { asOf, from: 'all.csv' })
  const seconds = (performance.now() - start) / 1000
  clearInterval(beat)
  const grown = (process.memoryUsage().rss - before) / 1e6
  t.equal(organizations, 200_000)
  t.comment(
    `${seconds.toFixed(1)} s, ${Math.round(grown)} MB more, event loop held for ${Math.round(longest)} ms at most`
  )
  t.ok(seconds < 60, 'within a minute, on a machine that does other things')
  t.ok(grown < 200, 'memory does not follow the size of the file')

  /** Milliseconds of processor time, on the average of many: a busy machine does not decide. */
  const cost = (work: () => unknown): number => {
    const begin = process.threadCpuUsage()
    for (let each = 0; each < 40; each++) work()
    const { user, system } = process.threadCpuUsage(begin)
    return (user + system) / 1000 / 40
  }
  const page = { limit: 50, after: 0 }
  const questions: Record<string, () => unknown> = {
    'one by its SIRET': () => copy.find('10000000123456'),
    'one that is not there': () => copy.find('99999999999999'),
    'a frequent word': () => copy.search({ name: 'commune' }, page),
    'two frequent words': () => copy.search({ name: 'commune ville' }, page),
    'words that never meet': () => copy.search({ name: 'commune ecole' }, page),
    'two letters': () => copy.search({ name: 'vi' }, page),
    'the end of a long list': () => copy.search({ name: 'commune' }, { limit: 50, after: 199_000 }),
    'a place': () => copy.search({ postalCode: '75001' }, page),
    'what nothing is': () => copy.search({ active: false, name: 'commune' }, page)
  }
  for (const [name, work] of Object.entries(questions)) {
    const ms = cost(work)
    t.ok(ms < 5, `${name}: ${ms.toFixed(2)} ms`)
  }
})

t.test('directory import and status on the command line', async (t) => {
  const folder = folderOf(t)
  const file = write(folder, 'annuaire.csv', [header, line('12345678200051', 'UNE')].join('\n'))
  const run = (...arguments_: string[]) =>
    spawnSync(process.execPath, ['src/bin/gateway.ts', 'directory', ...arguments_, '--data', folder], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' }
    })
  t.match(run('status'), { status: 1, stderr: /no copy/ })
  t.match(run('import', join(folder, 'nowhere.zip')), { status: 1, stderr: /no file/ })
  t.match(run('import'), { status: 1, stderr: /name a file/ })
  t.match(run('import', file), { status: 0, stdout: /^1 structures as of .*annuaire\.csv/ })
  t.match(run('status'), { status: 0, stdout: /^1 structures/ })
})
