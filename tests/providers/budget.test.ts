import { afterEach, describe, expect, test, vi } from 'vitest'
import { budgetUsd, createSpending } from '../../providers/budget.ts'
import { scriptedModel } from './models.ts'

const paid = scriptedModel(() => '', { id: 'paid', simulated: false })
const rules = scriptedModel(() => '', { id: 'rules', simulated: true })

function spendingWithLines() {
  const lines: string[] = []
  return { lines, ...createSpending((line) => lines.push(line)) }
}

afterEach(() => vi.unstubAllEnvs())

describe('the budget', () => {
  test.each([
    ['', undefined, undefined],
    ['', 5, 5],
    ['3', undefined, 3],
    ['3', 5, 3],
    ['8', 5, 5],
    [' 0 ', 5, 0],
  ])('is the smaller of the variable “%s” and the configured %s', (variable, configured, budget) => {
    vi.stubEnv('IMCBENCH_MAX_COST_USD', variable)
    expect(budgetUsd(configured)).toBe(budget)
  })
  test.each(['10 USD', '-1', 'NaN', 'Infinity', '1,5'])('is refused when the variable is %s', (variable) => {
    vi.stubEnv('IMCBENCH_MAX_COST_USD', variable)
    expect(() => budgetUsd(5)).toThrow(`IMCBENCH_MAX_COST_USD requires a number of US dollars from 0, got ${variable}`)
  })
})

describe('spending', () => {
  test('without a budget is never refused and says nothing', () => {
    const { lines, refusal, count } = spendingWithLines()
    count(paid, 1e6, undefined)
    count(paid, null, undefined)
    expect(refusal(paid, undefined)).toBeUndefined()
    expect(lines).toEqual([])
  })
  test('is allowed below the budget and refused from it on', () => {
    const { refusal, count } = spendingWithLines()
    count(paid, 0.75, 1)
    expect(refusal(paid, 1)).toBeUndefined()
    count(paid, 0.25, 1)
    expect(refusal(paid, 1)).toBe('budget of 1 USD is used up: 1.0000 USD spent')
    expect(refusal(paid, 2)).toBeUndefined()
  })
  test('under a budget of 0 is refused from the start', () => {
    expect(spendingWithLines().refusal(paid, 0)).toBe('budget of 0 USD is used up: 0.0000 USD spent')
  })
  test('is never refused to rules, and theirs is not counted', () => {
    const { refusal, count } = spendingWithLines()
    count(rules, 5, 1)
    expect(refusal(paid, 1)).toBeUndefined()
    expect(refusal(rules, 0)).toBeUndefined()
  })
  test('is never refused to a model that cannot cost money, and its unknown cost is no warning', () => {
    const free = scriptedModel(() => '', { id: 'free', simulated: false, free: true })
    const { lines, refusal, count } = spendingWithLines()
    count(free, null, 1)
    count(paid, 1, 1)
    expect(refusal(free, 1)).toBeUndefined()
    expect(refusal(free, 0)).toBeUndefined()
    expect(refusal(paid, 1)).toBe('budget of 1 USD is used up: 1.0000 USD spent')
    expect(lines).toHaveLength(1)
  })
  test('warns once from 80 % on, and once when all is used', () => {
    const { lines, refusal, count } = spendingWithLines()
    count(paid, 0.79, 1)
    expect(lines).toEqual([])
    for (let i = 0; i < 3; i++) count(paid, 0.01, 1)
    expect(lines).toEqual(['imcbench: 80 % of the budget of 1 USD is used: 0.8000 USD spent'])
    count(paid, 0.5, 1)
    refusal(paid, 1)
    refusal(paid, 1)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^imcbench: budget of 1 USD is used up: 1\.3200 USD spent; no more calls are made/)
  })
  test('shows calls whose cost is not known, and does not count them as free', () => {
    const { lines, refusal, count } = spendingWithLines()
    count(paid, null, 1)
    count(paid, null, 1)
    expect(lines).toEqual(['imcbench: a call of paid has no known cost, and the budget cannot count it'])
    count(paid, 1, 1)
    expect(refusal(paid, 1)).toBe('budget of 1 USD is used up: 1.0000 USD spent, and 2 calls whose cost is not known')
  })
})
