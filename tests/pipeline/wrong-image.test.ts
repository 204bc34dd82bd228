import { expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { readRows } from '../../analysis/results.ts'
import { bankFolder } from '../providers/banks.ts'
import { runFolder, runPromptfoo } from './run-promptfoo.ts'

test('a conversation that arm wrong-image cannot hold is missing with that reason, through the real promptfoo', async () => {
  const { dir } = await bankFolder()
  const run = await runPromptfoo(await runFolder(), {
    config: (given) => ({
      ...given,
      prompts: ['full', 'wrong-image'].map((label) => ({ id: 'file://providers/prompt.ts', label })),
    }),
    args: ['--filter-providers', 'embedded-careful'],
    env: { IMCBENCH_BANK: dir },
  })
  const { estimates } = analyze(readRows(await run.results(), 'results.json'), 'results.json')
  expect(estimates.exclusions).toEqual([
    {
      ...{ model: 'embedded-careful', arm: 'wrong-image', measure: null, count: 1 },
      reason: 'not held: the bank has no image of another case that fits',
    },
  ])
}, 60_000)
