import { enableCompileCache } from 'node:module'

/**
 * The process. What Node compiles is remembered in the system's folder for temporary files, which halves the next start;
 * it has to be told before it loads anything else.
 */
export async function serve(arguments_: string[] = process.argv.slice(2)): Promise<void> {
  enableCompileCache()
  const gateway = await import('./serve.ts')
  await gateway.serve(arguments_)
}

if (import.meta.main) await serve()
