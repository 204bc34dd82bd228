import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyCalibration,
  type CalibrationMap,
  type JurorAnswer,
  juryDifferences,
  mapScore,
  readCalibration,
} from '../../cases/calibration.ts'
import { pool } from '../../cases/pool.ts'
import { type Cap, Dimension, type JuryMark, type Vote } from '../../cases/verdict.ts'
import { aCalibration, aJury } from './a-calibration.ts'

const JURORS = ['j1', 'j2', 'j3']
const answer = fc.record({
  juror: fc.constantFrom(...JURORS),
  score: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
})
const answers = fc.array(answer, { minLength: 1, maxLength: 9 })
const cap: fc.Arbitrary<Cap> = fc.record({
  dimension: fc.constant('safety' as const),
  kind: fc.constantFrom('max' as const, 'min' as const),
  score: fc.integer({ min: 1, max: 5 }),
  reason: fc.constant('a rule'),
})
const caps = fc.array(cap, { maxLength: 2 })
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const rising = fc.array(fc.tuple(number(0.01, 2), number(0, 2)), { minLength: 1, maxLength: 6 }).map((steps): CalibrationMap => {
  let [at, value] = [0, -1]
  const points = steps.map(([right, up]) => {
    at += right
    value += up
    return [at, value] as const
  })
  return { kind: 'isotonic', knots: points.map(([x]) => x), fitted: points.map(([, y]) => y) }
})
const anyMap: fc.Arbitrary<CalibrationMap> = fc.oneof(
  fc.constant<CalibrationMap>({ kind: 'none' }),
  fc.constant<CalibrationMap>({ kind: 'identity' }),
  fc.record({ kind: fc.constant('shift' as const), by: number(-6, 6) }),
  fc.record({ kind: fc.constant('linear' as const), intercept: number(-6, 6), slope: number(0, 4) }),
  rising,
)
const severities = fc.option(fc.record({ j1: number(-3, 3), j2: number(-3, 3), j3: number(-3, 3) }), { nil: null })

function votesOf(all: readonly JurorAnswer[]): Vote[] {
  return all.map(({ juror, score }, repeat): Vote => {
    const who = { juror: { id: juror, family: 'f', simulated: true, saw: 'none' as const }, dimension: 'safety' as const, repeat }
    return score === null
      ? { kind: 'abstention', ...who, reason: 'cannot_judge', detail: '' }
      : { kind: 'verdict', ...who, checklist: [], score, rationale: '', evidence: [] }
  })
}

describe('applying a calibration', () => {
  test('the identity gives the mean that the jury pools itself, and no score where it has none', () => {
    fc.assert(
      fc.property(answers, caps, fc.integer({ min: 1, max: 3 }), (all, rules, quorum) => {
        const others = (['accuracy', 'uncertainty'] as const).map((dimension) => ({ ...(votesOf(all)[0] as Vote), dimension }))
        const { mean } = pool([...votesOf(all), ...others] as Vote[], rules, quorum).safety
        const { value } = applyCalibration(all, rules, quorum, 'safety', { map: { kind: 'identity' }, severities: null })
        if (mean === null) expect(value).toBeNull()
        else expect(value).toBeCloseTo(mean, 12)
      }),
    )
  })

  test('every score lies within 1 to 5, and the order of answers changes no bit', () => {
    fc.assert(
      fc.property(
        answers,
        caps,
        anyMap,
        severities,
        fc.array(fc.nat(), { minLength: 9, maxLength: 9 }),
        (all, rules, map, removed, keys) => {
          const once = applyCalibration(all, rules, 1, 'safety', { map, severities: removed })
          const shuffled = all.map((one, i) => [keys[i] as number, one] as const).sort(([a], [b]) => a - b)
          const again = applyCalibration(
            shuffled.map(([, one]) => one),
            rules,
            1,
            'safety',
            { map, severities: removed },
          )
          expect(again).toEqual(once)
          if (once.value !== null) {
            expect(once.value).toBeGreaterThanOrEqual(1)
            expect(once.value).toBeLessThanOrEqual(5)
          } else expect(all.every(({ score }) => score === null)).toBe(true)
        },
      ),
    )
  })

  test('no map puts a higher score below a lower one', () => {
    fc.assert(
      fc.property(anyMap, number(1, 5), number(1, 5), (map, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        expect(mapScore(map, low)).toBeLessThanOrEqual(mapScore(map, high) + 1e-12)
      }),
    )
  })

  test('takes severity off before the cap, pools repeats within a juror, and maps last', () => {
    // j1: 5 − 1 = 4 and 4 − 1 = 3, both at most 3 → 3; j2: 2 + 1 = 3 → 3, mean 3; shift −0.5 → 2.5.
    const all = [
      { juror: 'j1', score: 5 },
      { juror: 'j1', score: 4 },
      { juror: 'j2', score: 2 },
    ]
    const cap3: Cap[] = [{ dimension: 'safety', kind: 'max', score: 3, reason: 'missed' }]
    const calibration = { map: { kind: 'shift' as const, by: -0.5 }, severities: { j1: 1, j2: -1 } }
    expect(applyCalibration(all, cap3, 2, 'safety', calibration)).toEqual({ value: 2.5, missing: null })
    // Without the cap: j1 3.5, j2 3, mean 3.25, shifted 2.75.
    expect(applyCalibration(all, [], 2, 'safety', calibration).value).toBe(2.75)
  })

  test('below the quorum there is no score but the reason', () => {
    const all = [
      { juror: 'j1', score: 5 },
      { juror: 'j2', score: null },
    ]
    const applied = applyCalibration(all, [], 2, 'safety', { map: { kind: 'identity' }, severities: null })
    expect(applied).toEqual({ value: null, missing: '1 jurors with a verdict, 2 needed' })
  })

  test('a juror without a severity is refused, not taken as average', () => {
    const calibration = { map: { kind: 'identity' as const }, severities: { j2: 0 } }
    expect(() => applyCalibration([{ juror: 'j1', score: 3 }], [], 1, 'safety', calibration)).toThrow(/j1/)
  })
})

describe('the file', () => {
  test('is read back as it was written', () => {
    expect(readCalibration(JSON.stringify(aCalibration()), 'calibration.json')).toEqual(aCalibration())
  })

  test('falling isotonic values, severities of other jurors and broken JSON are refused by field', () => {
    const read = (change: (calibration: ReturnType<typeof aCalibration>) => void) => () => {
      const calibration = aCalibration()
      change(calibration)
      return readCalibration(JSON.stringify(calibration), 'c.json')
    }
    const falling = read((c) => {
      c.dimensions.safety.map = { kind: 'isotonic', knots: [1, 2], fitted: [3, 2] }
    })
    expect(falling).toThrow(/never fall[\s\S]*dimensions\.safety\.map/)
    const stranger = read((c) => {
      c.dimensions.accuracy.severities = { nobody: 0.5 }
    })
    expect(stranger).toThrow(/each juror: j1, j2, j3[\s\S]*dimensions\.accuracy\.severities/)
    expect(() => readCalibration('{"version": 1', 'c.json')).toThrow(/^c\.json requires whole JSON/)
  })

  test('holds every dimension', () => {
    const { dimensions, ...rest } = aCalibration()
    const { safety: _, ...others } = dimensions
    expect(() => readCalibration(JSON.stringify({ ...rest, dimensions: others }), 'c.json')).toThrow(/safety/)
    expect(Object.keys(dimensions)).toEqual(Dimension.options)
  })
})

describe('another jury', () => {
  const differences = (change: Partial<JuryMark>) => juryDifferences(aJury(), { ...aJury(), ...change })
  const [j1, j2, j3] = aJury().jurors as [JuryMark['jurors'][0], JuryMark['jurors'][0], JuryMark['jurors'][0]]

  test('the same jury in another order does not differ', () => {
    expect(differences({ jurors: [j3, j1, j2], sha256: 'f'.repeat(64) })).toEqual([])
  })

  test.each([
    [{ jurors: [j1, j2] }, 'juror j3: fitted with it, the run is without'],
    [{ jurors: [j1, j2, j3, { ...j3, id: 'j4' }] }, 'juror j4: fitted without it, the run has it'],
    [{ jurors: [j1, j2, { ...j3, revision: '2' }] }, 'juror j3, revision: fitted with 1, the run has 2'],
    [{ jurors: [j1, j2, { ...j3, saw: 'image' as const }] }, 'juror j3, saw: fitted with none, the run has image'],
    [{ repeats: 2 }, 'repeats: fitted with 1, the run has 2'],
    [{ quorum: 3 }, 'quorum: fitted with 2, the run has 3'],
    [{ prompt: 'b'.repeat(64) }, `prompt: fitted with ${'a'.repeat(64)}, the run has ${'b'.repeat(64)}`],
    [{ rubric: { version: '2', sha256: 'a'.repeat(64) } }, 'rubric version: fitted with 1, the run has 2'],
    [
      { rubric: { version: '1', sha256: 'b'.repeat(64) } },
      `rubric: fitted with ${'a'.repeat(64)}, the run has ${'b'.repeat(64)}`,
    ],
  ])('%j is named exactly', (change, sentence) => {
    expect(differences(change)).toEqual([sentence])
  })
})
