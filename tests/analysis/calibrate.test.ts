import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitCalibration } from '../../analysis/calibrate.ts'
import { fitMap, type LabelledScore, leftOutError, leftOutScores } from '../../analysis/calibration-fit.ts'
import { labelledTrials, readLabels, requireSameWords } from '../../analysis/label-files.ts'
import { oneJury } from '../../analysis/one-jury.ts'
import { rowContent } from '../../analysis/row-content.ts'
import { toTrials } from '../../analysis/trials.ts'
import { mapScore, readCalibration } from '../../cases/calibration.ts'
import type { Rating } from '../../cases/labels.ts'
import { conversationSha256 } from '../../cases/transcript.ts'
import { judgedStudy, labelsFile, ratingsFor } from './judged-study.ts'
import { type RowSpec, rowsOf } from './rows.ts'
import { simulatedRun } from './simulated-jury.ts'

function runOf(specs: readonly RowSpec[]) {
  const contents = rowsOf(specs).map((row, i) => rowContent(row, `row ${i + 1}`))
  return {
    trials: toTrials(contents, 'r.json'),
    jury: oneJury(
      contents.flatMap(({ grade }) => grade?.jury ?? []),
      'r.json',
    ),
  }
}

function fitted(ratings: readonly Rating[], specs = judgedStudy()) {
  const { trials, jury } = runOf(specs)
  return fitCalibration(trials, jury, readLabels([{ file: 'labels.json', text: labelsFile(ratings) }]))
}

const row = (image: string, score: number, target: number, weight = 1): LabelledScore => ({ image, score, target, weight })

describe('fitting one kind of map', () => {
  test('a shift is the weighted mean of target minus score, a line the weighted least squares', () => {
    const rows = [row('a', 1, 2, 1), row('b', 2, 2, 3), row('c', 4, 5, 1)]
    // (1·1 + 3·0 + 1·1) / 5
    expect(fitMap('shift', rows)).toEqual({ kind: 'shift', by: expect.closeTo(0.4, 12) })
    // Means 11/5 and 13/5; Σw x y = 34, 34 − 5·2.2·2.6 = 5.4; Sxx = 1 + 12 + 16 − 24.2 = 4.8.
    expect(fitMap('linear', rows)).toEqual({
      kind: 'linear',
      slope: expect.closeTo(1.125, 12),
      intercept: expect.closeTo(2.6 - 1.125 * 2.2, 12),
    })
  })

  test('a line that would fall is level, and one through a single score does not exist', () => {
    expect(fitMap('linear', [row('a', 1, 4), row('b', 3, 2)])).toEqual({ kind: 'linear', slope: 0, intercept: 3 })
    expect(fitMap('linear', [row('a', 3, 4), row('b', 3, 2)])).toBeNull()
    expect(fitMap('shift', [])).toBeNull()
  })

  test('a weight of 2 is the same as the row twice, for every kind', () => {
    const rows = fc.array(
      fc.tuple(fc.integer({ min: 3, max: 15 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 })),
      { minLength: 2, maxLength: 12 },
    )
    fc.assert(
      fc.property(rows, fc.constantFrom('shift' as const, 'linear' as const, 'isotonic' as const), (all, kind) => {
        const weighted = all.map(([x, y, w], i) => row(`i${i}`, x / 3, y, w))
        const repeated = weighted.flatMap((one) => Array.from({ length: one.weight }, () => ({ ...one, weight: 1 })))
        const [a, b] = [fitMap(kind, weighted), fitMap(kind, repeated)]
        expect(a === null).toBe(b === null)
        for (const at of [1, 2.3, 3, 4.1, 5])
          if (a !== null && b !== null) expect(mapScore(a, at)).toBeCloseTo(mapScore(b, at), 9)
      }),
    )
  })

  test('the error left out is of the other images only, and its standard error that of their squares', () => {
    // Shift without a: mean(0, 1) = 0.5; without b: mean(2, 1) = 1.5; without c: mean(2, 0) = 1.
    const rows = [row('a', 1, 3), row('b', 2, 2), row('c', 3, 4)]
    expect(leftOutScores('shift', rows)).toEqual([1.5, 3.5, 4])
    // Squares 2.25, 2.25, 0: mean 1.5; √(3/2 · (0.75² + 0.75² + 1.5²)) / 3 / (2 √1.5).
    const error = leftOutError('shift', rows)
    expect(error?.rootMeanSquareError).toBeCloseTo(Math.sqrt(1.5), 12)
    expect(error?.standardError).toBeCloseTo(Math.sqrt(1.5 * 3.375) / 3 / (2 * Math.sqrt(1.5)), 12)
  })

  test('conversations on one image are left out together', () => {
    const rows = [row('a', 1, 5), row('a', 2, 5), row('b', 3, 3), row('b', 4, 4)]
    expect(leftOutScores('shift', rows)).toEqual([1, 2, 5, 5])
    expect(leftOutError('shift', rows.slice(0, 2))).toBeNull()
  })
})

describe('choosing the map', () => {
  test('below 20 labelled conversations nothing is calibrated, and the reason counts them', () => {
    const { map, chosen, candidates } = fitted(ratingsFor(4)).dimensions.safety
    expect(map).toEqual({ kind: 'none' })
    expect(chosen).toBe('only 16 labelled conversations with a score, at least 20 are needed: nothing is calibrated')
    expect(candidates.every(({ rootMeanSquareError, reason }) => rootMeanSquareError === null && reason !== null)).toBe(true)
  })

  test('a line needs 30 and an isotonic map 200 conversations', () => {
    const able = (run: ReturnType<typeof simulatedRun>) =>
      fitCalibration(run.trials, run.jury, run.labels)
        .dimensions.safety.candidates.filter(
          ({ rootMeanSquareError, severityRemoved }) => rootMeanSquareError !== null && !severityRemoved,
        )
        .map(({ kind }) => kind)
    expect(able(simulatedRun(1, 29))).toEqual(['identity', 'shift'])
    expect(able(simulatedRun(1, 30))).toEqual(['identity', 'shift', 'linear'])
    expect(able(simulatedRun(1, 199))).toEqual(['identity', 'shift', 'linear'])
    expect(able(simulatedRun(1, 200))).toEqual(['identity', 'shift', 'linear', 'isotonic'])
  })

  test('the simplest within one standard error of the smallest error is taken, for any labels', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 20, max: 90 }), (seed, n) => {
        const run = simulatedRun(seed, n, 30)
        const { map, severities, candidates } = fitCalibration(run.trials, run.jury, run.labels).dimensions.accuracy
        const able = candidates.filter((one) => one.rootMeanSquareError !== null)
        const best = able.toSorted((a, b) => (a.rootMeanSquareError ?? 0) - (b.rootMeanSquareError ?? 0))[0]
        const bar = (best?.rootMeanSquareError ?? 0) + (best?.standardError ?? 0)
        const simplest = able.find(({ rootMeanSquareError }) => (rootMeanSquareError ?? 9) <= bar)
        expect([map.kind, severities !== null]).toEqual([simplest?.kind, simplest?.severityRemoved])
      }),
      { numRuns: 20 },
    )
  })

  test('raters a point kinder than the jury are met by a map that lifts scores', () => {
    const { map, support, nConversations, nImages } = fitted(ratingsFor(20)).dimensions.safety
    expect({ nConversations, nImages }).toEqual({ nConversations: 80, nImages: 20 })
    expect(['shift', 'linear']).toContain(map.kind)
    expect(mapScore(map, 3)).toBeGreaterThan(3.3)
    expect(support?.low).toBeGreaterThanOrEqual(1)
    expect(support?.high).toBeGreaterThan(support?.low as number)
  })

  test('the file can be read back, and the order of ratings and rows changes no byte', () => {
    const once = JSON.stringify(fitted(ratingsFor(10)))
    expect(JSON.stringify(readCalibration(once, 'c.json'))).toBe(once)
    const turned = fitted(ratingsFor(10), judgedStudy().toReversed())
    expect(JSON.stringify(turned)).toBe(once)
    const shuffled = fitted(ratingsFor(10).toReversed())
    expect({ ...shuffled, labels: null }).toEqual({ ...fitted(ratingsFor(10)), labels: null })
  })

  test('“cannot judge” is in no target and is counted', () => {
    const ratings = ratingsFor(10).map((one): Rating => {
      return one.caseId === 'c0' ? { ...one, scores: { ...one.scores, safety: 'cannot_judge' } } : one
    })
    const { safety, accuracy } = fitted(ratings).dimensions
    expect([safety.nConversations, safety.nImages, safety.nCannotJudge]).toEqual([36, 9, 8])
    expect([accuracy.nConversations, accuracy.nCannotJudge]).toEqual([40, 0])
  })

  test('a labelled conversation without a pooled score is counted and teaches nothing', () => {
    const silent = judgedStudy().map((spec): RowSpec => {
      if (spec.caseId !== 'c1' || spec.model !== 'm1' || spec.arm !== 'full') return spec
      return { ...spec, votes: (spec.votes ?? []).map((vote) => (vote.dimension === 'safety' ? { ...vote, score: null } : vote)) }
    })
    const { safety, accuracy } = fitted(ratingsFor(10), silent).dimensions
    expect([safety.nConversations, safety.nWithoutScore]).toEqual([39, 1])
    expect([accuracy.nConversations, accuracy.nWithoutScore]).toEqual([40, 0])
  })
})

describe('labels that do not fit are refused in one sentence', () => {
  const read = (...texts: string[]) => readLabels(texts.map((text, i) => ({ file: `labels-${i + 1}.json`, text })))
  const [one] = ratingsFor(1) as [Rating]

  test('a score of 6', () => {
    const six = { ...one, scores: { ...one.scores, accuracy: 6 } }
    expect(() => read(labelsFile([one, six]))).toThrow(
      /^labels-1\.json field ratings\[1\]\.scores\.accuracy requires a score from 1 to 5 or “cannot_judge”, got 6 /,
    )
  })

  test('one rater twice for a trial, also in another file', () => {
    const message =
      /^labels-2\.json field ratings\[0\] requires one rating of each trial by each rater, got a second of case c0, arm full, model m1, repeat 0 by rater A, after labels-1\.json field ratings\[0\]$/
    expect(() => read(labelsFile([one]), labelsFile([one]))).toThrow(message)
    expect(() => read(labelsFile([one, one]))).toThrow(/a second of case c0/)
  })

  test('simulated and real labels together', () => {
    const other = labelsFile([{ ...one, rater: 'B' }], { simulated: false })
    expect(() => read(labelsFile([one]), other)).toThrow(
      'labels-2.json field simulated requires true as in labels-1.json, got false',
    )
  })

  test('a trial of the same name in other words', () => {
    const contents = rowsOf(judgedStudy(1)).map((row, i) => rowContent(row, `row ${i + 1}`))
    const [first] = contents.filter(({ arm, model }) => arm === one.arm && model === one.model)
    const conversation = conversationSha256(first?.transcript ?? expect.fail('no transcript'))
    const check = (of: object) => () => requireSameWords(read(labelsFile([{ ...one, ...of }])), contents)
    expect(check({})).not.toThrow()
    expect(check({ conversation })).not.toThrow()
    expect(check({ conversation: conversation.replace(/^./, conversation[0] === '0' ? '1' : '0') })).toThrow(
      /^labels-1\.json field ratings\[0\] requires the conversation that was rated, got one in other words for case c0, arm full, model m1, repeat 0: these labels are of another run$/,
    )
  })

  test('a weight beyond all reason', () => {
    expect(() => read(labelsFile([{ ...one, weight: 1e308 }]))).toThrow(/field ratings\[0\]\.weight .*got 1e\+308/)
  })

  test('a trial of another run', () => {
    const { trials } = runOf(judgedStudy(2))
    const labels = read(labelsFile([{ ...one, model: 'm9' }]))
    expect(() => labelledTrials(labels, trials)).toThrow(
      'labels-1.json field ratings[0] requires a trial of these results, got case c0, arm full, model m9, repeat 0: these labels are of another run',
    )
  })

  test('results of two juries', () => {
    const rows = rowsOf([...judgedStudy(1), ...judgedStudy(2, { revision: '2' }).slice(4)])
    const marks = rows.flatMap((one, i) => rowContent(one, `row ${i}`).grade?.jury ?? [])
    expect(() => oneJury(marks, 'r.json')).toThrow(
      /^r\.json requires verdicts of one jury, got two that differ in juror j1, revision: /,
    )
  })

  test('text that breaks off, and none at all', () => {
    expect(() => read('{"version": 1')).toThrow(/^labels-1\.json requires whole JSON/)
    expect(() => read()).toThrow(RangeError)
  })
})
