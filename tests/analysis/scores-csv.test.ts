import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyzeTable } from '../../analysis/analyze.ts'
import { readClinicians } from '../../analysis/clinicians-csv.ts'
import { readScores } from '../../analysis/scores-csv.ts'

const NAMES = 'case,image,malignant,rare,model,condition,dimension,juror,score'
const LINES = [
  'a,i1,1,0,m1,full,safety,j1,2',
  'a,i1,1,0,m1,full,safety,j2,3',
  'a,i1,1,0,m1,full,accuracy,j1,5',
  'a,i1,1,0,m1,full,uncertainty,j1,4',
  'b,i2,0,,m1,full,safety,j1,1',
  'b,i2,0,,m1,no_image,safety,j1,',
  'b,i2,0,,m1,no_image,safety,j2,',
]
const table = (lines: readonly string[], names = NAMES) => [names, ...lines].join('\n')
const read = (text: string) => readScores(text, 'scores.csv')

/** A table of 20 cases on 16 images, two models, two arms, three jurors, by a fixed formula. */
function study(): string[] {
  return Array.from({ length: 20 }, (_, c) => c).flatMap((c) =>
    ['m1', 'm2'].flatMap((model, m) =>
      ['full', 'no_ehr'].flatMap((arm, a) =>
        ['safety', 'accuracy', 'uncertainty'].flatMap((dimension, d) =>
          ['j1', 'j2', 'j3'].map((juror, j) => {
            const score = (c * 7 + m * 3 + a * 2 + d + j * j) % 11 === 0 ? '' : 1 + ((c * 3 + m + a + d * 2 + j) % 5)
            return `c${c},i${c % 16},${c % 16 < 5 ? 1 : 0},${c % 4 === 0 ? '' : c % 2},${model},${arm},${dimension},${juror},${score}`
          }),
        ),
      ),
    ),
  )
}

describe('a table of scores', () => {
  test('gives trials whose score is the mean of the jurors present', () => {
    const trials = read(table(LINES))
    expect(trials.map(({ caseId, arm }) => `${caseId} ${arm}`)).toEqual(['a full', 'a no-image', 'b full', 'b no-image'])
    expect(trials[0]).toMatchObject({ image: 'i1', malignant: true, rare: false, missing: null, repeat: 0 })
    expect(trials[0]?.scores.safety.value).toBe(2.5)
    expect(trials[0]?.scores.overall.value).toBeCloseTo((2.5 + 5 + 4) / 3, 12)
  })

  test('blank cells are abstentions and unknown flags, never 0', () => {
    const trials = read(table(LINES))
    const gap = trials[3]
    expect(gap?.scores.safety).toEqual({ value: null, missing: 'no juror gave a score' })
    expect(gap?.votes.map(({ juror, score }) => [juror, score])).toEqual([
      ['j1', null],
      ['j2', null],
    ])
    expect(trials[2]?.rare).toBeNull()
    expect(trials[1]).toMatchObject({ missing: 'no row in the results', votes: [] })
    expect(trials[2]?.scores.accuracy).toEqual({ value: null, missing: 'not in the table' })
  })

  test('a byte order mark, CRLF ends, quotes, spaces and another order of lines or columns change nothing', () => {
    const plain = read(table(LINES))
    expect(read(`\uFEFF${table(LINES).replaceAll('\n', '\r\n')}\r\n`)).toEqual(plain)
    expect(read(table(LINES.map((line) => line.replaceAll(',', ' , '))))).toEqual(plain)
    expect(read(table(LINES.map((line) => line.replace(/[^,]+/, '"$&"')).toReversed()))).toEqual(plain)
    const turned = table(LINES)
      .split('\n')
      .map((line) => line.split(',').toReversed().join(','))
    expect(read(turned.join('\n'))).toEqual(plain)
  })

  test('lines that say the same twice count once', () => {
    expect(read(table([...LINES, ...LINES]))).toEqual(read(table(LINES)))
  })

  test('repeats are trials of their own, and families are kept', () => {
    const trials = read(
      table(['a,i1,1,0,m1,full,safety,j1,2,1,rules', 'a,i1,1,0,m1,full,safety,j1,4,0,rules'], `${NAMES},repeat,family`),
    )
    expect(trials.map(({ repeat, scores }) => [repeat, scores.safety.value])).toEqual([
      [0, 4],
      [1, 2],
    ])
    expect(trials[0]?.votes[0]?.family).toBe('rules')
  })

  test.each([
    ['6', '"6"'],
    ['0', '"0"'],
    ['-1', '"-1"'],
    ['2.5', '"2.5"'],
    ['NaN', '"NaN"'],
    ['Infinity', '"Infinity"'],
    ['1e0', '"1e0"'],
    ['0x3', '"0x3"'],
    ['n/a', '"n/a"'],
  ])('a score of %s is an error naming file, row and column', (score, shown) => {
    const lines = [...LINES.slice(0, 2), `a,i1,1,0,m1,full,safety,j3,${score}`]
    expect(() => read(table(lines))).toThrow(
      `scores.csv row 4 requires a whole score from 1 to 5 or a blank cell in column score, got ${shown}`,
    )
  })

  test.each([
    ['an unknown arm', 'a,i1,1,0,m1,blind,safety,j1,2', 'in column condition, got "blind"'],
    ['an unknown dimension', 'a,i1,1,0,m1,full,overall,j1,2', 'in column dimension, got "overall"'],
    ['a flag that is neither 1 nor 0', 'a,i1,yes,0,m1,full,safety,j1,2', 'in column malignant, got "yes"'],
    ['a blank model', 'a,i1,1,0,,full,safety,j1,2', 'a value in column model, got a blank cell'],
    ['a line too short', 'a,i1,1,0,m1,full,safety,j1', 'as many cells in each line as columns'],
    ['a line too long', 'a,i1,1,0,m1,full,safety,j1,2,3', 'as many cells in each line as columns'],
    ['a second vote', `${LINES[0]}\na,i1,1,0,m1,full,safety,j1,5`, 'got a second of j1 for case a, arm full, model m1'],
    ['a case on two images', `${LINES[0]}\na,i2,1,0,m1,full,accuracy,j1,5`, 'one image, malignant and rare a case'],
    ['a case of two strata', `${LINES[0]}\na,i1,0,0,m1,full,accuracy,j1,5`, 'one image, malignant and rare a case'],
  ])('%s is an error', (_, lines, message) => {
    expect(() => read(table([lines]))).toThrow(message)
    expect(() => read(table([lines]))).toThrow('scores.csv')
  })

  test('an unknown, missing or repeated column and a table without a line are errors', () => {
    expect(() => read(table(LINES, `${NAMES},colour`))).toThrow('got also "colour"')
    expect(() => read(table(['a,i1'], 'case,image'))).toThrow('got none called malignant, rare')
    expect(() => read(table([], `${NAMES},case`))).toThrow('each column once')
    expect(() => read(NAMES)).toThrow('scores.csv requires a line of names and at least one more, got 1 lines')
    expect(() => read('')).toThrow('got 0 lines')
  })
})

describe('the analysis of a table', () => {
  const settings = { level: 0.95, resamples: 200, seed: 3 }
  const analysed = (lines: readonly string[]) => analyzeTable(read(table(lines)), 'scores.csv', settings).estimates

  test('does not depend on the order of the lines', () => {
    const once = JSON.stringify(analysed(study()))
    fc.assert(
      fc.property(fc.shuffledSubarray(study(), { minLength: study().length }), (shuffled) => {
        expect(JSON.stringify(analysed(shuffled))).toBe(once)
      }),
      { numRuns: 5 },
    )
  })

  test('says that it came from a table, and claims nothing to be simulated or known', () => {
    expect(analysed(study())).toMatchObject({
      source: 'table',
      bank: { name: 'scores.csv', cases: 20, images: 16 },
      rubric: 'not told by the table of scores',
      jurors: ['j1', 'j2', 'j3'],
      simulated: { models: [], jurors: [], patient: false, drawnImages: 0 },
    })
  })

  test('renaming models keeps every number, in the new order', () => {
    const numbers = (lines: readonly string[]) =>
      analysed(lines).estimates.map(({ model, ...rest }) => ({ ...rest, model: model?.replace('z', 'm') ?? null }))
    expect(numbers(study().map((line) => line.replace(/,m([12]),/, ',z$1,')))).toEqual(numbers(study()))
  })

  test('a juror who never voted is named and counted, and changes no score', () => {
    const silent = study()
      .filter((line) => line.includes(',j1,'))
      .map((line) => line.replace(',j1,', ',j9,').replace(/[^,]*$/, ''))
    const [with9, without] = [analysed([...study(), ...silent]), analysed(study())]
    expect(with9.jurors).toContain('j9')
    expect(with9.estimates).toEqual(without.estimates)
    const rows = with9.jury.jurors.filter(({ juror }) => juror === 'j9')
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toMatchObject({ nVerdicts: 0, mean: null })
  })

  test('a table without any score is an error that counts the reasons', () => {
    const blank = LINES.map((line) => line.replace(/[^,]*$/, ''))
    expect(() => analysed(blank)).toThrow('scores.csv requires at least one scored trial, got 0 of 4')
  })

  test('a model on one image has values without intervals', () => {
    const one = study().filter((line) => line.includes(',i1,'))
    for (const estimate of analysed(one).estimates.filter(({ estimand }) => estimand === 'mean')) {
      expect(estimate.intervals).toEqual([])
      expect(estimate.reason).not.toBeNull()
    }
  })
})

describe('clinicians’ scores', () => {
  const trials = read(table(LINES))
  const clinicians = (lines: readonly string[], names = 'case,image,model,clinician,score') =>
    readClinicians(table(lines, names), 'clinicians.csv', trials)

  test('are about safety unless a column says otherwise', () => {
    expect(clinicians(['b,i2,m1,dr,4', 'a,i1,m1,dr,3'])).toEqual([
      { caseId: 'a', image: 'i1', model: 'm1', clinician: 'dr', dimension: null, score: 3 },
      { caseId: 'b', image: 'i2', model: 'm1', clinician: 'dr', dimension: null, score: 4 },
    ])
    const [label] = clinicians(['a,i1,m1,dr,3,accuracy'], 'case,image,model,clinician,score,dimension')
    expect(label?.dimension).toBe('accuracy')
  })

  test('blank scores are left out and equal lines count once', () => {
    expect(clinicians(['a,i1,m1,dr,3', 'a,i1,m1,dr,3', 'b,i2,m1,dr,'])).toHaveLength(1)
  })

  test.each([
    ['of an unknown case', ['z,i1,m1,dr,3'], 'clinicians.csv row 2 requires a case, model and image of the trials'],
    ['on another image', ['a,i2,m1,dr,3'], 'got case a, model m1, image i2'],
    ['out of range', ['a,i1,m1,dr,9'], 'a whole score from 1 to 5'],
    ['told in two ways', ['a,i1,m1,dr,3', 'a,i1,m1,dr,4'], 'row 3 requires one score a clinician and conversation'],
    ['told and left blank', ['a,i1,m1,dr,3', 'a,i1,m1,dr,'], 'row 3 requires one score a clinician and conversation'],
  ])('%s are an error', (_, lines, message) => {
    expect(() => clinicians(lines)).toThrow(message)
  })
})
