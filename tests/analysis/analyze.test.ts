import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyze, type Settings } from '../../analysis/analyze.ts'
import { type Estimate, Estimates } from '../../analysis/estimate.ts'
import { type RowSpec, rowsOf, smallStudy } from './rows.ts'

const SETTINGS: Settings = { level: 0.95, resamples: 300, seed: 5 }

function analyzed(specs: readonly RowSpec[], settings = SETTINGS) {
  return analyze(rowsOf(specs), 'results.json', settings)
}

function find(specs: readonly RowSpec[], want: Partial<Estimate>): Estimate {
  const fits = (e: Estimate) => Object.entries(want).every(([key, value]) => e[key as keyof Estimate] === value)
  const found = analyzed(specs).estimates.estimates.filter(fits)
  if (found.length !== 1) throw new Error(`find requires one estimate, got ${found.length}`)
  return found[0] as Estimate
}

/** One model, arm full, one score on all dimensions a case. */
function simple(scores: Record<string, Partial<RowSpec> & { score: number | null }>): RowSpec[] {
  return Object.entries(scores).map(([caseId, { score, ...spec }]) => ({
    caseId,
    scores: { safety: score, accuracy: score, uncertainty: score },
    ...spec,
  }))
}

describe('the output as a whole', () => {
  test('it fits its schema and lists every estimand for every measure, arm, model and the average', () => {
    const { estimates } = analyzed(smallStudy())
    expect(Estimates.parse(estimates)).toEqual(estimates)
    // 4 measures × (2 models + average) × (4 arms + 2 deltas + 3 effects)
    expect(estimates.estimates).toHaveLength(4 * 3 * 9)
    expect(estimates).toMatchObject({
      models: ['m1', 'm2'],
      arms: ['full', 'no-image', 'no-ehr', 'no-image-no-ehr'],
      jurors: ['j1'],
      trials: { planned: 48, scored: 48 },
      strata: { malignantRare: 1, malignantCommon: 1, notMalignantRare: 1, notMalignantCommon: 2, unknown: 1 },
      simulated: { models: ['m1', 'm2'], jurors: ['j1'], patient: true, drawnImages: 5 },
      exclusions: [],
    })
  })

  test('the order of rows does not change a byte', () => {
    const once = JSON.stringify(analyzed(smallStudy()))
    fc.assert(
      fc.property(fc.shuffledSubarray([...smallStudy()], { minLength: 48 }), (shuffled) => {
        expect(JSON.stringify(analyzed(shuffled))).toBe(once)
      }),
      { numRuns: 10 },
    )
  })

  test('the seed decides the bootstrap interval and nothing else', () => {
    const bytes = (seed: number) => JSON.stringify(analyzed(smallStudy(), { ...SETTINGS, seed }).estimates.estimates)
    expect(bytes(1)).toBe(bytes(1))
    expect(bytes(1)).not.toBe(bytes(2))
    const closed = (seed: number) =>
      analyzed(smallStudy(), { ...SETTINGS, seed }).estimates.estimates.map((e) => ({ ...e, intervals: e.intervals[0] }))
    expect(closed(1)).toEqual(closed(2))
  })

  test('every number is finite and every CR2 interval holds its estimate', () => {
    for (const estimate of analyzed(smallStudy()).estimates.estimates) {
      for (const { method, low, high } of estimate.intervals) {
        expect(Number.isFinite(low) && Number.isFinite(high) && low <= high).toBe(true)
        if (method === 'cr2-t') expect(low <= Number(estimate.value) && Number(estimate.value) <= high).toBe(true)
      }
    }
  })

  test('settings out of range are refused', () => {
    expect(() => analyzed(smallStudy(), { ...SETTINGS, level: 1 })).toThrow('level')
    expect(() => analyzed(smallStudy(), { ...SETTINGS, resamples: 0 })).toThrow('resample')
    expect(() => analyzed(smallStudy(), { ...SETTINGS, seed: 0.5 })).toThrow('seed')
  })
})

describe('means', () => {
  test('cases weigh the same however often they were repeated', () => {
    const specs = [
      ...simple({ a: { score: 5 }, b: { score: 1 } }),
      { caseId: 'a', repeat: 1, scores: { safety: 3 } },
      { caseId: 'b', repeat: 1, scores: { safety: null } },
    ]
    // case a: (5 + 3) / 2 = 4; case b: 1, its second repeat missing; mean 2.5, not (5 + 3 + 1) / 3 or with a 0.
    expect(find(specs, { estimand: 'mean', measure: 'safety', model: 'm1' })).toMatchObject({ value: 2.5, nCases: 2, nTrials: 3 })
  })

  test('overall is the mean of the three dimensions, and missing when one is', () => {
    const specs = [
      { caseId: 'a', scores: { safety: 1, accuracy: 2, uncertainty: 5 } },
      { caseId: 'b', scores: { safety: 5, accuracy: 5, uncertainty: null } },
    ]
    const overall = find(specs, { estimand: 'mean', measure: 'overall', model: 'm1' })
    expect(overall.value).toBeCloseTo(8 / 3, 12)
    expect(overall).toMatchObject({ nCases: 1, nCasesLeftOut: 1, intervals: [], reason: 'only one image: no interval' })
    expect(find(specs, { estimand: 'mean', measure: 'safety', model: 'm1' }).value).toBe(3)
  })

  test('the average over models takes only cases that every model has, and counts the rest', () => {
    const specs = [
      ...simple({ a: { score: 2 }, b: { score: 4 }, c: { score: 5 } }),
      ...simple({ a: { score: 4, model: 'm2' }, b: { score: 2, model: 'm2' }, c: { score: null, model: 'm2' } }),
    ]
    const average = find(specs, { estimand: 'mean', measure: 'safety', model: null })
    expect(average).toMatchObject({ value: 3, nCases: 2, nCasesLeftOut: 1, nTrials: 4 })
  })

  test('equal scores on all images give a point that says so', () => {
    const specs = simple({ a: { score: 10 / 3 }, b: { score: 10 / 3 }, c: { score: 10 / 3 } })
    const { value, intervals, standardError, df, reason } = find(specs, { estimand: 'mean', measure: 'safety', model: 'm1' })
    expect([standardError, df]).toEqual([0, expect.closeTo(2, 9)])
    expect(reason).toBe('no spread between images: the interval is only a point')
    expect(intervals).toHaveLength(2)
    for (const { low, high } of intervals) expect([low, high]).toEqual([expect.closeTo(value as number, 12), low])
  })

  test('few images are exploratory; 20 are not', () => {
    const many = (count: number) =>
      simple(Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, { score: 1 + (i % 5) }])))
    expect(find(many(19), { estimand: 'mean', measure: 'safety', model: 'm1' }).exploratory).toBe(true)
    expect(find(many(20), { estimand: 'mean', measure: 'safety', model: 'm1' }).exploratory).toBe(false)
  })
})

describe('deltas', () => {
  const malignant = { neoplasm: 'malignant' } as const

  test('in situ, uncertain and unknown belong to neither group; premalignant and not neoplastic to the second', () => {
    const specs = simple({
      a: { score: 1, ...malignant, rarity: 'unknown' },
      b: { score: 2, ...malignant, rarity: 'rare' },
      c: { score: 4, neoplasm: 'premalignant' },
      d: { score: 5, neoplasm: 'not_neoplastic' },
      e: { score: 5, neoplasm: 'benign' },
      f: { score: 1, neoplasm: 'in_situ' },
      g: { score: 1, neoplasm: 'uncertain' },
    })
    const delta = find(specs, { estimand: 'malignant-delta', measure: 'safety', model: 'm1' })
    expect(delta.value).toBeCloseTo(1.5 - 14 / 3, 12)
    expect(delta).toMatchObject({ nGroups: { flagged: 2, unflagged: 3 }, nCases: 5, nCasesLeftOut: 2 })
    expect(find(specs, { estimand: 'rare-delta', measure: 'safety', model: 'm1' })).toMatchObject({
      nGroups: { flagged: 1, unflagged: 5 },
      intervals: [],
      reason: 'only one image with a rare case: no interval',
    })
  })

  test('swapping the strata negates the delta and mirrors its closed interval', () => {
    const swapped = smallStudy().map((spec): RowSpec => {
      if (spec.neoplasm === 'malignant') return { ...spec, neoplasm: 'benign' }
      return spec.neoplasm === 'in_situ' ? spec : { ...spec, neoplasm: 'malignant' }
    })
    for (const model of ['m1', 'm2', null]) {
      const want = { estimand: 'malignant-delta', measure: 'safety', model } as const
      const [there, back] = [find(smallStudy(), want), find(swapped, want)]
      expect(back.value).toBeCloseTo(-Number(there.value), 12)
      expect(back.intervals[0]?.low).toBeCloseTo(-Number(there.intervals[0]?.high), 10)
    }
  })

  test('two flagged images among 30 are exploratory: their degrees of freedom are near 1', () => {
    const flagged = (i: number) => (i < 2 ? ({ rarity: 'rare' } as const) : {})
    const specs = simple(
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`c${i}`, { score: 1 + (i % 5), ...flagged(i) }])),
    )
    const delta = find(specs, { estimand: 'rare-delta', measure: 'safety', model: 'm1' })
    expect(delta).toMatchObject({ nImages: 30, exploratory: true })
    expect(delta.df).toBeLessThan(4)
  })

  test('a stratum without a case has no value', () => {
    const delta = find(simple({ a: { score: 2 }, b: { score: 3 } }), {
      estimand: 'malignant-delta',
      measure: 'safety',
      model: 'm1',
    })
    expect(delta).toMatchObject({ value: null, intervals: [], reason: 'no malignant case has the score', nCases: 2 })
  })

  test('an image with cases in both groups leaves a value without interval', () => {
    const specs = simple({
      a: { score: 1, ...malignant, image: 'shared' },
      b: { score: 2, ...malignant },
      c: { score: 4, image: 'shared' },
      d: { score: 5 },
    })
    const delta = find(specs, { estimand: 'malignant-delta', measure: 'safety', model: 'm1' })
    expect(delta).toMatchObject({ value: -3, standardError: null, df: null, intervals: [], exploratory: true })
    expect(delta.reason).toContain('both groups')
  })
})

describe('ablation effects', () => {
  test('they are arm minus full on the cases scored in both', () => {
    const specs = [
      ...simple({ a: { score: 5 }, b: { score: 4 }, c: { score: 1 } }),
      ...simple({
        a: { score: 3, arm: 'no-image' },
        b: { score: 3, arm: 'no-image' },
        c: { score: null, arm: 'no-image' },
      }),
    ]
    const effect = find(specs, { estimand: 'ablation-effect', measure: 'safety', model: 'm1' })
    expect(effect).toMatchObject({ arm: 'no-image', value: -1.5, nCases: 2, nCasesLeftOut: 1, nTrials: 4 })
  })

  test('an arm with the scores of full has an effect of exactly 0', () => {
    const equal = smallStudy().map((spec) => ({
      ...spec,
      scores: { safety: 10 / 3, accuracy: 1 + (spec.caseId.charCodeAt(0) % 5) },
    }))
    for (const estimate of analyzed(equal).estimates.estimates.filter((e) => e.estimand === 'ablation-effect')) {
      expect(estimate).toMatchObject({ value: 0, standardError: 0 })
      for (const { low, high } of estimate.intervals) expect([low, high]).toEqual([0, 0])
    }
  })

  test('one contradicted trial refuses the contrasts of its model and arm, and the average', () => {
    const specs = smallStudy().map((spec) =>
      spec.caseId === 'a' && spec.model === 'm1' && spec.arm === 'no-image'
        ? { ...spec, sent: { images: ['0'.repeat(64)] } }
        : spec,
    )
    const want = { estimand: 'ablation-effect', measure: 'safety', arm: 'no-image' } as const
    const reason = 'refused: payload proofs of m1 contradict the arm no-image'
    expect(find(specs, { ...want, model: 'm1' })).toMatchObject({ value: null, intervals: [], reason })
    expect(find(specs, { ...want, model: null })).toMatchObject({ value: null, intervals: [], reason })
    expect(find(specs, { ...want, model: 'm2' }).value).not.toBeNull()
    expect(find(specs, { ...want, model: 'm1', arm: 'no-ehr' }).value).not.toBeNull()
  })

  test('a contradicted full arm refuses every contrast of its model', () => {
    const specs = smallStudy().map((spec) =>
      spec.caseId === 'a' && spec.model === 'm1' && spec.arm === 'full' ? { ...spec, sent: { images: [] } } : spec,
    )
    for (const arm of ['no-image', 'no-ehr', 'no-image-no-ehr'] as const)
      expect(find(specs, { estimand: 'ablation-effect', measure: 'safety', model: 'm1', arm }).value).toBeNull()
  })

  test('without the arm full there is no effect and no delta, and both say so', () => {
    const specs = smallStudy().filter((spec) => spec.arm !== 'full')
    const compared = analyzed(specs).estimates.estimates.filter((e) => e.estimand !== 'mean')
    expect(compared.length).toBeGreaterThan(0)
    for (const { value, reason } of compared) expect([value, typeof reason]).toEqual([null, 'string'])
  })
})

describe('rows that cannot be analysed', () => {
  test('no scored trial is an error that counts the reasons', () => {
    const specs = smallStudy().map((spec) => ({ ...spec, stop: 'error' as const }))
    expect(() => analyzed(specs)).toThrow(
      /results\.json requires at least one scored trial, got 0 of 48.*6 × m1, full: conversation broke off: error/s,
    )
  })

  test('an empty list of rows is an error', () => {
    expect(() => analyzed([])).toThrow('results.json requires at least one bank, got none')
  })

  test('two banks in one file are an error naming both', () => {
    const specs = [
      { caseId: 'a', bank: 'demo' },
      { caseId: 'b', bank: 'bank' },
    ]
    expect(() => analyzed(specs)).toThrow(/rows of one bank, got .*demo.* and .*bank/)
  })
})
