import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

// The rooms of ARCHITECTURE.md and who may know whom, over the tree as it is.

const root = join(import.meta.dirname, '..')
const files = globSync(['src/**/*.ts', 'routes/**/*.ts', 'schemas/**/*.ts'], { cwd: root }).sort()

interface Import {
  from: string
  to: string
  isType: boolean
  /** When the module is loaded: with the file, or only when the code gets there. */
  later: boolean
}

/** Every import of a file; relative ones as paths from the root. `new URL('./x.ts', import.meta.url)` starts a worker: it counts. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found: Omit<Import, 'from'>[] = []
  for (const [, type, names, to] of text.matchAll(/^(?:import|export)\s+(type\s)?([^'";]*?)from\s+'([^']+)'/gm)) {
    const members = /^\s*\{(.*)\}\s*$/s.exec(names ?? '')?.[1]?.split(',') ?? []
    const named = members.map((member) => member.trim()).filter((member) => member !== '')
    const allTypes = named.length > 0 && named.every((member) => member.startsWith('type '))
    found.push({ to: to ?? '', isType: type !== undefined || allTypes, later: false })
  }
  for (const [, to] of text.matchAll(/^import\s+'([^']+)'/gm)) found.push({ to: to ?? '', isType: false, later: false })
  // `import('…').Name` is a type, `import('…')` followed by anything else a module.
  for (const [, to, name] of text.matchAll(/\bimport\('([^']+)'\)(\.[A-Z])?/g)) {
    found.push({ to: to ?? '', isType: name !== undefined, later: true })
  }
  for (const [, to] of text.matchAll(/new URL\('(\.[^']+\.ts)', import\.meta\.url\)/g)) {
    found.push({ to: to ?? '', isType: false, later: true })
  }
  return found.map((one) => ({
    ...one,
    from: file,
    to: one.to.startsWith('.') ? normalize(join(dirname(file), one.to)) : one.to
  }))
}

const imports = files.flatMap(importsOf)
const inside = imports.filter(({ to }) => files.includes(to))
const packages = imports
  .filter(({ to }) => !files.includes(to) && !to.includes('.ts') && !to.startsWith('node:'))
  .map(({ from, to }) => ({ from, name: to.split('/', to.startsWith('@') ? 2 : 1).join('/') }))

const ground = [
  'config',
  'config-access',
  'networks',
  'settings',
  'config-files',
  'connection-config',
  'connection-file',
  'connection-schema',
  'iban',
  'problem',
  'log',
  'log-output',
  'own-process',
  'loop',
  'byte-budget',
  'spare-memory',
  'in-time',
  'strict-json',
  'turns',
  'metrics',
  'page-cursor',
  'quiet',
  'failpoint'
].map((n) => `src/${n}.ts`)

/** The room of a file: a folder, the ground floor, or a file that is a room of its own. */
function roomOf(file: string): string {
  if (ground.includes(file)) return 'ground'
  const [top = '', second = ''] = file.split('/')
  return top === 'src' ? second : top
}

/** What a gateway is put together from. */
const below = [
  'schemas',
  'ground',
  'store',
  'chorus',
  'directory',
  'connections',
  'invoices',
  'portal',
  'drop-in',
  'audit',
  'callers',
  'status'
]

/** What a room may import besides itself: values, and more that it may know as types alone. */
const rules: Record<string, { values: string[]; types?: string[]; exactly?: string[] }> = {
  schemas: { values: [] },
  ground: { values: ['schemas'] },
  store: { values: ['schemas', 'ground'] },
  chorus: { values: ['schemas', 'ground'] },
  directory: { values: ['schemas', 'ground', 'store', 'chorus'] },
  connections: { values: ['schemas', 'ground', 'store', 'chorus', 'directory'] },
  invoices: { values: ['schemas', 'ground', 'store', 'chorus', 'directory', 'connections'] },
  portal: { values: ['schemas', 'ground', 'store', 'chorus', 'directory', 'connections', 'invoices'] },
  'drop-in': { values: ['ground', 'store', 'chorus', 'connections'] },
  audit: { values: ['ground'], types: ['store'] },
  callers: { values: ['schemas', 'ground'], types: ['store'] },
  status: {
    values: ['schemas', 'ground'],
    types: ['store', 'connections', 'invoices'],
    exactly: ['src/store/errors.ts']
  },
  plugins: { values: ['schemas', 'ground', 'callers'], types: ['store', 'audit'], exactly: ['src/chorus/errors.ts'] },
  routes: {
    values: ['schemas'],
    types: ['ground', 'store', 'chorus', 'directory', 'connections', 'invoices', 'callers', 'portal', 'drop-in'],
    exactly: ['src/problem.ts', 'src/page-cursor.ts']
  },
  'parts.ts': { values: [], types: below },
  'compose.ts': { values: below, types: ['parts.ts'] },
  'app.ts': { values: ['schemas', 'ground', 'plugins', 'routes'], types: ['parts.ts'] },
  'admin.ts': { values: ['schemas', 'ground', 'plugins', 'routes', 'connections', 'status'], types: ['parts.ts'] },
  'gateway.ts': {
    values: ['ground', 'store', 'connections', 'audit', 'compose.ts', 'app.ts', 'admin.ts'],
    types: ['chorus', 'parts.ts']
  },
  simulator: { values: [] }
}
/** Processes: they may know everything. */
const doors = ['server.ts', 'serve.ts', 'bin', 'demo']

t.test('every file is in a room that the rules know', async (t) => {
  const rooms = [...new Set(files.map(roomOf))]
  t.strictSame(
    rooms.filter((room) => rules[room] === undefined && !doors.includes(room)),
    []
  )
})

t.test('a file imports from its own room or a lower one', async (t) => {
  const wrong = inside.filter(({ from, to, isType }) => {
    const rule = rules[roomOf(from)]
    const room = roomOf(to)
    if (rule === undefined || room === roomOf(from)) return false
    return !(rule.values.includes(room) || rule.exactly?.includes(to) || (isType && rule.types?.includes(room)))
  })
  t.strictSame(
    wrong.map(({ from, to, isType }) => `${from} → ${to}${isType ? ' (type)' : ''}`),
    []
  )
})

t.test('no file imports itself by a detour', async (t) => {
  // Types are erased, and what is loaded later finds this file ready: neither makes the order of loading matter.
  const needed = inside.filter(({ isType, later }) => !isType && !later)
  const edges = Map.groupBy(needed, ({ from }) => from)
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, trail: string[]) => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
    if (trail.includes(file) || done.has(file)) return
    for (const { to } of edges.get(file) ?? []) visit(to, [...trail, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  t.strictSame(cycles, [])
})

t.test('packages stay in the rooms they belong to', async (t) => {
  const homes: [pattern: RegExp, rooms: string[]][] = [
    [/^undici$/, ['chorus', 'compose.ts', 'demo']],
    [/^(fastify|fastify-plugin|@fastify\/.*)$/, ['plugins', 'routes', 'app.ts', 'admin.ts', 'simulator']],
    [/^(unpdf|saxes)$/, ['invoices', 'simulator']],
    [/^yauzl$/, ['directory']],
    [/^node-forge$/, ['chorus', 'simulator']],
    [/^prom-client$/, ['ground']],
    [/^pg$/, ['store']],
    [/^jose$/, ['callers']],
    [/^citty$/, ['bin', 'demo', 'simulator']]
  ]
  const strays = packages.filter(({ from, name }) => {
    const home = homes.find(([pattern]) => pattern.test(name))
    return home !== undefined && !home[1].includes(roomOf(from))
  })
  t.strictSame(
    strays.map(({ from, name }) => `${from} → ${name}`),
    []
  )
  t.strictSame(
    packages.filter(({ from }) => roomOf(from) === 'schemas').filter(({ name }) => name !== 'typebox'),
    [],
    'schemas know TypeBox and nothing else'
  )
})

t.test('what runs in production is a production dependency', async (t) => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object }
  t.strictSame(
    packages.filter(({ name }) => !Object.hasOwn(dependencies, name)).map(({ from, name }) => `${from} → ${name}`),
    []
  )
  const used = new Set(packages.map(({ name }) => name))
  for (const name of Object.keys(dependencies)) {
    if (!used.has(name)) t.comment(`no file imports the dependency ${name}: is it needed?`)
  }
})

t.test('relative imports end in .ts', async (t) => {
  const wrong = imports.filter(({ to }) => /^(src|routes|schemas|\.\.)\//.test(to) && !/\.(ts|json)$/.test(to))
  t.strictSame(
    wrong.map(({ from, to }) => `${from} → ${to}`),
    []
  )
})

t.test('the environment is read where a process starts, nowhere else', async (t) => {
  const readers = files.filter((file) => /\bprocess\.(env|loadEnvFile)\b/.test(readFileSync(join(root, file), 'utf8')))
  t.strictSame(
    readers.filter((file) => !doors.includes(roomOf(file))),
    []
  )
})

t.test('nothing outside the tests imports a test', async (t) => {
  t.strictSame(
    imports.filter(({ to }) => to.startsWith('test/')),
    []
  )
})

t.test('long files are named, to be looked at', async (t) => {
  for (const file of files) {
    const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1
    if (lines > 250) t.comment(`${file} has ${lines} lines: is there a second subject in it?`)
  }
})
