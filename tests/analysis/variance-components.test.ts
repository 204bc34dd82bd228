import fc from 'fast-check'
import { expect, test } from 'vitest'
import { varianceComponents } from '../../analysis/variance-components.ts'

const EFFECTS = [['case'], ['model'], ['juror'], ['case', 'model'], ['case', 'juror'], ['model', 'juror']]
const cells = Array.from({ length: 24 }, (_, i) => ({
  case: `c${Math.floor(i / 6)}`,
  model: `m${Math.floor(i / 2) % 3}`,
  juror: `j${i % 2}`,
}))
const factors = (['case', 'model', 'juror'] as const).map((name) => ({ name, levels: cells.map((cell) => cell[name]) }))
const scores = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 24, maxLength: 24 })

function variances(values: readonly number[]): number[] {
  const { components, residual } = varianceComponents(values, factors, EFFECTS)
  return [...components.map(({ variance }) => variance), residual.variance]
}

test('case × model × juror equals the mean squares by projection matrices', () => {
  // NumPy: quadratic forms with Kronecker products of averaging and centring matrices of 4 cases, 3 models, 2 jurors.
  const values = [5, 1, 1, 2, 1, 5, 5, 3, 1, 1, 2, 3, 4, 3, 2, 1, 4, 4, 1, 1, 3, 2, 5, 3]
  const expected = [-1 / 18, 7 / 18, -1 / 36, 1 / 9, -43 / 72, 2 / 9, 41 / 18]
  for (const [i, variance] of variances(values).entries()) expect(variance).toBeCloseTo(expected[i] as number, 12)
})

test('a constant added changes no component, and a factor multiplies all by its square', () => {
  fc.assert(
    fc.property(scores, fc.integer({ min: -3, max: 3 }), (values, constant) => {
      const moved = variances(values.map((value) => 2 * value + constant))
      for (const [i, variance] of variances(values).entries()) expect(moved[i]).toBeCloseTo(4 * variance, 9)
    }),
  )
})

test('the order of rows does not matter', () => {
  fc.assert(
    fc.property(scores, (values) => {
      const reversed = factors.map(({ name, levels }) => ({ name, levels: levels.toReversed() }))
      const turned = varianceComponents(values.toReversed(), reversed, EFFECTS).components
      for (const [i, { variance }] of varianceComponents(values, factors, EFFECTS).components.entries())
        expect(turned[i]?.variance).toBeCloseTo(variance, 9)
    }),
  )
})

test('gaps, repeats of some cells only, and designs that leave no residual are refused', () => {
  const shorter = factors.map(({ name, levels }) => ({ name, levels: levels.slice(1) }))
  expect(() => varianceComponents(new Array(23).fill(3), shorter, EFFECTS)).toThrow(/every combination/)
  expect(() => varianceComponents(new Array(24).fill(3), factors, [...EFFECTS, ['case', 'model', 'juror']])).toThrow(
    /degree of freedom/,
  )
  expect(() => varianceComponents([], [], [])).toThrow(RangeError)
})
