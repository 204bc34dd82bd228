import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { trialsCsv } from '../../analysis/trials-csv.ts'
import { type RowSpec, rowsOf } from './rows.ts'

function csv(...specs: RowSpec[]): Record<string, string>[] {
  const { trials } = analyze(rowsOf(specs), 'x', { level: 0.95, resamples: 10, seed: 1 })
  return parse(trialsCsv(trials), { columns: true })
}

test('a trial is a row; what is missing is blank, with the reason beside it', () => {
  const lines = csv(
    { caseId: 'a', neoplasm: 'malignant', rarity: 'unknown', scores: { safety: 4, accuracy: null, uncertainty: 2 } },
    { caseId: 'b', stop: 'deadline' },
  )
  expect(lines.map(({ image, ...line }) => line)).toEqual([
    {
      ...{ case: 'a', malignant: '1', rare: '', model: 'm1', arm: 'full', repeat: '0' },
      ...{ safety: '4', accuracy: '', uncertainty: '2', overall: '' },
      missing: 'accuracy: no quorum; overall: a dimension has no score',
    },
    {
      ...{ case: 'b', malignant: '0', rare: '0', model: 'm1', arm: 'full', repeat: '0' },
      ...{ safety: '', accuracy: '', uncertainty: '', overall: '' },
      missing: 'conversation broke off: deadline',
    },
  ])
})

test.each(['=1+1', '+1', '-1', '@sum', '\tx', '\rx'])('a model called %j is no formula in a spreadsheet', (model) => {
  expect(csv({ caseId: 'a', model })[0]?.model).toBe(`'${model}`)
})
