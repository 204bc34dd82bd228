/** For `catch` behind a file operation: undefined when the file is not there; any other fault is thrown again. */
export function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
