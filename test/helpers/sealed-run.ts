// The gateway as its image runs it, as far as this machine lets us: the image's files alone, root file system read-only,
// another user, no capabilities.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'

const user = 10_001
const root = join(import.meta.dirname, '..', '..')

const seal = `
  mount --bind "$APP" "$APP" && mount --bind "$DATA_DIR" "$DATA_DIR" && mount --bind "$TMPDIR" "$TMPDIR" &&
  mount -o remount,bind,ro "$APP" && mount -o remount,bind,ro / || exit 99
  exec setpriv --reuid ${user} --regid ${user} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"`

export interface SealedRun {
  child: ChildProcess
  url: string
  log: string[]
  app: string
  /** How far it went: `mounts`: a read-only root, another user, no capabilities; `user`: another user; else our own. */
  sealedBy: 'mounts' | 'user' | 'modes'
}

/** `packages` are paths below node_modules; `parts` what else the image copies. Stopped with the test. */
export async function startSealed(
  t: Test,
  { packages, parts, environment }: { packages: string[]; parts: string[]; environment: Record<string, string> }
): Promise<SealedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-'))
  chmodSync(folder, 0o755)
  const [app, dataDir, temporary] = ['app', 'data', 'tmp'].map((name) => join(folder, name)) as [string, string, string]
  for (const path of [app, dataDir, temporary]) mkdirSync(path, { mode: 0o755 })
  for (const path of [...packages, ...parts]) cpSync(join(root, path), join(app, path), { recursive: true })
  // Ours may lie where another user may not go.
  const node = join(folder, 'node')
  copyFileSync(process.execPath, node)
  chmodSync(node, 0o755)
  spawnSync('chmod', ['-R', 'a+rX,a-w', app])

  const isRoot = process.getuid?.() === 0
  if (isRoot) for (const path of [dataDir, temporary]) chownSync(path, user, user)
  const env = { PATH: process.env.PATH ?? '', APP: app, DATA_DIR: dataDir, TMPDIR: temporary, ...environment }
  const inMounts = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', seal, 'sh']
  const canMount =
    isRoot && spawnSync(inMounts[0] ?? '', [...inMounts.slice(1), node, '--version'], { env }).status === 0
  // Tests hand a hook to every Node they start; it writes beside them and has no place here.
  const bare = ['env', '-u', 'NODE_OPTIONS', node, 'src/server.ts']
  const [program = '', ...rest] = canMount ? [...inMounts, ...bare] : bare
  const sealedBy = canMount ? 'mounts' : isRoot ? 'user' : 'modes'
  const child = spawn(program, rest, {
    cwd: app,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(sealedBy === 'user' && { uid: user, gid: user })
  })
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    spawnSync('chmod', ['-R', 'u+w', app])
    rmSync(folder, { recursive: true, force: true })
  })

  const log: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => void log.push(String(chunk)))
  const url = new Promise<string>((resolve, reject) => {
    if (child.stdout === null) return reject(new Error('no output'))
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line)
      const heard = /"url":"([^"]+)"/.exec(line)?.[1]
      if (heard !== undefined) resolve(heard)
    })
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${log.join('\n')}`)))
  })
  return { child, url: await url, log, app, sealedBy }
}
