import { expect, test } from 'vitest'
import { narrowed } from '../../../reports/page/narrowed.ts'
import { scoresPlot } from '../../../reports/scores-plot.ts'
import { madeUp } from '../estimates.ts'

const spec = {
  data: {
    values: [
      { model: 'a', arm: 'full', label: 'A', value: 1 },
      { model: 'b', arm: 'full', label: 'B', value: 2 },
      { model: 'b', arm: 'no image', label: 'B', value: 3 },
      { model: null, arm: 'full', label: 'Average', value: 2 },
    ],
  },
  layer: [
    { data: { values: [{}] }, mark: 'rule' },
    {
      scale: { domain: ['A', 'B', 'Average'] },
      shape: { domain: ['full', 'no image'], range: ['circle', 'square'] },
      x: { domain: [1, 5] },
    },
  ],
}
const all = { model: () => true, arm: () => true }

test('a model that is taken out leaves rows and scales, and the average stays', () => {
  const left = narrowed(spec, { ...all, model: (model) => model !== 'a' }) as typeof spec
  expect(left.data.values.map(({ label }) => label)).toEqual(['B', 'B', 'Average'])
  expect(left.layer[1]).toEqual({ ...spec.layer[1], scale: { domain: ['B', 'Average'] } })
  expect(left.layer[0]).toEqual(spec.layer[0])
})

test('an arm that is taken out takes its shape with it', () => {
  const left = narrowed(spec, { ...all, arm: (arm) => arm !== 'no image' }) as typeof spec
  expect(left.layer[1]?.shape).toEqual({ domain: ['full'], range: ['circle'] })
})

test('with everything kept the specification is the same object, and with no model left there is none', () => {
  expect(narrowed(spec, all)).toBe(spec)
  expect(narrowed(spec, { ...all, model: () => false })).toBeNull()
})

test('a figure of the report loses the row of a model that is taken out and nothing else', () => {
  const figure = scoresPlot(madeUp())
  if (figure.kind !== 'drawn') throw new Error('the fixture has scores')
  const before = JSON.stringify(figure.spec)
  const after = JSON.stringify(narrowed(figure.spec, { ...all, model: (model) => model !== 'beta' }))
  expect(before).toContain('"beta"')
  expect(after).not.toContain('"beta"')
  expect(after).toContain('"alpha"')
  expect(JSON.stringify(figure.spec)).toBe(before)
})
