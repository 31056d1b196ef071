import { ProblemError } from '../problem.ts'

/** `see` throws for whoever may not see the object: only others may know what is under way. */
export type OneChange = <T>(id: string, see: () => Promise<unknown>, work: () => Promise<T>) => Promise<T>

/**
 * One change of an object at a time, in this process. A second one at the same moment is most likely its repeat: it would
 * find the status of before, or act on the step that follows. Throws `request-in-progress`.
 */
export function createOneChange(): OneChange {
  const underWay = new Set<string>()
  return async (id, see, work) => {
    if (underWay.has(id)) {
      await see()
      throw new ProblemError('request-in-progress', {
        detail: `Another change of ${id} is under way. Nothing was sent; read it again before you repeat this.`,
        outcome: 'not_sent',
        retryAfter: 5
      })
    }
    underWay.add(id)
    try {
      return await work()
    } finally {
      underWay.delete(id)
    }
  }
}
