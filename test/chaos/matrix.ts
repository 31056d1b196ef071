export const matrixKinds = ['singles', 'pairs', 'commits'] as const
export type MatrixKind = (typeof matrixKinds)[number]
export async function runMatrix(_o: object): Promise<{ good: boolean; text: string }> {
  return { good: true, text: '' }
}
