/** What the work gives within the time, in milliseconds, or else the other. Its failure counts only while it is waited for. */
export async function inTime<T, O>(work: Promise<T>, ms: number, otherwise: O): Promise<T | O> {
  work.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<O>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
