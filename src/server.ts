import { accessSync, constants } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

/**
 * The process. What Node compiles is remembered in the system's folder for temporary files, which halves the next start;
 * it has to be told before it loads anything else.
 */
export async function serve(arguments_: string[] = process.argv.slice(2)): Promise<void> {
  enableCompileCache()
  // Every accept waits for its own file to be synced: with libuv's four threads they would wait for each other.
  process.env.UV_THREADPOOL_SIZE ??= '16'
  // V8 counts the bytes of files on their way against a limit that fits our small heap. Not all of it is to be looked
  // through for every few large files, whose memory is given back without that: it may treble first.
  setFlagsFromString('--heap-growing-percent=200')
  const gateway = await import('./serve.ts')
  await gateway.serve(arguments_)
}

/**
 * Some things are settled before a process starts: how large V8's young generation may grow, whose garbage here is base64
 * of a moment, and which blocks the C library gives back to the machine as soon as they are free (mallopt(3)). Unset, both
 * make sixteen large uploads cost 150 MB more. And no signal opens a debugger. Replaces the process by itself, in its
 * place; Linux alone has it.
 */
function startThrifty(): void {
  const { execPath, execArgv, argv, env } = process
  if (process.platform !== 'linux' || process.execve === undefined || env['MALLOC_MMAP_THRESHOLD_'] !== undefined)
    return
  try {
    accessSync(execPath, constants.X_OK)
  } catch {
    // A program that was replaced meanwhile cannot start again.
    return
  }
  const flags = ['--max-semi-space-size=4', '--disable-sigusr1', '--report-exclude-env']
  process.execve(execPath, [execPath, ...flags, ...execArgv, ...argv.slice(1)], {
    ...env,
    // Where `enableCompileCache` keeps it, which for this very file comes too late: reading its types costs 50 ms.
    NODE_COMPILE_CACHE: env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache'),
    MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
    MALLOC_ARENA_MAX: '2'
  })
}

if (import.meta.main) {
  // A debugger or a watching parent would lose its process.
  if (process.channel === undefined && process.execArgv.length === 0) startThrifty()
  await serve()
}
