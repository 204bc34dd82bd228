import { join } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { type SharedPlace, sharedPlace } from '../providers/shared.ts'

/** Where runs keep their shards when it is not said. */
export const RUNS_DIR = join('.imcbench', 'runs')

/** A whole number from 0 of a command line. */
export function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('requires a whole number from 0')
}

/** Runs a command’s work; its error is one message on the error stream and exit code 1. */
export async function ended(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

/** The Redis of the environment, for a run; a command that cannot do without ends with an error that says so. */
export function requiredPlace(command: string, run: string): SharedPlace {
  const place = sharedPlace(run)
  if (place === undefined) throw new Error(`${command} requires IMCBENCH_REDIS, such as redis://:password@host:6379, got none`)
  return place
}
