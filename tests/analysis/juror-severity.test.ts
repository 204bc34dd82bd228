import { expect, test } from 'vitest'
import { jurorEffects } from '../../analysis/juror-severity.ts'

const said = (votes: Record<string, number>) => new Map(Object.entries(votes))

test('effects are those of least squares with conversations and jurors as factors', () => {
  // numpy.linalg.lstsq on the same votes: -1.4, -0.2, 1.6.
  const votes = [said({ j1: 1, j2: 3 }), said({ j1: 2, j2: 2, j3: 5 }), said({ j2: 4, j3: 5 }), said({ j1: 3 })]
  const [one, two, three] = jurorEffects(votes, ['j1', 'j2', 'j3']) as number[]
  expect(one).toBeCloseTo(-1.4, 12)
  expect(two).toBeCloseTo(-0.2, 12)
  expect(three).toBeCloseTo(1.6, 12)
})

test('a juror who is absent where scores are low keeps the effect that the full table shows', () => {
  const full = [1, 2, 3, 4].map((level) => ({ harsh: level, mild: level + 1, other: level + 0.5 }))
  const [, second, third, fourth] = full
  const gaps = [said({ harsh: 1, other: 1.5 }), ...[second, third, fourth].map((votes) => said(votes as Record<string, number>))]
  const jurors = ['harsh', 'mild', 'other']
  for (const [i, effect] of [-0.5, 0.5, 0].entries()) {
    expect(jurorEffects(full.map(said), jurors)?.[i]).toBeCloseTo(effect, 12)
    expect(jurorEffects(gaps, jurors)?.[i]).toBeCloseTo(effect, 12)
  }
})

test('jurors who share no conversation are not compared', () => {
  expect(jurorEffects([said({ a: 1, b: 2 }), said({ c: 4, d: 5 })], ['a', 'b', 'c', 'd'])).toBeNull()
})
