/** The error that a function throws. */
export function thrownBy(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('the function requires to throw, got a value')
}
