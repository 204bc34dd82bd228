import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { besidePaper, differences, pinnedOptions, published, publishedCsv, publishedPaperTable } from '../../reports/published.ts'
import { madeUp } from './estimates.ts'

test('the published numbers are the seven of the abstract', () => {
  expect(published.map(({ value }) => value)).toEqual([3.61, 3.3, 3.29, -0.27, -0.27, -0.18, -0.23])
})

test('models are found by name whatever stands around it, and only when there is one', () => {
  const found = (models: readonly string[]) => besidePaper(madeUp({ models })).map(({ estimate }) => estimate?.model)
  expect(found(['anthropic:claude-opus-4-6', 'Claude Sonnet 4.6', 'openai/gpt-5.2-2025']).slice(0, 3)).toEqual([
    'anthropic:claude-opus-4-6',
    'Claude Sonnet 4.6',
    'openai/gpt-5.2-2025',
  ])
  expect(found(['claude-opus-4-60', 'gpt-5.25', 'xgpt-5.2']).slice(0, 3)).toEqual([undefined, undefined, undefined])
  expect(found(['a-opus-4.6', 'b-opus-4.6'])[0]).toBeUndefined()
})

test('each number of this run stands with its interval beside the paper’s', () => {
  const estimates = madeUp({ models: ['claude-opus-4.6', 'other'] })
  const lines = parse<Record<string, string>>(publishedCsv(estimates), { columns: true })
  const wanted = estimates.estimates.find(
    ({ estimand, measure, model, arm }) =>
      estimand === 'mean' && measure === 'overall' && model === 'claude-opus-4.6' && arm === 'full',
  )
  expect(lines[0]).toMatchObject({ paper: '3.61', this_run: String(wanted?.value), low: String(wanted?.intervals[0]?.low) })
  expect(lines[1]).toMatchObject({ this_run: '', reason: 'model not in this run' })
})

test('no run is called a reproduction: not one of the options that would have to match is known', () => {
  expect(pinnedOptions.every(({ paper }) => paper === null)).toBe(true)
  const [first] = differences(madeUp())
  expect(first).toMatch(/^This is not a reproduction/u)
  const lines = parse<Record<string, string>>(publishedCsv(madeUp()), { columns: true })
  expect(new Set(lines.map(({ reproduction }) => reproduction))).toEqual(new Set(['no']))
})

test('what is simulated or not calibrated is among the differences', () => {
  const notes = publishedPaperTable(madeUp()).notes.map(({ text }) => text)
  expect(notes.some((text) => text.startsWith('Simulated in this run: the patient, 40 images'))).toBe(true)
  expect(notes.some((text) => text.includes('3 of 3 being embedded rules'))).toBe(true)
  expect(notes.some((text) => text.startsWith('Calibration: none in this run'))).toBe(true)
})
