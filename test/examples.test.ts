import { type ExecFileException, execFile } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { apiKey, buildGateway, goodInvoice } from './helpers/gateway.ts'
import { makePdf } from './helpers/pdf.ts'

// The examples of the docs, run as they stand against a gateway with its simulator.

const folder = join(import.meta.dirname, '../docs/examples')

interface Example {
  file: string
  command: string
  arguments: string[]
  /** Exits with 0 when this machine can run it. */
  probe: string[]
}

const examples: Example[] = [
  { file: 'send.sh', command: 'sh', arguments: ['send.sh'], probe: ['-c', 'command -v curl'] },
  { file: 'send.py', command: 'python3', arguments: ['send.py'], probe: ['--version'] },
  { file: 'send.mjs', command: process.execPath, arguments: ['send.mjs'], probe: ['--version'] },
  // A JRE alone cannot run a source file.
  { file: 'Send.java', command: 'java', arguments: ['Send.java'], probe: ['--describe-module', 'jdk.compiler'] },
  {
    file: 'send.php',
    command: 'php',
    arguments: ['send.php'],
    probe: ['-r', 'exit(function_exists("curl_init") ? 0 : 1);']
  },
  { file: 'send.go', command: 'go', arguments: ['run', 'send.go'], probe: ['version'] },
  { file: 'send.ps1', command: 'pwsh', arguments: ['-NoProfile', '-File', 'send.ps1'], probe: ['-Version'] },
  // From 10 on, a single file can be run.
  {
    file: 'Send.cs',
    command: 'sh',
    arguments: ['-c', 'dotnet run Send.cs "$@"', 'Send.cs'],
    probe: ['-c', 'dotnet --version | grep -E "^[1-9][0-9]"']
  }
]

/** Read, never run: WINDEV is no program that a machine has. */
const textsOnly = ['send.wl.txt']

interface Run {
  code: number
  out: string
  err: string
}

/** Not waited for in a loop of its own: the gateway lives in this very process. */
const run = (cwd: string, command: string, args: string[], environment: Record<string, string> = {}) =>
  new Promise<Run>((resolve) => {
    const env = { ...process.env, ...environment }
    execFile(command, args, { cwd, env, timeout: 100_000 }, (error: ExecFileException | null, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err })
    })
  })

t.test('every example is tested, or a text', async (t) => {
  const files = globSync('*', { cwd: folder }).toSorted()
  t.same(files, [...examples.map(({ file }) => file), ...textsOnly].toSorted())
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  for (const file of files) t.ok(readme.includes(`docs/examples/${file}`), `the README links ${file}`)
})

t.test('the contract explains every operation', async (t) => {
  const g = await buildGateway(t)
  const { paths, tags, components } = (await g.get('/openapi.json')).body
  const known = tags.map(({ name }: { name: string }) => name)
  const hasExample = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null) return false
    if ('example' in node || 'examples' in node) return true
    if ('$ref' in node) return hasExample(components.schemas[String(node.$ref).replace(/.*\//, '')])
    return Object.values(node).some(hasExample)
  }
  for (const [path, operations] of Object.entries<Record<string, OperationObject>>(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const name = `${method} ${path}`
      t.match(operation, { operationId: /^[a-z]+[A-Za-z]+$/, summary: /./, description: /./ }, name)
      t.ok(
        operation.tags?.every((tag) => known.includes(tag)),
        `${name} has a tag with a description`
      )
      const json = operation.requestBody?.content?.['application/json']
      t.ok(json === undefined || hasExample(json), `${name} shows a body`)
    }
  }
})

interface OperationObject {
  tags?: string[]
  requestBody?: { content?: Record<string, unknown> }
}

t.test('each example sends an invoice, waits for its status, and says why one is refused', async (t) => {
  const g = await buildGateway(t)
  const home = t.testdir()
  for (const file of examples.map((each) => each.file)) cpSync(join(folder, file), join(home, file))
  const installed = join(home, 'node_modules/chorus-pro-gateway')
  mkdirSync(installed, { recursive: true })
  cpSync('client', join(installed, 'client'), { recursive: true })
  cpSync('package.json', join(installed, 'package.json'))
  const pdf = join(home, 'facture.pdf')
  writeFileSync(pdf, makePdf())
  const environment = {
    GATEWAY_URL: g.url,
    GATEWAY_KEY: apiKey,
    GOCACHE: join(home, 'go'),
    GOFLAGS: '-mod=mod',
    PATH: [process.env['PATH'] ?? '', '/usr/local/go/bin'].join(delimiter)
  }

  for (const example of examples) {
    const { file, command } = example
    if ((await run(home, command, example.probe)).code !== 0) {
      t.comment(`${file} is not run: this machine has nothing to run it with`)
      t.pass(file, { skip: 'no runtime for it on this machine' })
      continue
    }
    const send = (...args: string[]) => run(home, command, [...example.arguments, pdf, ...args], environment)
    const { number } = goodInvoice()
    const sent = await send(number)
    t.match(sent, { code: 0, out: /^inv_[0-9a-f]{32} integrated [a-z_]+\s*$/ }, `${file} sends`)
    const again = await send(number)
    t.equal(again.out.split(' ')[0], sent.out.split(' ')[0], `${file} sends nothing twice`)
    t.equal(g.simulator.control.ledger().acceptances.filter((each) => each.number === number).length, 1)
    const refused = await send(goodInvoice().number, '99999999999999')
    t.match(refused, { code: 1, err: /recipient-unknown.*\/buyer\/siret/s }, `${file} says why it was refused`)
  }
})
