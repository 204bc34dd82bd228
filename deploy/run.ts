import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { load } from 'js-yaml'
import { z } from 'zod'
import { bankIdentity, chosenBank, loadBank } from '../cases/load.ts'
import { sha256Of } from '../cases/sha256.ts'
import { trialsOf } from '../cases/tests.ts'
import { type PlannedConfig, plannedConfig } from '../providers/plan-config.ts'
import { RUN_NAME, RUN_NAME_WORDS } from '../providers/shared.ts'
import { expectedCosts } from './expected-costs.ts'
import { shardsOf } from './shards.ts'

const ROOT = join(import.meta.dirname, '..')
const SEED = 20260628
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What all shards and workers of a run must agree on. */
export const RunIdentity = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(RUN_NAME),
  config: z.string().describe('the promptfoo configuration, relative to the repository where it lies in it'),
  configSha256: sha256.describe('of what it says, budgets apart, so that a budget may be raised'),
  bank: z.string(),
  bankSha256: sha256,
  code: sha256.describe('of everything that shapes a conversation or a grade, and of the lock file'),
  tests: z.int().min(1),
  shards: z.int().min(1),
})
export type RunIdentity = z.infer<typeof RunIdentity>

/** A run, and which tests each shard holds. */
export interface PlannedShards {
  readonly identity: RunIdentity
  readonly config: PlannedConfig
  /** For each shard the places of its tests in the generated list. */
  readonly places: readonly (readonly number[])[]
  /** Expected cost of each shard, in one unit: US dollars where all prices are known, else tokens. */
  readonly costs: readonly number[]
}

/** What names a run on a command line. */
export interface RunChoice {
  readonly name: string
  /** The promptfoo configuration, from the working directory. */
  readonly config: string
  readonly shards: number
  /** In place of what the environment or the configuration names. */
  readonly bank?: string | undefined
}

/**
 * A run as this machine sees it: what it is made of, by hashes, and its shards. Depends on the files alone.
 *
 * @throws Error that names file and field for a name, a configuration or a bank that is not valid
 */
export async function plannedShards({ name, config: file, shards, bank: named }: RunChoice): Promise<PlannedShards> {
  if (!RUN_NAME.test(name)) throw new Error(`--run requires a name of ${RUN_NAME_WORDS}, got ${JSON.stringify(name)}`)
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new Error(`-c requires a promptfoo configuration, got ${file}: ${cause.message}`, { cause })
  })
  const config = plannedConfig(text, file)
  const chosen = named ?? chosenBank(config.bank)
  const bank = await loadBank(chosen)
  const costs = expectedCosts(bank, config)
  const places = shardsOf(costs, shards, SEED)
  const identity: RunIdentity = {
    version: 1,
    name,
    config: portable(file),
    configSha256: sha256Of(JSON.stringify(load(text), (key, value) => (key === 'maxCostUsd' ? undefined : value))),
    bank: chosen,
    bankSha256: bankIdentity(bank).sha256,
    code: codeSha256(),
    tests: trialsOf(bank.cases, config.repeats).length,
    shards,
  }
  return { identity, config, places, costs: places.map((of) => of.reduce((sum, place) => sum + (costs[place] ?? 0), 0)) }
}

const WORDS: Readonly<Record<keyof RunIdentity, string>> = {
  version: 'version of the shard contract',
  name: 'name of the run',
  config: 'configuration file',
  configSha256: 'text of the configuration',
  bank: 'bank',
  bankSha256: 'cases of the bank',
  code: 'code or lock file',
  tests: 'number of tests',
  shards: 'number of shards',
}

/** In what two descriptions of a run differ, in words; empty when they are of the same run. */
export function differences(mine: RunIdentity, theirs: RunIdentity): string[] {
  return (Object.keys(WORDS) as (keyof RunIdentity)[])
    .filter((field) => mine[field] !== theirs[field])
    .map((field) => `${WORDS[field]} (${short(mine[field])} here, ${short(theirs[field])} there)`)
}

/** Where a run’s configuration lies on this machine. */
export function configPath({ config }: RunIdentity): string {
  return join(ROOT, config)
}

function portable(file: string): string {
  return relative(ROOT, file).replaceAll('\\', '/')
}

function short(value: string | number): string {
  return sha256.safeParse(value).success ? String(value).slice(0, 12) : String(value)
}

function codeSha256(): string {
  const files = globSync(['{cases,providers,assertions}/**/*.ts', 'assertions/*.yaml', 'cases/*.yaml', 'package-lock.json'], {
    cwd: ROOT,
  })
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(`${file}\n${sha256Of(readFileSync(join(ROOT, file)))}\n`)
  return hash.digest('hex')
}
