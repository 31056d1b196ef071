import { enableCompileCache } from 'node:module'

/**
 * The process. What Node compiles is remembered in the system's folder for temporary files, which halves the next start;
 * it has to be told before it loads anything else.
 */
export async function serve(arguments_: string[] = process.argv.slice(2)): Promise<void> {
  enableCompileCache()
  // Every accept waits for its own file to be synced: with libuv's four threads they would wait for each other.
  process.env.UV_THREADPOOL_SIZE ??= '16'
  const gateway = await import('./serve.ts')
  await gateway.serve(arguments_)
}

if (import.meta.main) await serve()
