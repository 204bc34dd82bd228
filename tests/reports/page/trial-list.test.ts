import { describe, expect, test } from 'vitest'
import type { TrialLine } from '../../../reports/page/page-data.ts'
import { plainMeans } from '../../../reports/page/plain-means.ts'
import { filteredPlaces } from '../../../reports/page/trial-list.ts'

const line = (caseId: string, scores: (number | null)[], more: Partial<TrialLine> = {}): TrialLine => ({
  ...{
    caseId,
    image: caseId,
    model: 'm',
    arm: 'full',
    repeat: 0,
    malignant: null,
    rare: false,
    missing: null,
    review: 0,
    scores,
  },
  ...more,
})
const trials = [
  line('alpha', [4, 5], { malignant: true }),
  line('alpha', [2, 3], { malignant: true, repeat: 1 }),
  line('beta', [null, null], { missing: 'deadline', malignant: true }),
  line('gamma', [1, null], { review: 2, malignant: false }),
  line('delta', [5, 5], { model: 'n', arm: 'no-image', malignant: true, image: 'alpha' }),
]
const data = { trials, measures: ['overall', 'safety'] }
const none = { model: '', arm: '', stratum: 'all', kind: 'all', words: '', order: 'case' } as const

describe('filteredPlaces', () => {
  test.each([
    ['nothing asked', none, [0, 1, 2, 3, 4]],
    ['a model', { ...none, model: 'n' }, [4]],
    ['an arm', { ...none, arm: 'full' }, [0, 1, 2, 3]],
    ['malignant', { ...none, stratum: 'malignant' }, [0, 1, 2, 4]],
    ['not malignant leaves out what is not known', { ...none, stratum: 'not malignant' }, [3]],
    ['review', { ...none, kind: 'review' }, [3]],
    ['missing counts single scores', { ...none, kind: 'missing' }, [2, 3]],
    ['words in any case', { ...none, words: ' ALPHA ' }, [0, 1]],
    ['order by a measure, lowest first, missing last', { ...none, order: 'overall' }, [3, 1, 0, 4, 2]],
    ['nothing fits', { ...none, model: 'n', arm: 'full' }, []],
  ] as const)('%s', (_, filter, places) => {
    expect(filteredPlaces(data, filter)).toEqual(places)
  })
})

describe('plainMeans', () => {
  test('repeats are averaged within a case first, and a missing score is not counted', () => {
    const [own, ...others] = plainMeans(trials, 'overall', 0, 'all').filter(({ model }) => model === 'm')
    // Case alpha (4 + 2) / 2 = 3, case gamma 1, case beta has none: (3 + 1) / 2.
    expect(own).toMatchObject({ value: 2, cases: 2, images: 2, low: null, high: null, exploratory: true })
    expect(others).toEqual([])
  })

  test('a stratum without a score has no mean', () => {
    expect(plainMeans(trials, 'safety', 1, 'not malignant')).toEqual([])
  })
})
