import type { Bank } from '../cases/load.ts'
import type { Case } from '../cases/schema.ts'
import { trialsOf } from '../cases/tests.ts'
import { planOf } from '../providers/plan.ts'
import type { PlannedConfig } from '../providers/plan-config.ts'
import type { Assumptions } from '../providers/planned.ts'
import prompt from '../providers/prompt.ts'

/** What `npm run plan` assumes when it is not told otherwise. */
export const ASSUMED: Assumptions = { replies: 6, replyTokens: 200, reasoningTokens: 500, patientTokens: 40, jurorTokens: 250 }

/**
 * The expected cost of each test of a bank, in the order of `trialsOf`: of all its arms and models with their jurors, in US
 * dollars where all prices are known and not all are 0, else in tokens. It serves to balance shards, not to plan money.
 */
export function expectedCosts(bank: Bank, config: PlannedConfig): number[] {
  const plans = new Map(bank.cases.map((one) => [one, planOfCase(one, config)]))
  const rows = [...plans.values()].flat()
  const inDollars = rows.every(({ costUsd }) => costUsd !== null) && rows.some(({ costUsd }) => (costUsd ?? 0) > 0)
  const costs = new Map(
    [...plans].map(([one, plan]) => [one, plan.reduce((sum, row) => sum + (inDollars ? (row.costUsd ?? 0) : tokensOf(row)), 0)]),
  )
  return trialsOf(bank.cases, config.repeats).map(({ one }) => costs.get(one) ?? 0)
}

function planOfCase(one: Case, { models, jurors, arms }: PlannedConfig) {
  // A case alone has no wrong image; its own stands for it here.
  const shown = arms.map((arm) => (arm === 'wrong-image' ? 'full' : arm))
  return planOf({ models, jurors, arms: shown, cases: [one], repeats: 1, instructions: prompt() }, ASSUMED)
}

function tokensOf({ usage }: ReturnType<typeof planOf>[number]): number {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = usage
  return [inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens].reduce<number>((sum, tokens) => sum + (tokens ?? 0), 0)
}
