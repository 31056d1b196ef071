/**
 * Node up to 24.14 calls node:sqlite experimental on standard error at every start. That is ours to know, not the user's;
 * every other warning still shows. Must run before the module is loaded.
 */
export function muteSqliteWarning(): void {
  const { emitWarning } = process
  const filtered = (warning: string | Error, ...rest: unknown[]): void => {
    const text = typeof warning === 'string' ? warning : warning.message
    if (text.startsWith('SQLite is an experimental feature')) return
    Reflect.apply(emitWarning, process, [warning, ...rest])
  }
  process.emitWarning = filtered as typeof process.emitWarning
}
