/**
 * The same error with its message in place of its stack: promptfoo prints the stack of whatever fails before a run, and
 * the message alone tells the user what to mend.
 */
export function plainError(error: unknown): unknown {
  if (error instanceof Error) error.stack = error.message
  return error
}
