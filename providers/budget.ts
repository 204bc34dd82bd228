import { z } from 'zod'
import type { Model } from './model.ts'

/** What may be spent in US dollars, from 0. */
export const MaxCostUsd = z.number().min(0)

/**
 * The budget in US dollars: the smaller of a configured one and the variable `IMCBENCH_MAX_COST_USD`; undefined when
 * there is neither.
 *
 * @throws Error when the variable is no number from 0
 */
export function budgetUsd(configured: number | undefined): number | undefined {
  const text = process.env.IMCBENCH_MAX_COST_USD?.trim()
  if (text === undefined || text === '') return configured
  const parsed = MaxCostUsd.safeParse(Number(text))
  if (!parsed.success) throw new Error(`IMCBENCH_MAX_COST_USD requires a number of US dollars from 0, got ${text}`)
  return configured === undefined ? parsed.data : Math.min(parsed.data, configured)
}

/** What has been spent on calls, and whether more may be. Models that are rules or `free` cost nothing and are always allowed. */
export interface Spending {
  /** Why the model may not be asked under that budget, or undefined when it may. */
  readonly refusal: (model: Model, maxCostUsd: number | undefined) => string | undefined
  /** Counts one call that was made; null for a cost that is not known, such as of a call that was cut off. */
  readonly count: (model: Model, costUsd: number | null, maxCostUsd: number | undefined) => void
}

/**
 * An account of what calls cost, from 0. Only replies count, since only they say what they cost; calls that run at the
 * same time can therefore go over the budget by what these calls cost.
 *
 * @param warn gets a line when 80 % of a budget is used, when it is used up, and when a cost is not known, each once
 */
export function createSpending(warn: (line: string) => void): Spending {
  let usd = 0
  let unknown = 0
  const warned = new Set<string>()
  const once = (about: string, line: string) => {
    if (!warned.has(about)) warn(line)
    warned.add(about)
  }
  const used = () => `${usd.toFixed(4)} USD spent${unknown === 0 ? '' : `, and ${unknown} calls whose cost is not known`}`
  return {
    refusal: (model, maxCostUsd) => {
      if (maxCostUsd === undefined || model.simulated || model.free || usd < maxCostUsd) return undefined
      const line = `budget of ${maxCostUsd} USD is used up: ${used()}`
      once(`all of ${maxCostUsd}`, `imcbench: ${line}; no more calls are made, and all replies are kept`)
      return line
    },
    count: (model, costUsd, maxCostUsd) => {
      if (model.simulated || (model.free && costUsd === null)) return
      if (costUsd === null) unknown += 1
      else usd += costUsd
      if (maxCostUsd === undefined) return
      if (costUsd === null)
        once(`unknown ${model.id}`, `imcbench: a call of ${model.id} has no known cost, and the budget cannot count it`)
      if (usd >= 0.8 * maxCostUsd && usd < maxCostUsd)
        once(`most of ${maxCostUsd}`, `imcbench: 80 % of the budget of ${maxCostUsd} USD is used: ${used()}`)
    },
  }
}
