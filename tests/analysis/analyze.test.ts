import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyze, type Settings } from '../../analysis/analyze.ts'
import { type Estimate, Estimates } from '../../analysis/estimate.ts'
import { type RowSpec, rowsOf, smallStudy } from './rows.ts'

const SETTINGS: Settings = { level: 0.95, resamples: 300, seed: 5 }

function analyzed(specs: readonly RowSpec[], settings = SETTINGS) {
  return analyze(rowsOf(specs), 'results.json', settings)
}

function find(specs: readonly RowSpec[], want: Partial<Estimate>, settings = SETTINGS): Estimate {
  const fits = (e: Estimate) => Object.entries(want).every(([key, value]) => e[key as keyof Estimate] === value)
  const found = analyzed(specs, settings).estimates.estimates.filter(fits)
  if (found.length !== 1) throw new Error(`find requires one estimate, got ${found.length}`)
  return found[0] as Estimate
}

/** The small study five times over, on 25 images: enough for intervals. */
function widerStudy(): RowSpec[] {
  return Array.from({ length: 5 }, (_, copy) =>
    smallStudy().map((spec) => ({ ...spec, caseId: `${spec.caseId}${copy}`, image: `${spec.image}-${copy}` })),
  ).flat()
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

  test('the seed decides the bootstrap intervals of estimates and nothing else of them', () => {
    const estimates = (seed: number) => analyzed(widerStudy(), { ...SETTINGS, seed }).estimates.estimates
    expect(JSON.stringify(estimates(1))).toBe(JSON.stringify(estimates(1)))
    expect(JSON.stringify(estimates(1))).not.toBe(JSON.stringify(estimates(2)))
    const closed = (seed: number) =>
      estimates(seed).map((e) => ({ ...e, intervals: e.intervals[0], widthsDiffer: null, reason: null }))
    expect(closed(1)).toEqual(closed(2))
  })

  test('every number is finite and every CR2 interval holds its estimate', () => {
    for (const estimate of analyzed(widerStudy()).estimates.estimates) {
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
    const cases = Array.from({ length: 15 }, (_, i) => [`c${i}`, { score: 10 / 3 }] as const)
    const specs = simple(Object.fromEntries(cases))
    const { value, intervals, standardError, df, reason } = find(specs, { estimand: 'mean', measure: 'safety', model: 'm1' })
    expect([standardError, df]).toEqual([0, expect.closeTo(14, 9)])
    expect(reason).toBe('no spread between images: the interval is only a point')
    expect(intervals.map(({ method }) => method)).toEqual(['cr2-t', 'cluster-bca', 'cluster-boot-t'])
    for (const { low, high } of intervals) expect([low, high]).toEqual([expect.closeTo(value as number, 12), low])
  })

  test('under 15 effective images there is a value with its error, but no interval, and the reason', () => {
    const many = (count: number, image: (i: number) => string) =>
      simple(Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, { score: 1 + (i % 5), image: image(i) }])))
    const want = { estimand: 'mean', measure: 'safety', model: 'm1' } as const
    const few = find(many(14, String), want)
    expect(few).toMatchObject({ nImages: 14, effectiveImages: 14, intervals: [], widthsDiffer: null, exploratory: true })
    expect(few.reason).toBe('fewer than 15 effective images (14): no interval')
    expect([few.value, few.standardError].every(Number.isFinite)).toBe(true)
    expect(find(many(15, String), want).intervals).toHaveLength(3)
    // 16 cases, two thirds on one image: 16 images weigh as little as 24²/(9² + 15) = 6.
    const uneven = find(
      many(24, (i) => (i < 9 ? 'shared' : String(i))),
      want,
    )
    expect(uneven).toMatchObject({ nImages: 16, effectiveImages: 6, intervals: [] })
  })

  test('a bootstrap interval over 15 % wider or narrower than the closed one is flagged', () => {
    // One image in 25 holds all the spread: BCa is far from t.
    const lopsided = simple(Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`c${i}`, { score: i === 0 ? 5 : 1 }])))
    const even = simple(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`c${i}`, { score: 1 + (i % 5) }])))
    const want = { estimand: 'mean', measure: 'safety', model: 'm1' } as const
    const many = { ...SETTINGS, resamples: 4000 }
    expect(find(lopsided, want, many).widthsDiffer).toBe(true)
    expect(find(even, want, many).widthsDiffer).toBe(false)
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
    const study = widerStudy()
    const swapped = study.map((spec): RowSpec => {
      if (spec.neoplasm === 'malignant') return { ...spec, neoplasm: 'benign' }
      return spec.neoplasm === 'in_situ' ? spec : { ...spec, neoplasm: 'malignant' }
    })
    for (const model of ['m1', 'm2', null]) {
      const want = { estimand: 'malignant-delta', measure: 'safety', model } as const
      const [there, back] = [find(study, want), find(swapped, want)]
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
    const equal = widerStudy().map((spec) => ({
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

  test('instructions that differ between an arm and full refuse the contrast of that model', () => {
    const specs = smallStudy().map((spec) =>
      spec.model === 'm1' && spec.arm === 'no-image' ? { ...spec, sent: { instructions: 'say hello' } } : spec,
    )
    const want = { estimand: 'ablation-effect', measure: 'safety', arm: 'no-image' } as const
    const reason = 'refused: m1 got other instructions in the arm no-image than in full'
    expect(find(specs, { ...want, model: 'm1' })).toMatchObject({ value: null, reason })
    expect(find(specs, { ...want, model: null })).toMatchObject({ value: null, reason })
    expect(find(specs, { ...want, model: 'm2' }).value).not.toBeNull()
  })

  test('a trial repeated word for word in one run counts once, and the repetition is counted', () => {
    const specs = smallStudy()
    const twice = [...specs, ...specs.slice(0, 3)]
    expect(analyzed(twice).estimates.trials).toEqual({ ...analyzed(specs).estimates.trials, repeated: 3 })
  })

  test('cases and images are those that were run, not those of the bank', () => {
    const specs = smallStudy()
    const one = specs.filter((spec) => spec.caseId === specs[0]?.caseId)
    expect(analyzed(one).estimates.trials).toMatchObject({ cases: 1, images: 1 })
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
