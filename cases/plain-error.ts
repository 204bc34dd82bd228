/**
 * Runs what promptfoo calls before it starts; a fault is thrown on with its message in place of the stack, because
 * promptfoo prints the stack and the message alone tells the user what to mend.
 */
export async function plainly<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error) error.stack = error.message
    throw error
  }
}
